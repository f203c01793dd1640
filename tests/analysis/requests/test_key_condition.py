"""What a condition asks of one value, and which conditions cannot be read."""

from decimal import Decimal
from ipaddress import ip_network
from typing import Any

import pytest

from ses_sending_policy.analysis.requests.key_condition import (
    NO_VALUE,
    VARIABLE,
    Assumptions,
    KeyCondition,
    Networks,
    Numbers,
    TextPatterns,
    address,
    has_reference,
    switch,
)
from ses_sending_policy.analysis.requests.keys import Count
from ses_sending_policy.analysis.requests.pattern import arn_like, exactly, in_any_case, like
from tests.analysis.requests.asked import USUAL, Asked, asked
from tests.analysis.requests.holding import holds

AGE = "aws:MultiFactorAuthAge"
DIFFER = Assumptions(references_differ=True)


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
        ("${a:b}", "a:b", None, None),
        ("${AWS:UserName}", "AWS:UserName", None, None),
        ("${aws:}", "aws:", None, None),
        ("${aws:username,'none'}", "aws:username", "none", None),
        ("${aws:username , '' }", "aws:username", "", None),
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
    asked("StringContains", "a"),
    asked("ForEach:StringLike", "a"),
    asked("StringLike"),
    asked("Null", "perhaps"),
    asked("Null", "true", "perhaps"),
    asked("ForAnyValue:Null", "true"),
    asked("ForAnyValue:Null", "true", "false"),
    asked("NullIfExists", "true", "false"),
    asked("NullIfExists", "true"),
    asked("StringEqualsIgnoreCase", "\u00e9"),
    asked("StringLike", "${Name}"),
    asked("StringLike", "a", "${Name}"),
    asked("StringLike", "${aws:username}"),
    asked("StringEquals", "${ses:FromAddress}"),
    asked("NumericEquals", "five", key="aws:MultiFactorAuthAge"),
    asked("NumericEquals", "1.0001", key="aws:MultiFactorAuthAge"),
    asked("NumericEquals", "1" * 13, key="aws:MultiFactorAuthAge"),
    asked("NumericEquals", "${Name}", key="aws:MultiFactorAuthAge"),
    asked("DateEquals", "tomorrow", key="aws:CurrentTime"),
    asked("IpAddress", "10.0.0.1/8", key="aws:SourceIp"),
    asked("IpAddress", "${Name}", key="aws:SourceIp"),
    asked("NumericEquals", "5", "five", key="aws:MultiFactorAuthAge"),
    asked("NumericEquals", "1e5", key="aws:MultiFactorAuthAge"),
    asked("NumericEquals", "5", "${Name}", key="aws:MultiFactorAuthAge"),
    asked("NumericLessThan", "2030-01-01", key="aws:EpochTime"),
    asked("DateEquals", "2030-01-01", "tomorrow", key="aws:CurrentTime"),
    asked("StringEqualsIgnoreCase", "${*}\u00e9"),
    asked("StringLike", "x${ses:FromAddress}", assumed=DIFFER),
    asked("StringLike", "${aws:username}", assumed=DIFFER),
    asked("StringLike", "${aws:username}${*}", assumed=DIFFER),
    asked("IpAddress", "10.0.0.0/8", "x", key="aws:SourceIp"),
]


@pytest.mark.parametrize("condition", UNREAD)
def test_what_nobody_can_read(condition: Asked) -> None:
    assert condition.read.matcher is None
    assert not condition.read.is_read


