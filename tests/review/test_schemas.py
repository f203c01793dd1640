"""Output for other programs matches its schema.

The schema of SARIF is the one from the schema store, as @microsoft/jest-sarif contains it.
"""

import json
import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft4Validator, Draft202012Validator

from tests.review.conftest import PATHS, sending_policy
from tests.review.templates import STATEMENT, assembly, resource, template, write

SARIF = json.loads(Path(__file__).with_name("sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))


def written(project: Path, command: str, form: str, *paths: str) -> Any:
    return json.loads(sending_policy(command, "--format", form, *paths, folder=project).stdout)


@pytest.mark.parametrize("command", PATHS)
def test_json_is_as_its_schema_says(project: Path, command: str) -> None:
    """The review page is made from the same values."""
    assert names_of_nothing(command, written(project, command, "json", *PATHS[command])) == []


def names_of_nothing(command: str, found: Any) -> list[str]:
    """Return the keys in JSON that the command's schema does not name, after checking the JSON against the schema."""
    schema = files("ses_sending_policy.review").joinpath(f"schemas/{command}.schema.json").read_text(encoding="utf-8")
    return unnamed_by(json.loads(schema), found)


def unnamed_by(schema: Any, found: Any) -> list[str]:
    """Return the keys in JSON that a schema does not name, after checking the JSON against the schema."""
    Draft202012Validator.check_schema(schema)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(found)] == []
    # The schema allows keys that later releases add; all keys of this release must be in it.
    return list(unnamed(found, schema, schema))


def unnamed(value: Any, schema: Any, root: Any) -> Iterator[str]:
    """Yield each key that a schema does not name."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    if schema.get("additionalProperties"):
        return  # its keys are somebody else's
    if isinstance(value, list):
        for item in value:
            yield from unnamed(item, schema["items"], root)
    elif isinstance(value, dict):
        [described] = [each for each in [schema, *schema.get("oneOf", ())] if "properties" in each]
        yield from value.keys() - described["properties"].keys()
        for key in value.keys() & described["properties"].keys():
            yield from unnamed(value[key], described["properties"][key], root)


def test_sarif_is_as_published(project: Path) -> None:
    found = written(project, "check", "sarif")
    assert [error.message for error in Draft4Validator(SARIF).iter_errors(found)] == []
    [run] = found["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert {rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"]} == {True}


def test_the_published_schema_refuses_what_is_none() -> None:
    assert not Draft4Validator(SARIF).is_valid({"version": "2.1.0", "runs": [{"tool": {}}]})


def test_sarif_names_files_of_the_repository(project: Path) -> None:
    """Code scanning rejects any other URI."""
    results = written(project, "check", "sarif")["runs"][0]["results"]
    places = [each["locations"][0]["physicalLocation"] for each in results]
    assert {place["artifactLocation"]["uri"] for place in places} == {"app.py"}
    lines = (project / "app.py").read_text(encoding="utf-8").splitlines()
    said = [lines[place["region"]["startLine"] - 1] for place in places]
    assert [line for line in said if not any(word in line for word in ("SendingPolicy", "AwsCustomResource"))] == []


def test_sarif_names_a_file_whose_name_is_no_text(tmp_path: Path) -> None:
    """On Linux a name is any bytes, and a URI escapes them."""
    write(tmp_path / os.fsdecode(b"caf\xe9.json"), template(P=resource()))
    (tmp_path / "cdk.out").symlink_to(os.fsdecode(b"caf\xe9.json"))
    [result] = written(tmp_path, "check", "sarif")["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "caf%E9.json"


def test_each_finding_has_a_fingerprint_of_its_own(project: Path) -> None:
    results = written(project, "check", "sarif")["runs"][0]["results"]
    prints = [each["partialFingerprints"]["sendingPolicyFinding/v1"] for each in results]
    assert len(set(prints)) == len(prints) == 9


def test_a_fingerprint_outlives_what_is_written_above(tmp_path: Path) -> None:
    accounts = [STATEMENT | {"Principal": {"AWS": f"{number}" * 12}} for number in (2, 3, 4)]
    prints = []
    for statements in (accounts[1:], accounts):
        policy = {"Version": "2012-10-17", "Statement": statements}
        assembly(tmp_path / "cdk.out", resource(Policy=policy))
        results = written(tmp_path, "check", "sarif")["runs"][0]["results"]
        prints.append({each["partialFingerprints"]["sendingPolicyFinding/v1"] for each in results})
    before, after = prints
    assert (len(before), len(after)) == (2, 3)
    assert before < after


def test_sarif_suppresses_what_is_acknowledged(project: Path) -> None:
    results = written(project, "check", "sarif")["runs"][0]["results"]
    reasons = {each["ruleId"]: each["suppressions"][0]["justification"] for each in results if "suppressions" in each}
    assert reasons == {
        "SES001": "a relay for everybody, agreed in MAIL-1",
        "SES003": "it is replaced in MAIL-2",
        "SES102": "partners are whole accounts, says MAIL-3",
    }


@pytest.mark.parametrize(("fail_on", "failures"), [("error", 2), ("warning", 6), ("never", 0)])
def test_junit_fails_for_what_fails_the_check(project: Path, fail_on: str, failures: int) -> None:
    done = sending_policy("check", "--format=junit", f"--fail-on={fail_on}", folder=project)
    assert done.returncode == (1 if failures else 0)
    suite = ET.fromstring(done.stdout).find("testsuite")  # noqa: S314 - it is ours
    assert suite is not None
    assert suite.get("failures") == str(failures) == str(len(suite.findall("testcase/failure")))
    assert suite.get("skipped") == "3" == str(len(suite.findall("testcase/skipped")))
    assert suite.get("tests") == str(len(suite.findall("testcase"))) == "17"
