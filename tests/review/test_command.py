"""The command itself: exit codes, help, colours, and what it can do without."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import ses_sending_policy
from ses_sending_policy.cli import COMMANDS, command_named
from tests.conftest import ROOT
from tests.review.conftest import PATHS, PROGRAM, sending_policy
from tests.review.templates import STATEMENT, assembly, resource, stack
from tests.support.terminal import shown_on_a_terminal

NARROW = STATEMENT | {"Principal": {"AWS": "arn:aws:iam::222222222222:user/sender"}}
WHOLE = STATEMENT | {"Principal": {"AWS": "222222222222"}}
# The same with other addresses.
BEFORE, AFTER = (WHOLE | {"Condition": {"StringLike": {"ses:FromAddress": f"{name}@example.com"}}} for name in "ab")


@pytest.mark.parametrize(
    ("statement", "fail_on", "code"),
    [
        (STATEMENT, None, 1),
        (STATEMENT, "error", 1),
        (STATEMENT, "warning", 1),
        (STATEMENT, "never", 0),
        (WHOLE, None, 0),
        (WHOLE, "error", 0),
        (WHOLE, "warning", 1),
        (WHOLE, "never", 0),
        (NARROW, "warning", 0),
    ],
)
def test_the_exit_code(tmp_path: Path, statement: dict[str, object], fail_on: str | None, code: int) -> None:
    assembly(tmp_path / "cdk.out", resource(statement))
    options = [f"--fail-on={fail_on}"] if fail_on else []
    done = sending_policy("check", *options, folder=tmp_path)
    assert (done.returncode, done.stderr) == (code, "")


@pytest.mark.parametrize(
    ("before", "after", "codes"),
    [
        (NARROW, WHOLE, {"broadened": 1, "any": 1, "never": 0}),
        (WHOLE, NARROW, {"broadened": 0, "any": 1, "never": 0}),
        (STATEMENT, WHOLE, {"broadened": 0, "any": 1, "never": 0}),
        (WHOLE, STATEMENT, {"broadened": 1, "any": 1, "never": 0}),
        (WHOLE, WHOLE, {"broadened": 0, "any": 0, "never": 0}),
        (BEFORE, AFTER, {"broadened": 1, "any": 1, "never": 0}),
    ],
    ids=["a whole account", "one user of it", "less", "more", "the same", "cannot be told"],
)
def test_the_exit_code_of_a_difference(
    tmp_path: Path, before: dict[str, object], after: dict[str, object], codes: dict[str, int]
) -> None:
    assembly(tmp_path / "before.out", resource(before))
    assembly(tmp_path / "cdk.out", resource(after))
    for fail_on, code in codes.items():
        done = sending_policy("diff", f"--fail-on={fail_on}", *PATHS["diff"], folder=tmp_path)
        assert (done.returncode, done.stderr) == (code, "")
    assert sending_policy("diff", *PATHS["diff"], folder=tmp_path).returncode == codes["broadened"]


def test_a_difference_says_of_both_sides_what_could_not_be_looked_at(tmp_path: Path) -> None:
    done = sending_policy("diff", *PATHS["diff"], folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.split("'")[1] for line in done.stderr.splitlines()] == PATHS["diff"]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["look"],
        ["diff"],
        ["diff", "cdk.out"],
        ["explain", "--format=sarif"],
        ["explain", "--fail-on=never"],
        ["check", "--fail-on=often"],
        ["drift", "--fail-on=broadened"],
        ["drift", "--stack"],
    ],
    ids=" ".join,
)
def test_what_is_asked_wrongly_exits_with_2(tmp_path: Path, arguments: list[str]) -> None:
    done = sending_policy(*arguments, folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("usage: sending-policy")


@pytest.mark.parametrize("command", ["check", "diff", "drift"])
def test_a_wrong_fail_on_is_told_what_is_allowed(tmp_path: Path, command: str) -> None:
    last = sending_policy(command, "--fail-on=often", folder=tmp_path).stderr.splitlines()[-1]
    assert last.startswith(
        f"sending-policy {command}: error: argument --fail-on: invalid choice: 'often' (choose from "
    )
    assert "never" in last


def test_help_tells_each_command(tmp_path: Path) -> None:
    done = sending_policy("--help", folder=tmp_path)
    assert done.returncode == 0
    for name, help_ in COMMANDS.items():
        formats = command_named(name).formats
        assert f"    {name:<10}{help_}\n" in done.stdout
        told = sending_policy(name, "--help", folder=tmp_path).stdout
        assert f"--format {{{','.join(formats)}}}" in told
        assert "exit codes:" in told
        assert ("  1    everything was read, and the result is one that --fail-on rejects\n" in told) is (
            "[--fail-on" in told
        )


def test_help_fits_into_eighty_columns(tmp_path: Path) -> None:
    for arguments in ([], *([name] for name in COMMANDS)):
        told = sending_policy(*arguments, "--help", folder=tmp_path).stdout
        assert [line for line in told.splitlines() if len(line) > 80] == []


def test_the_version_is_the_distribution_s(tmp_path: Path) -> None:
    done = sending_policy("--version", folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"sending-policy {ses_sending_policy.__version__}\n")


@pytest.mark.parametrize(("command", "form"), [(name, form) for name in PATHS for form in command_named(name).formats])
def test_it_says_the_same_in_every_locale(tmp_path: Path, command: str, form: str) -> None:
    """Also names that an ASCII terminal has no letters for: an assembly has them in UTF-8."""
    name = "Gr\u00fc\u00dfe.template.json"
    statement = STATEMENT | {"Condition": {"StringEquals": {"ses:FromDisplayName": name}}}
    for folder in PATHS["diff"]:
        out = assembly(tmp_path / folder, resource(statement), Mail=stack(name))
        (out / "Mail.template.json").rename(out / os.fsdecode(name.encode()))
    ascii_, utf8 = (
        sending_policy(command, f"--format={form}", *PATHS[command], folder=tmp_path, base=os.environ | locale)
        for locale in ({"LC_ALL": "C", "PYTHONUTF8": "0"}, {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1"})
    )
    assert ascii_.stdout
    assert (ascii_.returncode, ascii_.stdout, ascii_.stderr) == (utf8.returncode, utf8.stdout, utf8.stderr)


def test_a_crash_does_not_look_like_a_finding(tmp_path: Path) -> None:
    """For instance, if a file of the user has the name of one of Python's modules."""
    assembly(tmp_path / "cdk.out", resource(NARROW))
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "difflib.py").write_text("", encoding="utf-8")
    paths = os.pathsep.join([str(tmp_path / "own"), os.environ.get("PYTHONPATH", "")])
    done = sending_policy("explain", folder=tmp_path, PYTHONPATH=paths)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Traceback ")
    assert "\nImportError: cannot import name 'SequenceMatcher' from 'difflib'" in done.stderr


