"""Where the output goes, and who does not read it: closed pipes and full disks."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.review.conftest import PROGRAM
from tests.review.templates import assembly, resource

# Without a buffer Python meets a closed pipe in a write, and with one not before its end.
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
    """As `sending-policy check | head -1` does, whether a buffer holds the rest or not."""
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
