"""The command's wheel for pip, a Python with the app's packages, and a project with a pull request."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.packaging.conftest import build
from tests.review.gate.github import GitHub, digest, served
from tests.review.gate.project import ACCEPTED, NARROW, WIDE, Project, app
from tests.support.environment import environment_of


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give what all machines share: a registry's wheels, the packages of the app, and three assemblies."""
    missing = [program for program in ("git", "tar") if shutil.which(program) is None]
    if missing:
        pytest.fail(f"the workflow is played on what GitHub's machines have: install {' and '.join(missing)}")
    folder = tmp_path_factory.mktemp("shared")
    wheel, _ = build(ROOT, folder / "built")
    (folder / "wheels").mkdir()
    shutil.copy(wheel, folder / "wheels")
    python = environment_of(wheel, folder / "environment")
    for name, source in (("narrow", app(NARROW)), ("wide", app(WIDE)), ("accepted", app(NARROW, ACCEPTED))):
        environment = {**os.environ, "CDK_OUTDIR": str(folder / name)}
        command = [str(python), "-c", source]
        subprocess.run(command, check=True, cwd=folder, env=environment, capture_output=True, timeout=600)
    return folder


@pytest.fixture
def project(shared: Path, tmp_path: Path) -> Iterator[Project]:
    [wheel] = (shared / "wheels").iterdir()
    with served(GitHub()) as github:
        yield Project(tmp_path, shared, github, digest(wheel.read_bytes()))
