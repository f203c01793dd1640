"""What a policy waits for beside what it refers to, and what must not wait for it."""

import aws_cdk as cdk
import jsii
from aws_cdk import aws_ses as ses
from constructs import Dependable, DependencyGroup, IConstruct, IDependable, IValidation

from ses_sending_policy.construct.tokens import has_token
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.identity import Identity


def _reduced(name: str) -> str:
    try:
        return name if has_token(name) else Identity.parse(name).name
    except DeclarationError:
        return name  # of somebody's own resource, and CloudFormation will say so


class StackIdentities:
    """The identities that a stack makes, for the policies that name theirs by a string.

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
