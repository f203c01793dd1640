"""The policies that AWS's own services write themselves."""

import re
from typing import Final

from ses_sending_policy.analysis.reading.statement import Statement
from ses_sending_policy.rules.actions import SENDING_ACTIONS

# "Principal": {"Service": "workmail.REGION.amazonaws.com"}, "Action": ["ses:*"]
# https://docs.aws.amazon.com/workmail/latest/adminguide/editing_domains.html
# "Principal": {"Service": "pinpoint.amazonaws.com"}, "Action": "ses:*"
# https://docs.aws.amazon.com/pinpoint/latest/developerguide/security_iam_id-based-policy-examples.html
_REGION: Final = r"(\.(?:[a-z0-9-]+|\$\{[^}]*\}))?"
_VENDORS: Final = {
    "Amazon WorkMail": re.compile(rf"workmail{_REGION}\.amazonaws\.com"),
    "Amazon Pinpoint": re.compile(rf"pinpoint{_REGION}\.amazonaws\.com"),
}
_SENDING: Final = frozenset(action.lower() for action in SENDING_ACTIONS)
# `ses:SendBounce` is here because WorkMail sends bounces for mail that it cannot deliver.
_WRITTEN: Final = _SENDING | {"ses:*", "ses:sendbounce"}


def vendor_of(statement: Statement) -> str:
    """Return the name of the AWS service that writes statements like this one for itself; empty if none does."""
    actions = {text.lower() for _, text in statement.texts("Action")}
    if not statement.allows or actions <= _SENDING or not actions <= _WRITTEN:
        return ""
    found = [_vendor(kind, text) for _, kind, text in statement.principals()]
    return found[0] if len(set(found)) == 1 else ""


def _vendor(kind: str, text: str) -> str:
    names = (name for name, pattern in _VENDORS.items() if kind == "Service" and pattern.fullmatch(text))
    return next(names, "")
