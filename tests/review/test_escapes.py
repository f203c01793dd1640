"""Nothing in a template becomes markup, a command or a control character in a report."""

import json
import os
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ses_sending_policy.review.assembly import reviewed
from ses_sending_policy.review.check import CheckResult, FailOn
from ses_sending_policy.review.check_formats import check_github, check_junit, check_markdown, check_sarif, check_text
from ses_sending_policy.review.constructs import Acknowledgement
from ses_sending_policy.review.explanation import Explanation
from ses_sending_policy.review.explanation_formats import explanation_markdown, explanation_text
from ses_sending_policy.review.json_text import json_text
from ses_sending_policy.review.markdown import MOST_CHARACTERS, code, comment, prose
from ses_sending_policy.review.source_location import Repository
from ses_sending_policy.review.text_output import TextOutput, shown
from tests.review.conftest import sending_policy
from tests.review.templates import resource, template, write

# ANSI, a bell, right-to-left text, a line break, half a character, and the special characters of each format.
EVIL = "a\x1b[2J\x07\u202eb\n::error::c\r\n%0A,d: \ud800\ufffe <b>`@org` [x](y)| ]]>&"


@pytest.fixture
def check(tmp_path: Path) -> CheckResult:
    """Give the output of `check` for a policy whose names are all meant to do harm."""
    statement = {"Effect": "Allow", "Principal": {"AWS": EVIL}, "Action": EVIL, "Resource": EVIL, "Condition": {}}
    policy = resource(statement, EmailIdentity=EVIL, PolicyName=EVIL)
    # And a resource of somebody else that cannot be read.
    others = {"Type": EVIL, "Properties": {EVIL: [{"Effect": "Allow", "Action": "*"}]}}
    file = write(tmp_path / "Mail.json", template(**{EVIL: policy, f"{EVIL} too": others}))
    return CheckResult.of(reviewed([file]), Repository(tmp_path), datetime.now(UTC), FailOn.WARNING)


def test_text_moves_no_cursor(check: CheckResult, tmp_path: Path) -> None:
    explanation = Explanation.of(reviewed([tmp_path / "Mail.json"]))
    for text in (check_text(check, TextOutput()), explanation_text(explanation, TextOutput())):
        assert text.replace("\n", "").isprintable()
        assert r"a\x1b[2J\x07\u202eb\n::error::c\r\n%0A,d:" in " ".join(text.split())


