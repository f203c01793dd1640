"""Values of a key that satisfy conditions: each operator, quantifier and negation, with and without the key."""

from typing import Any

import pytest

from ses_sending_policy.analysis.requests.key_condition import Assumptions, KeyCondition
from ses_sending_policy.analysis.requests.keys import Count, Presence
from ses_sending_policy.analysis.requests.pattern import exactly, like
from ses_sending_policy.analysis.requests.solution import Domain, Solution, solution
from tests.analysis.requests.asked import USUAL, Asked, asked
from tests.analysis.requests.holding import holds

PERHAPS, ALWAYS, NEVER = (Domain(each) for each in (Presence.PERHAPS, Presence.ALWAYS, Presence.NEVER))
LIST = Domain(Presence.PERHAPS, Count.MANY)


def asks(operator: str, *values: str, key: str = "ses:FromAddress") -> KeyCondition:
    return asked(operator, *values, key=key).read


def some(domain: Domain, *requirements: tuple[KeyCondition, bool], assumed: Assumptions = USUAL) -> Any:
    """Return the values; `None` if there are none, and `...` if nobody knows any."""
    found = solution(domain, frozenset(requirements), assumed)
    return (... if found.values is None else found.values) if found.is_possible else None


AGE, TIME, IP = "aws:MultiFactorAuthAge", "aws:CurrentTime", "aws:SourceIp"
# For a condition on a key that is always present: a value that fulfils it, and one that does not.
ONE: dict[str, tuple[Asked, Any, Any]] = {
    "equal": (asked("StringEquals", "a"), ("a",), ("x",)),
    "equal in any case": (asked("StringEqualsIgnoreCase", "a"), ("a",), ("x",)),
    "like": (asked("StringLike", "a*"), ("a",), ("x",)),
    "like anything": (asked("StringLike", "*"), ("x",), None),
    "not equal": (asked("StringNotEquals", "a"), ("x",), ("a",)),
    "not equal in any case": (asked("StringNotEqualsIgnoreCase", "a"), ("x",), ("a",)),
    "not like": (asked("StringNotLike", "a", "b"), ("x",), ("a",)),
    "an ARN": (asked("ArnLike", "arn:aws:s3:::b"), ("arn:aws:s3:::b",), ("x",)),
    "no ARN": (asked("ArnEquals", "x"), None, ("x",)),
    "not an ARN": (asked("ArnNotLike", "arn:aws:s3:::b"), ("x",), ("arn:aws:s3:::b",)),
    "a truth": (asked("Bool", "True"), ("true",), ("x",)),
    "bytes": (asked("BinaryEquals", "a"), ("a",), ("x",)),
    "an address": (asked("IpAddress", "10.0.0.1", key=IP), ("10.0.0.1",), ("198.51.100.1",)),
    "a network": (asked("IpAddress", "10.0.0.0/8", key=IP), ("10.0.0.1",), ("198.51.100.1",)),
    "no network": (asked("NotIpAddress", "198.0.0.0/8", key=IP), ("0.0.0.0",), ("198.51.100.1",)),  # noqa: S104 - nobody binds it
    "a network of two": (asked("IpAddress", "10.0.0.0/31", key=IP), ("10.0.0.1",), ("198.51.100.1",)),
    "no age": (asked("NumericEquals", "0", key=AGE), ("0",), ("1",)),
    "a round number": (asked("NumericEquals", "100", key=AGE), ("100",), ("101",)),
    "a number above what an age is": (asked("NumericGreaterThan", "-5", key=AGE), ("0",), ...),
    "half a number": (asked("NumericEquals", "5.5", key=AGE), ..., ("5",)),
    "before the first of all seconds": (
        asked("DateLessThan", "1960-01-01", key=TIME),
        ("1959-12-31T23:59:59Z",),
        ("1960-01-01T00:00Z",),
    ),
    "a number": (asked("NumericEquals", "5", key=AGE), ("5",), ("6",)),
    "another number": (asked("NumericNotEquals", "5", key=AGE), ("6",), ("5",)),
    "a lower number": (asked("NumericLessThan", "5", key=AGE), ("4",), ("5",)),
    "no higher number": (asked("NumericLessThanEquals", "5", key=AGE), ("5",), ("6",)),
    "a higher number": (asked("NumericGreaterThan", "5", key=AGE), ("6",), ("5",)),
    "no lower number": (asked("NumericGreaterThanEquals", "5", key=AGE), ("5",), ("4",)),
    "before": (asked("DateLessThan", "2030-01-01", key=TIME), ("2029-12-31T23:59:59Z",), ("2030-01-01T00:00Z",)),
    "after": (asked("DateGreaterThan", "2030-01-01", key=TIME), ("2030-01-01T00:00:01Z",), ("2030-01-01T00:00Z",)),
    "then": (asked("DateEquals", "2030-01-01", key=TIME), ("2030-01-01T00:00Z",), ("2030-01-01T00:00:01Z",)),
    "the time as a number": (
        asked("NumericLessThan", "60", key="aws:EpochTime"),
        ("1970-01-01T00:00:59Z",),
        ("1970-01-01T00:01Z",),
    ),
    "there": (asked("Null", "false"), ("x",), None),
    "not there": (asked("Null", "TRUE"), None, ("x",)),
}