def on_a_terminal(folder: Path, **environment: str) -> str:
    """Return what the command shows on a terminal of 60 columns."""
    own = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    _, shown = shown_on_a_terminal(
        [PROGRAM, "check"], "stdout", folder=folder, environment=own | {"COLUMNS": "60"} | environment
    )
    return shown.replace("\r\n", "\n")


def test_colours_are_for_a_terminal_only(tmp_path: Path) -> None:
    assembly(tmp_path / "cdk.out", resource(STATEMENT))
    coloured = on_a_terminal(tmp_path)
    assert coloured.startswith("\x1b[1;31merror SES001\x1b[0m Mail/P0\n")
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        plain = on_a_terminal(tmp_path, **environment)
        assert plain.startswith("error SES001 Mail/P0\n")
        assert "\x1b" not in plain
        assert max(map(len, plain.splitlines())) <= 60
    assert "\x1b" in on_a_terminal(tmp_path, NO_COLOR="")
    assert "\x1b" not in sending_policy("check", folder=tmp_path).stdout


@pytest.mark.parametrize("command", PATHS)
def test_it_needs_no_cdk_no_network_and_starts_nothing(tmp_path: Path, command: str) -> None:
    for path in PATHS[command]:
        assembly(tmp_path / path, resource(STATEMENT))
    wall = """
import sys

class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"aws_cdk", "constructs", "jsii", "boto3", "rich"}:
            raise ModuleNotFoundError(name)

def watch(event, _):
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork")):
        raise PermissionError(event)

sys.meta_path.insert(0, Wall())
sys.addaudithook(watch)
from ses_sending_policy.cli import run
sys.exit(run(sys.argv[1:]))
"""
    for form in command_named(command).formats:
        done = subprocess.run(
            [sys.executable, "-c", wall, command, f"--format={form}", *PATHS[command]],
            check=False,
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            timeout=60,
        )
        assert done.stderr == ""
        assert done.returncode == (1 if command == "check" else 0)
