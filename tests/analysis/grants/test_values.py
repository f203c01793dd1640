"""What the values of a condition match, and which of it another value also matches."""

from decimal import Decimal
from ipaddress import ip_network
from typing import Final

import pytest

from ses_sending_policy.analysis.grants.values import (
    Addresses,
    Arns,
    Matches,
    Span,
    Texts,
    UnknownValues,
    matches,
)
from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.key_condition import NEGATIONS
from ses_sending_policy.analysis.requests.pattern import exactly, in_any_case, like

BUCKET: Final = "arn:aws:s3:::a:b"
FIVE: Final = (Decimal(5), 0)
# 2026-01-01T00:00:00Z
NEW_YEAR: Final = Decimal(1767225600)


def read(operator: str, text: str) -> Matches:
    """Return what one value matches under an operator."""
    [found] = matches(Condition("", operator, "aws:SourceArn", (text,)))
    return found


def arns(text: str, *components: str) -> Arns:
    return Arns(text, tuple(map(like, components)))


@pytest.mark.parametrize(
    ("operator", "text", "value"),
    [
        ("StringEquals", "a*", Texts(exactly("a*"))),
        ("StringEqualsIgnoreCase", "a", Texts(in_any_case("a"))),
        ("StringEqualsIgnoreCase", "é", None),
        ("StringLike", "a*", Texts(like("a*"))),
        ("ArnEquals", BUCKET, arns(BUCKET, "arn", "aws", "s3", "", "", "a:b")),
        ("ArnLike", "arn:*:s3:::a*", arns("arn:*:s3:::a*", "arn", "*", "s3", "", "", "a*")),
        ("ArnLike", "arn:aws:s3:eu:1", None),
        ("ArnLike", "*", None),
        ("IpAddress", "10.0.0.0/8", Addresses(ip_network("10.0.0.0/8"))),
        ("IpAddress", "2001:db8::1", Addresses(ip_network("2001:db8::1/128"))),
        ("IpAddress", "10.0.0.1/8", None),
        ("NumericEquals", "5", Span("numbers", FIVE, FIVE)),
        ("NumericEquals", "-123456789012.125", Span("numbers", *[(Decimal("-123456789012.125"), 0)] * 2)),
        ("NumericEquals", "1234567890123", None),
        ("NumericEquals", "1.1234", None),
        ("NumericEquals", "", None),
        ("NumericEquals", "5.", None),
        ("NumericLessThan", "5", Span("numbers", high=(Decimal(5), -1))),
        ("NumericLessThanEquals", "5", Span("numbers", high=FIVE)),
        ("NumericGreaterThan", "5", Span("numbers", low=(Decimal(5), 1))),
        ("NumericGreaterThanEquals", "5", Span("numbers", low=FIVE)),
        ("DateEquals", "2026-01-01T00:00:00Z", Span("moments", *[(NEW_YEAR, 0)] * 2)),
        ("DateEquals", "2026-01-01T01:00:00+01:00", Span("moments", *[(NEW_YEAR, 0)] * 2)),
        ("DateEquals", "2026-01-01", Span("moments", *[(NEW_YEAR, 0)] * 2)),
        ("DateEquals", "1767225600", Span("moments", *[(NEW_YEAR, 0)] * 2)),
        ("DateEquals", "176722560", Span("moments", *[(Decimal(176722560), 0)] * 2)),
        ("DateEquals", "2026", None),
        ("DateEquals", "20260101", None),
        ("DateEquals", "17672256000", None),
        ("DateEquals", "", None),
        ("DateEquals", "yesterday", None),
        ("DateLessThan", "1767225600", Span("moments", high=(NEW_YEAR, -1))),
        ("DateLessThanEquals", "1767225600", Span("moments", high=(NEW_YEAR, 0))),
        ("DateGreaterThan", "1767225600", Span("moments", low=(NEW_YEAR, 1))),
        ("DateGreaterThanEquals", "1767225600", Span("moments", low=(NEW_YEAR, 0))),
        ("Bool", "true", None),
        ("StringEquals", "${Name}", None),
    ],
)
def test_what_a_value_matches(operator: str, text: str, value: Matches | None) -> None:
    found = read(operator, text)
    assert found == (value or UnknownValues(operator, text))
    assert hash(found) == hash(value or UnknownValues(operator, text))


