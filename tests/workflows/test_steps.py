"""Each shell step of our workflows, taken from its YAML and run as GitHub runs it.

Steps that take long are run in a cheap form: `make` only says what it would do.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.workflows.workflows import OURS, Step, resolved, steps

CONTEXT = {"github.token": "token", "github.repository": "owner/name", "github.ref_name": "v1.2.0"}
SHELL = [step for path in OURS for step in steps(path) if step.run]
GIT = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "HOME": os.environ["HOME"]}

# Used instead of make, whose targets take minutes or an hour: prints what the real one would do in this checkout.
MAKE = f"""\
#!/bin/sh
exec '{shutil.which("make")}' --dry-run --directory '{ROOT}' "$@"
"""

# Used instead of GitHub's own command: accepts a release as that does, fails if a file, the token, the repository or
# the tag is missing, and writes down what it got.
GH = f"""\
#!/bin/sh
exec '{sys.executable}' - "$@" <<'END'
import json, os, pathlib, sys
[group, verb, tag, *words] = sys.argv[1:]
assert (group, verb) == ("release", "create"), sys.argv
given = {{"tag": tag, "token": os.environ["GH_TOKEN"], "repository": os.environ["GH_REPO"]}}
words.remove("--verify-tag")
for option in ("--title", "--notes"):
    at = words.index(option)
    given[option] = words[at + 1]
    del words[at : at + 2]
assert all(pathlib.Path(word).is_file() for word in words), words
pathlib.Path("released.json").write_text(json.dumps(given | {{"files": sorted(words)}}))
END
"""


@dataclass(frozen=True)
class Run:
    """The result of a step.

    :param code: its exit code.
    :param said: its output.
    :param folder: where it ran.
    """

    code: int
    said: str
    folder: Path


def played(step: Step, folder: Path) -> Run:
    """Run a step in a folder as GitHub runs a `run` without a `shell`: with `bash -e` and the step's own variables."""
    fakes = folder.parent / "fakes"
    fakes.mkdir()
    for name, text in (("make", MAKE), ("gh", GH)):
        (fakes / name).write_text(text, encoding="utf-8")
        (fakes / name).chmod(0o755)
    script = folder.parent / "step.sh"
    script.write_text(step.run, encoding="utf-8")
    env = {name: resolved(value, CONTEXT) for name, value in step.env.items()}
    done = subprocess.run(
        ["bash", "-e", script],
        cwd=folder,
        env=GIT | env | {"PATH": f"{fakes}:{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    return Run(done.returncode, done.stdout, folder)


def git(folder: Path, *words: str) -> str:
    named = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    command = ["git", *named, *words]
    done = subprocess.run(command, cwd=folder, env=GIT, check=True, capture_output=True, encoding="utf-8", timeout=60)
    return done.stdout.strip()


def origin(folder: Path) -> Path:
    """Make a repository that contains the CI script, with a branch `main`."""
    (folder / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "run", folder / ".ci" / "run")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=a")
    return folder


def checked_out(tmp_path: Path, *depth: str) -> Path:
    """Check it out as actions/checkout does: a commit without a branch, with as much history as is asked for."""
    folder = tmp_path / "work" / "checkout"
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet")
    git(folder, "remote", "add", "origin", f"file://{origin(tmp_path / 'origin')}")
    git(folder, "fetch", "--quiet", *depth, "origin", "+refs/heads/*:refs/remotes/origin/*")
    git(folder, "checkout", "--quiet", "--detach", "origin/main")
    return folder


def ci(step: Step, tmp_path: Path) -> None:
    """Run the step on a single commit, as the workflow checks it out."""
    done = played(step, checked_out(tmp_path, "--depth=1"))
    assert done.code == 0, done.said
    assert "pytest --numprocesses" in done.said


def made(step: Step, tmp_path: Path) -> None:
    done = played(step, checked_out(tmp_path))
    assert done.code == 0, done.said
    assert ".venv/bin/python -m " in done.said


def on_main(step: Step, tmp_path: Path) -> None:
    """Run the step on main, and then on a commit that is not on main, where it must fail."""
    folder = checked_out(tmp_path)
    assert played(step, folder).code == 0
    git(folder, "commit", "--quiet", "--allow-empty", "--message=b")
    shutil.rmtree(folder.parent / "fakes")
    assert played(step, folder).code == 1


def announced(step: Step, tmp_path: Path) -> None:
    folder = tmp_path / "work" / "downloaded"
    files = ["dist/a-1.2.0.tar.gz", "dist/a-1.2.0.whl", "release/ses-sending-policy.cdx.json"]
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).touch()
    done = played(step, folder)
    assert done.code == 0, done.said
    assert json.loads((folder / "released.json").read_text(encoding="utf-8")) == {
        "tag": "v1.2.0",
        "token": "token",
        "repository": "owner/name",
        "--title": "v1.2.0",
        "--notes": "[What changed](https://github.com/owner/name/blob/v1.2.0/CHANGELOG.md)",
        "files": files,
    }


PLAYS: dict[str, Callable[[Step, Path], None]] = {
    "bash .ci/run": ci,
    "make pythons": made,
    "make cdk-versions": made,
    "make dist": made,
    "make test-dist": made,
    "git merge-base --is-ancestor HEAD origin/main": on_main,
    "gh release create": announced,
}
"""How to test a step that begins with these words."""


@pytest.mark.parametrize("step", SHELL, ids=lambda step: f"{step.job}: {step.run.partition(chr(10))[0][:40]}")
def test_it_does_what_it_is_for(step: Step, tmp_path: Path) -> None:
    [play] = [play for beginning, play in PLAYS.items() if step.run.startswith(beginning)]
    play(step, tmp_path)


def test_no_play_is_left_over() -> None:
    assert [each for each in PLAYS if not any(step.run.startswith(each) for step in SHELL)] == []


def test_no_step_hides_a_failure_in_a_pipe() -> None:
    """`bash -e` ends at the first command that fails, but not for a command before a pipe."""
    assert [step.run for step in SHELL if "|" in step.run.replace("||", "")] == []