@pytest.mark.parametrize("name", ONE)
def test_values_for_which_a_condition_holds_and_does_not(name: str) -> None:
    asks_for, holding, failing = ONE[name]
    condition = asks_for.read
    for truth, expected in ((True, holding), (False, failing)):
        assert some(ALWAYS, (condition, truth)) == expected
        if expected not in (None, ...):
            assert holds(condition, expected, Count.ONE, USUAL) is truth


# Whether it holds without the key.
WITHOUT = {
    asked("StringEquals", "a"): False,
    asked("StringEqualsIfExists", "a"): True,
    asked("StringNotEquals", "a"): True,
    asked("StringNotEqualsIfExists", "a"): True,
    asked("ForAllValues:StringEquals", "a"): True,
    asked("ForAnyValue:StringEquals", "a"): False,
    asked("ForAnyValue:StringEqualsIfExists", "a"): True,
    asked("ForAnyValue:StringNotEquals", "a"): False,
    asked("ForAllValues:StringNotEquals", "a"): True,
    asked("NumericLessThan", "5", key=AGE): False,
    asked("Null", "true"): True,
    asked("Null", "false"): False,
}


@pytest.mark.parametrize("asks_for", WITHOUT)
def test_what_holds_without_the_key(asks_for: Asked) -> None:
    truth, condition = WITHOUT[asks_for], asks_for.read
    assert holds(condition, (), Count.ONE, USUAL) is truth
    for domain in (NEVER, PERHAPS):
        assert some(domain, (condition, truth)) == ()
    assert some(NEVER, (condition, not truth)) is None
    assert some(ALWAYS, (condition, truth)) != ()


def test_a_key_that_is_asked_for_is_there_or_not() -> None:
    assert some(PERHAPS, (asks("Null", "false"), True)) == ("x",)
    assert some(PERHAPS, (asks("Null", "true"), True), (asks("StringEquals", "a"), True)) is None
    assert some(PERHAPS, (asks("Null", "false"), True), (asks("StringEqualsIfExists", "a"), True)) == ("a",)
    assert some(PERHAPS, (asks("StringEqualsIfExists", "a"), False)) == ("x",)


A, B, NOT_A = (
    asks(*each, key="ses:Recipients") for each in (("StringLike", "a"), ("StringLike", "b"), ("StringNotLike", "a"))
)
ALL_A, ANY_A, ANY_B, ANY_NOT_A, ANY_LIKE_A = (
    asks(*each, key="ses:Recipients")
    for each in (
        ("ForAllValues:StringLike", "a"),
        ("ForAnyValue:StringLike", "a"),
        ("ForAnyValue:StringLike", "b"),
        ("ForAnyValue:StringNotLike", "a"),
        ("ForAnyValue:StringLike", "a*"),
    )
)
ALL_MUST = Assumptions(one_is_enough=False)


@pytest.mark.parametrize(
    ("requirements", "assumed", "expected"),
    [
        ([(ALL_A, True), (ANY_A, True)], USUAL, ("a",)),
        ([(ALL_A, True), (ANY_B, True)], USUAL, None),
        ([(ALL_A, False)], USUAL, ("x",)),
        ([(ALL_A, False), (ANY_A, True)], USUAL, ("a", "x")),
        ([(ANY_A, True), (ANY_B, True)], USUAL, ("a", "b")),
        ([(ANY_A, True), (ANY_NOT_A, True)], USUAL, ("a", "x")),
        ([(ANY_A, True), (ANY_A, False)], USUAL, None),
        ([(A, True), (B, True)], USUAL, ("a", "b")),
        ([(A, True), (B, True)], ALL_MUST, None),
        ([(A, True), (ANY_B, True)], ALL_MUST, None),
        ([(A, False), (ANY_A, True)], USUAL, None),
        ([(A, False), (ANY_A, True)], ALL_MUST, ("a", "x")),
        ([(NOT_A, True), (ANY_A, True)], USUAL, None),
        ([(NOT_A, False)], USUAL, ("a",)),
        ([(ANY_A, True), (ANY_LIKE_A, True)], USUAL, ("a",)),
    ],
)
def test_values_of_a_list(requirements: list[Any], assumed: Assumptions, expected: Any) -> None:
    there = (asks("Null", "false", key="ses:Recipients"), True)
    assert some(LIST, there, *requirements, assumed=assumed) == expected
    if expected:
        assert all(holds(each, expected, Count.MANY, assumed) is truth for each, truth in requirements)


def test_one_value_has_to_pass_everything() -> None:
    assert some(ALWAYS, (asks("StringLike", "a*"), True), (asks("StringLike", "*b"), True)) == ("ab",)
    assert some(ALWAYS, (asks("StringLike", "a"), True), (asks("StringLike", "b"), True)) is None
    assert some(ALWAYS, (ANY_A, True), (ANY_B, True)) is None


