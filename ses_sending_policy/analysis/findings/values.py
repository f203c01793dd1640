"""Rules about the values of conditions: whether they have the operator's type, and whether there are any values."""

import re
from collections.abc import Callable, Iterator
from ipaddress import ip_address, ip_network
from typing import Final

from ses_sending_policy.analysis.findings.finding import FaultRule, Severity, StatementFault
from ses_sending_policy.analysis.reading.intrinsics import is_known
from ses_sending_policy.analysis.reading.statement import Statement
from ses_sending_policy.rules.actions import MESSAGE_KEYS
from ses_sending_policy.rules.arns import Arn
from ses_sending_policy.rules.conditions import COMPARISONS, family_of, has_wildcard
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.moments import check_moment

_OPERATORS: Final = (
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"
)
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
_NETWORK: Final = re.compile(r"[0-9a-fA-F.:]+(/\d+)?", re.ASCII)
_BOOLEANS: Final = ("true", "false")


def _date_fault(text: str) -> str:
    try:
        check_moment("date", text)
    except DeclarationError as fault:
        return str(fault)
    return ""


def _network_fault(text: str) -> str:
    try:
        network = ip_network(text, strict=False) if _NETWORK.fullmatch(text) else None
    except ValueError:
        network = None
    if network is None:
        return f"network {text!r} is none: write it as 203.0.113.0/24 or 2001:db8::/32"
    # "The non-zero bits in the IP address after the masked bits are ignored."
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
    is_whole = network[0] == ip_address(text.partition("/")[0])
    return "" if is_whole else f"network {text!r} has bits behind its mask, which do not count: it is {network}"


def _boolean_fault(text: str) -> str:
    return "" if text.lower() in _BOOLEANS else f"boolean {text!r} is none: allowed are true and false"


def _number_fault(text: str) -> str:
    return "" if _NUMBER.fullmatch(text) else f"number {text!r} is none: write it as 14 or 1.5"


def _arn_fault(text: str) -> str:
    return "" if has_wildcard(text) or Arn.parse(text) else f"ARN {text!r} is none: write it as arn:aws:s3:::bucket"


def _null_fault(text: str) -> str:
    is_one = text.lower() in _BOOLEANS
    return "" if is_one else f"Null compares with {text!r}: allowed are true, for a key that is missing, and false"


_FAULTS: Final[dict[str, Callable[[str], str]]] = {
    "Arn": _arn_fault,
    "Bool": _boolean_fault,
    "Date": _date_fault,
    "IpAddress": _network_fault,
    "Null": _null_fault,
    "Numeric": _number_fault,
}
"""By family of operators, a function that returns why a value is not of their type; an empty text if it is."""

_SINGLE: Final = ("Bool", "Null")


class MistypedValue(FaultRule):
    """A value is not of the type that its operator compares with."""

    id = "SES111"
    severity = Severity.WARNING
    title = "a value is not of its operator's type"
    reason = (
        "Dates, networks, numbers, booleans and ARNs have their forms. A condition with another value never holds, or "
        "as a negation always does."
    )
    source = _OPERATORS
    fix = "write the value in the form that the operator compares with"
    elsewhere = (
        "Access Analyzer *Type mismatch date*, *Type mismatch IP range*, *Type mismatch Boolean*, "
        "*Type mismatch number*, *Invalid condition multiple Boolean*, *Invalid date value*, *Improve IP range*; "
        "parliament `MISMATCHED_TYPE`, `MISMATCHED_TYPE_OPERATION_TO_NULL`"
    )

    def faults(self, statement: Statement, /) -> Iterator[StatementFault]:
        """Yield each known value that is not of its operator's type."""
        for condition in statement.conditions():
            family = family_of(condition.comparison)
            if condition.comparison in COMPARISONS:
                for fault in _value_faults(family, condition.values):
                    yield StatementFault(condition.path, f"condition on {condition.key}: {fault}")


def _value_faults(family: str, values: tuple[str, ...]) -> Iterator[str]:
    if family in _SINGLE and len(values) > 1:
        yield f"{family} compares with {len(values)} values: one is allowed"
        return
    if family in _FAULTS:
        yield from filter(None, (_FAULTS[family](value) for value in values if is_known(value)))


# A list parameter without elements may arrive as a list of one empty text. No address is empty, so such a list counts
# as empty for these keys.
_ADDRESSES: Final = MESSAGE_KEYS - {"ses:FromDisplayName"}


class EmptyList(FaultRule):
    """A list of principals, or of values to compare with, is empty."""

    id = "SES112"
    severity = Severity.WARNING
    title = "a list is empty"
    reason = (
        'Nobody is in an empty list of principals. Of a key without values Access Analyzer says that "it does not '
        'affect the policy": it may not narrow what it was meant to narrow.'
    )
    source = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"
    fix = "put something into the list, or leave the element out"
    elsewhere = (
        "Access Analyzer *Empty array principal*, *Empty array condition*, *Empty array condition ForAllValues*, "
        "*Empty array condition ForAnyValue*, *Empty array condition IfExists*"
    )

    def faults(self, statement: Statement, /) -> Iterator[StatementFault]:
        """Yield each kind of principal with an empty list, and each condition key without a value."""
        principal = statement.elements.get("Principal")
        if isinstance(principal, dict):
            for kind in (kind for kind, values in principal.items() if values == []):
                yield StatementFault(
                    f"{statement.path}/Principal/{kind}", f"the list of principals under {kind} is empty"
                )
        for condition in statement.conditions():
            is_no_address = condition.key in _ADDRESSES and not any(condition.values)
            if not condition.values or is_no_address:
                yield StatementFault(
                    condition.path, f"operator {condition.operator!r} compares {condition.key} with nothing"
                )
