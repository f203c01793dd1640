"""What a policy waits for where its identity is named by a string: the identity of that name, if its stack makes it."""

import aws_cdk as cdk
from aws_cdk import aws_ses as ses
from constructs import Dependable, DependencyGroup, IConstruct, IDependable

from ses_sending_policy.construct.tokens import has_token
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.identity import Identity


def _reduced(name: str) -> str:
    try:
        return name if has_token(name) else Identity.parse(name).name
    except DeclarationError:
        return name  # of somebody's own resource, and CloudFormation will say so


class StackIdentities:
    """The identities that a stack makes.

    They are looked for when CDK asks what depends on what: an identity may be declared after its policy.

    :param stack: the stack.
    """

    def __init__(self, stack: cdk.Stack) -> None:
        self._stack = stack
        self._dependables: dict[str, IDependable] = {}
        self._found: dict[str, list[IConstruct]] | None = None

    def named(self, name: str) -> IDependable:
        """Return what stands for the identities of that name; none is fine as well.

        :param name: in its reduced form.
        """
        if name not in self._dependables:
            # An object of Node's own: jsii hands a Python object over as a new one each time.
            self._dependables[name] = DependencyGroup()
            Dependable.implement(self._dependables[name], _Roots(self, name))
        return self._dependables[name]

    def find(self, name: str) -> list[IConstruct]:
        """Return the resources that make an identity of that name."""
        if self._found is None:
            self._found = {}
            for construct in self._stack.node.find_all():
                if isinstance(construct, ses.CfnEmailIdentity) and construct.stack is self._stack:
                    self._found.setdefault(_reduced(construct.email_identity), []).append(construct)
        return self._found.get(name, [])

    def forget(self) -> None:
        """Look for them anew the next time."""
        self._found = None


class _Roots(Dependable):
    def __init__(self, identities: StackIdentities, name: str) -> None:
        super().__init__()
        self._identities = identities
        self._name = name

    @property
    def dependency_roots(self) -> list[IConstruct]:
        return self._identities.find(self._name)
