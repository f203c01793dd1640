"""The identities of a stack's policies; makes a policy wait for an identity that it names by a string."""

import aws_cdk as cdk
from aws_cdk import aws_ses as ses
from constructs import Construct

from ses_sending_policy.construct.identity import Environment, NamedIdentity, named_identity
from ses_sending_policy.construct.tokens import has_token
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.identity import Identity


def _reduced(name: str) -> str:
    try:
        return name if has_token(name) else Identity.parse(name).name
    except DeclarationError:
        return name  # an invalid name in a user's own resource, which CloudFormation will refuse


class StackIdentities:
    """The identities of a stack's policies: each is read once, not once for each policy, to save calls to Node.

    :param stack: the stack.
    :param environment: the stack's environment.
    """

    def __init__(self, stack: cdk.Stack, environment: Environment) -> None:
        self._stack = stack
        self._environment = environment
        self._named: dict[int, NamedIdentity] = {}
        self._labels: dict[int, str] = {}
        self._waiting: list[tuple[NamedIdentity, cdk.CfnResource]] = []

    def named(self, identity: object) -> NamedIdentity:
        """Return the name and ARN of `identity`; raise `DeclarationError` if it cannot have a policy of this stack."""
        if not isinstance(identity, Construct):
            return named_identity(identity, self._environment)
        if id(identity) not in self._named:
            # The value holds the construct, so that Python does not reuse its id.
            self._named[id(identity)] = named_identity(identity, self._environment)
        return self._named[id(identity)]

    def label(self, named: NamedIdentity) -> str:
        """Return the declared name of an identity, or a token if the synth does not know the name."""
        key = id(named.construct)
        if key not in self._labels:
            self._labels[key] = named.label
        return named.name if named.construct is None else self._labels[key]

    def expect(self, named: NamedIdentity, policy: cdk.CfnResource) -> None:
        """Make `policy` wait for the identity if the stack declares one of that name, before the policy or after it."""
        self._waiting.append((named, policy))

    def prepare(self) -> None:
        """Add a dependency for each policy that names an identity of its stack by a string, not by a reference."""
        self._labels = {}
        waiting = [(named.name, policy) for named, policy in self._waiting if self.label(named) == named.name]
        made = self._made() if waiting else {}
        for name, policy in waiting:
            for identity in made.get(name, ()):
                policy.add_resource_dependency(identity)

    def _made(self) -> dict[str, list[cdk.CfnResource]]:
        found: dict[str, list[cdk.CfnResource]] = {}
        for construct in self._stack.node.find_all():
            if isinstance(construct, ses.CfnEmailIdentity) and construct.stack is self._stack:
                found.setdefault(_reduced(construct.email_identity), []).append(construct)
        return found
