"""The condition operators of IAM, each under the sentence of AWS that defines it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_multi-value-conditions.html
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from ipaddress import ip_address, ip_network
from typing import Any, Final

from tests.analysis.meaning.aws_reading import AwsReading

# `variables` writes characters from a variable's value so, because they stand for themselves.
LITERAL: Final = {"*": "\ue000", "?": "\ue001"}
_PLAIN: Final = str.maketrans({written: mark for mark, written in LITERAL.items()})

Compare = Callable[[str, str], bool]


def plain(text: str) -> str:
    """Return a text with these characters as usual."""
    return text.translate(_PLAIN)


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    wild = {"*": ".*", "?": "."}
    return re.compile("".join(wild.get(each) or re.escape(plain(each)) for each in pattern), re.DOTALL)


def like(text: str, pattern: str) -> bool:
    """Return whether a text matches a pattern.

    "Case-sensitive matching. The values can include multi-character match wildcards (*) and single-character match
    wildcards (?) anywhere in the string."
    """
    return _expression(pattern).fullmatch(text) is not None


def _arn_like(text: str, pattern: str) -> bool:
    """Return whether an ARN matches a pattern.

    "Each of the six colon-delimited components of the ARN is checked separately and each can include multi-character
    match wildcards (*) or single-character match wildcards (?). The `ArnEquals` and `ArnLike` condition operators
    behave identically."
    """
    parts, patterns = text.split(":", 5), pattern.split(":", 5)
    return len(parts) == len(patterns) and all(map(like, parts, patterns))


def _in_network(text: str, network: str) -> bool:
    """Return whether an address is in a network.

    "If you specify an IP address without the associated routing prefix, IAM uses the default prefix value of `/32`."
    """
    return ip_address(text) in ip_network(plain(network), strict=False)


def moment(text: str) -> datetime:
    """Return a moment as a number.

    "You must specify date/time values with one of the W3C implementations of the ISO 8601 date formats or in epoch
    (UNIX) time."
    """
    if text.isdecimal() and len(text) > len("2026"):
        return datetime.fromtimestamp(int(text), UTC)
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _ordered(read: Callable[[str], Any]) -> dict[str, Compare]:
    return {
        "Equals": lambda one, other: bool(read(one) == read(plain(other))),
        "LessThan": lambda one, other: bool(read(one) < read(plain(other))),
        "LessThanEquals": lambda one, other: bool(read(one) <= read(plain(other))),
        "GreaterThan": lambda one, other: bool(read(one) > read(plain(other))),
        "GreaterThanEquals": lambda one, other: bool(read(one) >= read(plain(other))),
    }


_COMPARE: Final[Mapping[str, Compare]] = {
    # "Exact matching, case sensitive"
    "StringEquals": lambda one, other: one == plain(other),
    # "Exact matching, ignoring case"
    "StringEqualsIgnoreCase": lambda one, other: one.lower() == plain(other).lower(),
    "StringLike": like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "IpAddress": _in_network,
    # "Boolean conditions let you construct `Condition` elements that restrict access based on comparing a key to
    # "true" or "false.""
    "Bool": lambda one, other: one.lower() == plain(other).lower(),
    # "comparing a key to an integer or decimal value"
    **{f"Numeric{name}": compare for name, compare in _ordered(float).items()},
    **{f"Date{name}": compare for name, compare in _ordered(moment).items()},
}

# "Negated matching"
NEGATIVE: Final = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}

# "You can use a policy variable for `Condition` values in any condition that involves the string operators or the ARN
# operators."
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
WITH_VARIABLES: Final = ("String", "Arn")


def bare(operator: str) -> str:
    """Return an operator without its quantifier and `IfExists`."""
    return operator.rpartition(":")[2].removesuffix("IfExists")


def holds(operator: str, has: Sequence[str], values: Sequence[str | None], world: AwsReading) -> bool:
    """Return whether a condition holds.

    :param has: the request's values of the key; empty if it lacks the key.
    :param values: the policy's values; None for a variable without a value, which matches nothing.
    """
    quantifier, _, name = operator.rpartition(":")
    if name == "Null":
        # "use either `true` (the key doesn't exist -- it is null) or `false` (the key exists and its value is not
        # null)."
        return str(not has).lower() in [plain(value).lower() for value in values if value is not None]
    negates = bare(operator) in NEGATIVE
    if not has:
        return _of_nothing(quantifier, negates=negates, if_exists=name.endswith("IfExists"))
    found = [_matches(bare(operator), one, values, world) != negates for one in has]
    # AWS does not document what a list means without a quantifier.
    every = quantifier == "ForAllValues" or (not quantifier and (negates or not world.one_is_enough))
    return all(found) if every else any(found)


def _of_nothing(quantifier: str, *, negates: bool, if_exists: bool) -> bool:
    # "If the key is not present, evaluate the condition element as true."
    # "`ForAllValues` [...] also returns true if there are no keys in the request"
    if if_exists or quantifier == "ForAllValues":
        return True
    # "`ForAnyValue` [...] For no matching key or a null dataset, the condition returns false."
    # "If the policy condition requires that the key is *not* matched, such as `StringNotLike` or `ArnNotLike`, and the
    # right key is not present, the condition is *true*."
    return negates and not quantifier


def _matches(name: str, one: str, values: Sequence[str | None], world: AwsReading) -> bool:
    positive = NEGATIVE.get(name, name)
    compare = like if positive.startswith("Arn") and world.arns_are_texts else _COMPARE[positive]
    # "If a single condition operator includes multiple values for one key, that condition operator is evaluated using
    # a logical `OR`."
    return any(_compared(compare, one, value) for value in values if value is not None)


@cache
def _compared(compare: Compare, one: str, value: str) -> bool:
    try:
        return compare(one, value)
    except ValueError:
        # A value that is no number, moment or network matches nothing.
        return False
