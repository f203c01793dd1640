"""The site of the documentation, built where a machine has what builds it."""

import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

_BUILDER = ROOT / ".venv-docs" / "bin" / "python"


def built(folder: Path) -> Path:
    """Return the site as it is now, in a folder; without its builder, say how to get it."""
    if not _BUILDER.exists():
        pytest.skip("what builds the site is not set up: run `make docs`")
    done = subprocess.run(
        [_BUILDER, "docs/website.py", folder], capture_output=True, encoding="utf-8", check=False, cwd=ROOT, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return folder
