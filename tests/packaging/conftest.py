"""The wheel, and an environment that has it and what it asks for, and nothing of the checkout or its workshop."""

import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.conftest import ROOT


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(directory)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True, timeout=120)
    [built] = directory.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the Python of a virtual environment with the wheel in it."""
    directory = tmp_path_factory.mktemp("environment")
    venv.create(directory, symlinks=True)
    python = directory / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(directory)}))
    [metadata] = site.glob("*.dist-info")
    _link(set(_required(Distribution.at(metadata))), site)
    return python


def _required(wanting: Distribution) -> Iterator[Distribution]:
    """Yield what a distribution asks for, and what that asks for in turn, from the environment of the tests."""
    for requirement in map(Requirement, wanting.requires or ()):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            wanted = distribution(requirement.name)
            yield wanted
            yield from _required(wanted)


def _link(distributions: set[Distribution], site: Path) -> None:
    # Linked and not installed once more: the CDK alone has 200 MB, and a test asks no registry for anything.
    files = [(each, file.parts[0]) for each in distributions for file in each.files or ()]
    found = {Path(str(each.locate_file(name))) for each, name in files if name not in ("..", "__pycache__")}
    for path in found:
        (site / path.name).symlink_to(path)
