"""SES's actions on an identity: those that send mail, with the condition keys of their requests, and all others."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Final

# The actions that AWS's examples of sending authorization policies grant.
# https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policy-examples.html
SENDING: Final = ("ses:SendEmail", "ses:SendRawEmail")

# "Sending email: ses:SendEmail, ses:SendRawEmail, ses:SendTemplatedEmail, ses:SendBulkTemplatedEmail"
# https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
DOCUMENTED_ACTIONS: Final = (*SENDING, "ses:SendTemplatedEmail", "ses:SendBulkTemplatedEmail")

# `ses:SendBulkEmail` is of the API v2, and AWS lists it with an identity as its resource:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
SENDING_ACTIONS: Final = (*DOCUMENTED_ACTIONS, "ses:SendBulkEmail")

# The actions that do not send, which a policy on an identity may have: those of the page on its anatomy, and those that
# AWS lists with an identity as their resource.
# https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonses.html
_NAMES: Final = (
    "AssociateEmailIdentityCertificate",
    "BatchGetMetricData",
    "CancelExportJob",
    "CreateDeliverabilityTestReport",
    "CreateEmailIdentity",
    "CreateEmailIdentityPolicy",
    "CreateExportJob",
    "CreateTenantResourceAssociation",
    "DeleteEmailIdentity",
    "DeleteEmailIdentityPolicy",
    "DeleteTenantResourceAssociation",
    "DisassociateEmailIdentityCertificate",
    "GetDomainStatisticsReport",
    "GetEmailIdentity",
    "GetEmailIdentityPolicies",
    "GetExportJob",
    "ListEmailIdentityCertificates",
    "ListExportJobs",
    "ListRecommendations",
    "ListResourceTenants",
    "ListTagsForResource",
    "PutEmailIdentityConfigurationSetAttributes",
    "PutEmailIdentityDkimAttributes",
    "PutEmailIdentityDkimSigningAttributes",
    "PutEmailIdentityFeedbackAttributes",
    "PutEmailIdentityMailFromAttributes",
    "ReplicateEmailIdentityDkimSigningKey",
    "SendBounce",
    "SendCustomVerificationEmail",
    "TagResource",
    "UntagResource",
    "UpdateEmailIdentityPolicy",
)
IDENTITY_ACTIONS: Final = (*SENDING_ACTIONS, *(f"ses:{name}" for name in _NAMES))

MESSAGE_KEYS: Final = frozenset({"ses:FeedbackAddress", "ses:FromAddress", "ses:FromDisplayName", "ses:Recipients"})
V2_KEYS: Final = frozenset({"ses:ApiVersion", "ses:MultiRegionEndpointId", "ses:TenantName"})
_V1_KEYS: Final = MESSAGE_KEYS | {"ses:ApiVersion"}

# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonses.html
KEYS_OF_ACTION: Final[Mapping[str, frozenset[str]]] = {
    # Both versions of the API have this action, so it has the keys of both.
    "ses:SendEmail": MESSAGE_KEYS | V2_KEYS,
    "ses:SendRawEmail": _V1_KEYS,
    "ses:SendTemplatedEmail": _V1_KEYS,
    "ses:SendBulkTemplatedEmail": _V1_KEYS,
    "ses:SendBulkEmail": V2_KEYS,
}


def usual_actions(*, denies: bool) -> tuple[str, ...]:
    """Return the actions of a statement that does not name any.

    A Deny has all four documented actions, or mail could still be sent by the rest. It lacks `ses:SendBulkEmail` of the
    API v2: AWS lists that without the condition keys of a message, and SES may refuse a statement that has both.

    :param denies: whether the statement is a Deny.
    """
    return DOCUMENTED_ACTIONS if denies else SENDING


def is_identity_action(text: str) -> bool:
    """Return whether `text` is an action that SES has for an identity, or a pattern that matches one.

    "SES:SendEmail" is the same as "ses:SendEmail": IAM compares actions without case.
    """
    return any(fnmatchcase(action.lower(), text.lower()) for action in IDENTITY_ACTIONS)
