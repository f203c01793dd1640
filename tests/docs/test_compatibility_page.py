"""The table of tested versions has everything that is declared and pinned, and each command in it exists."""

import json
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest
from packaging.requirements import Requirement

from ses_sending_policy.construct.function_settings import FunctionSettings
from tests.conftest import ROOT
from tests.docs.test_make import TARGETS
from tests.probe.conftest import SCHEMA
from tests.workflows.workflows import read

PAGE = (ROOT / "docs" / "compatibility.md").read_text(encoding="utf-8")
ROWS = [row for row in re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE) if row[0] != "---"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
JOBS = read(ROOT / ".github" / "workflows" / "test.yml")["jobs"]
MATRIX = JOBS["everything"]["strategy"]["matrix"]["include"]

STATUS = "Development Status :: "


def told(what: str) -> list[str]:
    """Return what the rows about a thing name, in order."""
    rows = [which for name, which, _ in ROWS if name.partition(",")[0] == what]
    return [word for which in rows for word in re.split(r", |; ", which)]


def lowest(name: str) -> str:
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["live"]]
    [found] = [each for each in map(Requirement, wanted) if each.name == name]
    [version] = [each.version for each in found.specifier if each.operator == ">="]
    return version


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]}")
def test_a_row_says_tested_by_what_or_never_run(row: tuple[str, str, str]) -> None:
    known = row[2]
    commands = re.findall(r"by `([^`]+)`", known)
    assert ("tested" in known and commands != []) or re.match(r"(declared|not declared,) and never run", known)
    for command in commands:
        program, *words = command.split()
        if program == "make":
            assert words[0] in TARGETS
        else:
            files = [word for word in words if "/" in word]
            assert files
            assert [file for file in files if not (ROOT / file).exists()] == []


def test_it_has_every_python_that_is_declared() -> None:
    begin = "Programming Language :: Python :: 3."
    declared = [f"3.{each.removeprefix(begin)}" for each in PROJECT["classifiers"] if each.startswith(begin)]
    assert told("Python") == declared
    assert PROJECT["requires-python"] == f">={declared[0]}"


@pytest.mark.parametrize("name", ["aws-cdk-lib", "constructs", "boto3"])
def test_it_has_what_is_pinned_and_the_lowest(name: str) -> None:
    pins = dict(
        re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert told(name)[:2] == [pins[name], lowest(name)]


def test_it_has_the_cdk_cli_that_is_pinned() -> None:
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    assert told("CDK CLI")[0] == package["devDependencies"]["aws-cdk"]


def test_it_has_the_runtime_of_the_function() -> None:
    chosen = FunctionSettings.usual().runtime
    assert chosen
    runtime = chosen.name.removeprefix("python")
    assert told("the function's runtime") == [f"Python {runtime} on arm64"]


def test_the_workflow_runs_both_ends_of_what_is_declared_and_a_mac() -> None:
    pythons, nodes = told("Python"), told("Node.js")
    linux, mac = ([each for each in MATRIX if each["os"].startswith(system)] for system in ("ubuntu", "macos"))
    assert {each["python"] for each in linux} == {pythons[0], pythons[-1]}
    assert {each["node"] for each in linux} == {*nodes[:2]} == {"22", "24"}
    assert len(mac) == 1
    [every] = [step["with"]["python-version"] for step in JOBS["pythons"]["steps"] if "python" in str(step.get("uses"))]
    assert every.split() == pythons
    assert [job["steps"][-1]["run"] for job in JOBS.values()] == ["bash .ci/run", "make pythons", "make cdk-versions"]


def recorded(folder: Path) -> list[str]:
    """Return the files with a complete answer of the probe, from a real SES."""
    found = []
    for path in sorted(folder.rglob("*.json")):
        answer = json.loads(path.read_text(encoding="utf-8"))
        if jsonschema.Draft202012Validator(SCHEMA).is_valid(answer) and answer["complete"]:
            found.append(path.name)
    return found


def test_it_is_alpha_until_an_answer_of_the_probe_is_in_the_documentation() -> None:
    [status] = [each.removeprefix(STATUS) for each in PROJECT["classifiers"] if each.startswith(STATUS)]
    assert status == "3 - Alpha" or recorded(ROOT / "docs")


def test_an_answer_of_the_probe_is_told_from_other_files(tmp_path: Path) -> None:
    answer = json.loads((ROOT / "tests" / "probe" / "probe.json").read_text(encoding="utf-8"))
    for name, said in (("whole", answer), ("ended", answer | {"complete": False}), ("other", {"version": 1})):
        (tmp_path / f"{name}.json").write_text(json.dumps(said), encoding="utf-8")
    assert recorded(tmp_path) == ["whole.json"]
