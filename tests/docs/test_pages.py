"""The documentation is true: what is drawn is as the code is, links lead somewhere, examples run."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from provider.reasons import Reason
from tests.conftest import ROOT

PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")] + sorted(ROOT.glob("docs/**/*.md"))
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


def test_the_lifecycle_is_drawn_from_the_code() -> None:
    page = ROOT / "docs" / "lifecycle.md"
    before = page.read_text(encoding="utf-8")
    draw = "import runpy, sys; print(runpy.run_path('docs/draw.py')['drawn'](sys.stdin.read()), end='')"
    done = subprocess.run(
        [sys.executable, "-c", draw], input=before, capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    assert before == done.stdout, "run: make drawings"


def test_every_reason_has_a_heading() -> None:
    page = (ROOT / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    headings = re.findall(r"^### (\w+)$", page, re.MULTILINE)
    assert set(headings) == {reason.value for reason in Reason}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    links = _LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_readmes_example_runs(tmp_path: Path) -> None:
    [example] = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    script = tmp_path / "app.py"
    script.write_text(example, encoding="utf-8")
    subprocess.run(
        [sys.executable, str(script)],
        check=True,
        cwd=tmp_path,
        timeout=120,
        env={"PATH": os.environ["PATH"], "CDK_OUTDIR": str(tmp_path / "cdk.out"), "HOME": str(tmp_path)}
        | {"JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "18,20,22", "CDK_VALIDATION": "false"},
    )
    assert "Custom::SendingPolicy" in (tmp_path / "cdk.out" / "Mail.template.json").read_text(encoding="utf-8")
