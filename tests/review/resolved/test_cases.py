"""What the command must say of ordinary templates whose meaning CloudFormation decides, case by case."""

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from tests.review.conftest import PROGRAM, sending_policy
from tests.review.resolved.cases import (
    branches,
    functions,
    hostile,
    leaving,
    nesting,
    parameters,
    references,
    sections,
    theirs,
    unseen,
)
from tests.review.resolved.judging import said
from tests.review.resolved.required import Case, Told
from tests.review.resolved.words import written
from tests.review.templates import assembly

PARTS: Final = (parameters, functions, branches, sections, references, nesting, leaving, theirs, unseen, hostile)
CASES: Final = [case for part in PARTS for case in part.CASES]


def told(case: Case, folder: Path) -> list[Told]:
    """Return what the command says: of both inputs at once for `diff`, else of each."""
    paths = [written(folder, name, given) for name, given in zip(("one", "other"), case.inputs, strict=False)]
    asked = [paths] if case.command == "diff" else [[path] for path in paths]
    return [Told(*answer(case, each)) for each in asked]


def answer(case: Case, paths: list[Path]) -> tuple[int, str, str]:
    """Return the exit code, output and complaints of one command line."""
    arguments = ["--format=json", *case.options, *map(str, paths)]
    if not any(map(callable, case.inputs)):
        return said(case.command, *arguments)
    # A command that may never end runs in a process of its own.
    done = sending_policy(case.command, *arguments, folder=paths[0].parent)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_a_template_says_is_what_is_deployed(tmp_path: Path, case: Case) -> None:
    found = told(case, tmp_path)
    faults = [fault for must in case.must if (fault := must(found))]
    complaints = "".join(each.complaints for each in found)
    assert not faults, f"{case.name}, for {case.why}: {faults}\n{complaints}"


def test_each_case_has_a_name_of_its_own() -> None:
    assert [name for name, times in Counter(case.name for case in CASES).items() if times > 1] == []


@pytest.mark.parametrize(
    "line", ['"$1" "$2" explain cdk.out >&-', '"$1" "$2" explain cdk.out >&- 2>&-', '"$1" "$2" explain cdk.out 2>&-']
)
def test_a_closed_output_gives_no_traceback(tmp_path: Path, line: str) -> None:
    assembly(tmp_path / "cdk.out")
    done = shell(line, tmp_path)
    assert "Traceback" not in done.stderr
    assert "Error" not in done.stderr


@pytest.mark.parametrize("command", ["explain", "check"])
@pytest.mark.parametrize("path", ["", '"$3"'], ids=["nothing is named", "an assembly is named"])
def test_a_working_directory_that_is_gone_gives_no_traceback(tmp_path: Path, command: str, path: str) -> None:
    assembly(tmp_path / "cdk.out")
    (tmp_path / "here").mkdir()
    done = shell(f'cd here && rmdir "$PWD" && "$1" "$2" {command} {path}', tmp_path)
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 1, 2)
    assert done.stdout or len(done.stderr.splitlines()) == 1


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line in a shell in a folder; its arguments are Python, the program, and an assembly."""
    return subprocess.run(
        ["sh", "-c", line, "sh", sys.executable, PROGRAM, str(folder / "cdk.out")],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        timeout=60,
    )
