"""What scanners find in the example and in what the construct makes is answered, and no answer is idle."""

import importlib.metadata
import json
import re
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from cdk_nag import AwsSolutionsChecks

from ses_sending_policy import SendingPolicy, SendingPolicyDriftCheck, SendingPolicyProvider
from stacks.sending_policy_stack import SendingPolicyStack
from tests.conftest import ROOT
from tests.construct.mail import ENVIRONMENT, QUICK, only

CONTEXT = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
PACK = "AwsSolutions"
PAGE = (ROOT / "docs" / "reference" / "scanners.md").read_text(encoding="utf-8")
# Those of the page, by id.
ANSWERS = dict(re.findall(r"^\| `([\w-]+)` \| .* \| (.*) \|$", PAGE, re.MULTILINE))
IAM5 = "AwsSolutions-IAM5[Resource::arn:{}:identity/*]"
IAM4 = "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole]"


def scanned(app: cdk.App) -> dict[str, Any]:
    """Return what cdk-nag reports; a synth with an error that nobody answers raises."""
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    report = Path(app.synth().directory) / "validation-report.json"
    plugins = json.loads(report.read_text(encoding="utf-8"))["pluginReports"]
    [found] = [each for each in plugins if each["pluginName"] == PACK]
    assert isinstance(found, dict)
    return found


def answers(app: cdk.App) -> dict[str, str]:
    """Return the answers for cdk-nag that are anywhere in the app, and their reasons."""
    key = cdk.Validations.ACKNOWLEDGED_RULES_METADATA_KEY
    entries = [entry for each in app.node.find_all() for entry in each.node.metadata if entry.type == key]
    return {id_.removeprefix(f"{PACK}::"): reason for entry in entries for id_, reason in entry.data.items()}


def used(report: dict[str, Any]) -> dict[str, str]:
    """Return the answers that something was found for."""
    return {each["ruleName"]: each["reason"] for each in report["suppressedViolations"]}


@pytest.fixture
def app(tmp_path: Path) -> cdk.App:
    return cdk.App(context=CONTEXT, outdir=str(tmp_path), **QUICK)


def example(app: cdk.App) -> SendingPolicyStack:
    return SendingPolicyStack(
        app,
        "SendingPolicyExample",
        domain="example.com",
        partner_account="222222222222",
        partner_from_address="*@news.example.com",
        cognito_user_pool=True,
        env=ENVIRONMENT,
    )


def network(stack: cdk.Stack) -> ec2.IVpc:
    return ec2.Vpc.from_vpc_attributes(
        stack, "Network", vpc_id="vpc-1", availability_zones=["eu-west-1a"], private_subnet_ids=["subnet-1"]
    )


def test_cdk_nag_finds_nothing_in_the_example_without_an_answer(app: cdk.App) -> None:
    example(app)
    report = scanned(app)
    assert report["violations"] == []
    assert answers(app) == used(report)
    assert used(report).keys() == {IAM5.format("aws:ses:eu-west-1:111111111111"), "AwsSolutions-COG8"}
    assert all(reason.endswith(".") for reason in used(report).values())


def test_cdk_nag_finds_nothing_where_only_the_deploy_knows_the_environment(app: cdk.App) -> None:
    """The id of the finding has the names of the pseudo parameters then."""
    SendingPolicyProvider(cdk.Stack(app, "Mail"), "Own")
    report = scanned(app)
    assert report["violations"] == []
    [found] = used(report)
    assert found.endswith(":ses:<AWS::Region>:<AWS::AccountId>:identity/*]")
    assert answers(app) == used(report)


def test_cdk_nag_finds_nothing_in_another_partition_s_region(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Mail", env=cdk.Environment(account="111111111111", region="us-gov-west-1"))
    SendingPolicyProvider(stack, "Own")
    report = scanned(app)
    assert report["violations"] == []
    assert used(report).keys() == {IAM5.format("aws-us-gov:ses:us-gov-west-1:111111111111")}


@pytest.mark.parametrize("own_role", [True, False], ids=["a new role", "a given role"])
def test_cdk_nag_finds_nothing_in_a_network(app: cdk.App, own_role: bool) -> None:  # noqa: FBT001 - with and without
    stack = cdk.Stack(app, "Mail", env=ENVIRONMENT)
    role = None if own_role else iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    SendingPolicyProvider(stack, "Own", vpc=network(stack), role=role)
    report = scanned(app)
    assert report["violations"] == []
    assert used(report).keys() == {IAM4, IAM5.format("aws:ses:eu-west-1:111111111111")}
    assert answers(app) == used(report)


def test_cdk_nag_finds_nothing_in_a_drift_check(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Mail", env=ENVIRONMENT)
    policy = SendingPolicy(stack, "Partner", identity="example.com")
    policy.allow_account("222222222222", from_addresses=["*@news.example.com"])
    topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:Operators")
    SendingPolicyDriftCheck(stack, "Drift", topic=topic, vpc=network(stack))
    report = scanned(app)
    assert report["violations"] == []
    assert IAM4 in used(report)
    assert answers(app) == used(report)


def test_cdk_nag_2_reads_the_same_answers_from_the_template(app: cdk.App, stack: cdk.Stack) -> None:
    SendingPolicyProvider(stack, "Own", vpc=network(stack))
    found = {}
    for type_ in ("AWS::IAM::Policy", "AWS::IAM::Role"):
        [suppression] = only(stack, type_)["Metadata"]["cdk_nag"]["rules_to_suppress"]
        [finding] = suppression["applies_to"]
        found[f"{suppression['id']}[{finding}]"] = suppression["reason"]
    assert found == answers(app)


def test_a_given_role_keeps_what_it_says_itself(stack: cdk.Stack) -> None:
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    own = {"id": "AwsSolutions-IAM5", "reason": "agreed in MAIL-1"}
    resource = role.node.default_child
    assert isinstance(resource, cdk.CfnResource)
    resource.add_metadata("cdk_nag", {"rules_to_suppress": [own]})
    SendingPolicyProvider(stack, "Own", vpc=network(stack), role=role)
    first, second = only(stack, "AWS::IAM::Role")["Metadata"]["cdk_nag"]["rules_to_suppress"]
    assert (first, second["id"]) == (own, "AwsSolutions-IAM4")


def test_checkov_is_answered_where_the_user_has_no_choice(stack: cdk.Stack) -> None:
    SendingPolicyProvider(stack, "Own")
    skip = only(stack, "AWS::Lambda::Function")["Metadata"]["checkov"]["skip"]
    assert [each["id"] for each in skip] == ["CKV_AWS_115", "CKV_AWS_116"]
    assert [ANSWERS[each["id"]] for each in skip] == [f"Skipped by the construct. {each['comment']}" for each in skip]


@pytest.mark.parametrize("scanner", ["cdk-nag", "cfn-lint"])
def test_the_page_is_of_the_version_that_runs_here(scanner: str) -> None:
    assert re.findall(rf"^(?:.* )?{scanner} (\d+\.\d+\.\d+)", PAGE, re.MULTILINE) == [
        importlib.metadata.version(scanner)
    ]


def test_the_page_has_what_cdk_nag_finds(app: cdk.App) -> None:
    example(app)
    SendingPolicyProvider(stack := cdk.Stack(app, "Mail"), "Own", vpc=network(stack))
    found = {each.partition("[")[0] for each in used(scanned(app))}
    fixed = {id_ for id_, answer in ANSWERS.items() if answer == "Fixed in the example."}
    assert {id_ for id_ in ANSWERS if id_.startswith(PACK)} == found | fixed
    assert found.isdisjoint(fixed)