@pytest.mark.parametrize(
    ("condition", "patterns"),
    [
        (asked("StringEquals", "a*"), [exactly("a*")]),
        (asked("StringLike", "a*", "b"), [like("a*"), like("b")]),
        (asked("StringEqualsIgnoreCase", "a"), [in_any_case("a")]),
        (asked("Bool", "true"), [in_any_case("true")]),
        (asked("ArnLike", "x"), []),
        (asked("ArnLike", "x*", assumed=Assumptions(arns_are_texts=True)), [like("x*")]),
        (asked("StringEquals", "${ses:FromAddress}", assumed=DIFFER), [like("*")]),
        (asked("StringEquals", "${ses:FromAddress}", has_variables=False), [exactly("${ses:FromAddress}")]),
        (asked("StringEquals", "${Name}", assumed=DIFFER), [exactly("${Name}")]),
        (asked("StringNotLike", "a*"), [like("a*")]),
        (asked("StringNotEqualsIgnoreCase", "a"), [in_any_case("a")]),
        (asked("BinaryEquals", "a*"), [exactly("a*")]),
        (asked("ArnNotEquals", "arn:aws:s3:::*"), [arn_like("arn:aws:s3:::*")]),
        (asked("ArnNotLike", "arn:aws:s3:::*"), [arn_like("arn:aws:s3:::*")]),
        (asked("ArnEquals", "arn:aws:s3:::*"), [arn_like("arn:aws:s3:::*")]),
        (asked("StringEquals", "a*", assumed=Assumptions(arns_are_texts=True)), [exactly("a*")]),
        (asked("StringEquals", "a", "${SES:FromAddress}", assumed=DIFFER), [exactly("a"), like("*")]),
        (asked("StringEquals", f"a{NO_VALUE}"), []),
        (asked("StringEquals", f"a{NO_VALUE}", has_variables=False), [exactly(f"a{NO_VALUE}")]),
        (asked("StringEquals", "\ue000"), [exactly("\ue000")]),
    ],
)
def test_the_texts_that_match(condition: Asked, patterns: list[Any]) -> None:
    assert condition.read.matcher == TextPatterns(tuple(patterns))
    assert condition.read.is_read


ENDLESS, MOST = Decimal("Infinity"), "999999999999.999"


@pytest.mark.parametrize(
    ("condition", "of", "ranges"),
    [
        (
            asked("NumericEquals", "-5.5", "5", key=AGE),
            "Numeric",
            [("-5.5", True, "-5.5", True), ("5", True, "5", True)],
        ),
        (asked("NumericNotEquals", "0", key=AGE), "Numeric", [("0", True, "0", True)]),
        (
            asked("NumericLessThan", "999999999999.999", key=AGE),
            "Numeric",
            [(-ENDLESS, False, "999999999999.999", False)],
        ),
        (asked("NumericLessThanEquals", "5", key=AGE), "Numeric", [(-ENDLESS, False, "5", True)]),
        (asked("NumericGreaterThan", "5", key=AGE), "Numeric", [("5", False, ENDLESS, False)]),
        (asked("NumericGreaterThanEquals", "5", key=AGE), "Numeric", [("5", True, ENDLESS, False)]),
        (asked("NumericLessThan", "2031", key="aws:EpochTime"), "Date", [(-ENDLESS, False, "2031", False)]),
        (asked("NumericLessThan", "60", key="aws:CurrentTime"), "Date", [(-ENDLESS, False, "60", False)]),
        (asked("DateLessThan", "1970-01-01T00:01:00Z", key=AGE), "Date", [(-ENDLESS, False, "60", False)]),
        (asked("DateNotEquals", "1970-01-01T00:01:00Z", key="aws:CurrentTime"), "Date", [("60", True, "60", True)]),
    ],
)
def test_the_numbers_that_match(condition: Asked, of: str, ranges: list[Any]) -> None:
    expected = tuple((Decimal(low), with_low, Decimal(high), with_high) for low, with_low, high, with_high in ranges)
    assert condition.read.matcher == Numbers(of, expected)


def test_networks_that_match() -> None:
    one = address("10.0.0.1")
    networks = asked("IpAddress", "10.0.0.0/8", "::/0", key="aws:SourceIp").read.matcher
    assert isinstance(networks, Networks)
    assert networks == Networks((ip_network("10.0.0.0/8"), ip_network("::/0")))
    assert one
    assert networks.match(one)
    assert address("x") is None


def test_a_character_that_is_none_of_a_pattern() -> None:
    found = asked("StringLike", "${*}a*").read.matcher
    assert found == TextPatterns((exactly("*") + like("a*"),))
    assert asked("StringLike", "${?}${$}").read.matcher == TextPatterns((exactly("?$"),))
    assert asked("StringEqualsIgnoreCase", "${*}a").read.matcher == TextPatterns((in_any_case("*a"),))
    assert asked("ArnLike", "${*}").read.matcher == TextPatterns(())


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (asked("StringLike", "a", "b"), asked("StringLike", "b", "a"), True),
        (asked("StringLike", "a"), asked("StringEquals", "a"), True),
        (asked("StringNotLike", "a", "b"), asked("StringNotEquals", "a", "b"), True),
        (asked("ForAnyValue:StringLikeIfExists", "a"), asked("ForAnyValue:StringEqualsIfExists", "a"), True),
        (asked("StringLike", "a*"), asked("StringEquals", "a*"), False),
        (asked("StringLike", "a", "b?"), asked("StringEquals", "a", "b?"), False),
        (asked("StringLike", "${Name}"), asked("StringEquals", "${Name}"), False),
        (asked("StringLike", "a"), asked("StringLike", "b"), False),
        (asked("StringLike", "a"), asked("StringLike", "a", key="aws:UserAgent"), False),
        (asked("StringLike", "a"), asked("StringLike", "a", key="SES:FROMADDRESS"), True),
        (asked("StringLike", "a"), asked("StringEqualsIgnoreCase", "a"), False),
        (asked("StringLike", "a"), asked("StringLike", "a", has_variables=False), False),
        (asked("StringLike", "a"), asked("StringLike", "a", assumed=DIFFER), False),
        (asked("StringLike", "a, b"), asked("StringLike", "a", "b"), False),
        (asked("StringContains", "a"), asked("StringStarts", "a"), False),
    ],
)
def test_which_conditions_are_one(one: Asked, other: Asked, *, is_same: bool) -> None:
    assert (one.read == other.read) is is_same
    assert (one.read.name == other.read.name) or not is_same


