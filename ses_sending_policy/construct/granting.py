"""The methods of `SendingPolicy` that add statements: one for each kind of sender, with arguments that narrow it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Unpack

import aws_cdk as cdk
import jsii
from aws_cdk import aws_iam as iam

from ses_sending_policy.analysis.grants.narrowing import Conditions, user_pool_conditions
from ses_sending_policy.construct.document import DeclaredDocument
from ses_sending_policy.construct.grants import (
    Narrowing,
    Sids,
    account_statement,
    accounts,
    checked_organization,
    cognito_service,
    principal_name,
    service_conditions,
    statement,
)
from ses_sending_policy.construct.paths import at_its_path
from ses_sending_policy.construct.provider import SendingPolicyProvider
from ses_sending_policy.construct.tokens import checked_text
from ses_sending_policy.construct.waiting_pool import WaitingPool
from ses_sending_policy.rules.errors import DeclarationError

if TYPE_CHECKING:
    # A large module, of which only a type is needed.
    from aws_cdk import aws_cognito as cognito


@jsii.implements(iam.IResourceWithPolicyV2)
class GrantingResource(cdk.Resource):
    """The base of `SendingPolicy`: gives its document, and the methods that add statements to it."""

    _document: DeclaredDocument
    _provider: SendingPolicyProvider
    _resource: cdk.CfnResource
    _sids: Sids

    @property
    @at_its_path
    def policy_document(self) -> iam.PolicyDocument:
        """The policy's document as an object of the CDK, the same object each time.

        Statements that are added to it are added to the policy, and are checked when the app is synthesized. A
        statement without a resource is about the identity. The Version is the one that the CDK writes, even if
        `document` has another.
        """
        self._provider.documents.forget()
        return self._document.open

    @at_its_path
    def add_statements(self, *statements: iam.PolicyStatement) -> None:
        """Add statements to the policy.

        If SES would refuse one of them, `DeclarationError` is raised, and none is added.

        :param statements: the statements. Each needs principals and actions; without a resource it is about the
            identity. They are not changed, and may be given to several policies.
        """
        self._document.add(statements)
        self._provider.documents.forget()

    @at_its_path
    def add_to_resource_policy(self, statement: iam.PolicyStatement) -> iam.AddToResourcePolicyResult:
        """Add a statement; the CDK's own resources have a method of this name, which `iam.Grant` calls.

        :param statement: the statement, as in `add_statements`.
        """
        self.add_statements(statement)
        return iam.AddToResourcePolicyResult(statement_added=True, policy_dependable=self)

    @at_its_path
    def allow_account(
        self, account_id: str, *more: str, **narrowing: Unpack[Narrowing]
    ) -> iam.AddToResourcePolicyResult:
        """Allow an account to send. Each of its principals may do so if the account's own policies allow it as well.

        Several accounts with the same narrowing become one statement, which has room for more than a hundred.

        Example::

            policy.allow_account("222222222222", "333333333333", from_addresses=["*@news.example.com"])

        :param account_id: the account's id, 12 digits.
        :param more: the ids of other accounts that may send the same. Default: - no other account may send.
        :param narrowing: see `Narrowing`.
        """
        found = accounts([account_id, *more])
        sid = self._sids.new("Allow", *(("Accounts",) if len(found) > 1 else ("Account", account_id)))
        granted = account_statement(found, self._provider.environment.partition, sid, narrowing)
        if self._adds_in_its_own_way():
            return self.add_to_resource_policy(granted.made())
        self._document.add([granted])
        self._provider.documents.forget()
        return iam.AddToResourcePolicyResult(statement_added=True, policy_dependable=self)

    def _adds_in_its_own_way(self) -> bool:
        """Return whether a user's subclass overrides a method that must get every added statement."""
        own, usual = type(self), GrantingResource
        return (
            own.add_statements is not usual.add_statements
            or own.add_to_resource_policy is not usual.add_to_resource_policy
        )

    @at_its_path
    def allow_principal(self, grantee: iam.IGrantable, **narrowing: Unpack[Narrowing]) -> iam.AddToResourcePolicyResult:
        """Allow a principal to send: a user, a role, or a construct that has one, as a function.

        A principal of another account also needs a policy in its own account that allows it to send as this identity.

        :param grantee: the principal; the conditions of a `PrincipalWithConditions` must hold too.
        :param narrowing: see `Narrowing`.
        """
        words = ("Allow", principal_name(grantee))
        return self._grant(iam.Effect.ALLOW, grantee.grant_principal, words, {}, narrowing)

    @at_its_path
    def allow_organization(self, organization_id: str, **narrowing: Unpack[Narrowing]) -> iam.AddToResourcePolicyResult:
        """Allow every account of an organization to send.

        :param organization_id: the organization's id, as `o-a1b2c3d4e5`.
        :param narrowing: see `Narrowing`.
        """
        principal = iam.OrganizationPrincipal(checked_organization(organization_id))
        words = ("Allow", "Organization", organization_id)
        return self._grant(iam.Effect.ALLOW, principal, words, {}, narrowing)

    @at_its_path
    def allow_service(
        self,
        service: str,
        *,
        source_arn: str | None = None,
        source_account: str | None = None,
        **narrowing: Unpack[Narrowing],
    ) -> iam.AddToResourcePolicyResult:
        """Allow an AWS service to send on behalf of one of its resources, or of one account.

        :param service: the service principal, as `email.cognito-idp.amazonaws.com`.
        :param source_arn: the ARN of the resource that the service sends for, which may contain wildcards. Default: -
            any resource of the account.
        :param source_account: the account that the service sends for. Default: - the account of the resource. One of
            the two is needed.
        :param narrowing: see `Narrowing`.
        """
        conditions = service_conditions(source_arn, source_account)
        words = ("Allow", checked_text("service", service).removesuffix(".amazonaws.com"))
        return self._grant(iam.Effect.ALLOW, iam.ServicePrincipal(service), words, conditions, narrowing)

    @at_its_path
    def allow_cognito_user_pool(
        self, user_pool: "cognito.IUserPool", **narrowing: Unpack[Narrowing]
    ) -> iam.AddToResourcePolicyResult:
        """Allow Cognito to send the mails of a user pool with an address of this identity in From.

        This is needed if the pool sends with Cognito's own sender. A pool that sends through SES with a service-linked
        role does not need it.
        https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-ses-authorization-to-send-email.html

        If the pool depends on the policy, the policy cannot name the pool: import one by an ARN that ends in
        `userpool/*`, which means every pool of the account and region.

        :param user_pool: the pool, of the identity's account. A pool of a region from which Cognito cannot send through
            the identity's region is refused.
        :param narrowing: see `Narrowing`.
        """
        if isinstance(user_pool, str):
            raise DeclarationError(
                f"user_pool is {user_pool!r}: give a user pool, as cognito.UserPool.from_user_pool_arn makes one"
            )
        conditions = user_pool_conditions(user_pool.user_pool_arn, user_pool.env.account)
        principal = cognito_service(user_pool.env.region, self._provider.environment.region)
        self.node.add_validation(WaitingPool(self._resource, user_pool))
        words = ("Allow", "Cognito", user_pool.node.id)
        return self._grant(iam.Effect.ALLOW, principal, words, conditions, narrowing)

    @at_its_path
    def deny(self, grantee: iam.IGrantable, **narrowing: Unpack[Narrowing]) -> iam.AddToResourcePolicyResult:
        """Forbid a principal to send mail that matches the narrowing, whatever else allows it.

        It applies only to mail that is sent as this identity: a policy on an address takes precedence over that on its
        domain.

        :param grantee: the principal; `iam.AnyPrincipal()` means everybody.
        :param narrowing: see `Narrowing`.
        """
        words = ("Deny", principal_name(grantee))
        return self._grant(iam.Effect.DENY, grantee.grant_principal, words, {}, narrowing)

    def _grant(
        self,
        effect: iam.Effect,
        principal: iam.IPrincipal,
        words: Sequence[str],
        conditions: Conditions,
        narrowing: Narrowing,
    ) -> iam.AddToResourcePolicyResult:
        granted = statement(effect, principal, self._sids.new(*words), conditions, narrowing)
        return self.add_to_resource_policy(granted)
