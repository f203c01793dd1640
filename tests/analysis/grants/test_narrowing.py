"""The options that narrow a grant, and the conditions that they become."""

from typing import Any, Final

import pytest

from ses_sending_policy.analysis.grants.narrowing import (
    narrowing_conditions,
    read_narrowing,
    source_conditions,
)
from ses_sending_policy.rules.errors import DeclarationError

ARN: Final = "arn:aws:s3:::bucket"


@pytest.mark.parametrize(
    ("words", "conditions"),
    [
        ({}, {}),
        ({"from_addresses": ["a@b", "c@b"]}, {"StringEquals": {"ses:FromAddress": ["a@b", "c@b"]}}),
        ({"from_addresses": ["a@b", "*@b"]}, {"StringLike": {"ses:FromAddress": ["a@b", "*@b"]}}),
        ({"from_addresses": "a?@b"}, {"StringLike": {"ses:FromAddress": "a?@b"}}),
        ({"from_addresses": "a@b"}, {"StringEquals": {"ses:FromAddress": "a@b"}}),
        (
            {"from_display_names": ["N"], "feedback_addresses": ["f@b"], "recipients": ["*@b"]},
            {
                "StringEquals": {"ses:FromDisplayName": ["N"], "ses:FeedbackAddress": ["f@b"]},
                "ForAllValues:StringLike": {"ses:Recipients": ["*@b"]},
            },
        ),
        (
            {"not_before": "2026-01-01", "not_after": "2027-01-01"},
            {"DateGreaterThan": {"aws:CurrentTime": "2026-01-01"}, "DateLessThan": {"aws:CurrentTime": "2027-01-01"}},
        ),
    ],
)
def test_the_conditions_of_the_words(words: Any, conditions: Any) -> None:
    assert narrowing_conditions(words) == conditions


@pytest.mark.parametrize(("pattern", "operator"), [("a@b", "StringEquals"), ("*@b", "StringLike")])
def test_a_deny_asks_for_one_recipient_and_no_more(pattern: str, operator: str) -> None:
    """Otherwise a mail with one more recipient would pass."""
    words: Any = {"recipients": [pattern], "from_addresses": "c@b", "not_after": "2027-01-01"}
    assert narrowing_conditions(words, denies=True) == {
        f"ForAnyValue:{operator}": {"ses:Recipients": [pattern]},
        "StringEquals": {"ses:FromAddress": "c@b"},
        "DateLessThan": {"aws:CurrentTime": "2027-01-01"},
    }


def test_who_writes_says_what_may_be_a_pattern() -> None:
    conditions = narrowing_conditions({"from_addresses": "${Name}"}, lambda value: value == "${Name}")
    assert conditions == {"StringLike": {"ses:FromAddress": "${Name}"}}


@pytest.mark.parametrize(
    ("arn", "account", "conditions"),
    [
        (ARN, None, {"StringEquals": {"aws:SourceArn": ARN}}),
        (f"{ARN}*", None, {"ArnLike": {"aws:SourceArn": f"{ARN}*"}}),
        (None, "222222222222", {"StringEquals": {"aws:SourceAccount": "222222222222"}}),
        (ARN, "222222222222", {"StringEquals": {"aws:SourceAccount": "222222222222", "aws:SourceArn": ARN}}),
    ],
)
def test_what_binds_a_service(arn: str | None, account: str | None, conditions: Any) -> None:
    assert source_conditions(arn, account) == conditions


def test_a_service_is_bound_by_something() -> None:
    with pytest.raises(DeclarationError) as refusal:
        source_conditions(None, None)
    assert str(refusal.value) == (
        "a service needs source_arn or source_account: without one it may send for any of its customers"
    )


@pytest.mark.parametrize(
    ("condition", "read"),
    [
        (None, ({}, {})),
        ({"StringLike": "x"}, ({}, {})),
        ({"StringLike": {"ses:FromAddress": "a"}}, ({"from_addresses": ["a"]}, {})),
        ({"DateLessThan": {"aws:CurrentTime": "2027-01"}}, ({"not_after": "2027-01"}, {})),
        ({"DateGreaterThan": {"aws:CurrentTime": ["2027-01"]}}, ({"not_before": "2027-01"}, {})),
        # The construct refuses these values, so no option stands for them.
        ({"DateLessThan": {"aws:CurrentTime": "tomorrow"}}, ({}, {"aws:CurrentTime": ["tomorrow"]})),
        ({"StringLike": {"ses:FromAddress": "N <*@b>"}}, ({}, {"ses:FromAddress": ["N <*@b>"]})),
        ({"StringEquals": {"ses:FromDisplayName": "N <a>"}}, ({"from_display_names": ["N <a>"]}, {})),
        ({"DateLessThan": {"ses:FromAddress": "2027"}}, ({}, {"ses:FromAddress": ["2027"]})),
        ({"ForAllValues:StringLike": {"ses:Recipients": "a"}}, ({"recipients": ["a"]}, {})),
        ({"ForAllValues:StringEquals": {"ses:Recipients": "a"}}, ({"recipients": ["a"]}, {})),
        ({"ForAnyValue:StringLike": {"ses:Recipients": "a"}}, ({"recipients": ["a"]}, {})),
        ({"ForAnyValue:StringEquals": {"ses:Recipients": "a"}}, ({"recipients": ["a"]}, {})),
        ({"StringLike": {"ses:Recipients": "a"}}, ({}, {"ses:Recipients": ["a"]})),
        (
            {"StringLike": {"ses:FromAddress": ["a*"]}, "StringEquals": {"ses:FromAddress": ["b"], "k": "v"}},
            ({"from_addresses": ["a*"]}, {"ses:FromAddress": ["b"], "k": ["v"]}),
        ),
        ({"StringLike": {"k": []}}, None),
        ({"StringLike": {"k": ["a", ""]}}, None),
        ({"StringLike": {"k": [12]}}, None),
    ],
    ids=str,
)
def test_the_words_of_a_condition(condition: Any, read: Any) -> None:
    assert read_narrowing(condition) == read
