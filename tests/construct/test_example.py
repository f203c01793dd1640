"""The example app, as `cdk synth` runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ses_sending_policy.rules.wire import RESOURCE_TYPE
from tests.conftest import ROOT

SETTINGS = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))


def synth(directory: Path, **context: Any) -> dict[str, Any]:
    """Return the template, made in a process like the CLI's."""
    environment = os.environ | {
        "CDK_OUTDIR": str(directory),
        "CDK_CONTEXT_JSON": json.dumps(SETTINGS["context"] | context),
        "CDK_DEFAULT_ACCOUNT": "111111111111",
        "CDK_DEFAULT_REGION": "eu-west-1",
        "CDK_VALIDATION": "false",
    }
    subprocess.run([sys.executable, "app.py"], check=True, cwd=ROOT, env=environment, timeout=120)
    template: dict[str, Any] = json.loads((directory / "SendingPolicyExample.template.json").read_text("utf-8"))
    return template


def statements(template: dict[str, Any]) -> list[Any]:
    """Return the only statement of each policy."""
    found = [item for item in template["Resources"].values() if item["Type"] == RESOURCE_TYPE]
    return [statement for item in found for statement in item["Properties"]["Policy"]["Statement"]]


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("example")
    synth(directory)
    return directory


def test_it_lets_a_partner_and_a_user_pool_send(assembly: Path) -> None:
    template = json.loads((assembly / "SendingPolicyExample.template.json").read_text("utf-8"))
    [pool] = [key for key, item in template["Resources"].items() if item["Type"] == "AWS::Cognito::UserPool"]
    partner, users = statements(template)
    assert partner["Principal"] == {"AWS": "arn:aws:iam::222222222222:root"}
    assert partner["Condition"] == {"StringLike": {"ses:FromAddress": "*@news.example.com"}}
    assert users["Principal"] == {"Service": "email.cognito-idp.amazonaws.com"}
    assert users["Condition"] == {
        "ArnLike": {"aws:SourceArn": {"Fn::GetAtt": [pool, "Arn"]}},
        "StringEquals": {"aws:SourceAccount": "111111111111"},
    }


def test_context_configures_it(tmp_path: Path) -> None:
    """Values from the command line are always strings."""
    [partner] = statements(synth(tmp_path, domain="example.org", partner_account="3" * 12, cognito_user_pool="false"))
    assert partner["Principal"] == {"AWS": "arn:aws:iam::333333333333:root"}
    assert json.loads((tmp_path / "manifest.json").read_text("utf-8"))


def test_cfn_lint_finds_nothing_but_what_the_cdk_writes(assembly: Path) -> None:
    """W3005: the CDK's `lambda.Function` also depends on its role by name."""
    cfn_lint = Path(sys.executable).with_name("cfn-lint")
    template = assembly / "SendingPolicyExample.template.json"
    command = [str(cfn_lint), "--format", "json", "--regions", "eu-west-1", "--", str(template)]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", cwd=assembly, timeout=120)
    found = json.loads(done.stdout)
    assert [(each["Rule"]["Id"], each["Location"]["Path"][-1]) for each in found] == [("W3005", 1)], done.stdout


def test_the_app_asks_aws_for_nothing() -> None:
    """A synth must work without credentials and network."""
    source = (ROOT / "app.py").read_text(encoding="utf-8") + (ROOT / "stacks/sending_policy_stack.py").read_text(
        "utf-8"
    )
    assert "boto3" not in source
    assert "from_lookup" not in source


def test_the_command_in_cdk_json_is_of_the_environment_that_setup_makes() -> None:
    assert SETTINGS["app"] == ".venv/bin/python app.py"
    assert SETTINGS["notices"] is False
