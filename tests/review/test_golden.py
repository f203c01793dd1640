"""What each command writes in each format about AWS's examples, a stage, a nested stack and policies made by hand."""

from pathlib import Path

import pytest

import ses_sending_policy
from ses_sending_policy.cli import command_named
from tests.review.conftest import PATHS, sending_policy

GOLDEN = Path(__file__).with_name("golden")
ALL = [(name, form) for name in PATHS for form in command_named(name).formats]


@pytest.mark.parametrize(("command", "form"), ALL, ids=" ".join)
def test_it_writes(project: Path, tmp_path: Path, command: str, form: str) -> None:
    done = sending_policy(command, "--format", form, *PATHS[command], folder=project)
    assert done.stderr == ""
    assert done.returncode == (0 if command == "explain" else 1)
    golden = GOLDEN / f"{command}.{form}"
    # The release's number may change.
    written = tmp_path / golden.name
    written.write_text(done.stdout.replace(ses_sending_policy.__version__, "RELEASE"), encoding="utf-8")
    assert written.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8"), (
        f"where that is meant: cp {written} {golden}"
    )


def test_there_is_no_golden_file_of_nothing() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{command}.{form}" for command, form in ALL}


@pytest.mark.parametrize("command", PATHS)
def test_text_fits_into_eighty_columns(command: str) -> None:
    lines = (GOLDEN / f"{command}.text").read_text(encoding="utf-8").splitlines()
    # Names and ARNs are never broken.
    assert [line for line in lines if len(line) > 80 and len(line.split()) > 1] == []


@pytest.mark.parametrize("command", PATHS)
def test_markdown_begins_with_what_a_bot_finds_it_by(command: str) -> None:
    first = (GOLDEN / f"{command}.markdown").read_text(encoding="utf-8").splitlines()[0]
    assert first == f"<!-- sending-policy {command} -->"
