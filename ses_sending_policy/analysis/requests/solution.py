"""Find values of one condition key for which some conditions hold and others do not."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal
from functools import lru_cache
from ipaddress import ip_address
from itertools import pairwise
from typing import Final

from ses_sending_policy.analysis.requests.key_condition import (
    Address,
    Assumptions,
    KeyCondition,
    Matcher,
    Networks,
    Numbers,
    TextPatterns,
)
from ses_sending_policy.analysis.requests.keys import Count, Presence
from ses_sending_policy.analysis.requests.pattern import ANY_TEXT, Pattern, like
from ses_sending_policy.analysis.requests.texts import Budget, TooHardError, find_text
from ses_sending_policy.rules.moments import Moment


@dataclass(frozen=True, slots=True)
class Domain:
    """Which values a key may have in the requests of one caller.

    :param presence: whether the requests have the key.
    :param count: how many values it has.
    :param patterns: each value matches one of these.
    :param but: no value matches one of these patterns. Default: - there are none.
    :param rather: patterns that a value is made to match if possible. Default: - there are none.
    :param usual: the value if no condition is about the key. Default: - one that `patterns` match.
    """

    presence: Presence = Presence.PERHAPS
    count: Count = Count.ONE
    patterns: tuple[Pattern, ...] = (ANY_TEXT,)
    but: tuple[Pattern, ...] = ()
    usual: str = ""
    rather: tuple[Pattern, ...] = ()


Requirement = tuple[KeyCondition, bool]
"""A condition, and whether it has to hold (True) or not to hold (False)."""

Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Solution:
    """Whether a key can have values that fulfil some conditions, and an example of such values.

    :param is_possible: whether there may be such values.
    :param values: an example; empty if the request does not have the key. Default: - none is known.
    :param steps: how many steps the search took.
    """

    is_possible: bool
    values: Values | None = None
    steps: int = 0


_NONE: Final = Solution(is_possible=False)
_STEPS: Final = 6_000


@lru_cache(maxsize=65_536)
def solution(domain: Domain, requirements: frozenset[Requirement], assumed: Assumptions) -> Solution:
    """Return values of a key that fulfil all `requirements`; or that there are none; or that there may be some."""
    read = sorted((each for each in requirements if each[0].is_read), key=lambda each: (each[0].name, each[1]))
    if domain.presence is not Presence.ALWAYS and all(each.without_key is truth for each, truth in read):
        return Solution(is_possible=True, values=())
    if domain.presence is Presence.NEVER:
        return _NONE
    if any(each.without_key is truth for each, truth in read if each.asks_presence):
        return _NONE
    universal: list[tuple[Matcher, bool]] = []
    existing: list[tuple[Matcher, bool]] = []
    for each, truth in read:
        if each.matcher is None:  # it asks for the key alone
            continue
        # A condition that must not hold: if it asks all values to pass, one must fail; if it asks one to pass, all must
        # fail.
        asks_all = each.asks_all(domain.count, assumed) is truth
        wanted = (each.matcher, each.negates is not truth)
        (universal if asks_all or domain.count is Count.ONE else existing).append(wanted)
    values: list[str] = []
    steps = 0
    for more in [[each] for each in existing] or [[]]:
        found = _value(domain, [*universal, *more])
        steps += found.steps
        if found.values is None:
            return replace(found, steps=steps)
        values += found.values
    return Solution(is_possible=True, values=tuple(sorted(set(values))), steps=steps)


def _value(domain: Domain, wanted: Sequence[tuple[Matcher, bool]]) -> Solution:
    """Return one value that matches each matcher of `wanted` that is True, and none that is False."""
    if not wanted and domain.usual:
        return Solution(is_possible=True, values=(domain.usual,))
    texts = [(each.patterns, truth) for each, truth in wanted if isinstance(each, TextPatterns)]
    if len(texts) == len(wanted):
        groups = [patterns for patterns, truth in texts if truth]
        none = [one for patterns, truth in texts if not truth for one in patterns]
        # The first try is for a text that is not empty, or one of the preferred ones: a reader understands it better.
        some = domain.rather or ((like("?*"),) if domain.patterns == (ANY_TEXT,) else domain.patterns)
        found, budget = None, Budget(_STEPS)
        try:
            for patterns in dict.fromkeys((some, domain.patterns)):
                found = find_text([*groups, patterns], [*none, *domain.but], budget) if found is None else found
        except TooHardError:
            return Solution(is_possible=True, steps=_STEPS)
        return Solution(found is not None, (found,) if found is not None else None, _STEPS - budget.steps)
    if len({(type(each), each.of if isinstance(each, Numbers) else "") for each, _ in wanted}) > 1:
        # Unknown, because the conditions compare the key as two types, and AWS does not say how their values relate.
        return Solution(is_possible=True)
    return _ordered(wanted)


def _ordered(wanted: Sequence[tuple[Matcher, bool]]) -> Solution:
    networks = [(each, truth) for each, truth in wanted if isinstance(each, Networks)]
    if networks:
        for one in _addresses(each for each, _ in networks):
            if all(each.match(one) is truth for each, truth in networks):
                return Solution(is_possible=True, values=(str(one),))
        return _NONE
    numbers = [(each, truth) for each, truth in wanted if isinstance(each, Numbers)]
    of = numbers[0][0].of
    candidates = _numbers(each for each, _ in numbers)
    fitting = [number for number in candidates if all(each.match(number) is truth for each, truth in numbers)]
    # A number is an age in seconds. AWS does not say that it is a whole number, but a reported request has a whole one.
    told = next((each for each in fitting if of == "Date" or (each >= 0 and each % 1 == 0)), None)
    return Solution(bool(fitting), None if told is None else (_written(told, of),))


def _addresses(matchers: Iterable[Networks]) -> Iterator[Address]:
    """Yield addresses to try: some common ones, and the first ones in each network and behind it."""
    for first in ("198.51.100.1", "0.0.0.0", "2001:db8::1", "::"):  # noqa: S104 - no server
        yield ip_address(first)
    for matcher in matchers:
        for network in matcher.networks:
            yield network[1] if network.num_addresses > 1 else network[0]
            yield network[0]
            behind = int(network[-1]) + 1
            if behind < 2**network.max_prefixlen:
                yield type(network[0])(behind)


def _numbers(matchers: Iterable[Numbers]) -> Iterator[Decimal]:
    """Yield numbers to try: each bound of the ranges, some beside and between the bounds, and 0, the lowest age."""
    bounds = sorted(
        {bound for each in matchers for low, _, high, _ in each.ranges for bound in (low, high) if bound.is_finite()}
    )
    yield from (each.to_integral_value(ROUND_FLOOR) + beside for each in bounds for beside in (0, 1, -1))
    yield from ((one + other) / 2 for one, other in pairwise(bounds))
    yield from (*bounds, Decimal(0))


def _written(number: Decimal, of: str) -> str:
    return str(Moment(number)) if of == "Date" else f"{number.normalize():f}"