def test_what_a_condition_asks_is_told_by_its_name() -> None:
    in_order = KeyCondition("", "s", None, "", False, False, False)  # noqa: FBT003 - in their order
    assert switch("s") == KeyCondition("", "s", TextPatterns(())) == in_order
    assert KeyCondition("", "s") != KeyCondition("", "s", asks_presence=True)
    assert Assumptions() == Assumptions(False, False, True, False)  # noqa: FBT003 - what else they are called


@pytest.mark.parametrize(
    ("condition", "count", "assumed", "asks_all"),
    [
        (asked("ForAllValues:StringLike", "a"), Count.ONE, USUAL, True),
        (asked("ForAllValues:StringLike", "a"), Count.MANY, USUAL, True),
        (asked("ForAnyValue:StringNotLike", "a"), Count.MANY, USUAL, False),
        (asked("StringLike", "a"), Count.ONE, Assumptions(one_is_enough=False), False),
        (asked("StringLike", "a"), Count.MANY, USUAL, False),
        (asked("StringLike", "a"), Count.MANY, Assumptions(one_is_enough=False), True),
        (asked("StringNotLike", "a"), Count.MANY, USUAL, True),
    ],
)
def test_whether_each_value_has_to_pass(
    condition: Asked, count: Count, assumed: Assumptions, *, asks_all: bool
) -> None:
    assert condition.read.asks_all(count, assumed) is asks_all


@pytest.mark.parametrize(
    ("condition", "quantifier", "negates", "without_key"),
    [
        (asked("StringLike", "a"), "", False, False),
        (asked("StringLikeIfExists", "a"), "", False, True),
        (asked("StringNotLike", "a"), "", True, True),
        (asked("StringNotLikeIfExists", "a"), "", True, True),
        (asked("ForAllValues:StringLike", "a"), "ForAllValues", False, True),
        (asked("ForAllValues:StringNotLike", "a"), "ForAllValues", True, True),
        (asked("ForAnyValue:StringLike", "a"), "ForAnyValue", False, False),
        (asked("ForAnyValue:StringNotLike", "a"), "ForAnyValue", True, False),
        (asked("ForAnyValue:StringLikeIfExists", "a"), "ForAnyValue", False, True),
        (asked("NotIpAddress", "10.0.0.1", key="aws:SourceIp"), "", True, True),
        (asked("DateNotEquals", "2030-01-01", key="aws:CurrentTime"), "", True, True),
        (asked("ArnNotEquals", "arn:aws:s3:::a", key="aws:SourceArn"), "", True, True),
    ],
)
def test_what_holds_without_the_key(condition: Asked, quantifier: str, *, negates: bool, without_key: bool) -> None:
    read = condition.read
    assert (read.quantifier, read.negates, read.without_key) == (quantifier, negates, without_key)
    assert not read.asks_presence


@pytest.mark.parametrize(("value", "without_key"), [("true", True), ("FALSE", False)])
def test_whether_a_key_is_there(value: str, *, without_key: bool) -> None:
    read = asked("Null", value).read
    assert read.asks_presence
    assert read.is_read
    assert read.without_key is without_key


def test_a_key_that_is_there_or_not_is_so_of_any_request() -> None:
    read = asked("Null", "true", "False").read
    assert read.is_read
    assert (holds(read, (), Count.ONE, USUAL), holds(read, ("a",), Count.ONE, USUAL)) == (True, True)
    assert (holds(read, (), Count.MANY, USUAL), holds(read, ("a", "b"), Count.MANY, USUAL)) == (True, True)
