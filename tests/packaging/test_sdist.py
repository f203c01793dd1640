"""Builds give the same bytes everywhere, and the sdist has everything that its tests need.

`make test` runs a few of its tests against the installed wheel. `make test-dist` runs all that need no checkout.
"""

import os
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.packaging.conftest import build
from tests.support.environment import environment_of

pytestmark = pytest.mark.xdist_group("packaging")

LONG = os.environ.get("DIST_TESTS") == "all"

FEW = ["tests/rules/test_wire.py", "tests/rules/test_ownership.py", "tests/construct/test_crhelper.py"]
# The tests of the function and the local AWS need the function's source, which the wheel has only inside its asset.
ALL = ["tests/rules", "tests/analysis", "tests/construct", "tests/review", "tests/probe"]

# These need a checkout, or what `make` sets up in one.
CHECKOUT = (
    "tests/construct/test_asset.py::test_another_checkout_gives_the_same_bytes",
    "tests/review/test_assembly.py::test_our_own_lines_are_nobody_s_declaration",
    "tests/probe/test_make.py",
)

# The wheel's code is under test, so these folders of the sdist are moved away.
CODE = ("ses_sending_policy", "provider")


def test_another_place_gives_the_same_bytes(
    built: tuple[Path, Path], unpacked: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """In another folder, with other times, modes and umask, and without a repository around it."""
    for path in unpacked.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)
        os.utime(path, (10**9, 10**9))
    (unpacked / "PKG-INFO").unlink()
    before = os.umask(0o077)
    try:
        again = build(unpacked, tmp_path_factory.mktemp("again"))
    finally:
        os.umask(before)
    assert [path.name for path in again] == [path.name for path in built]
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in built]


def test_it_has_what_the_repository_has(sdist: Path) -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(
        command, check=True, capture_output=True, encoding="utf-8", cwd=ROOT, timeout=60
    ).stdout.split("\n")
    there = {name for name in listed if name and (ROOT / name).exists()}
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names == there | {"PKG-INFO"}


def test_what_is_somebody_else_s_has_its_notice_and_is_not_in_the_wheel(sdist: Path, wheel: Path) -> None:
    with tarfile.open(sdist) as archive:
        files = {name: archive.extractfile(name) for name in archive.getnames()}
        texts = {name.partition("/")[2]: file.read().decode(errors="replace") for name, file in files.items() if file}
    # Split, because otherwise this file would be found too.
    found = [name for name, text in texts.items() if "Copyright " + "(c)" in text]
    assert found == ["docs/theme/iframe-worker.js"]
    assert [name for name in found if "Permission is hereby granted" not in texts[name]] == []
    assert [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".js")] == []


def run(*command: str | Path, folder: Path) -> str:
    """Return the last line of a command's output; fail if the command fails."""
    done = subprocess.run(
        command,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=1800,
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )
    assert done.returncode == 0, done.stdout
    return done.stdout.splitlines()[-1]


def types_promised(python: Path, unpacked: Path, folder: Path) -> str:
    """Return mypy's result for the calls whose types this package promises, checked against the installed wheel."""
    api = (unpacked / "tests" / "typing" / "api.py").rename(folder / "api.py")
    options = ("--strict", "--no-incremental", f"--python-executable={python}", "--config-file=")
    return run(sys.executable, "-m", "mypy", *options, api, folder=folder)


def test_its_tests_pass_against_the_wheel(wheel: Path, unpacked: Path, tmp_path: Path) -> None:
    workshop = [each for each in distributions() if each.name != "ses-sending-policy"]
    python = environment_of(wheel, tmp_path / "environment", workshop)
    # Programs that the tests start, besides Python.
    python.with_name("cfn-lint").symlink_to(Path(sys.executable).with_name("cfn-lint"))
    (unpacked / "node_modules").symlink_to(ROOT / "node_modules")
    for name in CODE:
        (unpacked / name).rename(tmp_path / name)
    tests = ALL if LONG else FEW
    deselected = [f"--deselect={test}" for test in CHECKOUT]
    told = run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", *deselected, *tests, folder=unpacked)
    if LONG:
        sys.stdout.write(f"\n{told}\n{types_promised(python, unpacked, tmp_path)}\n")
