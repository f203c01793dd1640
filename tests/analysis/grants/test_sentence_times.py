"""How a sentence tells a time: as a date in UTC, and unchanged if nobody can read it."""

from typing import Any

import pytest

from tests.analysis.grants.test_sentence import ACCOUNT, said


@pytest.mark.parametrize(
    ("condition", "read"),
    [
        (
            {"DateLessThan": {"aws:EpochTime": "1612345678"}},
            "as any address of example.com, before 2021-02-03T09:47:58Z",
        ),
        (
            {"NumericLessThan": {"aws:EpochTime": ["1612345678", "1612345679"]}},
            "as any address of example.com, before 2021-02-03T09:47:58Z or 2021-02-03T09:47:59Z",
        ),
        # A number that looks like a year is a moment in 1970.
        (
            {"NumericLessThan": {"aws:EpochTime": "2021"}},
            "as any address of example.com, where aws:EpochTime NumericLessThan 2021",
        ),
        (
            {"NumericLessThan": {"aws:EpochTime": "2021-01-05"}},
            "as any address of example.com, where aws:EpochTime NumericLessThan 2021-01-05",
        ),
        (
            {"NumericEquals": {"AWS:EpochTime": ["1612345678", "7"]}},
            "as any address of example.com, where aws:EpochTime NumericEquals 1612345678 or 7",
        ),
        (
            {"NumericLessThan": {"ses:ApiVersion": "1612345678"}},
            "as any address of example.com, where ses:ApiVersion NumericLessThan 1612345678",
        ),
        (
            {"datelessthan": {"AWS:CurrentTime": "1612345678"}},
            "as any address of example.com, where aws:CurrentTime datelessthan 2021-02-03T09:47:58Z",
        ),
        (
            {"DateLessThan": {"aws:CurrentTime": ["caf\u00e9", "2021"]}},
            'as any address of example.com, before the unknown time "2021" or the unknown time "caf\u00e9"',
        ),
        ({"DateLessThan": {"aws:CurrentTime": {"Ref": "Until"}}}, "as any address of example.com, before ${Until}"),
        (
            {"DateLessThan": {"aws:CurrentTime": {"Fn::Sub": "${A} b"}}},
            'as any address of example.com, before "${A} b"',
        ),
        # Two spellings of the same moment.
        (
            {"DateLessThan": {"aws:CurrentTime": ["2021-01-01", "1609459200"]}},
            "as any address of example.com, before 2021-01-01T00:00Z",
        ),
        (
            {"StringEquals": {"aws:EpochTime": "1612345678"}},
            "as any address of example.com, where aws:EpochTime StringEquals 1612345678",
        ),
        (
            {"StringEquals": {"aws:CurrentTime": "2021-01-05"}},
            "as any address of example.com, where aws:CurrentTime StringEquals 2021-01-05",
        ),
    ],
    ids=str,
)
def test_a_time(condition: dict[str, Any], read: str) -> None:
    assert said(Principal=ACCOUNT, Condition=condition) == f"account 222222222222 may send {read}"
