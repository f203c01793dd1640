"""The findings at synth: which fail it, which do not, and what the report says."""

import json
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses

from ses_sending_policy import SendingPolicyProvider
from tests.construct.findings import declare, narrow, places, public, report, synth_fails
from tests.construct.mail import ENVIRONMENT, acknowledge, statement


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
    """Only the deploy knows who may send as what."""
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


def test_what_is_nested_in_a_nested_stack_is_looked_at(app: cdk.App, stack: cdk.Stack) -> None:
    inner = cdk.NestedStack(cdk.NestedStack(stack, "Outer"), "Inner")
    declare(inner, statements=[statement(principals=[iam.StarPrincipal()])])
    synth_fails(app)
    assert [rule for rule, _ in places(app)] == ["SES001"]


def test_the_identity_of_the_template_is_known(app: cdk.App, stack: cdk.Stack) -> None:
    identity = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain("example.com"))
    nested = cdk.NestedStack(stack, "Nested")
    for scope in (stack, nested):
        declare(scope, identity=identity, policy_name="Same")
    synth_fails(app)
    assert [rule for rule, _ in places(app)] == ["SES009"]
