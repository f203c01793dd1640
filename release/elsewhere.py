"""Runs the tests on other Pythons and with other releases of the CDK, each in a virtual environment of its own.

`make pythons` and `make cdk-versions` call it. It installs the packages of requirements.txt from PyPI, and prints the
last line of each test run.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from packaging.requirements import Requirement
from packaging.version import Version

from emulator import terminal

_ROOT: Final = Path(__file__).parent.parent
_CLASSIFIER: Final = "Programming Language :: Python :: 3."

# The last lines of a failed run that are shown, with pytest's summary at their end.
_LINES: Final = 60

# The packages whose releases the CDK determines.
_CDK: Final = re.compile(
    r"(aws-cdk[-.]|constructs==|jsii==|publication==|typeguard==|cattrs==|attrs==|importlib)", re.IGNORECASE
)


def _project() -> dict[str, list[str]]:
    project: dict[str, list[str]] = tomllib.loads((_ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


def pythons() -> Iterator[tuple[str, str | None]]:
    """Yield each Python that the package supports, as `3.12`, with its program; None if it is not on this machine."""
    for classifier in _project()["classifiers"]:
        if classifier.startswith(_CLASSIFIER):
            minor = classifier.removeprefix(_CLASSIFIER)
            yield f"3.{minor}", _program(f"python3.{minor}")


def _program(name: str) -> str | None:
    """Return a Python that starts: a version manager's program on PATH may only say that its version is not active."""
    homes = sorted((Path.home() / ".pyenv" / "versions").glob(f"{name.removeprefix('python')}.*"), reverse=True)
    candidates = [shutil.which(name), *(str(home / "bin" / name) for home in homes)]
    return next((each for each in candidates if each and _starts(each)), None)


def _starts(program: str) -> bool:
    try:
        # A Linux distribution's Python may lack the modules that make virtual environments.
        return not _run(program, "-c", "import venv, ensurepip").returncode
    except OSError:
        return False


def _required(name: str) -> tuple[Requirement, str]:
    """Return the package's requirement of another package, and the lowest release that it allows."""
    [found] = [each for each in map(Requirement, _project()["dependencies"]) if each.name == name]
    [lowest] = [each.version for each in found.specifier if each.operator == ">="]
    return found, lowest


def cdk_versions() -> list[str]:
    """Return the lowest release of the CDK that is allowed, and the newest allowed one on PyPI."""
    cdk, lowest = _required("aws-cdk-lib")
    said = _run(sys.executable, "-m", "pip", "index", "versions", cdk.name).stdout
    listed = re.search(r"^Available versions: (.*)$", said, re.MULTILINE)
    if not listed:
        sys.exit(f"PyPI could not be asked which releases of {cdk.name} there are: {said.splitlines()[-1]}")
    return [lowest, str(max(each for each in map(Version, listed[1].split(", ")) if each in cdk.specifier))]


def floors() -> tuple[bool, str]:
    """Return whether the lowest CDK and the lowest `constructs` can be installed together, and a sentence that says so.

    This is a dry run, because cdk-nag, which a test needs, requires a newer `constructs` than we do.
    """
    lowest = [f"{name}=={_required(name)[1]}" for name in ("aws-cdk-lib", "constructs")]
    done = _run(sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", *lowest)
    last = (done.stdout.strip().splitlines() or ["can be had"])[-1]
    return not done.returncode, f"{', '.join(lowest)}: {last if done.returncode else 'can be had'}"


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - pip, pytest, and a Python of this machine
        command,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="backslashreplace",
        cwd=_ROOT,
    )


def tested(python: str, requirements: Sequence[str], tests: Sequence[str]) -> tuple[bool, str]:
    """Run the tests in a new virtual environment; return whether they pass, and the last line of the output."""
    with TemporaryDirectory(prefix="elsewhere-") as folder:
        there = str(Path(folder, "bin", "python"))
        for command in (
            [python, "-m", "venv", folder],
            [there, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *requirements],
            [there, "-m", "pytest", "--quiet", "--no-header", "-p", "no:cacheprovider", *tests],
        ):
            done = _run(*command)
            lines = done.stdout.strip().splitlines() or [""]
            if done.returncode:
                _tell("\n".join(lines[-_LINES:]))
                return False, lines[-1]
    return True, lines[-1]


def _pinned(*, without_cdk: bool = False) -> Iterator[str]:
    """Yield the requirements of requirements.txt, as arguments of pip."""
    for line in (_ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if text and not (without_cdk and _CDK.match(text)):
            yield from text.split()


def _tell(line: str) -> None:
    # Flushed, because the next line may take minutes.
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Run the tests, and return the exit code: 1 if a test fails, or if nothing could be tested."""
    parser = argparse.ArgumentParser(description=__doc__, epilog="All else is given to pytest.")
    parser.add_argument("what", choices=["pythons", "cdk-versions"])
    options, tests = parser.parse_known_args()
    terminal.show_all()
    os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "18,20,22")
    outcomes = []
    if options.what == "pythons":
        for version, program in pythons():
            if program is None:
                _tell(f"Python {version}: not on this machine, not tested")
                continue
            outcomes.append(tested(program, list(_pinned()), tests))
            _tell(f"Python {version}: {outcomes[-1][1]}")
    else:
        # Like the argument by which the tests switch validation off, which the oldest releases do not have.
        os.environ["CDK_VALIDATION"] = "false"
        outcomes.append(floors())
        _tell(outcomes[-1][1])
        for version in cdk_versions():
            requirements = [*_pinned(without_cdk=True), f"aws-cdk-lib=={version}"]
            outcomes.append(tested(sys.executable, requirements, tests))
            _tell(f"aws-cdk-lib {version}: {outcomes[-1][1]}")
    return int(not outcomes or not all(passed for passed, _ in outcomes))


if __name__ == "__main__":
    sys.exit(main())
