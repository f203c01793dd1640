"""The documentation is true: what is drawn is as the code is, links lead somewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from provider.reasons import Reason
from tests.conftest import ROOT

PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")] + sorted(
    ROOT.glob("docs/**/*.md")
)
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
