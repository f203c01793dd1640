"""Rules about the names of actions: whether SES has an action of that name, or whether it is another service's."""

from collections.abc import Iterator
from typing import Final

from ses_sending_policy.analysis.findings.actions import IdentityAction, known_actions, matched
from ses_sending_policy.analysis.findings.finding import FaultRule, Severity, StatementFault
from ses_sending_policy.analysis.reading.statement import Statement
from ses_sending_policy.rules.action_names import ACTION_NAMES
from ses_sending_policy.rules.conditions import has_wildcard
from ses_sending_policy.rules.suggestions import closest

_ACTIONS: Final = (
    "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html"
)


class ManagingAction(IdentityAction):
    """SES003 with every action of SES: an Allow permits an action that does more than send."""

    names = ACTION_NAMES


class UnknownAction(FaultRule):
    """SES has no such action."""

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

    def faults(self, statement: Statement, /) -> Iterator[StatementFault]:
        """Yield each action with the prefix `ses:`, or without a prefix, that SES does not have."""
        for path, text in known_actions(statement):
            service, colon, name = text.lower().partition(":")
            if not matched(text, ACTION_NAMES) and (service == "ses" or not colon):
                near = closest(f"ses:{name if colon else service}", ACTION_NAMES)
                fix = f"write {near}" if near else ""
                what = f"no action of SES's matches {text!r}" if has_wildcard(text) else f"action {text!r} is unknown"
                yield StatementFault(path, what, severity=_severity(statement), fix=fix)


class ForeignAction(FaultRule):
    """A statement names an action of another service, which means nothing on an SES identity."""

    id = "SES017"
    severity = Severity.ERROR
    title = "an action is another service's"
    reason = "A policy on an identity is about actions of SES's, and says nothing of others. In a Deny it is a warning."
    source = "https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html"
    fix = "remove it, or write an action of SES's, which begins with ses:"
    elsewhere = "Access Analyzer *Invalid service in action*; parliament `UNKNOWN_PREFIX`, `RESOURCE_MISMATCH`"

    def faults(self, statement: Statement, /) -> Iterator[StatementFault]:
        """Yield each action of another service."""
        for path, text in known_actions(statement):
            service, colon, _ = text.partition(":")
            if colon and service.lower() != "ses" and not matched(text, ACTION_NAMES):
                message = f"action {text!r} is not one of SES's"
                yield StatementFault(path, message, severity=_severity(statement))


def _severity(statement: Statement) -> Severity | None:
    return None if statement.allows else Severity.WARNING
