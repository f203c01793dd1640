"""What `make` tells of itself, and what a commit's hooks call."""

import re
import subprocess

import yaml

from tests.conftest import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE)


def test_make_alone_explains_every_target() -> None:
    told = subprocess.run(["make"], cwd=ROOT, check=True, capture_output=True, text=True, timeout=60).stdout
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
