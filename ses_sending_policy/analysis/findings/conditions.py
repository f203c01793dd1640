"""Rules about the operators and keys of conditions: whether SES knows them."""

from collections.abc import Iterator
from itertools import product
from typing import Final

from ses_sending_policy.analysis.findings.finding import FaultRule, Severity, StatementFault
from ses_sending_policy.analysis.reading.statement import Condition, Statement
from ses_sending_policy.rules.condition_keys import GLOBAL_KEYS, SES_KEYS
from ses_sending_policy.rules.conditions import COMPARISONS, QUANTIFIERS
from ses_sending_policy.rules.suggestions import closest

_BY_LOWER_CASE: Final = {key.lower(): key for key in SES_KEYS | GLOBAL_KEYS}
# Every operator that exists, by its name in lower case.
# "You can add IfExists to the end of any condition operator name except the Null condition"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_OPERATORS: Final = {
    operator.lower(): operator
    for quantifier, comparison, suffix in product(QUANTIFIERS, COMPARISONS, ("", "IfExists"))
    if (comparison, suffix) != ("Null", "IfExists")
    for operator in (f"{quantifier}:{comparison}{suffix}".removeprefix(":"),)
}


class UnknownCondition(FaultRule):
    """A condition has an operator or a key that SES does not know, so SES refuses the policy."""

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

    def faults(self, statement: Statement, /) -> Iterator[StatementFault]:
        """Yield each operator and key that SES does not know in this spelling."""
        unknown: set[str] = set()
        for condition in statement.conditions():
            path = condition.path.removesuffix(f"/{condition.key}")
            known = _OPERATORS.get(condition.operator.lower())
            if condition.operator != known and path not in unknown:
                unknown.add(path)
                message = f"operator {condition.operator!r} is {'in the wrong case' if known else 'unknown'}"
                yield StatementFault(path, message, fix=f"write {known}" if known else "")
            yield from self._of_key(condition)

    def _of_key(self, condition: Condition) -> Iterator[StatementFault]:
        stem, slash, tag = condition.key.partition("/")
        known = _BY_LOWER_CASE.get((stem + slash).lower())
        if known is None and stem.lower().startswith("ses:"):
            near = closest(stem, SES_KEYS)
            fix = f"write {near}" if near else ""
            yield StatementFault(condition.path, f"key {condition.key!r} is unknown", fix=fix)
        elif known is None:
            message = f"key {condition.key!r} is not known here"
            yield StatementFault(condition.path, message, severity=Severity.WARNING)
        elif stem + slash != known:
            message = f"key {condition.key!r} is in the wrong case"
            yield StatementFault(condition.path, message, fix=f"write {known}{tag}")
