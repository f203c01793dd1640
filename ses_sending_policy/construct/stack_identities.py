"""Makes policies wait for identities that they name by a string, and reports user pools that wait for their policy."""

import aws_cdk as cdk
import jsii
from aws_cdk import aws_ses as ses
from constructs import Construct, IConstruct, IValidation

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


@jsii.implements(IValidation)
class WaitingPool:
    """Reports a user pool that depends on the policy that names it: CloudFormation refuses such a circle.

    :param policy: the policy's resource.
    :param user_pool: the pool; an imported pool depends on nothing.
    """

    def __init__(self, policy: cdk.CfnResource, user_pool: IConstruct) -> None:
        self._policy = policy
        self._user_pool = user_pool

    def validate(self) -> list[str]:
        """Return a sentence if there is a circle. By now the CDK has turned dependencies into those of resources."""
        made = self._user_pool.node.default_child
        awaited = made.obtain_dependencies() if isinstance(made, cdk.CfnResource) else []
        # jsii may return the same resource as several Python objects, so logical ids are compared.
        own = self._policy.logical_id
        if not any(isinstance(each, cdk.CfnResource) and each.logical_id == own for each in awaited):
            return []
        sentence = (
            f"user pool {self._user_pool.node.path!r} waits for this policy, which names it, so that neither can be "
            "made first: name the account's pools with cognito.UserPool.from_user_pool_arn and an ARN that ends in "
            "userpool/*"
        )
        return [sentence]
