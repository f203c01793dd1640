"""The findings at synth: what fails it, what does not, and what the report says."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from constructs import Construct

from ses_sending_policy import SendingPolicy, SendingPolicyProvider
from ses_sending_policy.construct import validation
from ses_sending_policy.rules.findings.catalogue import RULES
from tests.conftest import ROOT
from tests.construct.mail import ENVIRONMENT, acknowledge, statement

# The CLI starts an app so, and the app leaves it to the CLI to tell what was found.
CHILD = os.environ | {"CDK_VALIDATION": "false"}


def declare(scope: Construct, id: str = "Partner", identity: Any = "example.com", **options: Any) -> SendingPolicy:
    return SendingPolicy(scope, id, identity=identity, **{"statements": [narrow()]} | options)


def narrow(**options: Any) -> iam.PolicyStatement:
    """Return a statement that nothing is found in."""
    return statement(conditions={"StringLike": {"ses:FromAddress": "*@news.example.com"}}, **options)


def public() -> iam.PolicyStatement:
    return statement(principals=[iam.StarPrincipal()])


def report(app: cdk.App, plugin: str = "ses-sending-policy") -> dict[str, Any]:
    """Return what the report says of a plugin; it is not in there when it found nothing."""
    found = json.loads(Path(app.outdir, "validation-report.json").read_text(encoding="utf-8"))
    reports = [each for each in found["pluginReports"] if each["pluginName"] == plugin]
    assert len(reports) <= 1
    return reports[0] if reports else {"violations": []}


def places(app: cdk.App) -> list[tuple[str, str]]:
    """Return the rule and the construct of each finding."""
    return [
        (each["ruleName"], construct["constructPath"])
        for each in report(app)["violations"]
        for construct in each["violatingConstructs"]
    ]


def synth_fails(app: cdk.App) -> None:
    with pytest.raises(RuntimeError, match=r"^ValidationFailed: "):
        app.synth()


def test_a_public_policy_fails(app: cdk.App, stack: cdk.Stack) -> None:
    declare(stack, statements=[narrow(), public()])
    synth_fails(app)
    [found] = report(app)["violations"]
    assert {key: found[key] for key in ("ruleName", "severity", "description", "suggestedFix")} == {
        "ruleName": "SES001",
        "severity": "error",
        "description": "principal '*' lets every AWS account send as 'example.com'",
        "suggestedFix": "name the accounts in Principal, or add a condition on aws:PrincipalOrgID",
    }
    [construct] = found["violatingConstructs"]
    resource = construct["cloudFormationResource"]
    template = json.loads(Path(app.outdir, resource["templatePath"]).read_text(encoding="utf-8"))
    value = template["Resources"][resource["logicalId"]]
    [path] = resource["propertyPaths"]
    for name in path.split("/"):
        value = value[int(name)] if isinstance(value, list) else value[name]
    assert (construct["constructPath"], value) == ("Mail/Partner/Resource", "*")


def test_a_public_policy_passes_with_a_reason(app: cdk.App, stack: cdk.Stack) -> None:
    policy = declare(stack, statements=[public()])
    acknowledge(policy, "SES001")
    app.synth()
    found = report(app)
    [suppressed] = found["suppressedViolations"]
    assert found["violations"] == []
    assert found["conclusion"] == "success"
    assert suppressed["ruleName"] == "SES001"
    assert suppressed["reason"] == "agreed in MAIL-1"
    assert suppressed["acknowledgedAt"] == "Mail/Partner"


def test_what_is_acknowledged_of_one_policy_still_counts_of_another(app: cdk.App, stack: cdk.Stack) -> None:
    acknowledge(declare(stack, statements=[public()]), "SES001")
    declare(stack, "Other", statements=[public()])
    synth_fails(app)
    assert places(app) == [("SES001", "Mail/Other/Resource")]


def test_another_rule_is_not_acknowledged(app: cdk.App, stack: cdk.Stack) -> None:
    acknowledge(declare(stack, statements=[public()]), "SES002")
    synth_fails(app)


def test_a_warning_fails_nothing(app: cdk.App, stack: cdk.Stack) -> None:
    declare(stack, statements=[statement()])
    app.synth()
    assert places(app) == [("SES102", "Mail/Partner/Resource")]
    assert report(app)["conclusion"] == "success"
    assert report(app)["violations"][0]["severity"] == "warning"


@pytest.mark.parametrize(("options", "code"), [([], 0), (["--strict"], 1)], ids=["plain", "strict"])
def test_the_command_line_fails_for_a_warning_under_strict_only(tmp_path: Path, options: list[str], code: int) -> None:
    script = tmp_path / "app.py"
    script.write_text(
        "import aws_cdk as cdk\n"
        "from tests.construct.test_validation import declare, statement\n"
        "app = cdk.App()\n"
        "declare(cdk.Stack(app, 'Mail'), statements=[statement()])\n"
        "app.synth()\n",
        encoding="utf-8",
    )
    command = [str(ROOT / "node_modules/.bin/cdk"), "synth", "--quiet", "--no-notices", *options]
    done = subprocess.run(
        [*command, "--app", f"{sys.executable} {script}"],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env=CHILD | {"PYTHONPATH": str(ROOT), "CDK_DISABLE_CLI_TELEMETRY": "true"},
        cwd=tmp_path,
    )
    assert done.returncode == code, done.stderr
    assert "Acknowledge with 'ses-sending-policy::SES102'" in done.stderr


def test_a_good_policy_is_in_no_report(app: cdk.App, stack: cdk.Stack) -> None:
    declare(stack)
    app.synth()
    assert places(app) == []


def test_two_policies_are_reported_once_each(app: cdk.App, stack: cdk.Stack) -> None:
    SendingPolicyProvider(stack, "Own")
    declare(stack, "A", statements=[public()])
    declare(stack, "B", statements=[public()], provider=SendingPolicyProvider(stack, "Another"))
    synth_fails(app)
    assert places(app) == [("SES001", "Mail/A/Resource"), ("SES001", "Mail/B/Resource")]


def test_nested_stages_and_stacks_give_nothing_twice(app: cdk.App, stack: cdk.Stack) -> None:
    outer = cdk.Stage(app, "Outer")
    inner = cdk.Stage(outer, "Inner")
    scopes = [stack, cdk.Stack(outer, "S"), cdk.Stack(inner, "S"), cdk.NestedStack(cdk.Stack(inner, "T"), "N")]
    for scope in scopes:
        declare(scope, statements=[public()])
    synth_fails(app)
    paths = ["Mail", "Outer/S", "Outer/Inner/S", "Outer/Inner/T/N"]
    assert sorted(places(app)) == sorted(("SES001", f"{path}/Partner/Resource") for path in paths)


def test_a_stack_without_an_app(tmp_path: Path) -> None:
    """It makes an app by itself."""
    script = tmp_path / "app.py"
    script.write_text(
        "import aws_cdk as cdk\n"
        "from ses_sending_policy import SendingPolicy\n"
        "from tests.construct.test_validation import public\n"
        "stack = cdk.Stack()\n"
        "SendingPolicy(stack, 'Partner', identity='example.com', statements=[public()])\n"
        "stack.node.root.synth()\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env=CHILD | {"PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
    )
    assert done.returncode == 1
    assert "principal '*' lets every AWS account send as 'example.com'" in done.stderr


def test_policies_of_several_stacks_meet(app: cdk.App, stack: cdk.Stack) -> None:
    declare(stack, policy_name="Same")
    declare(cdk.Stack(app, "Other", env=ENVIRONMENT), policy_name="Same")
    synth_fails(app)
    [found] = report(app)["violations"]
    assert found["ruleName"] == "SES009"
    assert found["description"].startswith("policy name 'Same' on 'example.com' is also that of ")


def test_the_same_code_for_two_regions_does_not_meet(app: cdk.App, stack: cdk.Stack) -> None:
    declare(stack, policy_name="Same")
    there = cdk.Environment(account=ENVIRONMENT.account, region="us-east-1")
    declare(cdk.Stack(app, "There", env=there), policy_name="Same")
    for name in ("Anywhere", "AnywhereElse"):
        declare(cdk.Stack(app, name), policy_name="Same")
    app.synth()
    assert places(app) == []


def test_tokens_pass(app: cdk.App) -> None:
    """Who sends as what is known at the deploy only."""
    stack = cdk.Stack(app, "Mail")
    domain = cdk.CfnParameter(stack, "Domain").value_as_string
    role = iam.Role(stack, "Role", assumed_by=iam.AccountPrincipal("222222222222"))
    arns = [iam.ArnPrincipal(role.role_arn), iam.ArnPrincipal(cdk.Fn.import_value("Sender"))]
    organization = cdk.CfnParameter(stack, "Organization").value_as_string
    conditions = {"StringEquals": {"aws:PrincipalOrgID": organization}}
    anybody = statement(principals=[iam.StarPrincipal()], conditions=conditions)
    for name, identity in (
        ("Ref", ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain(domain))),
        ("Parameter", domain),
        ("Arn", ses.EmailIdentity.from_email_identity_name(stack, "Imported", cdk.Fn.import_value("Identity"))),
    ):
        declare(stack, name, identity, statements=[statement(principals=[arn]) for arn in arns] + [anybody])
    app.synth()
    assert places(app) == []


def test_the_identity_of_the_template_is_known(app: cdk.App, stack: cdk.Stack) -> None:
    identity = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain("example.com"))
    nested = cdk.NestedStack(stack, "Nested")
    for scope in (stack, nested):
        declare(scope, identity=identity, policy_name="Same")
    synth_fails(app)
    assert [rule for rule, _ in places(app)] == ["SES009"]


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


def test_a_rule_that_breaks_is_a_finding(app: cdk.App, stack: cdk.Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(type(RULES[0])):  # type: ignore[misc]
        def findings(self, _policies: Any, _now: Any) -> Iterator[Any]:
            raise KeyError("gone")

    monkeypatch.setattr(validation, "RULES", (Broken(), *RULES[1:]))
    policy = declare(stack, statements=[statement()])
    synth_fails(app)
    assert places(app) == [("SES000", "Mail/Partner/Resource"), ("SES102", "Mail/Partner/Resource")]
    assert report(app)["violations"][0]["description"] == "rule SES001 could not be checked: KeyError: 'gone'"
    acknowledge(policy, "SES000")
    app.synth(force=True)
    assert report(app)["conclusion"] == "success"


def test_a_template_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    """CDK writes none; who adds a template of another kind to an assembly may."""

    class Given:
        account_id = None
        region = None
        stack_construct_path = "Mail"
        template_path = str(tmp_path / "Mail.template.json")

    class Context:
        stack_templates = (Given(),)

    Path(Given.template_path).write_text("Resources: {}", encoding="utf-8")
    context: Any = Context()
    found = validation.SendingPolicyValidation().validate(context)
    [violation] = found.violations
    assert not found.success
    assert violation.rule_name == "SES000"
    assert violation.description.startswith(f"template {Given.template_path!r} could not be looked at: JSONDecodeError")


def test_the_plugin_tells_what_it_is() -> None:
    plugin = validation.SendingPolicyValidation()
    assert plugin.name == "ses-sending-policy"
    assert plugin.rule_ids == ["SES000", *(rule.id for rule in RULES)]
    assert plugin.version[0].isdigit()
