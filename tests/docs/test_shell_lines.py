"""Commands on the pages are accepted by the program that they call, with each of their options.

Our own commands are read by their own parser, those of the CDK CLI compared with its help, and those of the AWS CLI
with what botocore knows of the service, from which the AWS CLI makes its options.
"""

import re
import shlex
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import takewhile
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from ses_sending_policy.cli import parser
from tests.conftest import ROOT
from tests.docs.test_examples import PAGES, commands

# Also those after another command on the same line.
_CALLS = re.compile(r"(?:^|[ /])(?=(sending-policy|npx cdk|aws) ([a-z].*))")
# Options of every command of the AWS CLI, https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-options.html.
_AWS_ALWAYS = {"query", "output", "region", "profile", "cli-binary-format"}
_ENDS = {"|", "||", "&&", "&", ";", ">", ">>", ")"}


def calls(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the program and the words of each command that is written in full; of a usage only its first word."""
    for line in re.sub(r" *\\\n *", " ", text).splitlines():
        for program, rest in _CALLS.findall(line):
            lexer = shlex.shlex(rest.partition(" #")[0], posix=True, punctuation_chars="|&;>)")
            lexer.whitespace_split = True
            lexer.commenters = ""
            words = [*takewhile(lambda word: word not in _ENDS, lexer)]
            yield program, words[:1] if any(word.startswith("[") for word in words) else words


def options(words: Sequence[str]) -> set[str]:
    return {word.removeprefix("--").partition("=")[0] for word in words if word.startswith("--")}


def found(program: str) -> list[Any]:
    there = {
        f"{page.relative_to(ROOT)}: {shlex.join(words)}": words
        for page in PAGES
        for called, words in calls(commands(page))
        if called == program
    }
    return [pytest.param(words, id=name) for name, words in there.items()]


@pytest.mark.parametrize("words", [each for each in found("sending-policy") if len(each.values[0]) > 1])
def test_ours_takes_it(words: list[str]) -> None:
    assert parser().parse_args(words).command == words[0]


@cache
def cdk_options(command: str) -> frozenset[str]:
    """Return the options of a command of the pinned CDK CLI."""
    cli = ROOT / "node_modules" / ".bin" / "cdk"
    asked = [str(cli), command, "--help"]
    help_text = subprocess.run(asked, capture_output=True, encoding="utf-8", check=True, cwd=ROOT, timeout=120).stdout
    return frozenset(re.findall(r"--([a-z][\w-]+)", help_text))


@pytest.mark.parametrize("words", [each for each in found("npx cdk") if options(each.values[0])])
def test_the_cdk_takes_it(words: list[str]) -> None:
    assert options(words) - cdk_options(words[0]) == set()


@pytest.mark.parametrize("words", found("aws"))
def test_the_aws_cli_takes_it(words: list[str]) -> None:
    service, command, *rest = words
    model = botocore.session.get_session().get_service_model(service)
    [operation] = [each for each in model.operation_names if xform_name(each, "-") == command]
    taken = model.operation_model(operation).input_shape
    members = {xform_name(name, "-") for name in taken.members}
    assert options(rest) - members - _AWS_ALWAYS == set()
    required = {xform_name(name, "-") for name in taken.required_members}
    assert not rest or required <= options(rest)


def test_no_command_is_passed_by() -> None:
    """The pattern above matches what is on the pages, and splits a command as a shell does."""
    lines = [
        "$ npx cdk synth --quiet  # once",
        "run: a/sending-policy diff 'b c' d > e && aws sesv2 x \\",
        "  --y=z | cat",
        "aws s [--x X] ...",
    ]
    text = "\n".join(lines)
    assert [*calls(text)] == [
        ("npx cdk", ["synth", "--quiet"]),
        ("sending-policy", ["diff", "b c", "d"]),
        ("aws", ["sesv2", "x", "--y=z"]),
        ("aws", ["s"]),
    ]
    assert min(len(found(program)) for program in ("sending-policy", "npx cdk", "aws")) > 10
