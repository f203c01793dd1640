"""Placeholders of the CDK's lookups become references to what nobody knows, wherever they stand."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.dummies import known_text, without_dummies

DUMMY = "dummy-value-for-/mail/partner"
REF = {"Ref": DUMMY}
OTHER = {"Ref": "vpc-12345"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (DUMMY, REF),
        (f"a {DUMMY}", {"Fn::Join": ["", ["a ", REF]]}),
        (f"{DUMMY} of vpc-12345", {"Fn::Join": ["", [REF, " of ", OTHER]]}),
        ("mail", "mail"),
        ("", ""),
        ([DUMMY, "mail", 1], [REF, "mail", 1]),
        ({"AWS": [DUMMY], DUMMY: None}, {"AWS": [REF], DUMMY: None}),
        ({"Fn::Sub": f"${{AWS::Region}} {DUMMY}"}, {"Fn::Sub": f"${{AWS::Region}} ${{{DUMMY}}}"}),
        ({"Fn::Sub": DUMMY, "More": 1}, {"Fn::Sub": f"${{{DUMMY}}}", "More": 1}),
        ({"Fn::Sub": [DUMMY, {"Who": DUMMY}]}, {"Fn::Sub": [f"${{{DUMMY}}}", {"Who": REF}]}),
        ({"Fn::Sub": [DUMMY], "More": 1}, {"Fn::Sub": [f"${{{DUMMY}}}"], "More": 1}),
        ({"Fn::Sub": [1, {"Who": DUMMY}]}, {"Fn::Sub": [1, {"Who": REF}]}),
    ],
)
def test_a_placeholder_is_a_reference(value: Any, expected: Any) -> None:
    assert without_dummies(value) == expected


@pytest.mark.parametrize(
    ("text", "known"), [(None, None), ("", ""), ("111111111111", "111111111111"), (f"{DUMMY}1", None)]
)
def test_a_placeholder_is_not_known(text: str | None, known: str | None) -> None:
    assert known_text(text) == known
