"""What `pip install` installs."""

import email
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
import trove_classifiers

from release import sbom
from release.metadata import placeholders
from ses_sending_policy.cli import COMMANDS
from tests.conftest import ROOT

pytestmark = pytest.mark.xdist_group("packaging")


def test_it_adds_one_package_and_no_other_module(wheel: Path) -> None:
    names = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"ses_sending_policy"}


def test_it_has_types_the_lambda_and_nothing_of_the_workshop(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"ses_sending_policy/py.typed", "ses_sending_policy/_provider/handler.py"} <= names
    assert "ses_sending_policy/review/html/page.css" in names
    assert not {name for name in names if "__pycache__" in name or "test" in name or name.startswith("provider")}


def test_it_has_nothing_of_the_probe(wheel: Path) -> None:
    """Users who deploy policies do not need it: it is in the sdist."""
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in names if "probe" in name] == []


def test_its_bill_of_materials_is_that_of_this_checkout(wheel: Path) -> None:
    [name] = [name for name in zipfile.ZipFile(wheel).namelist() if "/sboms/" in name]
    assert re.fullmatch(r"ses_sending_policy-[^/]+\.dist-info/sboms/ses-sending-policy\.cdx\.json", name)
    assert zipfile.ZipFile(wheel).read(name).decode() == sbom.bill(), "run: make sbom"


def test_what_pip_and_a_registry_read_of_it(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    [name] = [name for name in archive.namelist() if name.endswith("/METADATA")]
    told = email.message_from_bytes(archive.read(name))
    assert told["Requires-Python"] == ">=3.11"
    assert told["License-Expression"] == "Apache-2.0"
    assert told["License-File"] == "LICENSE"
    assert told["Description-Content-Type"] == "text/markdown"
    assert told.get_all("Provides-Extra") == ["cli", "live"]
    classifiers = told.get_all("Classifier") or []
    assert sorted(set(classifiers) - trove_classifiers.classifiers) == []
    # No link is better than one to a page that does not exist.
    assert bool(told.get_all("Project-URL")) == bool(placeholders(ROOT)["repository"])


def test_the_version_is_the_distribution_s(wheel: Path, python: Path) -> None:
    command = [str(python), "-I", "-c", "import ses_sending_policy; print(ses_sending_policy.__version__)"]
    found = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", timeout=60)
    assert wheel.name.startswith(f"ses_sending_policy-{found.stdout.strip()}-")


def test_it_brings_the_command_and_its_schemas(wheel: Path, python: Path, tmp_path: Path) -> None:
    schemas = {f"ses_sending_policy/review/schemas/{name}.schema.json" for name in COMMANDS}
    assert schemas <= set(zipfile.ZipFile(wheel).namelist())
    (tmp_path / "Mail.json").write_text("{}", encoding="utf-8")
    command = [str(python.with_name("sending-policy")), "explain", "Mail.json"]
    found = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", timeout=60, cwd=tmp_path)
    assert found.stdout == "no sending policy is declared\n"
