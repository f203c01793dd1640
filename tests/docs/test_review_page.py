"""The examples of a change are what the commands say."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

PAGES = ("howto/review-a-pull-request.md", "start.md")


@pytest.mark.xdist_group("review")
@pytest.mark.parametrize("name", PAGES)
def test_it_shows_what_the_commands_say(name: str) -> None:
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    fill = "import runpy, sys; print(runpy.run_path('docs/pull_requests.py')['filled'](sys.stdin.read()), end='')"
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", fill],
        input=page,
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=ROOT,
        timeout=300,
    )
    assert page == done.stdout, "run: make drawings"
