"""A reader who follows the start page exactly sees what it shows."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from docs.pull_requests import changed
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "start.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(python|json|diff|console)\n(.*?)^```|^ {4}(npx cdk synth[^\n]*)$", re.MULTILINE | re.DOTALL)


class Reader:
    """A reader with an empty folder and the packages of the page installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        tools = [str(ROOT / "node_modules" / ".bin"), str(Path(sys.executable).parent)]
        self.environment = os.environ | {
            "PATH": ":".join([*tools, os.environ["PATH"]]),
            "PYTHONPATH": str(ROOT),
            "CDK_DISABLE_CLI_TELEMETRY": "true",
        }

    def run(self, command: str) -> str:
        """Return a command's output and its exit code."""
        done = subprocess.run(
            shlex.split(command),
            check=False,
            capture_output=True,
            encoding="utf-8",
            cwd=self.folder,
            env=self.environment,
            timeout=240,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return f"{done.stdout.strip()}\n(exit code {done.returncode})\n"


@pytest.mark.xdist_group("review")
def test_it_can_be_followed_to_the_letter(tmp_path: Path) -> None:
    reader, app, looked = Reader(tmp_path), tmp_path / "app.py", 0
    for kind, block, command in BLOCK.findall(PAGE):
        if kind == "json":
            (tmp_path / "cdk.json").write_text(block, encoding="utf-8")
        elif kind == "python":
            app.write_text(block, encoding="utf-8")
        elif kind == "diff":
            app.write_text(changed(app.read_text(encoding="utf-8"), block), encoding="utf-8")
        elif kind == "console":
            asked, _, shown = block.partition("\n")
            assert reader.run(asked.removeprefix("$ ")) == shown
            looked += 1
        else:
            assert reader.run(command.removeprefix("npx ")).endswith("(exit code 0)\n")
    assert looked == PAGE.count("```console") > 0
