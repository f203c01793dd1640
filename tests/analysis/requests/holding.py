"""Whether a condition holds for the values of a request: a solution is checked with it."""

from decimal import Decimal

from ses_sending_policy.analysis.requests.key_condition import (
    Assumptions,
    KeyCondition,
    Matcher,
    Networks,
    TextPatterns,
    address,
)
from ses_sending_policy.analysis.requests.keys import Count
from ses_sending_policy.analysis.requests.solution import Values
from ses_sending_policy.rules.moments import Moment


def holds(comparison: KeyCondition, values: Values, count: Count, assumed: Assumptions) -> bool | None:
    """Return whether a condition holds for the values of a request; None if nobody knows."""
    if comparison.asks_presence or not values:
        return comparison.without_key is not bool(values) if comparison.asks_presence else comparison.without_key
    if comparison.matcher is None:
        return None
    found = [_matches(comparison.matcher, value) for value in values]
    if None in found:
        return None
    passed = [each is not comparison.negates for each in found]
    return all(passed) if comparison.asks_all(count, assumed) else any(passed)


def _matches(matcher: Matcher, value: str) -> bool | None:
    if isinstance(matcher, TextPatterns):
        return any(pattern.matches(value) for pattern in matcher.patterns)
    if isinstance(matcher, Networks):
        one = address(value)
        return None if one is None else matcher.match(one)
    moment = Moment.read(value) if matcher.of == "Date" else None
    return matcher.match(moment.seconds if moment else Decimal(value))
