"""Malformed resources: each is told with what is wrong with it, and none that is made by a macro."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.shapes import resource_faults

SHAPE = "a resource is an object with a Type, and with an object of Properties if it has any"
FINE = {"Type": "AWS::SES::EmailIdentity"}


@pytest.mark.parametrize(
    ("resource", "faults"),
    [
        (FINE, []),
        (FINE | {"Properties": {}}, []),
        ("text", ["is 'text'"]),
        ([], ["is []"]),
        (None, ["is None"]),
        ({}, ["has no Type"]),
        ({"Type": ["A"]}, ["has the Type ['A']"]),
        ({"Type": {"A": "a" * 100}}, [f"has the Type {{'A': '{'a' * 37}...{'a' * 38}'}}"]),
        ({"Type": {"Ref": "Kind"}, "Properties": {}}, ["has the Type {'Ref': 'Kind'}"]),
        (FINE | {"Properties": None}, ["has the Properties None"]),
        ({"Properties": []}, ["has no Type", "has the Properties []"]),
        ({"Type": 5, "Properties": "p"}, ["has the Type 5", "has the Properties 'p'"]),
        ({"Fn::Transform": {"Name": "AWS::Include"}}, []),
    ],
)
def test_what_is_wrong_with_a_resource(resource: Any, faults: list[str]) -> None:
    expected = [f"'R' {fault}: {SHAPE}" for fault in faults]
    assert list(resource_faults({"Resources": {"Fine": FINE, "R": resource}})) == expected


def test_each_malformed_resource_is_told_but_no_loop() -> None:
    resources: dict[str, Any] = {"Fn::ForEach::Each": ["Name", [], {}], "A": {}, "Fn::Transform": {}, "B": {}}
    told = [fault.split()[0] for fault in resource_faults({"Resources": resources})]
    assert told == ["'A'", "'B'"]


@pytest.mark.parametrize(
    ("transform", "is_judged"),
    [
        ("AWS::LanguageExtensions", True),
        (["AWS::LanguageExtensions", "AWS::Serverless-2016-10-31"], True),
        ([], True),
        ("Mine", False),
        (["AWS::LanguageExtensions", "Mine"], False),
        ([{"Name": "AWS::Include"}], False),
        ([5], False),
    ],
)
def test_a_macro_may_turn_any_resource_into_a_fine_one(transform: Any, *, is_judged: bool) -> None:
    found = list(resource_faults({"Transform": transform, "Resources": {"R": {}}}))
    assert found == ([f"'R' has no Type: {SHAPE}"] if is_judged else [])


def test_a_template_without_resources_has_no_fault() -> None:
    assert list(resource_faults({})) == []
