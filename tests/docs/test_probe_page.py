"""The page of the probe names every question, option and key."""

import re

from probe.catalogue import QUESTIONS
from probe.command import COMMAND, parser
from tests.conftest import ROOT
from tests.docs.test_command_line_page import keys_of, options_of
from tests.probe.conftest import SCHEMA

PAGE = (ROOT / "docs" / "howto" / "probe-ses.md").read_text(encoding="utf-8")


def test_every_question_is_named_with_its_calls() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*) \| (\d+) \|$", PAGE, re.MULTILINE)
    assert rows == [(name, question.tells, str(question.calls)) for name, question in QUESTIONS.items()]


def test_what_takes_many_calls_is_told_with_them_in_the_help() -> None:
    help_ = " ".join(parser().format_help().split())
    assert f"all but limit, which takes {QUESTIONS['limit'].calls} calls of its own" in help_


def test_every_option_and_format_is_named() -> None:
    [usage] = re.findall(r"^    \.venv/bin/python -m probe (.*?)\n\n", PAGE, re.MULTILINE | re.DOTALL)
    assert options_of(parser()) == {*re.findall(r"--[a-z-]+", usage), "--help"}
    assert f"[--format {{{','.join(COMMAND.formats)}}}]" in usage


def test_every_key_of_the_json_is_named() -> None:
    [shape] = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert set(re.findall(r'"(\w+)"', shape)) == keys_of(SCHEMA)


def test_it_tells_the_codes_that_the_help_tells() -> None:
    told = re.findall(r"^  (\d+) +", parser().format_help(), re.MULTILINE)
    assert list(dict.fromkeys(re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE))) == told == ["0", "2", "130"]
