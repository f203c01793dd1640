"""All rules, in the order of their ids, and what they go by in the CDK."""

from typing import Final

from ses_sending_policy.analysis.findings.actions import ManagingAction, MissingKey
from ses_sending_policy.analysis.findings.collection import HiddenDomain, SameName, TooMany
from ses_sending_policy.analysis.findings.conditions import (
    LiteralWildcard,
    PastWindow,
    SingleRecipients,
    UnknownCondition,
)
from ses_sending_policy.analysis.findings.documents import BadName, ForeignResource, NegatedElement, TooLarge
from ses_sending_policy.analysis.findings.finding import Rule
from ses_sending_policy.analysis.findings.principals import PublicPrincipal, UnboundService, WholeAccount

PLUGIN: Final = "ses-sending-policy"
"""What stands before the id of a rule in an acknowledgement."""

UNCHECKED: Final = "SES000"
"""The id of what could not be looked at."""

UNREAD: Final = "SES100"
"""The id of what may carry a sending policy and was not read."""

RULES: Final[tuple[Rule, ...]] = (
    PublicPrincipal(),
    ForeignResource(),
    ManagingAction(),
    BadName(),
    TooLarge(),
    NegatedElement(),
    UnknownCondition(),
    TooMany(),
    SameName(),
    UnboundService(),
    WholeAccount(),
    HiddenDomain(),
    LiteralWildcard(),
    PastWindow(),
    MissingKey(),
    SingleRecipients(),
)
