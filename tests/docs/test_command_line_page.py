"""The page of the command line names every command, option and key."""

import argparse
import json
import re
from importlib.resources import files
from typing import Any

import pytest

from ses_sending_policy.cli import COMMANDS, command_named, parser
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")


def options_of(told: argparse.ArgumentParser) -> set[str]:
    """Return the long options of a parser."""
    return {option for option in told._option_string_actions if option.startswith("--")}  # noqa: SLF001 - no other way


def test_every_command_has_its_section() -> None:
    sections = re.findall(r"^## ([a-z]+)$", PAGE, re.MULTILINE)
    assert sections == list(COMMANDS)


def test_every_option_is_named() -> None:
    main = parser()
    [commands] = [action for action in main._actions if isinstance(action.choices, dict)]  # noqa: SLF001 - the same
    named = set(re.findall(r"--[a-z-]+", PAGE))
    choices: dict[str, argparse.ArgumentParser] = dict(commands.choices or {})
    assert set(choices) == set(COMMANDS)
    for told in (main, *choices.values()):
        assert options_of(told) <= named


def test_every_format_is_named_with_its_commands() -> None:
    [section] = re.findall(r"^## Formats$(.*?)^## ", PAGE, re.MULTILINE | re.DOTALL)
    rows = dict(re.findall(r"^\| `(\w+)` \| ([a-z, ]+) \|", section, re.MULTILINE))
    formats = {form for name in COMMANDS for form in command_named(name).formats}
    assert rows.keys() == formats
    for form in formats:
        assert rows[form].split(", ") == [name for name in COMMANDS if form in command_named(name).formats]


def keys_of(schema: Any) -> set[str]:
    """Return every key that a schema names."""
    if isinstance(schema, list):
        return set().union(*map(keys_of, schema))
    if not isinstance(schema, dict):
        return set()
    own = set(schema["properties"]) if isinstance(schema.get("properties"), dict) else set()
    return own.union(*map(keys_of, schema.values()))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_key_of_the_json_is_named(command: str) -> None:
    schema = json.loads(
        files("ses_sending_policy.review").joinpath(f"schemas/{command}.schema.json").read_text(encoding="utf-8")
    )
    shapes = [set(re.findall(r'"(\w+)"', shape)) for shape in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
    assert keys_of(schema) in shapes
