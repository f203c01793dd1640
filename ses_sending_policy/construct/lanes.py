"""Limits how many policies of a large stack are deployed at once, by lanes: chains of `DependsOn`.

CloudFormation starts all independent resources at once, and SES allows one call a second: of some four hundred
policies, the last would not be done within the function's time. So the policies of a large stack wait for each other.
"""

from typing import Final
from weakref import WeakKeyDictionary

import aws_cdk as cdk

from ses_sending_policy.construct.order import predecessors, references
from ses_sending_policy.rules.errors import DeclarationError

# This many at once use all of SES's one call a second, and each is done long before the function's time is over:
# docs/decisions/0011-lanes.md has the figures.
MOST: Final = 40


class Lanes:
    """The lanes of a stack's policies.

    They are for all providers of the stack, because their policies share one quota.

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
        """Return the lanes of `stack`."""
        return _OF.setdefault(stack, cls(stack))

    def limit(self, most: int) -> None:
        """Have at most `most` policies deployed at once; of several limits, the lowest applies."""
        if cdk.Token.is_unresolved(most):
            raise DeclarationError("max_concurrency is a token: give a number, because synth writes DependsOn by it")
        if isinstance(most, bool) or not isinstance(most, int) or most < 1:
            raise DeclarationError(f"max_concurrency is {most!r}: give a whole number of 1 or more")
        self._chosen.append(most)

    def add(self, policy: cdk.CfnResource) -> None:
        """Add a policy's resource."""
        self._policies.append(policy)

    def arrange(self) -> None:
        """Make each policy depend on the one before it in its lane, if there are more policies than the limit.

        Call this after the CDK has turned the dependencies of constructs into those of resources. Up to the limit, no
        call to Node is made.
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
        """Return each resource of the stack with its logical id, by the CDK token of that id.

        The token identifies a resource, because jsii may return the same resource as several Python objects.
        """
        found = self._stack.node.find_all()
        resources = [each for each in found if isinstance(each, cdk.CfnResource)]
        if sum(isinstance(each, cdk.Stack) for each in found) > 1:
            # Resources of nested stacks are not this stack's.
            resources = [each for each in resources if each.stack is self._stack]
        tokens = [self._token(resource) for resource in resources]
        return dict(zip(tokens, zip(self._stack.resolve(tokens), resources, strict=True), strict=True))

    def _needs(self, ids: dict[str, tuple[str, cdk.CfnResource]]) -> dict[str, set[str]]:
        """Return which resources each resource waits for at CloudFormation, by references and by dependencies."""
        # Overrides of properties are not seen here: the CDK cannot read them.
        properties = {id_: resource._cfn_properties for id_, resource in ids.values()}  # noqa: SLF001 - see above
        resolved = self._stack.resolve(properties)
        own = {id_ for id_, _ in ids.values()}
        needs = {id_: own.intersection(references(resolved.get(id_, {}))) for id_ in own}
        for id_, resource in ids.values():
            explicit = [each for each in resource.obtain_dependencies() if isinstance(each, cdk.CfnResource)]
            # A dependency in another stack is left out: this whole stack waits for that one.
            needs[id_] |= {ids[token][0] for token in map(self._token, explicit) if token in ids}
        return needs

    def _token(self, resource: cdk.CfnResource) -> str:
        """Return the CDK token of a resource's logical id; Node is asked for it once."""
        # jsii makes a new Python object each time, so its own reference identifies the resource.
        key = getattr(getattr(resource, "__jsii_ref__", None), "ref", resource)
        if key not in self._tokens:
            self._tokens[key] = resource.logical_id
        return self._tokens[key]


_OF: Final[WeakKeyDictionary[cdk.Stack, Lanes]] = WeakKeyDictionary()
