"""Finds what may have a given name, by the end of the name."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.endings import ByEnding
from ses_sending_policy.analysis.reading.texts import may_be_equal

REF = {"Ref": "Stage"}


def text(*parts: Any) -> Any:
    return {"Fn::Join": ["", list(parts)]}


NAMES: list[Any] = [
    "",
    "partner",
    "prod-partner",
    "dev-partner",
    "prod-other",
    REF,
    text(REF, "-partner"),
    text(REF, "-other"),
    text("prod-", REF),
    text("prod-", REF, "partner"),
    text("dev-", REF, "r"),
    text(REF, "-", REF),
]


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_none_that_may_have_a_name_is_left_out(name: Any) -> None:
    found = list(ByEnding(zip(NAMES, NAMES, strict=True)).of(name))
    assert [each for each in NAMES if may_be_equal(each, name) and each not in found] == []
    assert [each for each in NAMES if found.count(each) > 1] == []


@pytest.mark.parametrize(
    ("name", "names", "found"),
    [
        ("r", ["r", text(REF, "-r"), text(REF, "r"), "s"], ["r", text(REF, "r")]),
        (text(REF, "r"), ["r", text(REF, "-r"), "-s", text(REF, "-s")], ["r", text(REF, "-r")]),
        ("r", [{"Fn::Join": ["", []]}, "s"], [{"Fn::Join": ["", []]}]),
    ],
)
def test_none_with_another_ending_is_found(name: Any, names: list[Any], found: list[Any]) -> None:
    assert list(ByEnding(zip(names, names, strict=True)).of(name)) == found


def test_few_others_are_looked_at() -> None:
    names = [text(REF, f"-{number:04}") for number in range(1000)]
    assert list(ByEnding(zip(names, names, strict=True)).of("prod-0007")) == [names[7]]


@pytest.mark.parametrize(
    ("one", "other", "truth"),
    [
        ("partner", "partner", True),
        ("partner", "other", False),
        ("prod-partner", text(REF, "-partner"), True),
        ("prod-other", text(REF, "-partner"), False),
        (text("prod-", REF), text(REF, "-partner"), True),
        (text("prod-", REF), text("dev-", REF), False),
        (text(REF, "-partner"), text(REF, "-other"), False),
        (text(REF, "-partner"), text(REF, "partner"), True),
        (REF, text("prod-", REF), True),
    ],
)
def test_texts_that_are_known_in_part_may_be_equal(one: Any, other: Any, *, truth: bool) -> None:
    assert may_be_equal(one, other) is truth
    assert may_be_equal(other, one) is truth
