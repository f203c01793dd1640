"""Conditions that a template alone decides."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.literal import literally

YES, NO = {"Fn::Equals": ["a", "a"]}, {"Fn::Equals": ["a", "b"]}
PERHAPS: dict[str, Any] = {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}
CONDITIONS = {
    "Yes": YES,
    "No": NO,
    "Perhaps": PERHAPS,
    "Again": {"Condition": "No"},
    "Itself": {"Fn::Not": [{"Condition": "Itself"}]},
    "Text": "Yes",
}


@pytest.mark.parametrize(
    ("condition", "value"),
    [
        ("Yes", True),
        ("No", False),
        ("Perhaps", None),
        ("Again", False),
        ("Itself", None),
        ("Text", None),
        ("Nowhere", None),
        (None, None),
        (12, None),
        ({"Fn::Not": [YES]}, False),
        ({"Fn::Not": [NO]}, True),
        ({"Fn::Not": [PERHAPS]}, None),
        ({"Fn::Not": []}, None),
        ({"Fn::And": [YES, {"Condition": "Yes"}]}, True),
        ({"Fn::And": [YES, PERHAPS]}, None),
        ({"Fn::And": [NO, PERHAPS]}, False),
        ({"Fn::Or": [NO, PERHAPS]}, None),
        ({"Fn::Or": [YES, PERHAPS]}, True),
        ({"Fn::Or": [NO, {"Condition": "Again"}]}, False),
        ({"Fn::Contains": [["a"], "a"]}, None),
    ],
    ids=str,
)
def test_a_condition(condition: Any, value: bool | None) -> None:  # noqa: FBT001 - what comes of it
    assert literally({"Conditions": CONDITIONS}, condition) is value


@pytest.mark.parametrize("template", [{}, {"Conditions": []}, {"Conditions": None}], ids=str)
def test_a_template_without_conditions(template: Any) -> None:
    assert literally(template, "Yes") is None
