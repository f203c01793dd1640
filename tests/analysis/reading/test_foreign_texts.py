"""Third-party resources: policies in texts with escaped letters, and texts that are about something else."""

import json
from typing import Any, Final

import pytest

from ses_sending_policy.analysis.reading.foreign import may_send, why_unread

STATEMENT: Final = {"Effect": "Allow", "Principal": "*", "Action": "ses:SendEmail"}
HIDDEN: Final = {"Identity": "example.com", "Name": "Partner", "Policy": "b" * 60}
SES, UNKNOWN, NONE = (
    "it has a statement about actions of SES's",
    "its policy is not known as JSON before the deploy",
    "",
)
TWICE: Final = '{"a": 1, "a": 2}'


def escaped(text: str, *words: str, mark: str = "\\") -> str:
    """Return `text` with the first letter of each of `words` as JSON may write it, by its number."""
    for word in words:
        text = text.replace(word, f"{mark}u{ord(word[0]):04x}{word[1:]}")
    return text


def open_text(text: str) -> str:
    """Return the JSON `text` with a principal that only the deploy knows, so that it is no JSON yet."""
    return text.replace('"*"', "${Who}")


@pytest.mark.parametrize("word", ["Effect", "Allow", "Action", "ses:"])
@pytest.mark.parametrize("mark", ["\\", "\\\\", "\\u005c", "\\u005cu005c"])
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_an_escaped_letter_hides_no_statement_in_a_text_that_is_no_json(word: str, mark: str, effect: str) -> None:
    text = open_text(json.dumps({"Statement": [STATEMENT | {"Effect": effect}]}))
    assert may_send({"Fn::Sub": escaped(text, word, mark=mark)}) is True


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (escaped(json.dumps(STATEMENT), "Action"), SES),
        (escaped(json.dumps(STATEMENT), "Effect", "Allow", "Action", "ses:"), SES),
        (escaped(json.dumps({"Statement": {"Ref": "Document"}}), "Statement"), NONE),
        ({"Fn::Join": ["", [escaped('{"Statement": ', "Statement"), {"Ref": "Document"}, "}"]]}, SES),
        ({"Fn::Sub": escaped('{"Statement": ${Document}}', "Statement")}, SES),
        ({"Fn::Sub": escaped(json.dumps(STATEMENT), "Action")}, SES),
        (json.dumps({"a": escaped(json.dumps(STATEMENT), "Action")}), SES),
        (escaped(json.dumps(STATEMENT | {"Action": "s3:GetObject"}), "Action", "s3"), NONE),
        ('x "Effect": "Allow", ' + escaped('"Action": "s3:GetObject"', "Action", "s3"), NONE),
        (escaped(json.dumps(HIDDEN), "Policy"), UNKNOWN),
        ({"Fn::Sub": escaped(json.dumps(HIDDEN), "Policy")}, UNKNOWN),
        (escaped(json.dumps({"Identity": "a", "Name": "b", "Policy": "b" * 60}), "Policy"), NONE),
    ],
)
def test_a_policy_in_a_text_with_escaped_letters(value: Any, why: str) -> None:
    assert why_unread(value) == why


# Parsers read these texts in more than one way. That must not stop a review if no policy is in them.
@pytest.mark.parametrize("text", [TWICE, "NaN", json.dumps({"a": TWICE})])
def test_an_odd_text_about_something_else_is_not_opened(text: str) -> None:
    assert may_send(text) is False
    assert why_unread({"More": text}) == NONE


@pytest.mark.parametrize("word", ["action", "STATEMENT", "policy", "Document", "\\u0041ction"])
def test_an_odd_text_that_may_hold_a_policy_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="parsers differ"):
        why_unread({"More": f'{{"{word}": 1, "{word}": 2}}'})


def test_a_key_beside_a_function_hides_no_statement() -> None:
    joined = {"Fn::Join": ["", ['{"a":', "1}"]]}
    assert may_send(joined) is False
    assert may_send(joined | {"Other": STATEMENT}) is True


@pytest.mark.parametrize(
    ("pieces", "why"),
    [
        ([{"Fn::ToJsonString": "a"}], NONE),
        ([{"Fn::ToJsonString": "a" * 15}, "b" * 15], UNKNOWN),
        (["a" * 15, "b" * 13], NONE),
        (["a" * 15, 5], NONE),
    ],
)
def test_pieces_of_a_document_count_together(pieces: list[Any], why: str) -> None:
    assert why_unread(HIDDEN | {"Policy": pieces}) == why
