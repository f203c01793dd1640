"""The list of all rules, and what the CDK calls them."""

from collections.abc import Iterable, Iterator
from typing import Final

from ses_sending_policy.analysis.findings.anybody import NegatedElement
from ses_sending_policy.analysis.findings.collection import HiddenDomain, SameName, TooMany
from ses_sending_policy.analysis.findings.comparisons import LiteralWildcard, MissingKey, PastWindow, SingleRecipients
from ses_sending_policy.analysis.findings.conditions import UnknownCondition
from ses_sending_policy.analysis.findings.documents import BadName, ForeignResource, TooLarge
from ses_sending_policy.analysis.findings.finding import Finding, Rule
from ses_sending_policy.analysis.findings.known_actions import ForeignAction, ManagingAction, UnknownAction
from ses_sending_policy.analysis.findings.operators import BadValue, MissingList, QuantifiedValue, UnfitOperator
from ses_sending_policy.analysis.findings.principal_names import PrincipalKind, PrincipalName, PrincipalPattern
from ses_sending_policy.analysis.findings.principals import PublicPrincipal, UnboundService, WholeAccount
from ses_sending_policy.analysis.findings.reach import DeadDeny, DeadGrant, LockedOut, PerhapsLockedOut
from ses_sending_policy.analysis.findings.services import CognitoRegion, VendorPolicy
from ses_sending_policy.analysis.findings.shape import (
    BadEffect,
    DoubledSid,
    MalformedDocument,
    OddSid,
    UnknownElement,
    UnknownVersion,
)
from ses_sending_policy.analysis.findings.values import EmptyList
from ses_sending_policy.analysis.findings.variables import OddVariable

PLUGIN: Final = "ses-sending-policy"
"""The prefix that the CDK puts before a rule's id in an acknowledgement."""

UNCHECKED: Final = "SES000"
"""The id of a finding that something could not be checked."""

UNREAD: Final = "SES100"
"""The id of a finding that a part of a template may hold a sending policy and was not read."""

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
    LockedOut(),
    MalformedDocument(),
    BadEffect(),
    PrincipalKind(),
    PrincipalName(),
    PrincipalPattern(),
    UnknownAction(),
    ForeignAction(),
    UnboundService(),
    WholeAccount(),
    HiddenDomain(),
    LiteralWildcard(),
    PastWindow(),
    MissingKey(),
    SingleRecipients(),
    UnknownElement(),
    UnknownVersion(),
    OddSid(),
    BadValue(),
    EmptyList(),
    QuantifiedValue(),
    OddVariable(),
    UnfitOperator(),
    DoubledSid(),
    MissingList(),
    CognitoRegion(),
    VendorPolicy(),
    PerhapsLockedOut(),
    DeadGrant(),
    DeadDeny(),
)


def distinct(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield each finding once, even if one resource declares several policies under different conditions."""
    found: set[object] = set()
    for each in findings:
        policy = each.policy
        place = (policy.template, policy.owner, policy.call, each.location)
        key = (each.rule, place, each.about or each.message)
        if key not in found:
            found.add(key)
            yield each
