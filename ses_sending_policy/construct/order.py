"""The order in which the policies of a large stack come to their turn: lanes, each of them a chain."""

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
    """Yield what a part of a template refers to, and so waits for: logical ids, and parameters among them.

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
    """Return which policy each one waits for, so that no more than `most` are worked on at once.

    Each policy keeps its lane whatever others come and go, for that is drawn from its own name: one that is added or
    removed changes the predecessor of one other at the most, and `cdk diff` shows no more than that.

    Within a lane those come first that wait for least: along every path of `needs` the depth grows, along every lane
    depth and name do, so that together they never lead back to where they began. And what waits long for something
    else of the stack lets the others pass.

    :param policies: their logical ids.
    :param needs: what each resource of the stack waits for already. Where that is a circle, CloudFormation refuses it
        as it is, and nobody waits for anybody more.
    :param most: how many lanes there are. So many policies need none.
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
        lanes[_lane(policy, most)].append(policy)
    return {after: before for lane in lanes.values() for before, after in pairwise(lane)}


def _lane(policy: str, most: int) -> int:
    return int.from_bytes(sha256(policy.encode()).digest()) % most
