"""The examples of the review are what the commands say."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "howto" / "review-a-pull-request.md"


@pytest.mark.xdist_group("review")
def test_it_shows_what_the_commands_say() -> None:
    page = PAGE.read_text(encoding="utf-8")
    fill = "import runpy, sys; print(runpy.run_path('docs/pull_requests.py')['filled'](sys.stdin.read()), end='')"
    done = subprocess.run(
        [sys.executable, "-c", fill], input=page, capture_output=True, text=True, check=True, cwd=ROOT, timeout=300
    )
    assert page == done.stdout, "run: make drawings"