# What GitHub, Azure Pipelines and TeamCity read as a command: `::` at the start of a line, `##` anywhere.
COMMANDS = [
    "::error title=x::y",
    "::add-mask::y",
    "##[add-mask]y",
    "##vso[task.setvariable variable=x]y",
    "##teamcity[x]",
]
IS_COMMAND = re.compile(r"^\s*::[a-z-]+[ :]|##\w*\[", re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_build_server_takes_no_line_for_a_command(tmp_path: Path, command: str) -> None:
    """Not even if a line is wrapped."""
    assert IS_COMMAND.search(command)
    named = {"Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Action": "ses:SendEmail", "Resource": "*"}
    said = [named | {"Condition": {"StringEquals": {"ses:FromDisplayName": f"{'x' * n} {command}"}}} for n in range(75)]
    policy = {"Version": "2012-10-17", "Statement": said}
    found = reviewed([write(tmp_path / "Mail.json", template(P=resource(Policy=policy, EmailIdentity=command)))])
    check, explanation = CheckResult.of(found, Repository(tmp_path), datetime.now(UTC)), Explanation.of(found)
    for text in (
        check_text(check, TextOutput()),
        explanation_text(explanation, TextOutput()),
        explanation_markdown(explanation),
    ):
        assert IS_COMMAND.findall(text) == []
    commands = IS_COMMAND.findall(check_github(check))
    assert len(commands) == len(check.findings)
    assert set(commands) == {"::error ", "::warning "}


@pytest.mark.parametrize(
    "text", ["::1", "::ffff:10.0.0.1", "::beef and more", "a::b", "arn:aws:iam::1", "#1 ##", "# [x]"]
)
def test_what_is_no_command_is_shown_as_it_is(text: str) -> None:
    assert shown(text) == text


def test_markdown_stays_in_its_line(check: CheckResult, tmp_path: Path) -> None:
    explanation = Explanation.of(reviewed([tmp_path / "Mail.json"]))
    for text in (check_markdown(check), explanation_markdown(explanation)):
        assert text.replace("\n", "").isprintable()
        for line in text.splitlines()[1:]:
            outside = "".join(without_code(line.removesuffix("<br>")))
            assert not set(outside) & set("<>@[]|&\\"), line


def without_code(line: str) -> list[str]:
    """Return the part of a line that is not code: in CommonMark, code ends at the next run of as many backticks."""
    found, rest = [], line
    while "`" in rest:
        before, _, behind = rest.partition("`")
        length = len(behind) - len(behind.lstrip("`")) + 1
        content = behind[length - 1 :]
        end = next(
            at
            for at in range(len(content))
            if content[at : at + length] == "`" * length
            and content[at - 1] != "`"
            and content[at + length : at + length + 1] != "`"
        )
        found.append(before)
        rest = content[end + length :]
    return [*found, rest]


def test_each_annotation_is_one_command(check: CheckResult) -> None:
    lines = check_github(check).split("\n")
    assert lines.pop() == ""
    assert len(lines) == len(check.findings) + len(check.unread) > len(check.findings) > 0
    for line in lines:
        command, properties = line.removeprefix("::").split("::", 1)[0].split(" ", 1)
        assert command in ("error", "warning")
        names = [each.partition("=")[0] for each in properties.split(",")]
        assert names == ["file", "line", "title"]
        assert line.isprintable()
        assert r"a\x1b[2J\x07\u202eb\n%3A%3Aerror%3A%3Ac\r\n%250A%2Cd%3A" in line


def test_xml_and_sarif_are_well_formed(check: CheckResult) -> None:
    suite = ET.fromstring(check_junit(check)).find("testsuite")  # noqa: S314 - it is ours
    assert suite is not None
    assert suite.get("failures") == str(len(check.findings))
    text = check_sarif(check).encode(errors="backslashreplace")
    [run] = json.loads(text)["runs"]
    assert len(run["results"]) == len(check.findings) + len(check.unread)


def test_who_reads_xml_or_sarif_sees_what_is_there(tmp_path: Path) -> None:
    """Also in a file's name and in a reason: no text changes direction, and XML cannot carry some characters."""
    policy = template(P=resource(EmailIdentity=EVIL))
    read = reviewed([write(tmp_path / "Mail\x01.json", policy)])
    found = CheckResult.of(read, Repository(tmp_path), datetime.now(UTC)).findings
    accepted = [replace(each, acknowledgement=Acknowledgement(EVIL, "Mail")) for each in found]
    check = CheckResult([*found, *accepted], [], FailOn.WARNING)
    suite = ET.fromstring(check_junit(check))  # noqa: S314 - it is ours
    told = [text for each in suite.iter() for text in (*each.attrib.values(), (each.text or "").strip())]
    for result in json.loads(check_sarif(check).encode(errors="backslashreplace"))["runs"][0]["results"]:
        told += [result["message"]["text"], *(each["justification"] for each in result.get("suppressions", ()))]
    assert [text for text in told if not text.isprintable()] == []
    assert any("\\u202eb" in text for text in told)
    assert any(text.startswith("Mail\\x01.json:") for text in told)


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_is_safe_to_look_at_and_the_same_value(value: Any) -> None:
    written = json_text(value)
    assert written.replace("\n", "").isprintable()
    assert json.loads(written) == value


@pytest.mark.parametrize("character", ["\x7f", "\x85", "\u202e", "\u2066", "\u2028", "\ud800", "\U000e0041", "\ufeff"])
def test_json_has_its_own_escapes(character: str) -> None:
    written = json_text(f"a{character}b \u00fc \U0001f4e7")
    assert written == json.dumps(f"a{character}b")[:-1] + ' \u00fc \U0001f4e7"\n'


@pytest.mark.parametrize("command", COMMANDS)
def test_a_build_server_takes_no_json_for_a_command(command: str) -> None:
    written = json_text({command: f"x {command}"})
    assert IS_COMMAND.findall(written) == []
    assert json.loads(written) == {command: f"x {command}"}


def test_every_command_writes_json_that_is_safe_to_look_at(check: CheckResult, tmp_path: Path) -> None:
    """Run as users run it, on the template that `check` has written."""
    assert check.findings
    write(tmp_path / "before.json", template(P=resource()))
    for words in (
        ["explain", "Mail.json", "--format=json"],
        ["check", "Mail.json", "--format=json"],
        ["check", "Mail.json", "--format=sarif"],
        ["check", "Mail.json", "--format=junit"],
        ["diff", "before.json", "Mail.json", "--format=json"],
        ["adopt", "example.com", f"--region={EVIL}", "--print-iam-policy"],
    ):
        # As bytes, which work in any locale: that of C has no such characters.
        given = [os.fsdecode(each.replace("\ud800", "").encode()) for each in words]
        done = sending_policy(*given, folder=tmp_path)
        assert done.stdout.replace("\n", "").isprintable(), words
        assert IS_COMMAND.findall(done.stdout) == []
    found = sending_policy("explain", "Mail.json", "--format=json", folder=tmp_path)
    [policy] = json.loads(found.stdout)["policies"]
    assert (policy["logical_id"], policy["identity"], policy["policy_name"]) == (EVIL, EVIL, EVIL)


@given(st.text())
def test_what_is_shown_is_one_line(text: str) -> None:
    assert shown(text).isprintable()
    assert shown(shown(text)) == shown(text)


@given(st.text(alphabet="ab`'@#*_<>[]!:;,. \n\\"))
def test_prose_has_only_plain_words_outside_of_code(text: str) -> None:
    outside = "".join(without_code(prose(text)))
    assert not set(outside) & set("`@#*_<>[]!.\\\n")


@pytest.mark.parametrize(
    ("text", "written"),
    [("a", "`a`"), ("", "` `"), ("a`b", "`` a`b ``"), ("``", "``` `` ```"), ("\n", r"`\n`")],
)
def test_code(text: str, written: str) -> None:
    assert code(text) == written


@pytest.mark.parametrize("count", [1, 10, 10_000])
@pytest.mark.parametrize("length", [10, 1_000, 70_000])
def test_a_comment_fits(count: int, length: int) -> None:
    lines = [f"{number} ".ljust(length, "x") for number in range(count)]
    written = comment("check", lines)
    assert len(written) <= MOST_CHARACTERS
    kept = [line for line in written.splitlines() if line in lines]
    assert kept == lines[: len(kept)]
    left_out = count - len(kept)
    assert (f"_{left_out} more lines do not fit here" in written) == bool(left_out)
    # No more is left out than needed.
    assert not left_out or len(written) + length > MOST_CHARACTERS - 200


def test_long_words_are_whole() -> None:
    arn = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_xxxxxxxxx"
    text = TextOutput(40).lines(f"for {arn}, and more", indent=2, bullet="- ")
    assert text == f"  - for\n    {arn},\n    and more"
