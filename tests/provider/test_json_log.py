"""A line of the log: its message is clear without the other fields, and writing it never fails."""

import io
import json
from typing import Any

import pytest

from provider.answer import encoded
from provider.json_log import JsonLog, to_json


class Odd:
    """An object that cannot be shown."""

    def __str__(self) -> str:
        raise RuntimeError("no")

    __repr__ = __str__


class Sick(Exception):  # noqa: N818 - an error that cannot be shown
    """An error that cannot be shown."""

    def __str__(self) -> str:
        raise RuntimeError("no")


def written(event: str, **details: Any) -> dict[str, Any]:
    """Return the line that is written during an update of one resource."""
    stream = io.StringIO()
    JsonLog(stream, request="Update", logical_id="Partner1A2B", stack="Mail").write(event, **details)
    assert stream.getvalue().count("\n") == 1
    line: dict[str, Any] = json.loads(stream.getvalue())
    return line


def test_a_line_is_a_sentence_by_itself() -> None:
    line = written("policy overwritten", found="foreign", owner="stack Other (Y)")
    assert line == {
        "message": "Update Partner1A2B: policy overwritten: found foreign, owner stack Other (Y)",
        "event": "policy overwritten",
        "request": "Update",
        "logical_id": "Partner1A2B",
        "stack": "Mail",
        "found": "foreign",
        "owner": "stack Other (Y)",
    }


@pytest.mark.parametrize(
    ("details", "message"),
    [
        ({}, "Update Partner1A2B: e"),
        ({"owner": None, "reason": ""}, "Update Partner1A2B: e"),
        ({"tries": 0, "gives_up": False}, "Update Partner1A2B: e: tries 0, gives_up False"),
        ({"document": "{}", "trace": "x", "owner": "o"}, "Update Partner1A2B: e: owner o"),
        ({"error": "x" * 999}, f"Update Partner1A2B: e: error {'x' * 300}"),
    ],
)
def test_what_is_short_is_told_and_documents_are_not(details: dict[str, Any], message: str) -> None:
    line = written("e", **details)
    assert line["message"] == message
    assert {name: line[name] for name in details} == details


def test_a_line_about_nothing_yet() -> None:
    stream = io.StringIO()
    JsonLog(stream).write("e")
    assert json.loads(stream.getvalue()) == {"message": "e", "event": "e"}


_round: list[Any] = []
_round.append(_round)
_deep: list[Any] = []
for _ in range(100_000):
    _deep = [_deep]


@pytest.mark.parametrize(
    "value",
    [Odd(), [Odd()], {Odd(): 1}, {("a", 1): 2}, _round, {1, 2}, b"\xff", float("nan"), "\ud800", {"\udfff": "\ud800"}],
    ids=["odd", "in a list", "as a key", "tuple as a key", "round", "set", "bytes", "nan", "half", "halves"],
)
def test_no_value_is_a_reason_to_fail(value: object) -> None:
    line = written("e", before=1, value=value, after=2)
    assert (line["before"], line["after"]) == (1, 2)
    json.dumps(line).encode()


def test_a_value_without_end_is_no_reason_to_fail() -> None:
    assert written("e", value=_deep)["event"] == "e"


def test_a_crash_that_cannot_be_shown() -> None:
    stream = io.StringIO()
    JsonLog(stream).crash("crashed", Sick())
    line = json.loads(stream.getvalue())
    assert (line["event"], line["error"]) == ("crashed", "Sick: <Sick>")


def test_a_log_that_is_gone_costs_no_answer() -> None:
    closed = io.StringIO()
    closed.close()
    JsonLog(closed).write("e")


@pytest.mark.parametrize("text", ["a\ud800b", "\udfff", "ä", "☃", "\U0001f4ee", 'a"b\\c\n'])
def test_text_comes_back_as_it_was(text: str) -> None:
    assert json.loads(to_json(text).encode()) == text
    assert json.loads(encoded({"RequestId": text, "Data": {text: text}})) == {"RequestId": text, "Data": {text: text}}


def test_only_halves_are_escaped() -> None:
    assert to_json("ä\ud800") == '"ä\\ud800"'


def test_an_answer_that_is_too_long_with_halves_keeps_its_ids() -> None:
    body = {"RequestId": "\ud800" * 600, "Data": {"a": "\ud800" * 600}}
    assert json.loads(encoded(body)) == {**body, "Data": {}}
