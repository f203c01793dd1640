"""A project with an assembly, and the command as a user runs it from a shell."""

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from ses_sending_policy.cli import run
from tests.conftest import ROOT
from tests.support.forked_command import forked_command

PATHS = {"explain": ["cdk.out"], "check": ["cdk.out"], "diff": ["before.out", "cdk.out"]}
"""What each command that asks no account looks at."""

PROGRAM = str(Path(sys.executable).with_name("sending-policy"))
"""The installed command."""

Command = subprocess.CompletedProcess[str]

IN_PROCESS = "REVIEW_IN_PROCESS"
"""If this is set, the command runs in the tests' own process, because `make mutants` has changed the code there."""


def sending_policy(*arguments: str, folder: Path, base: Mapping[str, str] = os.environ, **environment: str) -> Command:
    """Run the command in a folder: as a shell does, if it gets variables that Python may read when it starts.

    :param base: the environment that `environment` adds to. Default: - the tests' own.
    """
    # argparse makes its help as wide as the terminal that the tests run in.
    around = {**base, "COLUMNS": "80", **environment}
    if IN_PROCESS in os.environ:
        return _in_process(arguments, folder, around)
    if base is os.environ and not environment:
        return forked_command(PROGRAM, arguments, folder, around, timeout=60)
    return subprocess.run(
        [PROGRAM, *arguments],
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        cwd=folder,
        env=around,
    )


def _in_process(arguments: Sequence[str], folder: Path, around: Mapping[str, str]) -> Command:
    before = dict(os.environ)
    written = [io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2)]
    with chdir(folder), redirect_stdout(written[0]), redirect_stderr(written[1]):
        os.environ.clear()
        os.environ.update(around)
        try:
            code = run(arguments)
        except SystemExit as end:  # argparse ends a process so
            code = int(end.code or 0)
        finally:
            os.environ.clear()
            os.environ.update(before)
    output, errors = (each.buffer.getvalue().decode() for each in written)
    return Command([PROGRAM, *arguments], code, output, errors)


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of an app that was synthesized, with the line numbers that the CDK keeps."""
    folder = tmp_path_factory.mktemp("mail")
    # Findings name files relative to this folder.
    (folder / ".git").mkdir()
    shutil.copy(ROOT / "tests/review/mail.py", folder / "app.py")
    done = subprocess.run(
        [sys.executable, "app.py"],
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "CDK_OUTDIR": "cdk.out", "JSII_HOST_STACK_TRACES": "1"},
    )
    # The policy that nobody acknowledges fails the synth, which still writes the assembly.
    assert "ValidationFailed" in done.stderr, done.stderr
    _make_older(folder / "cdk.out", folder / "before.out")
    return folder


# What stands in the older assembly instead of what is there now.
_BEFORE = {"*@offers.example.com": "weekly@offers.example.com", "user/Jane": "user/Joan", "*admin*": "*"}


def _make_older(assembly: Path, older: Path) -> None:
    shutil.copytree(assembly, older)
    for path in older.rglob("*.template.json"):
        text = path.read_text(encoding="utf-8")
        for now, then in _BEFORE.items():
            text = text.replace(f'{now}"', f'{then}"')
        path.write_text(text, encoding="utf-8")