def test_a_range_between_two_bounds() -> None:
    low, high, wide = (
        asks(*each, key=AGE)
        for each in (("NumericGreaterThan", "5"), ("NumericLessThan", "6"), ("NumericLessThan", "9"))
    )
    # Only whole numbers are reported for an age.
    assert some(ALWAYS, (low, True), (high, True)) is ...
    assert some(ALWAYS, (low, True), (wide, True)) == ("6",)
    assert some(ALWAYS, (low, False), (wide, False)) is None
    below, above = (asks(*each, key=AGE) for each in (("NumericGreaterThan", "-9"), ("NumericLessThan", "-2")))
    assert some(ALWAYS, (below, True), (above, True)) is ...
    whole, half = (asks(*each, key=AGE) for each in (("NumericGreaterThan", "4.5"), ("NumericLessThan", "5.5")))
    assert some(ALWAYS, (whole, True), (half, True)) == ("5",)


def test_addresses_between_networks() -> None:
    inner, outer = (asks("IpAddress", each, key=IP) for each in ("10.0.0.0/9", "10.0.0.0/8"))
    assert some(ALWAYS, (outer, True), (inner, False)) == ("10.128.0.0",)
    assert some(ALWAYS, (outer, False), (inner, True)) is None
    last, every = (asks("IpAddress", each, key=IP) for each in ("255.255.255.255/32", "0.0.0.0/0"))
    assert some(ALWAYS, (last, True), (every, True)) == ("255.255.255.255",)
    assert some(ALWAYS, (every, False)) == ("2001:db8::1",)
    four, first, second = (asks("IpAddress", each, key=IP) for each in ("10.0.0.0/30", "10.0.0.0", "10.0.0.1"))
    assert some(ALWAYS, (four, True), (second, False)) == ("10.0.0.0",)
    assert some(ALWAYS, (four, True), (first, False), (second, False)) == ("10.0.0.2",)


def test_a_domain_bounds_the_values() -> None:
    letters = Domain(Presence.ALWAYS, patterns=(exactly("a"), exactly("b")), but=(exactly("a"),))
    assert some(letters, (asks("StringLike", "*"), True)) == ("b",)
    assert some(letters, (asks("StringLike", "a"), True)) is None
    assert some(Domain(Presence.ALWAYS, patterns=(like("*b"),))) == ("b",)
    assert some(Domain(Presence.ALWAYS, usual="u")) == ("u",)
    assert some(Domain(Presence.ALWAYS, usual="u"), (asks("StringNotLike", "u"), True)) == ("x",)


def test_a_text_of_nothing_is_found_where_nothing_else_is() -> None:
    assert some(ALWAYS, (asks("StringLike", "?*"), False)) == ("",)
    assert some(ALWAYS) == ("x",)


def test_what_nobody_knows() -> None:
    text, number = asks("StringLike", "a", key=AGE), asks("NumericEquals", "5", key=AGE)
    assert some(ALWAYS, (text, True), (number, True)) is ...
    date = asks("DateLessThan", "2030-01-01", key=AGE)
    assert some(ALWAYS, (number, True), (date, True)) is ...
    odd = asks("StringContains", "a")
    assert some(PERHAPS, (odd, True)) == ()
    assert some(ALWAYS, (odd, True), (asks("StringLike", "a"), True)) == ("a",)
    assert holds(odd, ("a",), Count.ONE, USUAL) is None
    assert holds(asks("IpAddress", "10.0.0.0/8", key=IP), ("no address",), Count.ONE, USUAL) is None
    assert Solution(is_possible=True) == Solution(is_possible=True, values=None, steps=0)


def test_a_domain_is_of_any_text_that_may_be_there() -> None:
    assert some(Domain(), (asks("StringEquals", "a"), True)) == ("a",)
    assert some(Domain(), (asks("StringEquals", "a"), False)) == ()


HARD = "b*a" + "?" * 40


def test_what_takes_too_many_steps_is_possible_as_far_as_anybody_knows() -> None:
    like_it, unlike_it = asks("StringLike", HARD), asks("StringNotLike", HARD[1:])
    found = solution(ALWAYS, frozenset({(like_it, True), (unlike_it, True)}), USUAL)
    assert found == Solution(is_possible=True, steps=6_000)


def test_the_steps_of_several_values_are_counted_together() -> None:
    all_of, one, other, unlike = (
        (asks(operator, value, key="ses:Recipients"), True)
        for operator, value in (
            ("ForAllValues:StringLike", "*b*"),
            ("ForAnyValue:StringLike", "a*c"),
            ("ForAnyValue:StringLike", "d*e"),
            ("ForAnyValue:StringNotLike", "*"),
        )
    )
    first, second, both, none = (
        solution(LIST, frozenset({all_of, *some}), USUAL)
        for some in ((one,), (other,), (one, other), (one, other, unlike))
    )
    assert both.values == ("abc", "dbe")
    assert 0 < first.steps < both.steps == first.steps + second.steps
    assert not none.is_possible
    assert none.steps >= both.steps
