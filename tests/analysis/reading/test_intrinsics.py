"""Intrinsic functions: what is known of them is filled in, the rest stays visible."""

from typing import Any, Final

import pytest

from ses_sending_policy.analysis.reading.intrinsics import filled, is_known, least_bytes, text_of
from ses_sending_policy.rules.document import compact, normalise

KNOWN: Final = {"Name": "n", "Role.Arn": "arn", "Fn::ImportValue Shared": "s", "AWS::Region": "eu-west-1", "Topic": "t"}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("text", "text"),
        (12, 12),
        (None, None),
        ({"Ref": "Name"}, "n"),
        ({"Ref": "Other"}, {"Ref": "Other"}),
        ({"Ref": "Name", "More": 1}, {"Ref": "Name", "More": 1}),
        ({"Fn::GetAtt": ["Role", "Arn"]}, "arn"),
        ({"Fn::GetAtt": "Role.Arn"}, "arn"),
        ({"Fn::GetAtt": ["Role", "Id"]}, {"Fn::GetAtt": ["Role", "Id"]}),
        ({"Fn::GetAtt": 12}, {"Fn::GetAtt": 12}),
        ({"Fn::ImportValue": "Shared"}, "s"),
        ({"Fn::ImportValue": "Other"}, {"Fn::ImportValue": "Other"}),
        ({"Fn::ImportValue": {"Ref": "Name"}}, {"Fn::ImportValue": "n"}),
        ({"Fn::Join": ["-", ["a", {"Ref": "Name"}, "b"]]}, "a-n-b"),
        ({"Fn::Join": ["-", ["a", {"Ref": "Other"}]]}, {"Fn::Join": ["-", ["a", {"Ref": "Other"}]]}),
        ({"Fn::Join": ["-", [{"Ref": "Name"}, {"Ref": "X"}]]}, {"Fn::Join": ["-", ["n", {"Ref": "X"}]]}),
        ({"Fn::Join": ["-", {"Ref": "Name"}]}, {"Fn::Join": ["-", "n"]}),
        ({"Fn::Sub": "${Name}/${AWS::Region}"}, "n/eu-west-1"),
        ({"Fn::Sub": "${Name}/${Role.Arn}/${Other}"}, {"Fn::Sub": "n/arn/${Other}"}),
        ({"Fn::Sub": ["${a}", {"a": {"Ref": "Name"}}]}, {"Fn::Sub": ["${a}", {"a": "n"}]}),
        ({"Fn::If": ["C", {"Ref": "Name"}, "x"]}, {"Fn::If": ["C", "n", "x"]}),
        ([{"Ref": "Name"}, {"k": [{"Ref": "Topic"}]}], ["n", {"k": ["t"]}]),
    ],
    ids=repr,
)
def test_what_is_known_is_filled_in(value: Any, told: Any) -> None:
    assert filled(value, KNOWN) == told


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
        ({"Fn::ImportValue": {"Ref": "Name"}}, "${}"),
        ({"Fn::If": ["C", "a", "b"]}, "${}"),
        (12, "${}"),
        (None, "${}"),
    ],
    ids=repr,
)
def test_a_value_as_text(value: Any, text: str) -> None:
    assert text_of(value) == text
    assert is_known(text) == ("${" not in text)


def bytes_of(**elements: Any) -> int:
    """Return the bytes of a document that knows everything."""
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
