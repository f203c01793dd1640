"""Builds are the same bytes from everywhere, and the sdist has all that its tests need.

`make test` runs a few of its tests against the installed wheel. `make test-dist` runs all that need no checkout.
"""

import os
import subprocess
import sys
import tarfile
from importlib.metadata import distributions
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.packaging.conftest import build
from tests.support.environment import environment_of

pytestmark = pytest.mark.xdist_group("packaging")

FEW = ["tests/rules/test_wire.py", "tests/rules/test_ownership.py", "tests/construct/test_crhelper.py"]
# The function's own tests and those of the local AWS need the function's code, which a wheel has for Lambda alone.
ALL = ["tests/rules", "tests/construct", "tests/review"]

# The code under test is the wheel's: these of the sdist are put out of sight.
CODE = ("ses_sending_policy", "provider", "app.py", "stacks")


@pytest.fixture
def unpacked(sdist: Path, tmp_path: Path) -> Path:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    [folder] = tmp_path.iterdir()
    return folder


def test_another_place_gives_the_same_bytes(
    built: tuple[Path, Path], unpacked: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Another folder, other times and modes, another umask, and no repository around."""
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
    listed = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT, timeout=60).stdout.split(
        "\n"
    )
    there = {name for name in listed if name and (ROOT / name).exists()}
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names == there | {"PKG-INFO"}


def test_its_tests_pass_against_the_wheel(wheel: Path, unpacked: Path, tmp_path: Path) -> None:
    workshop = [each for each in distributions() if each.name != "ses-sending-policy"]
    python = environment_of(wheel, tmp_path / "environment", workshop)
    for name in CODE:
        (unpacked / name).rename(tmp_path / name)
    tests = ALL if os.environ.get("DIST_TESTS") == "all" else FEW
    done = subprocess.run(
        [python, "-m", "pytest", "--quiet", "--no-header", "-p", "no:cacheprovider", *tests],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=1800,
        cwd=unpacked,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )
    if tests is ALL:
        sys.stdout.write(f"\n{done.stdout.splitlines()[-1]}\n")
    assert done.returncode == 0, done.stdout
