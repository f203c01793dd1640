"""How many policies of a stack are worked on at once, where there are many.

CloudFormation starts all that waits for nothing, and SES takes one call a second: of some four hundred at once the last
would not end within their function's time. So those of a large stack wait for each other, in lanes.
"""

from typing import Final
from weakref import WeakKeyDictionary

import aws_cdk as cdk

from ses_sending_policy.construct.order import predecessors, references
from ses_sending_policy.rules.errors import DeclarationError

# So many at once take SES's one call a second whole, and each of them is done long before its function's time is over:
# docs/decisions/0011-lanes.md has the figures.
MOST: Final = 40


class Lanes:
    """The policies of a stack, in the order in which they come to their turn.

    It is about all providers of the stack: their policies share one quota.

    :param stack: the stack.
    """

    def __init__(self, stack: cdk.Stack) -> None:
        self._stack = stack
        self._chosen: list[int] = []
        self._policies: list[cdk.CfnResource] = []
        self._made: list[tuple[cdk.CfnResource, cdk.CfnResource]] = []

    @classmethod
    def of(cls, stack: cdk.Stack) -> "Lanes":
        """Return those of `stack`."""
        return _OF.setdefault(stack, cls(stack))

    def limit(self, most: int) -> None:
        """Have no more than `most` worked on at once; of several choices the least holds."""
        if isinstance(most, bool) or not isinstance(most, int) or most < 1:
            raise DeclarationError(f"max_concurrency is {most!r}: give a whole number of 1 or more")
        self._chosen.append(most)

    def add(self, policy: cdk.CfnResource) -> None:
        """Take `policy` in."""
        self._policies.append(policy)

    def arrange(self) -> None:
        """Have each policy wait for the one before it in its lane.

        The time for it is when CDK has turned what depends on what into resources. Up to the limit there is nothing to
        do, and Node is not asked.
        """
        for policy, needed in self._made:
            policy.remove_resource_dependency(needed)
        self._made = []
        most = min(self._chosen, default=MOST)
        if len(self._policies) <= most:
            return
        needs, ids = self._graph()
        policies = {ids[policy.logical_id]: policy for policy in self._policies}
        for after, before in predecessors(policies, needs, most).items():
            if before not in needs[after]:
                policies[after].add_resource_dependency(policies[before])
                self._made.append((policies[after], policies[before]))

    def _graph(self) -> tuple[dict[str, set[str]], dict[str, str]]:
        """Return what each of the stack's resources waits for, as CloudFormation will see it, and the ids by token."""
        found = self._stack.node.find_all()
        resources = [each for each in found if isinstance(each, cdk.CfnResource) and each.stack is self._stack]
        tokens = [resource.logical_id for resource in resources]
        ids: dict[str, str] = dict(zip(tokens, self._stack.resolve(tokens), strict=True))
        # As they were given, and what is written over them aside: the CDK tells its own kind no more.
        properties = {token: each._cfn_properties for token, each in zip(tokens, resources, strict=True)}  # noqa: SLF001 - see above
        resolved = self._stack.resolve(properties)
        needs: dict[str, set[str]] = {}
        for token, resource in zip(tokens, resources, strict=True):
            explicit = [each for each in resource.obtain_dependencies() if isinstance(each, cdk.CfnResource)]
            # What is in another stack is no resource of this one.
            named = {ids[each.logical_id] for each in explicit if each.logical_id in ids}
            referred = set(references(resolved.get(ids[token], {})))
            needs[ids[token]] = named | (referred & set(ids.values()))
        return needs, ids


_OF: Final[WeakKeyDictionary[cdk.Stack, Lanes]] = WeakKeyDictionary()
