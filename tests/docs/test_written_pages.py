"""Pages that a script of docs/ writes match the code."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

WRITTEN = {
    ("lifecycle", "picture"): "images/lifecycle.svg",
    ("decisions", "written"): "decisions/README.md",
    ("construct", "written"): "reference/construct.md",
    ("findings", "written"): "reference/findings.md",
    ("limits", "written"): "reference/limits.md",
    ("log", "written"): "reference/log.md",
    ("wire", "written"): "reference/wire.md",
}
"""The page that each script's function returns the text of."""


@pytest.mark.parametrize(("script", "function"), WRITTEN, ids=lambda name: name)
def test_it_is_as_the_code_is(script: str, function: str) -> None:
    write = f"import runpy; print(runpy.run_path('docs/{script}.py')['{function}'](), end='')"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", write],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    page = ROOT / "docs" / WRITTEN[script, function]
    assert page.read_text(encoding="utf-8") == done.stdout, "run: make drawings"
