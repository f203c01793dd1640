"""Orders the policies of a large stack into lanes, each a chain in which a policy waits for the one before it."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from itertools import pairwise
from typing import Final

from ses_sending_policy.rules.document import Json

# "${MyInstance.PublicIp}", "${MyInstance}"; "${!Literal}" is text.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
_IN_TEXT: Final = re.compile(r"\$\{([^!}.][^}.]*)[^}]*\}")


def references(value: Json) -> Iterator[str]:
    """Yield the names that a part of a template refers to: logical ids of resources, and parameters.

    >>> list(references({"Fn::Join": ["", [{"Ref": "A"}, {"Fn::Sub": "${B.Arn}-${!C}"}]]}))
    ['A', 'B']
    """
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            yield name
        case {"Fn::GetAtt": str(text)}:
            yield text.partition(".")[0]
        case {"Fn::Sub": str(text)}:
            yield from _IN_TEXT.findall(text)
        case {"Fn::Sub": [str(text), variables]}:
            yield from _IN_TEXT.findall(text)
            yield from references(variables)
        case Mapping():
            for item in value.values():
                yield from references(item)
        case list():
            for item in value:
                yield from references(item)


def predecessors(policies: Collection[str], needs: Mapping[str, Collection[str]], most: int) -> dict[str, str]:
    """Return the predecessor of each policy in its lane, so that at most `most` policies are deployed at once.

    A policy's lane is a hash of its logical id, so other policies do not change it: adding or removing one changes the
    predecessor of at most one other, and `cdk diff` shows no more than that.

    Within a lane, policies are sorted by depth, the length of the longest chain that they wait for, then by name. Depth
    grows along every path of `needs` as well, so the two together never form a circle. And a policy that waits long for
    other resources does not hold up the others.

    :param policies: the logical ids of the policies.
    :param needs: the resources that each resource of the stack already waits for. If they form a circle, which
        CloudFormation refuses, no predecessors are returned.
    :param most: the number of lanes. Up to that many policies need no lanes.
    """
    if len(policies) <= most:
        return {}
    depth: dict[str, int] = {}
    try:
        for name in TopologicalSorter(needs).static_order():
            depth[name] = 1 + max((depth[needed] for needed in needs.get(name, ())), default=0)
    except CycleError:
        return {}
    lanes: dict[int, list[str]] = defaultdict(list)
    for policy in sorted(policies, key=lambda name: (depth.get(name, 0), name)):
        lane = int.from_bytes(sha256(policy.encode()).digest()) % most
        lanes[lane].append(policy)
    return {after: before for lane in lanes.values() for before, after in pairwise(lane)}
