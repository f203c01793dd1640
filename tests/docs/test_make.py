"""What `make` tells of itself, and what a commit's hooks call."""

import re
import subprocess

import yaml

from tests.conftest import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE)


def test_make_alone_explains_every_target() -> None:
    told = subprocess.run(["make"], cwd=ROOT, check=True, capture_output=True, encoding="utf-8", timeout=60).stdout
    explained = re.findall(r"^  make ([a-z-]+) +[a-z]\S* .*[^.]$", told, re.MULTILINE)
    assert explained == TARGETS
    assert len(TARGETS) > 10


def test_a_commit_s_hooks_are_what_a_person_types() -> None:
    """Nothing is downloaded for them."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repository["repo"] for repository in hooks["repos"]] == ["local"]
    commands = [hook["entry"].split() for repository in hooks["repos"] for hook in repository["hooks"]]
    assert commands == [["make", "format"], ["make", "lint"]]
    assert {target for _, target in commands} <= set(TARGETS)


def test_whoever_reads_about_the_work_comes_by_every_target() -> None:
    pages = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "docs/release.md")]
    named = set(re.findall(r"\bmake ([a-z-]+)", "\n".join(page.read_text(encoding="utf-8") for page in pages)))
    # The first tells all of them, and `make bench` speaks for those that measure a part.
    assert [target for target in TARGETS if target not in named and not target.startswith("bench-")] == ["help"]
