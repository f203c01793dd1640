"""Where the output goes, and what happens if it cannot be written: closed pipes and full disks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.review.conftest import PROGRAM
from tests.review.templates import assembly, resource

# Without a buffer Python notices a closed pipe when it writes, with one when it exits.
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
UNBUFFERED = BUFFERED | {"PYTHONUNBUFFERED": "1"}

buffered_or_not = pytest.mark.parametrize("environment", [BUFFERED, UNBUFFERED], ids=["buffered", "unbuffered"])


def written_to(folder: Path, target: str, *arguments: str, environment: dict[str, str]) -> tuple[int, str]:
    """Run the command with a redirection of its shell; return its exit code, and what it writes elsewhere."""
    done = subprocess.run(
        ["sh", "-c", f'"$@" {target}', "sh", PROGRAM, *arguments],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        cwd=folder,
        env=environment,
        timeout=60,
    )
    return done.returncode, done.stdout


@buffered_or_not
@pytest.mark.parametrize(
    ("line", "count", "code"),
    [("check", 1, 1), ("check", 500, 1), ("--help", 1, 0), ("check --help", 1, 0), ("--version", 1, 0)],
)
def test_who_stops_reading_hears_no_complaint(
    tmp_path: Path, line: str, count: int, code: int, environment: dict[str, str]
) -> None:
    """As in `sending-policy check | head -1`, whether or not the rest is still in a buffer."""
    assembly(tmp_path / "cdk.out", *(resource(PolicyName=f"P{number}") for number in range(count)))
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [PROGRAM, *line.split()],
        check=False,
        stdout=writing,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        env=environment,
        timeout=60,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (code, b"")


@buffered_or_not
@pytest.mark.parametrize("line", ["check --fail-on=never", "explain --format=html", "--help", "--version"])
def test_what_does_not_fit_on_the_disk_does_not_look_like_a_finding(
    tmp_path: Path, line: str, environment: dict[str, str]
) -> None:
    assembly(tmp_path / "cdk.out")
    assert written_to(tmp_path, ">/dev/full", *line.split(), environment=environment) == (
        2,
        "sending-policy: the output cannot be written: No space left on device\n",
    )


@buffered_or_not
def test_a_complaint_that_nobody_can_read_does_not_look_like_a_finding(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    assert written_to(tmp_path, "2>/dev/full", "explain", environment=environment) == (2, "")


# Every command, and a word that is none; `drift` and `adopt` without asking an account.
LINES = {
    "explain": 0,
    "explain --format=html": 0,
    "check --fail-on=never": 0,
    "check": 1,
    "diff cdk.out cdk.out --format=json": 0,
    "drift --print-iam-policy": 0,
    "adopt example.com --print-iam-policy": 0,
    "--help": 0,
    "check --help": 0,
    "--version": 0,
    "explain gone.json": 2,
    "explain --wrong": 2,
    "": 2,
}
lines = pytest.mark.parametrize("line", LINES)


@lines
def test_a_closed_output_is_one_that_cannot_be_written(tmp_path: Path, line: str) -> None:
    assembly(tmp_path / "cdk.out")
    code, told = written_to(tmp_path, ">&-", *line.split(), environment=BUFFERED)
    assert code == 2
    if LINES[line] != 2:
        assert told == "sending-policy: the output cannot be written: Bad file descriptor\n"
    assert "Traceback" not in told


@lines
@pytest.mark.parametrize("target", ["2>&-", "2>/dev/full"])
def test_who_closes_the_complaints_has_the_answer(tmp_path: Path, line: str, target: str) -> None:
    """And no complaint takes its place."""
    assembly(tmp_path / "cdk.out")
    whole = written_to(tmp_path, "2>/dev/null", *line.split(), environment=BUFFERED)
    assert written_to(tmp_path, target, *line.split(), environment=BUFFERED) == whole
    assert whole[0] == LINES[line]
    assert bool(whole[1]) == (LINES[line] != 2)


@lines
@pytest.mark.parametrize("target", ["<&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_all_may_be_closed(tmp_path: Path, line: str, target: str) -> None:
    assembly(tmp_path / "cdk.out")
    code, told = written_to(tmp_path, target, *line.split(), environment=BUFFERED)
    assert code == (LINES[line] if target == "<&-" else 2)
    assert "Traceback" not in told


def in_a_deleted_folder(folder: Path, *arguments: str) -> tuple[int, str, str]:
    (folder / "gone").mkdir()
    done = subprocess.run(
        # If the path has a space, pip's script begins with a shell, which writes a complaint of its own.
        ["sh", "-c", 'cd gone && rmdir ../gone && exec "$@"', "sh", sys.executable, PROGRAM, *arguments],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env=BUFFERED,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


GONE = "sending-policy: the working directory does not exist any more: change to one that does\n"
MISSING = (
    "sending-policy: 'cdk.out' does not exist: write an assembly with `npx cdk synth`, or name a template's file\n"
)


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("--help", 0, ""),
        ("--version", 0, ""),
        ("check --help", 0, ""),
        ("drift --print-iam-policy", 0, ""),
        ("adopt example.com --print-iam-policy", 0, ""),
        ("explain", 2, MISSING),
        ("check", 2, MISSING),
        ("diff cdk.out cdk.out", 2, MISSING),
        ("drift", 2, MISSING),
        ("explain .", 2, GONE),
        ("check .", 2, GONE),
        ("diff . .", 2, GONE),
        ("drift .", 2, GONE),
        # Absolute paths still work, except for the places of findings, which are relative to this folder.
        ("explain {there}", 0, ""),
        ("explain {there}/Mail.template.json", 0, ""),
        ("diff {there} {there}", 0, ""),
        ("explain {there} --format=html", 2, GONE),
        ("check {there}", 2, GONE),
    ],
)
def test_a_working_directory_may_be_gone(tmp_path: Path, line: str, code: int, told: str) -> None:
    there = assembly(tmp_path / "cdk.out")
    done = in_a_deleted_folder(tmp_path, *line.format(there=there).split())
    assert (done[0], bool(done[1]), done[2]) == (code, code == 0, told)
