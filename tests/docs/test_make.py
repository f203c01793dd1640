"""What `make` says of its targets, and what a commit's hooks call."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import jsii
import pytest
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
    """They download nothing."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    assert [repository["repo"] for repository in hooks["repos"]] == ["local"]
    commands = [hook["entry"].split() for repository in hooks["repos"] for hook in repository["hooks"]]
    assert commands == [["make", "format"], ["make", "lint"]]
    assert {target for _, target in commands} <= set(TARGETS)


def test_whoever_reads_about_the_work_comes_by_every_target() -> None:
    pages = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "docs/release.md")]
    named = set(re.findall(r"\bmake ([a-z-]+)", "\n".join(page.read_text(encoding="utf-8") for page in pages)))
    # The first one lists all others, and `make bench` stands for those that measure one part.
    assert [target for target in TARGETS if target not in named and not target.startswith("bench-")] == ["help"]


# Stands for a Node.js of another version: it runs the real one, and makes it report that version.
NODE = """\
#!/bin/sh
exec '{node}' --require '{beside}/version.js' "$@"
"""
VERSION = "Object.defineProperty(process.versions, 'node', {{ value: '{version}' }});\n"

# Used instead of npm, and installs nothing.
NPM = "#!/bin/sh\nmkdir -p node_modules\n"


def set_up(folder: Path, version: str) -> tuple[int, str]:
    """Set up the CDK CLI with a version of Node.js; return the exit code and the output."""
    node = shutil.which("node")
    programs = folder / "bin"
    programs.mkdir()
    (programs / "version.js").write_text(VERSION.format(version=version), encoding="utf-8")
    for name, text in (("node", NODE.format(node=node, beside=programs)), ("npm", NPM)):
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    for name in ("Makefile", "package.json", "package-lock.json"):
        shutil.copy(ROOT / name, folder / name)
    done = subprocess.run(
        ["make", "node_modules/.ready"],
        cwd=folder,
        env={"PATH": f"{programs}:{os.environ['PATH']}"},
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    return done.returncode, done.stderr


SETTING_UP = "setting up the CDK CLI\n"


@pytest.mark.parametrize(
    ("version", "told"),
    [
        (
            "20.20.2",
            "make: Node.js 20.20.2 is past its end of life: it works still, but install 22 or 24\n" + SETTING_UP,
        ),
        ("22.23.3", SETTING_UP),
        ("24.21.0", SETTING_UP),
    ],
)
def test_set_up_says_where_node_is_old(tmp_path: Path, version: str, told: str) -> None:
    assert set_up(tmp_path, version) == (0, told)


def test_a_node_that_the_cdk_cannot_run_on_is_refused(tmp_path: Path) -> None:
    code, said = set_up(tmp_path, "18.20.8")
    assert code != 0
    assert said.startswith("make: node is missing or older than 20: install Node.js 22 or 24, the CDK runs on it\n")


def test_what_is_offered_is_what_the_cdk_supports() -> None:
    """By the table of the pinned jsii, which has an end date for each release."""
    program = Path(jsii.__file__).parent / "_embedded" / "jsii" / "bin__jsii-runtime.js"
    table = re.findall(
        r'NodeRelease\((\d+),{endOfLife:new Date\("(\d+)-[\d-]+"\)}\)', program.read_text(encoding="utf-8")
    )
    assert [major for major, year in table if int(year) > 2026] == ["22", "24"]
    offered = re.findall(r"Node\.js (\d+) or (\d+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert offered == [("22", "24")]
    for page in ("docs/start.md", "docs/howto/probe-ses.md", "Makefile"):
        assert "Node.js 22 or 24" in (ROOT / page).read_text(encoding="utf-8")
