"""SES's actions that send mail, and the condition keys that a request of each has."""

from collections.abc import Mapping
from typing import Final

# What AWS's own examples of sending authorization policies grant.
# https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policy-examples.html
SENDING: Final = ("ses:SendEmail", "ses:SendRawEmail")

# "Sending email: ses:SendEmail, ses:SendRawEmail, ses:SendTemplatedEmail, ses:SendBulkTemplatedEmail"
# https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
_DOCUMENTED: Final = (*SENDING, "ses:SendTemplatedEmail", "ses:SendBulkTemplatedEmail")

# The fifth is the API v2's, and AWS lists it with an identity as its resource:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
SENDING_ACTIONS: Final = (*_DOCUMENTED, "ses:SendBulkEmail")

MESSAGE_KEYS: Final = frozenset({"ses:FeedbackAddress", "ses:FromAddress", "ses:FromDisplayName", "ses:Recipients"})
V2_KEYS: Final = frozenset({"ses:ApiVersion", "ses:MultiRegionEndpointId", "ses:TenantName"})
_V1_KEYS: Final = MESSAGE_KEYS | {"ses:ApiVersion"}

# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonses.html
KEYS_OF_ACTION: Final[Mapping[str, frozenset[str]]] = {
    # Of both versions of the API: what either has.
    "ses:SendEmail": MESSAGE_KEYS | V2_KEYS,
    "ses:SendRawEmail": _V1_KEYS,
    "ses:SendTemplatedEmail": _V1_KEYS,
    "ses:SendBulkTemplatedEmail": _V1_KEYS,
    "ses:SendBulkEmail": V2_KEYS,
}


def usual_actions(*, denies: bool) -> tuple[str, ...]:
    """Return what a statement is about where nobody says it.

    A Deny of fewer actions is got around by the others. The API v2's `ses:SendBulkEmail` is not among them: SES lists
    it with none of the keys of a message, and may refuse it beside them.

    :param denies: whether it forbids.
    """
    return _DOCUMENTED if denies else SENDING
