"""What a policy waits for beside what it refers to, and what must not wait for it."""

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
        return name  # of somebody's own resource, and CloudFormation will say so


class StackIdentities:
    """The identities that the policies of a stack hang on, each of them asked once and not for each policy.

    :param stack: the stack.
    :param environment: that of the stack.
    """

    def __init__(self, stack: cdk.Stack, environment: Environment) -> None:
        self._stack = stack
        self._environment = environment
        self._named: dict[int, NamedIdentity] = {}
        self._labels: dict[int, str] = {}
        self._waiting: list[tuple[NamedIdentity, cdk.CfnResource]] = []

    def named(self, identity: object) -> NamedIdentity:
        """Return what `identity` is called, as `named_identity` does."""
        if not isinstance(identity, Construct):
            return named_identity(identity, self._environment)
        if id(identity) not in self._named:
            # It has the construct in it, which so keeps its id.
            self._named[id(identity)] = named_identity(identity, self._environment)
        return self._named[id(identity)]

    def label(self, named: NamedIdentity) -> str:
        """Return what a reader of this synth knows an identity by."""
        key = id(named.construct)
        if key not in self._labels:
            self._labels[key] = named.label
        return named.name if named.construct is None else self._labels[key]

    def expect(self, named: NamedIdentity, policy: cdk.CfnResource) -> None:
        """Let `policy` wait for the identity wherever the stack declares it, also after the policy."""
        self._waiting.append((named, policy))

    def prepare(self) -> None:
        """Look for those that no reference makes a policy wait for, because it names them by a string."""
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
    """Tells of a user pool that waits for the policy that names it: CloudFormation refuses such a circle.

    :param policy: the policy's resource.
    :param user_pool: the pool; one that is imported waits for nothing.
    """

    def __init__(self, policy: cdk.CfnResource, user_pool: IConstruct) -> None:
        self._policy = policy
        self._user_pool = user_pool

    def validate(self) -> list[str]:
        """Return a sentence where it is so. By then CDK has turned what depends on what into resources."""
        made = self._user_pool.node.default_child
        awaited = made.obtain_dependencies() if isinstance(made, cdk.CfnResource) else []
        # Node hands one and the same resource over as several objects of Python.
        own = self._policy.logical_id
        if not any(isinstance(each, cdk.CfnResource) and each.logical_id == own for each in awaited):
            return []
        sentence = (
            f"user pool {self._user_pool.node.path!r} waits for this policy, which names it, so that neither can be "
            "made first: name the account's pools with cognito.UserPool.from_user_pool_arn and an ARN that ends in "
            "userpool/*"
        )
        return [sentence]
