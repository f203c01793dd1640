"""Fixtures: a bootstrapped local AWS for the whole run, and the real CDK CLI on it."""

import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from emulator import Emulator
from tests.conftest import ROOT
from tests.support.shell import python_app

_CDK = ROOT / "node_modules" / ".bin" / "cdk"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Cdk:
    """The CDK CLI, in a shell with the environment of a local AWS.

    :param aws: the local AWS.
    :param folder: where assemblies are written.
    :param app: the app, which reads the context `stacks`.
    :param home: the working directory, where the CLI keeps what it looked up.
    :param account: the account whose credentials it has.
    """

    aws: Emulator
    folder: Path
    app: str = "tests/deployed/app.py"
    home: Path = ROOT
    account: str = "111111111111"

    def run(self, *arguments: str, fails: bool = False, assembly: Path | None = None, **stacks: Any) -> str:
        """Run a command on an app with these `stacks`, or on an existing `assembly`; return all of its output."""
        app = [
            f"--app={python_app(ROOT / self.app)}",
            f"--output={self.folder}",
            f"--context=stacks={json.dumps(stacks)}",
        ]
        done = subprocess.run(
            [str(_CDK), *arguments, *([f"--app={assembly}"] if assembly else app), "--no-notices"],
            cwd=self.home,
            env=self.aws.shell()
            | {"CDK_VALIDATION": "false", "PYTHONPATH": str(ROOT), "AWS_ACCESS_KEY_ID": self.account},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        said = _COLOUR.sub("", done.stdout)
        assert (done.returncode != 0) == fails, f"{said}\n{self.aws.log[-4000:]}"
        return said

    def deploy(self, *, fails: bool = False, **stacks: Any) -> str:
        """Deploy these `stacks`."""
        return self.run("deploy", "--all", "--require-approval=never", fails=fails, **stacks)

    def destroy(self, **stacks: Any) -> str:
        """Destroy these `stacks`."""
        return self.run("destroy", "--all", "--force", **stacks)


@pytest.fixture(scope="session")
def local_aws() -> Iterator[Emulator]:
    with Emulator() as aws:
        yield aws


@pytest.fixture(scope="session")
def cdk(local_aws: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Cdk:
    cli = Cdk(local_aws, tmp_path_factory.mktemp("cdk.out"))
    cli.run("bootstrap", "aws://111111111111/eu-west-1", Empty={})
    return cli
