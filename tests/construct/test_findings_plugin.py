"""The plugin for findings: under the command line, beside other plugins, and if it breaks."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii
import pytest

from ses_sending_policy.analysis.findings.catalogue import RULES, UNCHECKED, UNREAD
from ses_sending_policy.construct import findings_plugin
from tests.conftest import ROOT
from tests.construct.findings import declare, places, public, report, synth_fails
from tests.construct.mail import acknowledge, statement
from tests.support.shell import python_app


def run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as the CLI starts an app, so that the CLI must report what was found."""
    return subprocess.run(
        command,
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        env=os.environ | {"CDK_VALIDATION": "false", "CDK_DISABLE_CLI_TELEMETRY": "true", "PYTHONPATH": str(ROOT)},
        cwd=folder,
    )


@pytest.mark.parametrize(("options", "code"), [([], 0), (["--strict"], 1)], ids=["plain", "strict"])
def test_the_command_line_fails_for_a_warning_under_strict_only(tmp_path: Path, options: list[str], code: int) -> None:
    script = tmp_path / "app.py"
    script.write_text(
        "import aws_cdk as cdk\n"
        "from tests.construct.findings import declare\n"
        "from tests.construct.mail import statement\n"
        "app = cdk.App()\n"
        "declare(cdk.Stack(app, 'Mail'), statements=[statement()])\n"
        "app.synth()\n",
        encoding="utf-8",
    )
    synth = [str(ROOT / "node_modules/.bin/cdk"), "synth", "--quiet", "--no-notices", *options]
    done = run(*synth, "--app", python_app(script), folder=tmp_path)
    assert done.returncode == code, done.stderr
    assert "Acknowledge with 'ses-sending-policy::SES102'" in done.stderr


def test_a_stack_without_an_app(tmp_path: Path) -> None:
    """It creates its own app."""
    script = tmp_path / "app.py"
    script.write_text(
        "import aws_cdk as cdk\n"
        "from ses_sending_policy import SendingPolicy\n"
        "from tests.construct.findings import public\n"
        "stack = cdk.Stack()\n"
        "SendingPolicy(stack, 'Partner', identity='example.com', statements=[public()])\n"
        "stack.node.root.synth()\n",
        encoding="utf-8",
    )
    done = run(sys.executable, str(script), folder=tmp_path)
    assert done.returncode == 1
    assert "principal '*' lets every AWS account send as 'example.com'" in done.stderr


def test_other_plugins_keep_running(app: cdk.App, stack: cdk.Stack) -> None:
    @jsii.implements(cdk.IPolicyValidationPlugin)
    class Other:
        @property
        def name(self) -> str:
            return "other"

        @property
        def version(self) -> str:
            return "1.0.0"

        @property
        def rule_ids(self) -> list[str]:
            return ["O1"]

        def validate(self, context: cdk.IPolicyValidationContext) -> cdk.PolicyValidationPluginReport:
            resource = cdk.PolicyViolatingResource(
                construct_path="Mail", template_path=context.template_paths[0], locations=[]
            )
            violation = cdk.PolicyViolation(
                rule_name="O1", severity="warning", description="seen", violating_resources=[resource]
            )
            return cdk.PolicyValidationPluginReport(success=True, violations=[violation])

    cdk.Validations.of(app).add_plugins(Other())
    declare(stack, statements=[public()])
    synth_fails(app)
    assert [each["ruleName"] for each in report(app, "other")["violations"]] == ["O1"]
    assert places(app) == [("SES001", "Mail/Partner/Resource")]


def test_a_rule_that_breaks_is_a_finding(app: cdk.App, stack: cdk.Stack) -> None:
    class Broken(type(RULES[0])):  # type: ignore[misc]
        def findings(self, _policies: Any, _now: Any) -> Iterator[Any]:
            raise KeyError("gone")

    findings_plugin.register(app.node, (Broken(), *RULES[1:]))
    policy = declare(stack, statements=[statement()])
    synth_fails(app)
    assert places(app) == [(UNCHECKED, "Mail/Partner/Resource"), ("SES102", "Mail/Partner/Resource")]
    assert report(app)["violations"][0]["description"] == "rule SES001 could not be checked: KeyError: 'gone'"
    acknowledge(policy, UNCHECKED)
    app.synth(force=True)
    assert report(app)["conclusion"] == "success"


def test_a_template_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    """The CDK writes no such template, but a user may add one of another kind to an assembly."""

    class Given:
        account_id = None
        region = None
        stack_construct_path = "Mail"
        template_path = str(tmp_path / "Mail.template.json")

    class Context:
        stack_templates = (Given(),)

    Path(Given.template_path).write_text("Resources: {}", encoding="utf-8")
    context: Any = Context()
    found = findings_plugin.SendingPolicyValidation().validate(context)
    [violation] = found.violations
    assert not found.success
    assert violation.rule_name == UNCHECKED
    unread = (
        f"template {Given.template_path!r} could not be looked at: UnreadableError: {Given.template_path!r} is not JSON"
    )
    assert violation.description.startswith(unread)


def test_the_plugin_tells_what_it_is() -> None:
    plugin = findings_plugin.SendingPolicyValidation()
    assert plugin.name == "ses-sending-policy"
    assert plugin.rule_ids == [UNCHECKED, UNREAD, *(rule.id for rule in RULES)]
    assert plugin.version[0].isdigit()
