"""The construct `SendingPolicy`: one sending authorization policy of an SES email identity."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from weakref import WeakKeyDictionary

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk.interfaces.aws_ses import IEmailIdentityRef
from constructs import Construct

from ses_sending_policy.construct.arguments import check_removal_policy, checked_choice, checked_name
from ses_sending_policy.construct.document import DeclaredDocument
from ses_sending_policy.construct.granting import GrantingResource
from ses_sending_policy.construct.grants import Sids
from ses_sending_policy.construct.paths import at_its_path
from ses_sending_policy.construct.provider import SendingPolicyProvider
from ses_sending_policy.construct.timeouts import check_time_to_take_over
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.limits import POLICY_NAME_LENGTH
from ses_sending_policy.rules.wire import RESOURCE_TYPE, OnDelete, WhenExists, default_on_delete, write


class SendingPolicy(GrantingResource):
    """A policy that says who may send email as an SES identity, and under which conditions.

    It is made in the account and region of its stack, which must be those of the identity. Invalid input raises
    `DeclarationError`, a `ValueError`, in the line that has it. A CDK token is not checked, and neither is a value that
    the CDK has not looked up yet, as by `value_from_lookup` of `ssm.StringParameter`: the synth that knows the value
    checks it.

    Example::

        policy = SendingPolicy(stack, "Partner", identity=identity)
        policy.allow_account("222222222222", from_addresses=["*@news.example.com"])

    :param scope: the parent construct.
    :param id: the construct's id in its parent.
    :param identity: the identity that others may send as: an `EmailIdentity`, also an imported one, a
        `CfnEmailIdentity`, a name like `example.com` or `a@example.com`, or an ARN. A string that is a token is taken
        for a name.
    :param policy_name: the policy's name at SES: 1 to 64 letters, digits, `-` or `_`. If the name changes, a new policy
        is made and the old one is deleted. Default: - made from the names of the stack and of the construct and its
        parents, so that a moved construct gets a new name.
    :param statements: who may do what. A statement needs principals and actions; without a resource it is about
        `identity`. Not together with `document`. Default: - none yet, see `add_statements`.
    :param document: a whole document instead, as an `iam.PolicyDocument` or as parsed JSON. A statement without a
        Resource is about `identity`; an `Id` is left out, because the owner's marker takes its place.
        Default: - a document of the `statements`.
    :param when_exists: what a deploy does if the identity already has a policy of that name which is not its own.
        Default: WhenExists.FAIL - the policy is left as it is, and the deploy fails.
    :param removal_policy: what happens to the policy when it leaves the stack. `DESTROY` deletes it; `RETAIN` leaves
        it, also if it is renamed; `RETAIN_ON_UPDATE_OR_DELETE` leaves it unless the deploy that makes it fails.
        `SNAPSHOT` is refused. Default: - it is deleted; one that was adopted is left without the owner's marker.
    :param provider: the provider, of the same stack, whose function does the work. Default: - the stack's own, which
        all its policies share.
    """

    # Over 40 lines: each property is an argument of its own, and the CDK wants them here.
    @at_its_path
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        identity: IEmailIdentityRef | str,
        policy_name: str | None = None,
        statements: Sequence[iam.PolicyStatement] | None = None,
        document: iam.PolicyDocument | Mapping[str, Any] | None = None,
        when_exists: WhenExists = WhenExists.FAIL,
        removal_policy: cdk.RemovalPolicy | None = None,
        provider: SendingPolicyProvider | None = None,
    ) -> None:
        super().__init__(scope, id)
        if statements is not None and document is not None:
            raise DeclarationError(
                "statements and document are both given: give the document, and the statements to add_statements"
            )
        when_exists = checked_choice(when_exists)
        if removal_policy is not None:
            check_removal_policy(removal_policy)
        if provider is not None:
            provider.check_serves(self)
        self._provider = provider or SendingPolicyProvider.of(scope)
        check_time_to_take_over(self._provider.timeout, when_exists)
        named = self._provider.stack_identities.named(identity)
        if self._provider.listed is not None:
            self._provider.listed.check(named)
        self._identity_name = named.name
        self._identity_arn = named.arn
        self._policy_name = self._default_name() if policy_name is None else checked_name(policy_name)
        self._document = DeclaredDocument(self, named, document, may_adopt=when_exists is not WhenExists.FAIL)
        self._document.add(statements or ())
        self._sids = Sids()
        self._when_exists = when_exists
        # Not a `cdk.CustomResource`, which wraps another construct around this one to add a type and a timeout.
        self._resource = PolicyResource(self, self._resource_properties)
        self._provider.serve(self._document, self._policy_name, self._resource)
        if when_exists is not WhenExists.FAIL:
            self._provider.keep_log()
        _OF_STACK.setdefault(self._provider.stack, []).append(self)
        if removal_policy is not None:
            self.apply_removal_policy(removal_policy)

    @property
    def policy_name(self) -> str:
        """The policy's name at SES."""
        return self._policy_name

    @property
    def identity_name(self) -> str:
        """The name of the policy's identity, as `example.com` or `a@example.com`, or a token."""
        return self._identity_name

    @property
    def identity_arn(self) -> str:
        """The ARN of the identity, in the partition of the stack."""
        return self._identity_arn

    @property
    def physical_id(self) -> str:
        """The policy's physical id at CloudFormation, a token."""
        return self._resource.ref

    @property
    def policy_hash(self) -> str:
        """A hash of the policy's document, a token: two documents have the same hash exactly if they are equivalent."""
        return self._resource.get_att("PolicyHash").to_string()

    @at_its_path
    def apply_removal_policy(self, policy: cdk.RemovalPolicy) -> None:
        """Set what happens to the policy when it leaves the stack.

        :param policy: the removal policy, as `removal_policy` of the constructor.
        """
        check_removal_policy(policy)
        destroys = policy is cdk.RemovalPolicy.DESTROY
        on_delete = OnDelete.DELETE if destroys else default_on_delete(self._when_exists)
        self._resource.add_property_override("OnDelete", on_delete.value)
        self._resource.apply_removal_policy(policy)

    def _resource_properties(self) -> dict[str, Any]:
        written = write(
            email_identity=self._identity_name,
            policy_name=self._policy_name,
            policy=self._provider.documents.now(self._document),
            when_exists=self._when_exists,
            on_delete=default_on_delete(self._when_exists),
        )
        return self._provider.properties | written

    def _default_name(self) -> str:
        # It contains the stack's name, which is unique in an account and region: two stacks never get the same default
        # name, even if they are made by the same code.
        return cdk.Names.unique_resource_name(
            self, max_length=POLICY_NAME_LENGTH, separator="-", allowed_special_characters="_-"
        )


class PolicyResource(cdk.CfnResource):
    """The custom resource of a policy in the template; its properties are computed each time that they are read.

    So statements may be added until the synth, Aspects see what is declared by then, and the CDK finds the references
    in it. A `Lazy` would do the same, but takes two more calls to Node to make.

    :param scope: the policy's construct.
    :param properties: computes the properties.
    """

    def __init__(self, scope: Construct, properties: Callable[[], Mapping[str, Any]]) -> None:
        self._made = properties
        super().__init__(scope, "Resource", type=RESOURCE_TYPE)

    @property
    def _cfn_properties(self) -> Any:  # noqa: ANN401 - as the CDK declares it
        return self._made()


# The policies of each stack.
_OF_STACK: Final[WeakKeyDictionary[cdk.Stack, list[SendingPolicy]]] = WeakKeyDictionary()


def policies_of(stack: cdk.Stack) -> Sequence[SendingPolicy]:
    """Return the policies of `stack` that are declared by now, without those of nested stacks."""
    return tuple(_OF_STACK.get(stack, ()))
