"""`make dist` builds only a release that is filled in, described, committed and tagged, else says what is missing."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from release.metadata import PLACEHOLDERS
from release.ready import obstacles
from tests.conftest import ROOT
from tests.packaging.test_package_page import SAID, filled

# Without the git settings of whoever runs the tests, which may sign commits or have hooks.
GIT = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull}


def git(folder: Path, *words: str) -> None:
    named = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *named, *words], cwd=folder, env=GIT, check=True, capture_output=True, timeout=60)


def rewritten(path: Path, pattern: str, text: str) -> None:
    before = path.read_text(encoding="utf-8")
    after, times = re.subn(pattern, text, before, count=1, flags=re.MULTILINE)
    assert times == 1
    path.write_text(after, encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Give a checkout that is ready: placeholders filled in, changes described, committed and tagged."""
    for name in (PLACEHOLDERS, "pyproject.toml", "CHANGELOG.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    filled(tmp_path, SAID)
    rewritten(tmp_path / "pyproject.toml", '^version = ".*"', 'version = "1.2.0"')
    rewritten(tmp_path / "CHANGELOG.md", "^## .*", "## 1.2.0, 2031-01-05")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    committed(tmp_path)
    return tmp_path


def committed(project: Path) -> None:
    git(project, "commit", "--quiet", "--all", "--message=a")
    git(project, "tag", "--annotate", "v1.2.0", "--message=a", "--force")


def test_nothing_stands_in_the_way_of_what_is_ready(project: Path) -> None:
    assert list(obstacles(project)) == []


def unsaid(project: Path) -> None:
    rewritten(project / PLACEHOLDERS, "^repository = .*", 'repository = ""')
    committed(project)


def unreadable(project: Path) -> None:
    rewritten(project / PLACEHOLDERS, "^repository = .*", "repository = 1")
    committed(project)


def changed(project: Path) -> None:
    (project / "new.txt").write_text("", encoding="utf-8")


def undated(project: Path) -> None:
    rewritten(project / "CHANGELOG.md", "^## .*", "## 1.2.0, not released yet")
    committed(project)


def of_another_version(project: Path) -> None:
    rewritten(project / "CHANGELOG.md", "^## .*", "## 1.1.0, 2031-01-05")
    committed(project)


def untagged(project: Path) -> None:
    git(project, "tag", "--delete", "v1.2.0")


def otherwise_tagged(project: Path) -> None:
    untagged(project)
    git(project, "tag", "v1.3.0")


def tagged_before(project: Path) -> None:
    git(project, "commit", "--quiet", "--allow-empty", "--message=a")


@pytest.mark.parametrize(
    ("done", "told"),
    [
        (unsaid, f"{PLACEHOLDERS} does not say repository: fill in what only you know"),
        (unreadable, f"{PLACEHOLDERS} has 1 as repository: write it in quotes"),
        (changed, "there are changes that are not committed, which would be in the sdist: commit them"),
        (undated, "CHANGELOG.md begins with '1.2.0, not released yet': write '1.2.0, ' and the date, as 2031-01-05"),
        (
            of_another_version,
            "CHANGELOG.md begins with '1.1.0, 2031-01-05': write '1.2.0, ' and the date, as 2031-01-05",
        ),
        (untagged, "what is checked out has no tag, and is to be 1.2.0: git tag --annotate v1.2.0"),
        (otherwise_tagged, "what is checked out has v1.3.0, and is to be 1.2.0: git tag --annotate v1.2.0"),
        (tagged_before, "what is checked out has no tag, and is to be 1.2.0: git tag --annotate v1.2.0"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_stands_in_the_way_is_said(project: Path, done: Callable[[Path], None], told: str) -> None:
    done(project)
    assert list(obstacles(project)) == [told]


def test_an_unpacked_sdist_is_nothing_to_release(project: Path) -> None:
    shutil.rmtree(project / ".git")
    assert list(obstacles(project)) == ["this is no clone of the repository, which tells what is tagged: clone it"]


def test_make_builds_nothing_before(tmp_path: Path) -> None:
    """In a copy of what `make dist` reads, set up, but with the placeholders empty."""
    shutil.copytree(ROOT / "release", tmp_path / "release", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", "pyproject.toml", "CHANGELOG.md", "requirements.txt", "package.json", "package-lock.json"):
        shutil.copy(ROOT / name, tmp_path / name)
    filled(tmp_path, dict.fromkeys(SAID, ""))
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\nexec '{sys.executable}' \"$@\"\n", encoding="utf-8")
    python.chmod(0o755)
    (tmp_path / "node_modules").mkdir()
    for folder in (".venv", "node_modules"):
        (tmp_path / folder / ".ready").touch()
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message=a")
    done = subprocess.run(
        ["make", "dist"], cwd=tmp_path, check=False, capture_output=True, encoding="utf-8", timeout=60
    )
    assert done.returncode != 0
    unset = f"make: {PLACEHOLDERS} does not say {', '.join(SAID)}: fill in what only you know\n"
    assert done.stderr.startswith(unset)
    assert not (tmp_path / "dist").exists()
