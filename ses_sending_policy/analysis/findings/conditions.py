"""Under which conditions: whether SES knows them, and whether they can hold."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import product
from typing import Final

from ses_sending_policy.analysis.findings.finding import Finding, Rule, Severity, StatementRule
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.statement import Condition, Statement
from ses_sending_policy.rules.conditions import COMPARISONS, GLOBAL_KEYS, QUANTIFIERS, SES_KEYS, has_wildcard
from ses_sending_policy.rules.moments import Moment
from ses_sending_policy.rules.suggestions import closest

_BY_LOWER_CASE: Final = {key.lower(): key for key in SES_KEYS | GLOBAL_KEYS}
# Every operator that there is.
# "You can add IfExists to the end of any condition operator name except the Null condition"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_OPERATORS: Final = {
    operator.lower(): operator
    for quantifier, comparison, suffix in product(QUANTIFIERS, COMPARISONS, ("", "IfExists"))
    if (comparison, suffix) != ("Null", "IfExists")
    for operator in (f"{quantifier}:{comparison}{suffix}".removeprefix(":"),)
}
# What people or programs call themselves has question marks of its own.
_FREE_TEXTS: Final = frozenset({"aws:UserAgent", "aws:referer", "ses:FromDisplayName"})
_EQUALS: Final = frozenset(
    {"StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"},
)


class UnknownCondition(StatementRule):
    """SES refuses the condition."""

    id = "SES007"
    severity = Severity.ERROR
    title = "an operator or a key is unknown, or in the wrong case"
    reason = (
        "SES refuses a document with a condition that it does not know. It is stricter than IAM: `AWS:SourceArn` is "
        "not `aws:SourceArn`. An unknown key that does not begin with `ses:` is a warning: AWS adds new ones."
    )
    source = "https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html"
    elsewhere = (
        "Access Analyzer *Invalid condition operator*, *Invalid service condition key*, *Invalid global condition "
        "key*; parliament `UNKNOWN_OPERATOR`, `UNKNOWN_CONDITION_FOR_ACTION`"
    )
    fix = (
        "use an operator and a key of "
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html and "
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"
    )

    def of_statement(self, policy: Declared, statement: Statement) -> Iterator[Finding]:
        """Yield each operator and key that SES does not know, in this spelling at least."""
        unknown: set[str] = set()
        for condition in statement.conditions():
            path = condition.path.removesuffix(f"/{condition.key}")
            known = _OPERATORS.get(condition.operator.lower())
            if condition.operator != known and path not in unknown:
                unknown.add(path)
                message = f"operator {condition.operator!r} is {'in the wrong case' if known else 'unknown'}"
                yield self.found(policy, path, message, fix=f"write {known}" if known else "")
            yield from self._of_key(policy, condition)

    def _of_key(self, policy: Declared, condition: Condition) -> Iterator[Finding]:
        stem, slash, tag = condition.key.partition("/")
        known = _BY_LOWER_CASE.get((stem + slash).lower())
        if known is None and stem.lower().startswith("ses:"):
            near = closest(stem, SES_KEYS)
            fix = f"write {near}" if near else ""
            yield self.found(policy, condition.path, f"key {condition.key!r} is unknown", fix=fix)
        elif known is None:
            message = f"key {condition.key!r} is not known here"
            yield self.found(policy, condition.path, message, severity=Severity.WARNING)
        elif stem + slash != known:
            message = f"key {condition.key!r} is in the wrong case"
            yield self.found(policy, condition.path, message, fix=f"write {known}{tag}")


class LiteralWildcard(StatementRule):
    """A pattern is compared as a text."""

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
        """Yield each value with a wildcard under an operator that knows none."""
        for condition in statement.conditions():
            if condition.comparison in _EQUALS:
                for value in condition.values:
                    if "*" in value or (has_wildcard(value) and condition.key not in _FREE_TEXTS):
                        message = f"value {value!r} under {condition.operator} is not a pattern"
                        yield self.found(policy, condition.path, message)


class PastWindow(Rule):
    """The time of the statement is over."""

    id = "SES105"
    severity = Severity.WARNING
    title = "the time of a statement is over"
    reason = "After the last date of its window a statement says nothing any more, neither an Allow nor a Deny."
    source = "https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policy-examples.html"
    fix = "remove the statement, or set a later date"

    def findings(self, policies: Sequence[Declared], now: datetime, /) -> Iterator[Finding]:
        """Yield each last date that has passed."""
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
    # Any of the values is enough.
    return bool(moments) and all(moment is not None and moment < now for moment in moments)


class SingleRecipients(StatementRule):
    """A list is compared as if it were one value."""

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
        """Yield each condition on the recipients that does not say how many. Null asks only whether there are any."""
        for condition in statement.conditions():
            if (
                condition.key.lower() == "ses:recipients"
                and not condition.quantifier
                and condition.comparison != "Null"
            ):
                yield self.found(
                    policy, condition.path, f"operator {condition.operator!r} compares the list ses:Recipients as one"
                )
