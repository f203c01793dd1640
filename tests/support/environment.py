"""A virtual environment with a wheel and what it requires, and nothing of this checkout."""

import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement


def environment_of(wheel: Path, directory: Path, more: Iterable[Distribution] = ()) -> Path:
    """Return the Python of a new virtual environment with the wheel in it.

    :param wheel: the wheel to install.
    :param directory: where the environment is made.
    :param more: distributions to put into it as well. Default: - none.
    """
    venv.create(directory, symlinks=True)
    python = directory / "bin" / "python"
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(directory)}))
    [metadata] = site.glob("*.dist-info")
    _link([*_required(Distribution.at(metadata)), *more], site)
    return python


def _required(wanting: Distribution) -> Iterator[Distribution]:
    """Yield the distributions that `wanting` requires, and what those require, from the environment of the tests."""
    for requirement in map(Requirement, wanting.requires or ()):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            wanted = distribution(requirement.name)
            yield wanted
            yield from _required(wanted)


def _link(distributions: Iterable[Distribution], site: Path) -> None:
    # Linked and not installed again: the CDK alone has 200 MB, and no registry is needed this way.
    files = [(each, file.parts[0]) for each in distributions for file in each.files or ()]
    found = {Path(str(each.locate_file(name))) for each, name in files if name not in ("..", "__pycache__")}
    for path in found:
        (site / path.name).symlink_to(path)
