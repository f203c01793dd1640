"""Rules about whether an operator fits its key: whether it compares the key's type, and one value or a list of them."""

from collections.abc import Iterator
from typing import Final

from ses_sending_policy.analysis.findings.finding import Finding, Severity, StatementFault, StatementRule
from ses_sending_policy.analysis.findings.values import MistypedValue
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.intrinsics import is_known
from ses_sending_policy.analysis.reading.statement import Condition, Statement
from ses_sending_policy.rules.conditions import COMPARISONS, family_of
from ses_sending_policy.rules.key_types import MULTIVALUED_KEYS, OPERATORS_OF_KEY, SINGLE_VALUED_KEYS

_HOW_MANY: Final = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
    "reference_policies_condition-single-vs-multi-valued-context-keys.html"
)


class BadValue(MistypedValue):
    """SES111 only where operator and key fit: a value is not of the type that its operator compares."""

    def faults(self, statement: Statement, /) -> Iterator[StatementFault]:
        """Yield each value of the wrong type, unless the operator does not fit the key, which SES115 reports."""
        unfit = {condition.path for condition in statement.conditions() if not fits(condition)}
        yield from (fault for fault in super().faults(statement) if fault.location not in unfit)


def fits(condition: Condition) -> bool:
    """Return whether a condition's operator compares values of its key's type.

    It counts as fitting if the key's type is unknown.
    """
    family = family_of(condition.comparison)
    return family in ("Null", *OPERATORS_OF_KEY.get(condition.key, (family,)))


class QuantifiedValue(StatementRule):
    """An operator for lists, with `ForAllValues` or `ForAnyValue`, compares a key that has one value."""

    id = "SES113"
    severity = Severity.WARNING
    title = "ForAllValues or ForAnyValue stands before a key of one value"
    reason = (
        "Both are for keys of many values. `ForAllValues` holds as well where the request has no such key, so that an "
        "Allow with it is wider than it reads."
    )
    source = _HOW_MANY
    fix = "leave ForAllValues: or ForAnyValue: out"
    elsewhere = "Access Analyzer *ForAllValues with single valued key*"

    def of_statement(self, policy: Declared, statement: Statement) -> Iterator[Finding]:
        """Yield each condition that compares a key of one value with `ForAllValues` or `ForAnyValue`."""
        for condition in statement.conditions():
            if condition.quantifier and condition.key in SINGLE_VALUED_KEYS:
                message = f"operator {condition.operator!r} compares {condition.key} as a list, and it has one value"
                yield self.found(policy, condition.path, message)


class UnfitOperator(StatementRule):
    """An operator compares values of another type than its key has."""

    id = "SES115"
    severity = Severity.WARNING
    title = "an operator does not fit its key"
    reason = (
        "Each key holds a text, a date, a number, a boolean, a network or an ARN, and has its operators. Another one "
        "never holds, or as a negation always does."
    )
    source = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html"
    fix = "use an operator of the key's type"
    elsewhere = "Access Analyzer *Type mismatch*; parliament `MISMATCHED_TYPE`"

    def of_statement(self, policy: Declared, statement: Statement) -> Iterator[Finding]:
        """Yield each condition whose operator does not compare values of its key's type."""
        for condition in statement.conditions():
            if condition.comparison in COMPARISONS and not fits(condition):
                families = " and ".join(OPERATORS_OF_KEY[condition.key])
                message = f"operator {condition.operator!r} does not compare {condition.key}: allowed are {families}"
                yield self.found(policy, condition.path, f"{message} operators")


class MissingList(StatementRule):
    """A `ForAllValues` condition of an Allow also holds for a request that lacks the key."""

    id = "SES117"
    severity = Severity.WARNING
    title = "an Allow has ForAllValues on a key that may be missing"
    reason = (
        "`ForAllValues` also holds if the request has no such key. On `ses:Recipients` that makes no difference, since "
        "mail always has recipients. With any other key, it lets through each request that lacks the key."
    )
    source = _HOW_MANY
    fix = "add a condition Null with the value false on the same key, or use ForAnyValue"
    elsewhere = ""

    def of_statement(self, policy: Declared, statement: Statement) -> Iterator[Finding]:
        """Yield each condition of an Allow that also holds without its key, unless a `Null` condition needs the key."""
        if not statement.allows or statement.has_unknown_conditions:
            return
        needed = {each.key for each in statement.conditions() if _needs_key(each)}
        for condition in statement.conditions():
            may_lack = condition.key in MULTIVALUED_KEYS - {"ses:Recipients"} - needed
            if condition.quantifier == "ForAllValues" and may_lack:
                message = f"operator {condition.operator!r} holds for a request without {condition.key}"
                yield self.found(policy, condition.path, message)


def _needs_key(condition: Condition) -> bool:
    # An unknown value counts as `false`, which requires the key: then there is nothing to report.
    return condition.comparison == "Null" and any(
        value.lower() == "false" or not is_known(value) for value in condition.values
    )
