"""A condition of a statement, as a test of the values that a request has for its key."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from itertools import chain
from typing import Final

from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.keys import TIME, Count, one_name
from ses_sending_policy.analysis.requests.pattern import ANY_TEXT, Pattern, arn_like, exactly, in_any_case, like
from ses_sending_policy.rules.conditions import COMPARISONS, QUANTIFIERS, has_wildcard
from ses_sending_policy.rules.moments import Moment

NEGATIONS: Final[Mapping[str, str]] = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}
"""By negating operator, the operator whose opposite it is."""

VARIABLE: Final = re.compile(r"\$\{([A-Za-z][\w-]*:(?!:)[^,{}]*?)\s*(?:,\s*'([^'{}]*)'\s*)?\}|\$\{([*?$])\}")
"""A policy variable: groups for its key, its default, and the character of one such as `${*}`, which is no wildcard."""

NO_VALUE: Final = "\0"
"""Stands in a value for a policy variable without a value in the request: "There is no equal or like value".

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""


def has_reference(text: str) -> bool:
    """Return whether `text` has a part that only the deploy knows."""
    return "${" in text and "${" in VARIABLE.sub("", text)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """One set of assumptions about what AWS leaves open, or only the deploy knows.

    :param references_differ: whether a value that only the deploy knows is different from every other text. Default: -
        it may be any text.
    :param services_in_everybody: whether the principal `*` includes AWS services.
    :param one_is_enough: whether a condition without a quantifier holds if one value of a list fits.
    :param arns_are_texts: whether `ArnLike` compares an ARN as one text, and not component by component.
    """

    references_differ: bool = False
    services_in_everybody: bool = False
    one_is_enough: bool = True
    arns_are_texts: bool = False


Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class TextPatterns:
    """Matches a value if one of some text patterns does."""

    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Matches a value if it is in one of some ranges.

    :param of: `Numeric` for plain numbers, or `Date` for seconds since 1970.
    :param ranges: the lower bound, whether it belongs to the range, the upper bound, and whether that belongs to it.
    """

    of: str
    ranges: tuple[tuple[Decimal, bool, Decimal, bool], ...]

    def match(self, value: Decimal) -> bool:
        """Return whether `value` is in one of the ranges."""
        return any(
            (low < value or (low == value and with_low)) and (value < high or (value == high and with_high))
            for low, with_low, high, with_high in self.ranges
        )


@dataclass(frozen=True, slots=True)
class Networks:
    """Matches a value if it is an address in one of some networks."""

    networks: tuple[Network, ...]

    def match(self, value: Address) -> bool:
        """Return whether `value` is in one of the networks."""
        return any(value in network for network in self.networks)


Matcher = TextPatterns | Numbers | Networks


@dataclass(frozen=True, slots=True)
class KeyCondition:
    """A condition of a statement, as a test of a request's values for one key; or a switch.

    :param key: the name of the key, as `one_name` gives it; empty for a switch.
    :param name: a text that identifies the condition or the switch, because `matcher` does not count in comparisons.
    :param matcher: what a value of the request has to match. Default: - it is unknown.
    :param quantifier: `ForAllValues`, `ForAnyValue` or an empty text.
    :param negates: whether the operator negates, so that a value must not match.
    :param without_key: whether the condition holds for a request without the key.
    :param asks_presence: whether the condition only asks whether the request has the key; then `without_key` says all.
    """

    key: str
    name: str
    matcher: Matcher | None = field(default=None, compare=False)
    quantifier: str = ""
    negates: bool = False
    without_key: bool = False
    asks_presence: bool = False

    @property
    def is_read(self) -> bool:
        """Whether it is known which values fulfil the condition."""
        return self.asks_presence or self.matcher is not None

    def asks_all(self, count: Count, assumed: Assumptions) -> bool:
        """Return whether every value of the key has to fulfil the condition, and not just one of them."""
        if self.quantifier or count is Count.ONE:
            return self.quantifier == "ForAllValues"
        return self.negates or not assumed.one_is_enough


def switch(name: str) -> KeyCondition:
    """Return a switch: a condition that is true or false for reasons that no request shows."""
    return KeyCondition("", name)


@lru_cache(maxsize=65_536)
def comparison(
    condition: Condition, values: tuple[str, ...], assumed: Assumptions, *, has_variables: bool
) -> KeyCondition:
    """Return the test that a condition makes of a request's values.

    :param values: the values that the condition compares with, perhaps with policy variables filled in.
    :param has_variables: whether text like `${aws:username}` in `values` is a variable.
    """
    key, operator = one_name(condition.key), condition.comparison
    # Both operators get the same name if no value has a wildcard, because they ask the same then. An unknown value may
    # have one.
    are_plain = not any(has_wildcard(value) or has_reference(value) for value in values)
    asks = condition.operator.replace("Like", "Equals") if are_plain else condition.operator
    name = json.dumps((key, asks, sorted(values), has_variables, str(assumed)))
    if operator not in COMPARISONS or condition.quantifier not in QUANTIFIERS or not values:
        return KeyCondition(key, name)
    if operator == "Null":
        asked = {value.lower() for value in values}
        if condition.operator == "Null" and asked == {"true", "false"}:
            # "either true (the key doesn't exist - it is null) or false (the key exists and its value is not null)":
            # one of several values is enough, and one of these two always fits.
            # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
            return KeyCondition(key, name, TextPatterns((ANY_TEXT,)), without_key=True)
        is_asked = condition.operator == "Null" and asked in ({"true"}, {"false"})
        return KeyCondition(key, name, without_key=asked == {"true"}, asks_presence=is_asked)
    negates = operator in NEGATIONS
    is_optional = condition.operator.endswith("IfExists") or condition.quantifier == "ForAllValues"
    return KeyCondition(
        key,
        name,
        _matcher(NEGATIONS.get(operator, operator), key, values, assumed, has_variables=has_variables),
        condition.quantifier,
        negates,
        # "If the policy condition requires that the key is not matched, such as StringNotLike or ArnNotLike, and the
        # right key is not present, the condition is true."
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
        without_key=is_optional or (negates and not condition.quantifier),
    )


def _matcher(
    operator: str, key: str, values: Sequence[str], assumed: Assumptions, *, has_variables: bool
) -> Matcher | None:
    # "You can use a policy variable in the Condition element [...] with string operators or ARN operators":
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    read = _TEXTS.get("StringLike" if assumed.arns_are_texts and operator.startswith("Arn") else operator)
    if read:
        texts = [
            _text(value, key, read, assumed, has_variables=has_variables)
            for value in values
            if assumed.references_differ or not has_reference(value)
        ]
        known = [patterns for patterns in texts if patterns is not None]
        return TextPatterns(tuple(chain.from_iterable(known))) if len(known) == len(values) else None
    if operator == "IpAddress":
        networks = [each for each in map(_network, values) if each]
        return Networks(tuple(networks)) if len(networks) == len(values) else None
    of = "Numeric" if operator.startswith("Numeric") and key != TIME else "Date"
    span = _SPANS[re.sub("Numeric|Date", "", operator)]
    bounds = [_number(value) if operator.startswith("Numeric") else _seconds(value) for value in values]
    spans = [span(each) for each in bounds if each is not None]
    return Numbers(of, tuple(spans)) if len(spans) == len(values) else None


def _text(
    value: str,
    key: str,
    read: Callable[[str], tuple[Pattern, ...] | None],
    assumed: Assumptions,
    *,
    has_variables: bool,
) -> tuple[Pattern, ...] | None:
    """Return the patterns of one value: none of them if nothing matches the value, None if they are unknown."""
    if has_variables and NO_VALUE in value:
        return ()
    found = next((each for each in VARIABLE.finditer(value) if each[1]), None)
    if not has_variables or not VARIABLE.search(value):
        return read(value)
    if not found:
        patterns = read(VARIABLE.sub(lambda each: _PLAIN[each[3]], value))
        return patterns and tuple(map(_unescaped, patterns))
    if assumed.references_differ and found[0] == value and one_name(found[1]) == key:
        # The variable is the key itself, so any value equals it.
        return (like("*"),)
    return None


# "${*}, ${?}, ${$}": "use when you need an asterisk", and so on. While wildcards are read, private-use characters,
# which no policy has, stand for these three.
_PLAIN: Final = {"*": "\ue000", "?": "\ue001", "$": "\ue002"}
_ESCAPED: Final = {each: character for character, each in _PLAIN.items()}


_NO_MARKS: Final = str.maketrans("", "", "".join(_ESCAPED))


def _unescaped(pattern: Pattern) -> Pattern:
    return Pattern(
        replace(piece, characters=frozenset(_ESCAPED.get(each, each) for each in piece.characters)) for piece in pattern
    )


def _in_any_case(text: str) -> tuple[Pattern, ...] | None:
    # Unknown for other letters: AWS does not say how it compares their case.
    return (in_any_case(text),) if text.translate(_NO_MARKS).isascii() else None


def _arns(text: str) -> tuple[Pattern, ...]:
    pattern = arn_like(text)
    return (pattern,) if pattern else ()


_TEXTS: Final[Mapping[str, Callable[[str], tuple[Pattern, ...] | None]]] = {
    **dict.fromkeys(("StringEquals", "BinaryEquals"), lambda text: (exactly(text),)),
    **dict.fromkeys(("StringEqualsIgnoreCase", "Bool"), _in_any_case),
    "StringLike": lambda text: (like(text),),
    # "The ArnEquals and ArnLike condition operators behave identically."
    **dict.fromkeys(("ArnEquals", "ArnLike"), _arns),
}

_LOWEST, _HIGHEST = Decimal("-Infinity"), Decimal("Infinity")
_SPANS: Final[Mapping[str, Callable[[Decimal], tuple[Decimal, bool, Decimal, bool]]]] = {
    "Equals": lambda value: (value, True, value, True),
    "LessThan": lambda value: (_LOWEST, False, value, False),
    "LessThanEquals": lambda value: (_LOWEST, False, value, True),
    "GreaterThan": lambda value: (value, False, _HIGHEST, False),
    "GreaterThanEquals": lambda value: (value, True, _HIGHEST, False),
}


def _number(text: str) -> Decimal | None:
    # Only numbers of so few digits are read: different ones are different as floating-point numbers, too.
    return Decimal(text) if re.fullmatch(r"-?\d{1,12}(\.\d{1,3})?", text, re.ASCII) else None


def _seconds(text: str) -> Decimal | None:
    moment = Moment.read(text)
    return moment.seconds if moment else None


def _network(text: str) -> Network | None:
    try:
        return ip_network(text)
    except ValueError:
        return None


def address(text: str) -> Address | None:
    """Return the IP address that `text` is, or None if it is none."""
    try:
        return ip_address(text)
    except ValueError:
        return None
