"""What the definition of a template parameter tells about its value."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.parameters import allowed_values, default_of, in_its_type, is_by_path, meaning

OPEN, ACCOUNT = {"Ref": "Open"}, {"Ref": "AWS::AccountId"}


@pytest.mark.parametrize(
    ("definition", "default"),
    [
        ({"Default": "a"}, "a"),
        ({"Default": 5}, "5"),
        ({"Default": True}, "true"),
        ({"Default": ["a"]}, None),
        ({}, None),
    ],
)
def test_a_default(definition: Any, default: str | None) -> None:
    assert default_of(definition) == default


@pytest.mark.parametrize(
    ("definition", "allowed"),
    [
        ({"Type": "String", "AllowedValues": ["a", "b"]}, ["a", "b"]),
        ({"Type": "Number", "AllowedValues": [1, 2]}, ["1", "2"]),
        ({"Type": "String", "AllowedValues": ["a", ["b"]]}, None),
        ({"Type": "String", "AllowedValues": "a"}, None),
        ({"Type": "String"}, None),
        # Each element of a list is one of them, and each value by a path is that path.
        ({"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"]}, None),
        ({"Type": "List<Number>", "AllowedValues": ["1"]}, None),
        ({"Type": "AWS::SSM::Parameter::Value<String>", "AllowedValues": ["/a"]}, None),
    ],
)
def test_the_allowed_values(definition: Any, allowed: list[str] | None) -> None:
    assert allowed_values(definition) == allowed


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("String", "a, b", "a, b"),
        ("CommaDelimitedList", " a , b", ["a", "b"]),
        ("List<Number>", "1, 2", ["1", "2"]),
        ("CommaDelimitedList", ["a", " b"], ["a", " b"]),
        ("CommaDelimitedList", OPEN, {"Fn::Split": [",", OPEN]}),
        (
            "CommaDelimitedList",
            {"Fn::Join": ["", [" a , b ", OPEN, " c , d"]]},
            ["a", {"Fn::Split": [",", {"Fn::Join": ["", [" b ", OPEN, " c "]]}]}, "d"],
        ),
        # No comma is in an account.
        (
            "CommaDelimitedList",
            {"Fn::Join": ["", [" a-", ACCOUNT, "-", ACCOUNT, " , b"]]},
            [{"Fn::Join": ["", ["a-", ACCOUNT, "-", ACCOUNT]]}, "b"],
        ),
        (["CommaDelimitedList"], "a,b", "a,b"),
        (None, "a,b", "a,b"),
    ],
)
def test_a_value_in_its_type(kind: Any, value: Any, expected: Any) -> None:
    assert in_its_type({"Type": kind}, value) == expected


@pytest.mark.parametrize(
    ("kind", "by_path"),
    [("AWS::SSM::Parameter::Value<String>", True), ("AWS::SSM::Parameter::Name", False), (5, False)],
)
def test_a_value_by_a_path(kind: Any, *, by_path: bool) -> None:
    assert is_by_path({"Type": kind}) is by_path


def test_what_decides_which_values_are_allowed() -> None:
    prose = {"Description": "who", "ConstraintDescription": "an account"}
    told = {"Type": "String", "AllowedPattern": "\\d+", "Default": "1"}
    assert meaning(told | prose) == told
    assert list(meaning(told)) == ["AllowedPattern", "Default", "Type"]
