"""A project that has only the wheel and its dependencies, and synthesizes its pipeline with the real CLI."""

import json
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from ses_sending_policy import SendingPolicyProvider
from tests.conftest import ROOT

pytestmark = pytest.mark.xdist_group("packaging")

_CDK = ROOT / "node_modules" / ".bin" / "cdk"

# Prints where the package is, what it exports, and which of some modules are loaded and which can be imported.
FRONT_DOOR = """
import importlib.util, json, sys, ses_sending_policy
names = ["aws_cdk", "jsii", "crhelper", "boto3", "provider", "stacks", "emulator", "tests"]
loaded = [name for name in names if name in sys.modules]
there = [name for name in names if importlib.util.find_spec(name)]
print(json.dumps([ses_sending_policy.__file__, dir(ses_sending_policy), loaded, there]))
"""


@dataclass(frozen=True)
class Synth:
    """The result of `cdk synth`, and its output."""

    assembly: Path
    said: str

    def templates(self, stage: str) -> list[Any]:
        """Return the templates of a stage: its stack's, and its nested stack's."""
        paths = (self.assembly / f"assembly-{stage}").glob("*.template.json")
        ordered = sorted(paths, key=lambda path: path.name.endswith(".nested.template.json"))
        return [json.loads(path.read_text(encoding="utf-8")) for path in ordered]


@pytest.fixture(scope="module")
def synth(python: Path, tmp_path_factory: pytest.TempPathFactory) -> Synth:
    project = tmp_path_factory.mktemp("project")
    shutil.copy(ROOT / "tests/packaging/consumer.py", project / "app.py")
    # With `-I`, no PYTHONPATH leads back to the checkout.
    done = subprocess.run(
        [str(_CDK), "synth", "--quiet", "--no-notices", f"--app={shlex.quote(str(python))} -I app.py"],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=240,
        env=os.environ | {"CDK_DISABLE_CLI_TELEMETRY": "true"},
        cwd=project,
    )
    assert done.returncode == 0, done.stdout
    return Synth(project / "cdk.out", done.stdout)


def zipped(manifest: Path) -> list[str]:
    """Return the hashes of the assets that are folders."""
    files = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    return [key for key, item in files.items() if item["source"]["packaging"] == "zip"]


def policy(template: Any) -> Any:
    """Return the properties of the only policy in a template."""
    [found] = [item for item in template["Resources"].values() if item["Type"] == "Custom::SendingPolicy"]
    return found["Properties"]


def test_the_front_door_is_the_wheel_s_and_loads_no_cdk(python: Path) -> None:
    done = subprocess.run(
        [python, "-I", "-c", FRONT_DOOR], check=True, capture_output=True, encoding="utf-8", timeout=60
    )
    file, names, loaded, there = json.loads(done.stdout)
    assert Path(file).is_relative_to(python.parents[1])
    assert "SendingPolicy" in names
    assert loaded == []
    assert there == ["aws_cdk", "jsii", "crhelper"]


@pytest.mark.parametrize(("stage", "region"), [("Europe", "eu-west-1"), ("America", "us-east-1")])
def test_a_stage_of_a_pipeline_has_its_policies_where_it_is(synth: Synth, stage: str, region: str) -> None:
    templates = synth.templates(stage)
    partner, agency = map(policy, templates)
    assert partner["PolicyName"].startswith(f"{stage}-Mail-Partner-")
    assert agency["PolicyName"].startswith(f"{stage}-Mail-Campaign-Agency-")
    assert [each["Sid"] for each in partner["Policy"]["Statement"]] == ["AllowAccount222222222222", "DenyPrincipal"]
    assert [each["Sid"] for each in agency["Policy"]["Statement"]] == ["AllowAccount333333333333"]
    for each in (partner, agency):
        arn = {"Fn::Join": ["", [f"arn:aws:ses:{region}:111111111111:identity/", each["EmailIdentity"]]]}
        assert [
            statement["Resource"] for statement in each["Policy"]["Statement"] if statement["Resource"] != arn
        ] == []
    # Also those of the functions' roles.
    assert set(re.findall(r"arn:aws:ses:([^:]*):", json.dumps(templates))) == {region}


def test_the_function_is_the_checkout_s(synth: Synth, tmp_path: Path) -> None:
    app = cdk.App(outdir=str(tmp_path), builtin_cloud_formation_validation=False)
    SendingPolicyProvider(cdk.Stack(app, "Mail"), "Provider")
    app.synth()
    expected = zipped(tmp_path / "Mail.assets.json")
    assert len(expected) == 1
    for stage in ("Europe", "America"):
        [manifest] = (synth.assembly / f"assembly-{stage}").glob("*.assets.json")
        assert zipped(manifest) == expected


def test_what_is_found_in_a_stage_is_told_once(synth: Synth) -> None:
    """Its templates are made when it joins the pipeline, and checked when the app is synthesized."""
    found = json.loads((synth.assembly / "validation-report.json").read_text(encoding="utf-8"))
    [ours] = [each for each in found["pluginReports"] if each["pluginName"] == "ses-sending-policy"]
    places = [
        (each["ruleName"], construct["constructPath"])
        for each in ours["violations"]
        for construct in each["violatingConstructs"]
    ]
    paths = [f"{stage}/Mail/Campaign/Agency/Resource" for stage in ("America", "Europe")]
    assert sorted(places) == [("SES102", path) for path in paths]
    assert [synth.said.count(path) for path in paths] == [1, 1], synth.said
