"""What may be done: whether it sends, and whether the conditions are of any use to it."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from ses_sending_policy.analysis.findings.finding import Finding, Severity, StatementRule
from ses_sending_policy.analysis.findings.vendors import vendor_of
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.intrinsics import is_known
from ses_sending_policy.analysis.reading.statement import Statement
from ses_sending_policy.rules.action_names import ACTION_NAMES
from ses_sending_policy.rules.actions import KEYS_OF_ACTION, SENDING_ACTIONS
from ses_sending_policy.rules.conditions import SES_KEYS, has_wildcard
from ses_sending_policy.rules.suggestions import closest

_ACTIONS: Final = (
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html"
)
# "SES:SendEmail" is the same: IAM compares actions without case.
_BY_LOWER_CASE: Final = {action.lower(): action for action in SENDING_ACTIONS}
_ALL_BY_LOWER_CASE: Final = {action.lower(): action for action in ACTION_NAMES}
# A pattern can't match more than sending where its text up to the wildcard begins so.
_SENDING_PATTERN: Final = re.compile(r"ses:send[a-z]*[*?].*")


@cache
def _matched(action: str) -> frozenset[str]:
    """Return the actions of SES, in small letters, that an action of a policy is, or is a pattern of."""
    pattern = re.escape(action.lower()).replace(r"\*", ".*").replace(r"\?", ".")
    return frozenset(filter(re.compile(pattern).fullmatch, _ALL_BY_LOWER_CASE))


def _known_actions(statement: Statement) -> Iterator[tuple[str, str]]:
    return ((path, text) for path, text in statement.texts("Action") if text and is_known(text))


class ManagingAction(StatementRule):
    """More than sending is given away."""

    id = "SES003"
    severity = Severity.ERROR
    title = "an action is allowed that does not send"
    reason = (
        "A policy on an identity can also let others change or delete it. Who may call `UpdateEmailIdentityPolicy` "
        "rewrites the grant itself; such rights belong into IAM."
    )
    source = "https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html"
    fix = f"use {', '.join(SENDING_ACTIONS[:-1])} or {SENDING_ACTIONS[-1]}"

    def of_statement(self, policy: Declared, statement: Statement) -> Iterator[Finding]:
        """Yield each action of SES's that is allowed and does not only send. What a Deny takes away, nobody has."""
        if not statement.allows or vendor_of(statement):
            return
        for path, text in _known_actions(statement):
            matched = _matched(text)
            if matched and matched - _BY_LOWER_CASE.keys() and not _SENDING_PATTERN.fullmatch(text.lower()):
                what = "gives more than sending" if matched & _BY_LOWER_CASE.keys() else "does not send"
                yield self.found(policy, path, f"action {text!r} {what}")


class UnknownAction(StatementRule):
    """Nobody can do that."""

    id = "SES016"
    severity = Severity.ERROR
    title = "SES has no such action"
    reason = (
        "An Allow of a misspelt action allows nothing, and a Deny of one denies nothing: whoever it was meant for may "
        "still send. In a Deny it is a warning."
    )
    source = _ACTIONS
    fix = "write an action of SES's, with ses: before its name"
    elsewhere = "Access Analyzer *Invalid action*; parliament `UNKNOWN_ACTION`"

    def of_statement(self, policy: Declared, statement: Statement) -> Iterator[Finding]:
        """Yield each action that is SES's by its prefix, or has none, and that SES has not."""
        for path, text in _known_actions(statement):
            service, colon, name = text.lower().partition(":")
            if not _matched(text) and (service == "ses" or not colon):
                near = closest(f"ses:{name if colon else service}", ACTION_NAMES)
                fix = f"write {near}" if near else ""
                what = f"no action of SES's matches {text!r}" if has_wildcard(text) else f"action {text!r} is unknown"
                yield self.found(policy, path, what, severity=_severity(statement), fix=fix)


class ForeignAction(StatementRule):
    """An identity has nothing to do with it."""

    id = "SES017"
    severity = Severity.ERROR
    title = "an action is another service's"
    reason = "A policy on an identity is about actions of SES's, and says nothing of others. In a Deny it is a warning."
    source = "https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html"
    fix = "remove it, or write an action of SES's, which begins with ses:"
    elsewhere = "Access Analyzer *Invalid service in action*; parliament `UNKNOWN_PREFIX`, `RESOURCE_MISMATCH`"

    def of_statement(self, policy: Declared, statement: Statement) -> Iterator[Finding]:
        """Yield each action of another service."""
        for path, text in _known_actions(statement):
            service, colon, _ = text.partition(":")
            if colon and service.lower() != "ses" and not _matched(text):
                message = f"action {text!r} is not one of SES's"
                yield self.found(policy, path, message, severity=_severity(statement))


def _severity(statement: Statement) -> Severity | None:
    return None if statement.allows else Severity.WARNING


class MissingKey(StatementRule):
    """A condition asks for what the request does not have."""

    id = "SES106"
    severity = Severity.WARNING
    title = "a condition has a key that the action does not have"
    reason = (
        "A request of the API v2's `SendBulkEmail` has no `ses:FromAddress`, `ses:Recipients`, `ses:FeedbackAddress` "
        "or `ses:FromDisplayName`, and the older actions have no `ses:TenantName`: a condition on a missing key never "
        "holds, or always where it is a negation."
    )
    source = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html"
    fix = "give the action a statement of its own, without the key"
    elsewhere = "parliament `UNKNOWN_CONDITION_FOR_ACTION`"

    def of_statement(self, policy: Declared, statement: Statement) -> Iterator[Finding]:
        """Yield each condition and action that do not fit. What a pattern means is judged by SES003 alone."""
        actions = [_BY_LOWER_CASE.get(text.lower(), "") for _, text in statement.texts("Action")]
        for condition in statement.conditions():
            if condition.key not in SES_KEYS:
                continue
            for action in actions:
                if action and condition.key not in KEYS_OF_ACTION[action]:
                    yield self.found(policy, condition.path, f"action {action!r} has no key {condition.key!r}")
