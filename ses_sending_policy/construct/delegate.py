"""The sender's side of a policy: a construct for an identity of another account that this account may send as."""

import re
from collections.abc import Sequence
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk.interfaces.aws_ses import ConfigurationSetReference, IConfigurationSetRef
from constructs import Construct

from ses_sending_policy.construct.grants import checked_actions
from ses_sending_policy.construct.paths import at_its_path
from ses_sending_policy.construct.tokens import checked_text, has_token, token
from ses_sending_policy.rules.actions import SENDING
from ses_sending_policy.rules.arns import Arn
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.identity import IdentityArn, identity_name

# "The name can contain up to 64 alphanumeric characters, including letters, numbers, hyphens (-) and underscores (_)
# only."
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateConfigurationSet.html
# The name becomes a part of a Resource in an IAM policy, so wildcards are allowed as well.
_CONFIGURATION_SET: Final = re.compile(r"[A-Za-z0-9_*?-]{1,64}")


class DelegatedIdentity(Construct):
    """An identity of another account that has a policy which lets this account send as it.

    It makes no resource. It grants what a sender needs in this account, and has the ARN that a mail must name. The
    policy on the identity alone lets nobody send: the sender's own account must allow it as well.
    https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-delegate-sender-tasks-email.html

    :param scope: the parent construct, in the sender's stack.
    :param id: the construct's id in its parent.
    :param identity_arn: the identity's ARN, as `arn:aws:ses:eu-west-1:111111111111:identity/example.com`; with `*` as
        its region if the identity is in both regions of a Global endpoint.
    """

    @at_its_path
    def __init__(self, scope: Construct, id: str, *, identity_arn: str) -> None:
        super().__init__(scope, id)
        if not has_token(checked_text("identity_arn", identity_arn)):
            IdentityArn.parse(identity_arn, any_region=True)
        self._identity_arn = identity_arn
        self._stack = cdk.Stack.of(self)

    @property
    def identity_arn(self) -> str:
        """The identity's ARN, which every mail must name.

        Give it as `FromEmailAddressIdentityArn` in SES's API v2 and as `SourceArn` in v1; over SMTP, and in a raw mail
        of v1, as the header `X-SES-SOURCE-ARN`.
        """
        return self._identity_arn

    @property
    def region(self) -> str:
        """The region whose SES sends the mail; `*` for both regions of a Global endpoint."""
        arn = Arn.parse(self._identity_arn)
        if arn and identity_name(arn):
            return arn.region
        return self._stack.split_arn(token(self._identity_arn), cdk.ArnFormat.SLASH_RESOURCE_NAME).region or ""

    @at_its_path
    def grant_send(
        self,
        grantee: iam.IGrantable,
        *,
        configuration_set: IConfigurationSetRef | str | None = None,
        actions: Sequence[str] = SENDING,
    ) -> iam.Grant:
        """Allow a principal of this account to send as the identity.

        :param grantee: the principal: a role, a user, or a construct that has one, as a function.
        :param configuration_set: the configuration set of this account that the mails name, or that SES uses by
            default: a construct or its name. SES requires a permission for it as well, which no policy on the identity
            can grant. Default: - no configuration set is allowed.
        :param actions: the actions that send the mails. Default: - `ses:SendEmail` and `ses:SendRawEmail`.
        """
        arns = [self._identity_arn]
        if configuration_set is not None:
            arns.append(self._configuration_set_arn(configuration_set))
        named = checked_actions("actions", actions)
        return iam.Grant.add_to_principal(grantee=grantee, actions=named, resource_arns=arns)

    def _configuration_set_arn(self, configuration_set: IConfigurationSetRef | str) -> str:
        name = configuration_set if isinstance(configuration_set, str) else self._name_of(configuration_set)
        if not has_token(name) and not _CONFIGURATION_SET.fullmatch(name):
            raise _no_configuration_set(name)
        return self._stack.format_arn(
            service="ses",
            region=self.region,
            resource="configuration-set",
            resource_name=name,
        )

    def _name_of(self, configuration_set: IConfigurationSetRef) -> str:
        reference: ConfigurationSetReference | None = getattr(configuration_set, "configuration_set_ref", None)
        if reference is None:
            raise _no_configuration_set(configuration_set)
        there = configuration_set.env.region
        if self.region not in ("*", there) and not has_token(self.region) and not has_token(there):
            raise DeclarationError(
                f"configuration set {configuration_set.node.path!r} is in the region {there!r} and the identity in "
                f"{self.region!r}: SES sends with what is in the identity's region, so use one of that region"
            )
        return reference.configuration_set_name


def _no_configuration_set(given: object) -> DeclarationError:
    return DeclarationError(
        f"configuration set {given!r} is neither a construct nor a name: a name has 1 to 64 letters, digits, '-' or '_'"
    )