def test_a_span_without_bounds_is_everything() -> None:
    assert Span("numbers") == Span("numbers", (Decimal("-Infinity"), 0), (Decimal("Infinity"), 0))


@pytest.mark.usefixtures("far_from_greenwich")
def test_a_day_begins_in_utc_wherever_it_is_read() -> None:
    # No other test reads this value, so it is not in the cache.
    assert read("DateEquals", "2026-01-02") == read("DateEquals", "2026-01-02T00:00:00Z")


def test_a_moment_is_exact() -> None:
    found = read("DateEquals", "2026-01-01T00:00:00Z")
    assert isinstance(found, Span)
    assert isinstance(found.low[0], Decimal)


@pytest.mark.parametrize(
    ("negation", "operator"),
    [
        ("StringNotEquals", "StringEquals"),
        ("StringNotEqualsIgnoreCase", "StringEqualsIgnoreCase"),
        ("StringNotLike", "StringLike"),
        ("ArnNotEquals", "ArnEquals"),
        ("ArnNotLike", "ArnLike"),
        ("NotIpAddress", "IpAddress"),
        ("NumericNotEquals", "NumericEquals"),
        ("DateNotEquals", "DateEquals"),
    ],
)
def test_a_negation_keeps_out_what_its_operator_matches(negation: str, operator: str) -> None:
    for text in ("a", BUCKET, "10.0.0.1", "5", "2026-01-01", "yesterday"):
        assert read(negation, text) == read(operator, text)
    assert negation in NEGATIONS


@pytest.mark.parametrize(
    ("one", "other", "is_within"),
    [
        ("Bool true", "Bool true", True),
        ("Bool true", "Bool false", False),
        ("Bool true", "Null true", False),
        ("StringLike ${a}", "StringLike *", False),
        ("StringLike a", "StringLike ${a}", False),
        ("StringEquals a", "StringLike ?", True),
        ("StringLike *", "StringLike ?", False),
        ("StringEquals 10.0.0.1", "IpAddress 10.0.0.1", False),
        (f"StringEquals {BUCKET}", "ArnLike arn:aws:s3:::a*", True),
        ("StringEquals arn:aws:s3:::*", "ArnLike arn:aws:s3:::*", True),
        ("StringLike arn:aws:s3:::*", "ArnLike arn:aws:s3:::*", False),
        ("StringEquals bucket", "ArnLike arn:aws:s3:::*", False),
        (f"ArnLike {BUCKET}", "ArnLike arn:*:s3:::*", True),
        ("ArnLike arn:*:s3:::*", f"ArnLike {BUCKET}", False),
        (f"ArnLike {BUCKET}", "StringLike arn:*", True),
        (f"ArnLike {BUCKET}", "StringLike arn:?", False),
        (f"ArnLike {BUCKET}", "ArnLike *", False),
        ("NumericEquals 5", "NumericLessThanEquals 5", True),
        ("NumericEquals 5", "NumericLessThan 5", False),
        ("NumericLessThan 5", "NumericLessThanEquals 5", True),
        ("NumericLessThanEquals 5", "NumericLessThan 5", False),
        ("NumericGreaterThan 5", "NumericGreaterThanEquals 5", True),
        ("NumericGreaterThanEquals 5", "NumericGreaterThan 5", False),
        ("NumericEquals 5", "NumericGreaterThan 5", False),
        ("NumericEquals 1767225600", "DateEquals 1767225600", False),
        ("NumericEquals 5", "NumericEquals five", False),
        ("IpAddress 10.1.0.0/16", "IpAddress 10.0.0.0/8", True),
        ("IpAddress 10.0.0.0/8", "IpAddress 10.0.0.0/16", False),
        ("IpAddress 10.0.0.0/8", "IpAddress 10.255.0.0/16", False),
        ("IpAddress 10.0.0.1", "IpAddress ::/0", False),
        ("IpAddress 10.0.0.1", "StringLike *", False),
    ],
)
def test_what_is_within(one: str, other: str, *, is_within: bool) -> None:
    here, there = (read(*each.split(" ", 1)) for each in (one, other))
    assert here.within(there) is is_within
