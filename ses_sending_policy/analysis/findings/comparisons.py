"""Rules about conditions and what they compare: whether a condition can hold, and whether the request has its key."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from ses_sending_policy.analysis.findings.finding import Finding, Rule, Severity, StatementRule
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.statement import Condition, Statement
from ses_sending_policy.rules.actions import KEYS_OF_ACTION, SENDING_ACTIONS
from ses_sending_policy.rules.condition_keys import SES_KEYS
from ses_sending_policy.rules.conditions import has_wildcard
from ses_sending_policy.rules.moments import Moment

# By lower case, because IAM compares actions without case: "SES:SendEmail" is "ses:SendEmail".
_BY_LOWER_CASE: Final = {action.lower(): action for action in SENDING_ACTIONS}
# Values of these keys are free text, which may contain question marks that are no wildcards.
_FREE_TEXTS: Final = frozenset({"aws:UserAgent", "aws:referer", "ses:FromDisplayName"})
_EQUALS: Final = frozenset(
    {"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"},
)


class LiteralWildcard(StatementRule):
    """An operator that knows no wildcards compares a value with `*` or `?`, as plain text."""

    id = "SES104"
    severity = Severity.WARNING
    title = "a wildcard is compared as a plain character"
    reason = (
        "`*` and `?` are wildcards under `StringLike` and `StringNotLike` only: elsewhere they stand for themselves. A "
        "question mark in a display name is taken for one."
    )
    source = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"
    fix = "use StringLike, or StringNotLike for its negation"
    elsewhere = "Access Analyzer *Wildcard without like operator*"

    def of_statement(self, policy: Declared, statement: Statement) -> Iterator[Finding]:
        """Yield each value with a wildcard under an operator that takes the wildcard for a plain character."""
        for condition in statement.conditions():
            if condition.comparison in _EQUALS:
                for value in condition.values:
                    if "*" in value or (has_wildcard(value) and condition.key not in _FREE_TEXTS):
                        message = f"value {value!r} under {condition.operator} is not a pattern"
                        yield self.found(policy, condition.path, message)


class PastWindow(Rule):
    """A condition lets a statement hold only until a date that has passed."""

    id = "SES105"
    severity = Severity.WARNING
    title = "the time of a statement is over"
    reason = "After the last date of its window a statement says nothing any more, neither an Allow nor a Deny."
    source = "https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policy-examples.html"
    fix = "remove the statement, or set a later date"

    def findings(self, policies: Sequence[Declared], now: datetime, /) -> Iterator[Finding]:
        """Yield each condition whose last date has passed."""
        for policy in policies:
            for statement in policy.statements():
                for condition in statement.conditions():
                    if _is_over(condition, Moment.of(now)):
                        ends = sorted(dict.fromkeys(str(condition.moment(value)) for value in condition.values))
                        message = f"{condition.key} is past {' and '.join(ends)}"
                        yield self.found(policy, condition.path, message)


def _is_over(condition: Condition, now: Moment) -> bool:
    if condition.key.lower() not in ("aws:currenttime", "aws:epochtime"):
        return False
    if not re.fullmatch(r"(Date|Numeric)LessThan(Equals)?", condition.comparison):
        return False
    moments = [condition.moment(value) for value in condition.values]
    # A condition holds if any one of its values does, so all of them have to be past.
    return bool(moments) and all(moment is not None and moment < now for moment in moments)


class SingleRecipients(StatementRule):
    """A condition compares the list of recipients as if it were one value: it has no quantifier."""

    id = "SES107"
    severity = Severity.WARNING
    title = "ses:Recipients is compared without ForAllValues or ForAnyValue"
    reason = (
        "`ses:Recipients` is a list: To, CC and BCC together. Without `ForAllValues:` or `ForAnyValue:` it is not said "
        "whether one of them is enough, and the condition may not do what it says."
    )
    source = (
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
        "reference_policies_condition-single-vs-multi-valued-context-keys.html"
    )
    fix = "put ForAllValues: before the operator, or ForAnyValue: where one recipient is enough"
    elsewhere = "Access Analyzer *Missing qualifier*"

    def of_statement(self, policy: Declared, statement: Statement) -> Iterator[Finding]:
        """Yield each condition on the recipients without a quantifier, except `Null`, which asks if there are any."""
        for condition in statement.conditions():
            if (
                condition.key.lower() == "ses:recipients"
                and not condition.quantifier
                and condition.comparison != "Null"
            ):
                yield self.found(
                    policy, condition.path, f"operator {condition.operator!r} compares the list ses:Recipients as one"
                )


class MissingKey(StatementRule):
    """A condition asks for a key that requests of the statement's action do not have."""

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
        """Yield each condition whose key requests of the statement's action do not have.

        Actions with wildcards are left to SES003.
        """
        actions = [_BY_LOWER_CASE.get(text.lower(), "") for _, text in statement.texts("Action")]
        for condition in statement.conditions():
            if condition.key not in SES_KEYS:
                continue
            for action in actions:
                if action and condition.key not in KEYS_OF_ACTION[action]:
                    yield self.found(policy, condition.path, f"action {action!r} has no key {condition.key!r}")
