"""Intrinsic functions as text: what only the deploy knows has a name."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.intrinsics import is_known, is_text, text_of
from ses_sending_policy.analysis.reading.sizes import least_bytes
from ses_sending_policy.rules.document import compact
from ses_sending_policy.rules.normal_form import normalise


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("text", "text"),
        ({"Ref": "Name"}, "${Name}"),
        ({"Fn::GetAtt": ["Role", "Arn"]}, "${Role.Arn}"),
        ({"Fn::GetAtt": "Role.Arn"}, "${Role.Arn}"),
        ({"Fn::Sub": "a/${b}"}, "a/${b}"),
        ({"Fn::Join": [":", ["a", {"Ref": "B"}, {"Fn::Join": ["", ["c", "d"]]}]]}, "a:${B}:cd"),
        ({"Fn::ImportValue": "Shared"}, "${Fn::ImportValue Shared}"),
        ({"Fn::ImportValue": {"Ref": "Name"}}, "${Fn::ImportValue Name}"),
        ({"Fn::If": ["C", "a", {"Ref": "B"}]}, "${Fn::If 'C' 'a' B}"),
        ({"Fn::Select": [0, {"Fn::Split": [",", {"Ref": "B"}]}]}, "${Fn::Select 0 (Fn::Split ',' B)}"),
        ({"Fn::Cidr": [["a", {"b": "it's {c}"}]]}, r"${Fn::Cidr ['a', ('b': 'it\u0027s \u007bc\u007d')]}"),
        ({"Fn::GetAZs": ""}, "${Fn::GetAZs ''}"),
        ({"Fn::Cidr": [["é", 1], {"a": 1, "b": 2}]}, "${Fn::Cidr ['é', 1] ('a': 1, 'b': 2)}"),
        ({"a": "b"}, "${}"),
        (12, "${}"),
        (None, "${}"),
    ],
    ids=repr,
)
def test_a_value_as_text(value: Any, text: str) -> None:
    assert text_of(value) == text
    assert is_known(text) == ("${" not in text)


@pytest.mark.parametrize(
    ("value", "one_text"),
    [
        ({"Ref": "Name"}, True),
        ({"Fn::GetAtt": ["Role", "Arn"]}, True),
        ({"Fn::ImportValue": "Shared"}, True),
        ({"Fn::Sub": "a/${b}"}, True),
        ({"Fn::Join": ["", ["a", {"Ref": "B"}]]}, True),
        ({"Fn::Join": ["", {"Ref": "List"}]}, False),
        ({"Fn::Sub": ["a", {}]}, False),
        ({"Fn::If": ["C", "a", "b"]}, False),
        ({"Fn::Split": [",", "a"]}, False),
        ("text", False),
    ],
    ids=repr,
)
def test_a_function_that_gives_one_text(value: Any, *, one_text: bool) -> None:
    assert is_text(value) is one_text


def bytes_of(**elements: Any) -> int:
    """Return the size in bytes of a document in which everything is known."""
    return len(compact(normalise({"Statement": elements})).encode())


@pytest.mark.parametrize(
    ("value", "shortest"),
    [
        ("text", "text"),
        ("\N{SNOWMAN}", "\N{SNOWMAN}"),
        ({"Ref": "AWS::AccountId"}, "0" * 12),
        ({"Ref": "AWS::Partition"}, "aws"),
        ({"Ref": "AWS::Region"}, "us-east-1"),
        ({"Ref": "Name"}, ""),
        ({"Fn::GetAtt": ["Role", "Arn"]}, ""),
        ({"Fn::Sub": "a/${AWS::Region}/${Name}"}, "a/us-east-1/"),
        ({"Fn::Sub": "a/${}"}, "a/"),
        ({"Fn::Join": ["-", ["a", {"Ref": "AWS::Partition"}, {"Ref": "Name"}]]}, "a-aws-"),
        ({"Fn::If": ["C", "a", "b"]}, ""),
        ([{"Ref": "AWS::Region"}, "b"], ["us-east-1", "b"]),
        ({"Bool": {"k": {"Ref": "AWS::Region"}}}, {"Bool": {"k": "us-east-1"}}),
        (12, "12"),
    ],
    ids=repr,
)
def test_the_least_that_a_document_can_have(value: Any, shortest: Any) -> None:
    assert least_bytes({"Statement": {"Any": value}}) == bytes_of(Any=shortest)


def test_half_a_surrogate_pair_has_its_three_bytes() -> None:
    assert least_bytes({"Statement": {"Sid": "\ud83d"}}) == bytes_of(Sid="xxx")
