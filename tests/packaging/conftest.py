"""The distributions, and an environment with the wheel installed."""

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.environment import environment_of


def build(source: Path, directory: Path) -> tuple[Path, Path]:
    """Return the wheel and the sdist built from a source tree."""
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(directory)]
    subprocess.run(command, check=True, cwd=source, capture_output=True, timeout=120)
    [wheel], [sdist] = directory.glob("*.whl"), directory.glob("*.tar.gz")
    return wheel, sdist


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Give the wheel and the sdist of the checkout."""
    return build(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def wheel(built: tuple[Path, Path]) -> Path:
    """Give the wheel."""
    return built[0]


@pytest.fixture(scope="session")
def sdist(built: tuple[Path, Path]) -> Path:
    """Give the sdist."""
    return built[1]


@pytest.fixture(scope="session")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the Python of a virtual environment with the wheel in it."""
    return environment_of(wheel, tmp_path_factory.mktemp("environment"))


@pytest.fixture
def unpacked(sdist: Path, tmp_path: Path) -> Path:
    """Give the folder in the sdist."""
    with tarfile.open(sdist) as archive:
        # An argument from 3.11.4 on; Debian 12 has 3.11.2.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(tmp_path)  # noqa: S202 - we packed it
    [folder] = tmp_path.iterdir()
    return folder
