"""Builds the site of the documentation, if its builder is installed."""

import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

_BUILDER = ROOT / ".venv-docs" / "bin" / "python"


def built(folder: Path) -> Path:
    """Build the site in a folder, and return that; skip the test if the builder is not installed."""
    if not _BUILDER.exists():
        pytest.skip("what builds the site is not set up: run `make docs`")
    done = subprocess.run(
        [_BUILDER, "docs/website.py", folder], capture_output=True, encoding="utf-8", check=False, cwd=ROOT, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return folder
