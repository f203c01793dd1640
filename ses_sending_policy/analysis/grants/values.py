"""The values of a condition, each as the set of request values that it matches."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final, Protocol

from ses_sending_policy.analysis.reading.intrinsics import is_known
from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.key_condition import NEGATIONS
from ses_sending_policy.analysis.requests.pattern import Pattern, exactly, in_any_case, like
from ses_sending_policy.analysis.requests.texts import is_within
from ses_sending_policy.rules.moments import Moment


class Matches(Protocol):
    """The set of request values that one value of a condition matches."""

    def within(self, other: "Matches", /) -> bool:
        """Return whether `other` is known to match everything that this one matches."""


@dataclass(frozen=True, slots=True)
class UnknownValues:
    """A value that only the deploy knows, or one of an operator that is not modelled here.

    :param comparison: the operator alone, as `Bool`.
    :param text: the value.
    """

    comparison: str
    text: str

    def within(self, other: Matches, /) -> bool:
        """Return whether `other` is the same value of the same operator: nothing else is known."""
        return self == other


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts that match a pattern."""

    pattern: Pattern

    def within(self, other: Matches, /) -> bool:
        """Return whether `other` is known to match all of these texts."""
        if isinstance(other, Arns):
            arns = _arns(self.pattern.head, exactly) if self.pattern.is_text else None
            return arns is not None and arns.within(other)
        return isinstance(other, Texts) and is_within(self.pattern, other.pattern)


@dataclass(frozen=True, slots=True)
class Arns:
    """ARNs that match a pattern.

    "Each of the six colon-delimited components of the ARN is checked separately and each can include multi-character
    match wildcards (*) or single-character match wildcards (?)":
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html

    :param text: the whole pattern.
    :param components: the pattern of each of the six components.
    """

    text: str
    components: tuple[Pattern, ...]

    def within(self, other: Matches, /) -> bool:
        """Return whether `other` is known to match all of these ARNs."""
        if isinstance(other, Arns):
            return all(map(is_within, self.components, other.components))
        # Compared as texts: the pattern, read as plain text, matches all ARNs that it matches as an ARN, and more.
        return isinstance(other, Texts) and is_within(like(self.text), other.pattern)


@dataclass(frozen=True, slots=True)
class Span:
    """Numbers or moments, from one bound to another.

    :param of: `numbers` or `moments`.
    :param low: the lower bound, and 0 if the span includes it, 1 if the span begins after it. Default: - there is none.
    :param high: the upper bound, and 0 if the span includes it, -1 if the span ends before it. Default: - there is
        none.
    """

    of: str
    low: tuple[Decimal, int] = (Decimal("-Infinity"), 0)
    high: tuple[Decimal, int] = (Decimal("Infinity"), 0)

    def within(self, other: Matches, /) -> bool:
        """Return whether `other` is known to include all of this span."""
        return isinstance(other, Span) and self.of == other.of and other.low <= self.low and self.high <= other.high


@dataclass(frozen=True, slots=True)
class Addresses:
    """The IP addresses of one network."""

    network: IPv4Network | IPv6Network

    def within(self, other: Matches, /) -> bool:
        """Return whether `other` is known to include all addresses of this network."""
        # No IPv4 address is in an IPv6 network, nor the other way round.
        return isinstance(other, Addresses) and self.network[0] in other.network and self.network[-1] in other.network


def _in_any_case(text: str) -> Matches | None:
    return Texts(in_any_case(text)) if text.isascii() else None


_COMPONENTS: Final = 6


def _arns(text: str, pattern: Callable[[str], Pattern] = like) -> Arns | None:
    components = text.split(":", _COMPONENTS - 1)
    return Arns(text, tuple(map(pattern, components))) if len(components) == _COMPONENTS else None


def _addresses(text: str) -> Matches | None:
    try:
        return Addresses(ip_network(text))
    except ValueError:
        return None


def _number(text: str) -> Decimal | None:
    # Only numbers of so few digits are compared: different ones are different as floating-point numbers, too.
    return Decimal(text) if re.fullmatch(r"-?\d{1,12}(\.\d{1,3})?", text, re.ASCII) else None


def _moment(text: str) -> Decimal | None:
    moment = Moment.read(text)
    return moment.seconds if moment else None


def _span(of: str, bound: Callable[[str], Decimal | None], name: str) -> Callable[[str], Matches | None]:
    spans: Mapping[str, Callable[[Decimal], Span]] = {
        "Equals": lambda value: Span(of, (value, 0), (value, 0)),
        "LessThan": lambda value: Span(of, high=(value, -1)),
        "LessThanEquals": lambda value: Span(of, high=(value, 0)),
        "GreaterThan": lambda value: Span(of, low=(value, 1)),
        "GreaterThanEquals": lambda value: Span(of, low=(value, 0)),
    }

    def read(text: str) -> Matches | None:
        value = bound(text)
        return None if value is None else spans[name](value)

    return read


_SPANS: Final = ("Equals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
_READ: Final[Mapping[str, Callable[[str], Matches | None]]] = {
    "StringEquals": lambda text: Texts(exactly(text)),
    "StringEqualsIgnoreCase": _in_any_case,
    "StringLike": lambda text: Texts(like(text)),
    # "The ArnEquals and ArnLike condition operators behave identically."
    "ArnEquals": _arns,
    "ArnLike": _arns,
    "IpAddress": _addresses,
    **{f"Numeric{name}": _span("numbers", _number, name) for name in _SPANS},
    **{f"Date{name}": _span("moments", _moment, name) for name in _SPANS},
}


@lru_cache(maxsize=4096)
def matches(condition: Condition) -> tuple[Matches, ...]:
    """Return what each value of `condition` matches; for a negating operator, what the value excludes."""
    comparison = NEGATIONS.get(condition.comparison, condition.comparison)
    read = _READ.get(comparison)
    return tuple(
        (read(value) if read and is_known(value) else None) or UnknownValues(comparison, value)
        for value in condition.values
    )
