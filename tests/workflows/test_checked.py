"""Two programs that know GitHub's workflows find nothing in ours, but find the hole in one that has a hole."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.workflows.workflows import ALL, OURS, steps

_ZIZMOR = ["zizmor", "--offline", "--no-ignores", "--no-config", "--quiet", "--color=never"]
_ACTIONLINT = ["actionlint", "-no-color", "-oneline", "-shellcheck=", "-pyflakes="]

HOLE = """\
on: pull_request_target
jobs:
  one:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v7
      - run: echo "${{ github.event.pull_request.title }}"
"""


def found(command: list[str], *paths: Path) -> tuple[int, str]:
    """Return the exit code of a program in this environment, and its output."""
    program, *options = command
    done = subprocess.run(
        [Path(sys.executable).with_name(program), *options, *paths],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=60,
        cwd=ROOT,
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize("path", [*ALL, ROOT / ".github" / "dependabot.yml"], ids=lambda path: path.name)
def test_zizmor_finds_nothing(path: Path) -> None:
    code, said = found(_ZIZMOR, path)
    assert code == 0, said


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_actionlint_finds_nothing(path: Path) -> None:
    assert found(_ACTIONLINT, path) == (0, "")


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_each_action_takes_what_it_is_given(path: Path, tmp_path: Path) -> None:
    """Actionlint knows an action's inputs by its tag, and knows nothing of commits."""
    by_tag = re.sub(r"@[0-9a-f]{40} +# (v\d+).*", r"@\1", path.read_text(encoding="utf-8"))
    copy = tmp_path / path.name
    copy.write_text(by_tag, encoding="utf-8")
    assert found(_ACTIONLINT, copy) == (0, "")


def test_both_find_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "hole.yml"
    path.write_text(HOLE, encoding="utf-8")
    code, said = found(_ZIZMOR, path)
    assert code != 0
    assert {"dangerous-triggers", "template-injection", "unpinned-uses"} <= {*re.findall(r"\[([a-z-]+)\]", said)}
    code, said = found(_ACTIONLINT, path)
    assert code != 0
    assert '"github.event.pull_request.title" is potentially untrusted' in said


def actions(path: Path) -> list[str]:
    """Return the actions that a workflow uses from elsewhere, each with the comment after it."""
    lines = re.findall(r"^ *(?:- )?uses: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(lines) >= len([step for step in steps(path) if step.uses])
    return [line for line in lines if not line.startswith(("./", "$/"))]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_each_action_is_one_commit_and_tells_its_tag(path: Path) -> None:
    """A tag can name something else at the next run."""
    assert [line for line in actions(path) if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} +# v\d+(\.\d+)+", line)] == []


def test_an_action_is_the_same_everywhere() -> None:
    """Dependabot updates only those in .github: whoever merges that must update the how-to's as well."""
    pins = {tuple(line.split("@")) for path in ALL for line in actions(path)}
    assert len({name for name, _ in pins}) == len(pins), sorted(pins)


def test_ours_are_there() -> None:
    assert {path.name for path in OURS} == {"release.yml", "test.yml"}
    assert len(ALL) > len(OURS)
