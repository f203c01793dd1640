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
        self._tokens: dict[object, str] = {}

    @classmethod
    def of(cls, stack: cdk.Stack) -> "Lanes":
        """Return those of `stack`."""
        return _OF.setdefault(stack, cls(stack))

    def limit(self, most: int) -> None:
        """Have no more than `most` worked on at once; of several choices the least holds."""
        if cdk.Token.is_unresolved(most):
            raise DeclarationError("max_concurrency is a token: give a number, for the template says who waits")
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
        ids = self._ids()
        needs = self._needs(ids)
        policies = {ids[self._token(policy)][0]: policy for policy in self._policies}
        for after, before in predecessors(policies, needs, most).items():
            if before not in needs[after]:
                policies[after].add_resource_dependency(policies[before])
                self._made.append((policies[after], policies[before]))

    def _ids(self) -> dict[str, tuple[str, cdk.CfnResource]]:
        """Return the logical id of each of the stack's resources, and itself, by its token: that alone is told apart.

        Node hands one and the same resource over as several objects of Python.
        """
        found = self._stack.node.find_all()
        resources = [each for each in found if isinstance(each, cdk.CfnResource)]
        if sum(isinstance(each, cdk.Stack) for each in found) > 1:
            # Those of nested stacks are not its own.
            resources = [each for each in resources if each.stack is self._stack]
        tokens = [self._token(resource) for resource in resources]
        return dict(zip(tokens, zip(self._stack.resolve(tokens), resources, strict=True), strict=True))

    def _needs(self, ids: dict[str, tuple[str, cdk.CfnResource]]) -> dict[str, set[str]]:
        """Return what each resource waits for, as CloudFormation will see it."""
        # As they were given; what is written over them in the template, the CDK tells nobody.
        properties = {id_: resource._cfn_properties for id_, resource in ids.values()}  # noqa: SLF001 - see above
        resolved = self._stack.resolve(properties)
        own = {id_ for id_, _ in ids.values()}
        needs = {id_: own.intersection(references(resolved.get(id_, {}))) for id_ in own}
        for id_, resource in ids.values():
            explicit = [each for each in resource.obtain_dependencies() if isinstance(each, cdk.CfnResource)]
            # One of another stack is waited for by the stack.
            needs[id_] |= {ids[token][0] for token in map(self._token, explicit) if token in ids}
        return needs

    def _token(self, resource: cdk.CfnResource) -> str:
        """Return the token of the logical id of a resource, which Node is asked once for."""
        # An object of Python is made anew each time that Node hands one over; who is meant, jsii alone tells.
        key = getattr(getattr(resource, "__jsii_ref__", None), "ref", resource)
        if key not in self._tokens:
            self._tokens[key] = resource.logical_id
        return self._tokens[key]


_OF: Final[WeakKeyDictionary[cdk.Stack, Lanes]] = WeakKeyDictionary()
