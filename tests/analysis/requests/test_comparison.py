"""What a condition asks of one value, and what of it nobody can read."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.comparison import (
    VARIABLE,
    Assumptions,
    Comparison,
    Networks,
    Numbers,
    Texts,
    address,
    comparison,
    has_reference,
    switch,
)
from ses_sending_policy.analysis.requests.keys import Count
from ses_sending_policy.analysis.requests.pattern import exactly, in_any_case, like

USUAL = Assumptions()
DIFFER = Assumptions(references_differ=True)


def asks(
    operator: str,
    *values: str,
    key: str = "ses:FromAddress",
    assumed: Assumptions = USUAL,
    has_variables: bool = True,
) -> Comparison:
    return comparison(Condition("", operator, key, values), values, assumed, has_variables=has_variables)


@pytest.mark.parametrize(
    ("text", "is_so"),
    [("a", False), ("${Name}", True), ("${aws:username}", False), ("${*}", False), ("${aws:username}${Name}", True)],
)
def test_what_only_the_deploy_knows(text: str, *, is_so: bool) -> None:
    assert has_reference(text) is is_so


@pytest.mark.parametrize(
    ("text", "key", "default", "character"),
    [
        ("${aws:username}", "aws:username", None, None),
        ("${aws:PrincipalTag/team, 'none'}", "aws:PrincipalTag/team", "none", None),
        ("${?}", None, None, "?"),
        ("${$}", None, None, "$"),
    ],
)
def test_a_policy_variable(text: str, key: str, default: str, character: str) -> None:
    found = VARIABLE.fullmatch(text)
    assert found
    assert found.groups() == (key, default, character)


@pytest.mark.parametrize("text", ["${Name}", "${AWS::Region}", "${aws::x}", "${}", "$(aws:username)"])
def test_no_policy_variable(text: str) -> None:
    assert VARIABLE.search(text) is None


UNREAD = [
    asks("StringContains", "a"),
    asks("ForEach:StringLike", "a"),
    asks("StringLike"),
    asks("Null", "perhaps"),
    asks("Null", "true", "false"),
    asks("ForAnyValue:Null", "true"),
    asks("NullIfExists", "true"),
    asks("StringEqualsIgnoreCase", "\u00e9"),
    asks("StringLike", "${Name}"),
    asks("StringLike", "a", "${Name}"),
    asks("StringLike", "${aws:username}"),
    asks("StringEquals", "${ses:FromAddress}"),
    asks("NumericEquals", "five", key="aws:MultiFactorAuthAge"),
    asks("NumericEquals", "1.0001", key="aws:MultiFactorAuthAge"),
    asks("NumericEquals", "1" * 13, key="aws:MultiFactorAuthAge"),
    asks("NumericEquals", "${Name}", key="aws:MultiFactorAuthAge"),
    asks("DateEquals", "tomorrow", key="aws:CurrentTime"),
    asks("IpAddress", "10.0.0.1/8", key="aws:SourceIp"),
    asks("IpAddress", "10.0.0.0/8", "x", key="aws:SourceIp"),
]


@pytest.mark.parametrize("condition", UNREAD, ids=lambda each: each.name)
def test_what_nobody_can_read(condition: Comparison) -> None:
    assert condition.matcher is None
    assert not condition.is_read


@pytest.mark.parametrize(
    ("condition", "patterns"),
    [
        (asks("StringEquals", "a*"), [exactly("a*")]),
        (asks("StringLike", "a*", "b"), [like("a*"), like("b")]),
        (asks("StringEqualsIgnoreCase", "a"), [in_any_case("a")]),
        (asks("Bool", "true"), [in_any_case("true")]),
        (asks("ArnLike", "x"), []),
        (asks("ArnLike", "x*", assumed=Assumptions(arns_are_texts=True)), [like("x*")]),
        (asks("StringEquals", "${ses:FromAddress}", assumed=DIFFER), [like("*")]),
        (asks("StringEquals", "${ses:FromAddress}", has_variables=False), [exactly("${ses:FromAddress}")]),
        (asks("StringEquals", "${Name}", assumed=DIFFER), [exactly("${Name}")]),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_the_texts_that_match(condition: Comparison, patterns: list[Any]) -> None:
    assert condition.matcher == Texts(tuple(patterns))
    assert condition.is_read


def test_numbers_and_networks_that_match() -> None:
    number = asks("NumericLessThanEquals", "-5.5", key="aws:MultiFactorAuthAge").matcher
    assert isinstance(number, Numbers)
    assert number.of == "Numeric"
    date = asks("NumericLessThan", "60", key="aws:EpochTime").matcher
    assert isinstance(date, Numbers)
    assert date.of == "Date"
    one = address("10.0.0.1")
    networks = asks("IpAddress", "10.0.0.0/8", "::/0", key="aws:SourceIp").matcher
    assert isinstance(networks, Networks)
    assert one
    assert networks.match(one)
    assert address("x") is None


def test_the_name_is_the_same_in_another_order_and_another_where_it_is_not_read() -> None:
    assert asks("StringLike", "a", "b").name == asks("StringLike", "b", "a").name
    assert asks("StringContains", "a").name.endswith("?")
    assert asks("StringLike", "a", key="SES:FROMADDRESS").key == "ses:fromaddress"
    assert switch("s") == Comparison("", "s")


@pytest.mark.parametrize(
    ("condition", "count", "assumed", "asks_all"),
    [
        (asks("ForAllValues:StringLike", "a"), Count.ONE, USUAL, True),
        (asks("ForAllValues:StringLike", "a"), Count.MANY, USUAL, True),
        (asks("ForAnyValue:StringNotLike", "a"), Count.MANY, USUAL, False),
        (asks("StringLike", "a"), Count.ONE, Assumptions(one_is_enough=False), False),
        (asks("StringLike", "a"), Count.MANY, USUAL, False),
        (asks("StringLike", "a"), Count.MANY, Assumptions(one_is_enough=False), True),
        (asks("StringNotLike", "a"), Count.MANY, USUAL, True),
    ],
    ids=str,
)
def test_whether_each_value_has_to_pass(
    condition: Comparison, count: Count, assumed: Assumptions, *, asks_all: bool
) -> None:
    assert condition.asks_all(count, assumed) is asks_all
