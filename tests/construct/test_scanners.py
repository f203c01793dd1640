"""What scanners find in the example and in the construct's resources has an answer, and each answer is needed."""

import importlib.metadata
import json
import re
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from cdk_nag import (
    AwsSolutionsChecks,
    HIPAASecurityChecks,
    NagPack,
    NIST80053R4Checks,
    NIST80053R5Checks,
    PCIDSS321Checks,
)

from ses_sending_policy import SendingPolicy, SendingPolicyDriftCheck, SendingPolicyProvider
from stacks.sending_policy_stack import SendingPolicyStack
from tests.conftest import ROOT
from tests.construct.mail import ENVIRONMENT, QUICK, only

CONTEXT = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
PACKS: dict[str, type[NagPack]] = {
    "AwsSolutions": AwsSolutionsChecks,
    "NIST.800.53.R4": NIST80053R4Checks,
    "NIST.800.53.R5": NIST80053R5Checks,
    "HIPAA.Security": HIPAASecurityChecks,
    "PCI.DSS.321": PCIDSS321Checks,
}
PAGE = (ROOT / "docs" / "reference" / "scanners.md").read_text(encoding="utf-8")
# The page's answers, by the id of the finding.
ANSWERS = dict(re.findall(r"^\| `([\w.-]+)` \| .* \| (.*) \|$", PAGE, re.MULTILINE))
IAM5 = "AwsSolutions-IAM5[Resource::arn:{}:identity/*]"
IAM4 = "AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole]"
COG8 = "AwsSolutions-COG8"
# Findings that no choice of the user changes.
INLINE = {f"{pack}-IAMNoInlinePolicy" for pack in PACKS if pack != "AwsSolutions"}


def scanned(app: cdk.App, *packs: str) -> dict[str, list[dict[str, Any]]]:
    """Return the reports of cdk-nag's packs; an error without an answer fails the synth.

    :param packs: the packs to run. Default: - all.
    """
    wanted = packs or tuple(PACKS)
    cdk.Validations.of(app).add_plugins(*(PACKS[pack](app) for pack in wanted))
    report = Path(app.synth().directory) / "validation-report.json"
    # A pack that finds nothing is missing.
    found = {each["pluginName"]: each for each in json.loads(report.read_text(encoding="utf-8"))["pluginReports"]}
    return {
        kind: [each for pack in wanted for each in found.get(pack, {}).get(kind, [])]
        for kind in ("violations", "suppressedViolations")
    }


def answers(app: cdk.App) -> dict[str, str]:
    """Return the reasons of all answers for cdk-nag in the app, by the id of the finding."""
    key = cdk.Validations.ACKNOWLEDGED_RULES_METADATA_KEY
    entries = [entry for each in app.node.find_all() for entry in each.node.metadata if entry.type == key]
    return {id_.partition("::")[2]: reason for entry in entries for id_, reason in entry.data.items()}


def used(report: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """Return the answers to what was found."""
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


CONTROLS = tuple(pack for pack in PACKS if pack != "AwsSolutions")
CHOICES = {f"{pack}-{rule}" for pack in CONTROLS for rule in ("LambdaInsideVPC", "CloudWatchLogGroupEncrypted")} | {
    f"{pack}-{rule}" for pack in ("NIST.800.53.R5", "HIPAA.Security") for rule in ("LambdaConcurrency", "LambdaDLQ")
}


def test_cdk_nag_finds_nothing_in_the_example_without_an_answer(app: cdk.App) -> None:
    example(app)
    report = scanned(app)
    assert report["violations"] == []
    assert answers(app) == used(report)
    assert used(report).keys() == {IAM5.format("aws:ses:eu-west-1:111111111111"), COG8} | CHOICES | INLINE
    assert all(reason.endswith(".") for reason in used(report).values())


def test_whoever_takes_every_choice_has_none_to_answer_for(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Mail", env=ENVIRONMENT)
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    SendingPolicyProvider(
        stack,
        "SendingPolicyProvider",
        vpc=network(stack),
        log_group=logs.LogGroup(stack, "Log", encryption_key=key, retention=logs.RetentionDays.ONE_YEAR),
        environment_encryption=key,
        reserved_concurrent_executions=10,
        dead_letter_queue=sqs.Queue.from_queue_attributes(
            stack, "Queue", queue_arn="arn:aws:sqs:eu-west-1:111111111111:unheard", key_arn=f"arn:aws:kms:{KEY}"
        ),
    )
    report = scanned(app)
    assert report["violations"] == []
    assert used(report).keys() == {IAM4, IAM5.format("aws:ses:eu-west-1:111111111111")} | INLINE
    assert answers(app) == used(report)


KEY = "eu-west-1:111111111111:key/1234abcd"


def test_a_choice_is_not_answered_for_by_the_construct(app: cdk.App) -> None:
    """Otherwise nobody would notice that there is a choice."""
    SendingPolicyProvider(cdk.Stack(app, "Mail", env=ENVIRONMENT), "Own")
    cdk.Validations.of(app).add_plugins(*(PACKS[pack](app) for pack in CONTROLS))
    with pytest.raises(RuntimeError, match=r"^ValidationFailed: "):
        app.synth()
    reports = json.loads((Path(app.outdir) / "validation-report.json").read_text("utf-8"))["pluginReports"]
    assert {each["ruleName"] for report in reports for each in report["violations"]} == CHOICES


@pytest.mark.parametrize(
    ("environment", "arn"),
    [
        (None, "<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>"),
        (cdk.Environment(account="111111111111", region="us-gov-west-1"), "aws-us-gov:ses:us-gov-west-1:111111111111"),
    ],
    ids=["only the deploy knows it", "another partition"],
)
def test_cdk_nag_finds_nothing_in_another_environment(
    app: cdk.App, environment: cdk.Environment | None, arn: str
) -> None:
    """If only the deploy knows a value, the finding's id has the name of the pseudo parameter."""
    SendingPolicyProvider(cdk.Stack(app, "Mail", env=environment), "Own")
    report = scanned(app, "AwsSolutions")
    assert report["violations"] == []
    assert used(report).keys() == {IAM5.format(arn)}
    assert answers(app).keys() == used(report).keys() | INLINE


def test_with_a_list_of_identities_there_is_no_wildcard_to_answer_for(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Mail", env=ENVIRONMENT)
    SendingPolicyProvider(stack, "Own", identities=["example.com"])
    report = scanned(app, "AwsSolutions")
    assert (report["violations"], used(report)) == ([], {})
    assert answers(app).keys() == INLINE


@pytest.mark.parametrize("own_role", [True, False], ids=["a new role", "a given role"])
def test_cdk_nag_finds_nothing_in_a_network(app: cdk.App, own_role: bool) -> None:
    stack = cdk.Stack(app, "Mail", env=ENVIRONMENT)
    role = None if own_role else iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    SendingPolicyProvider(stack, "Own", vpc=network(stack), role=role)
    report = scanned(app, "AwsSolutions")
    assert report["violations"] == []
    assert used(report).keys() == {IAM4, IAM5.format("aws:ses:eu-west-1:111111111111")}
    assert answers(app).keys() == used(report).keys() | INLINE


def test_cdk_nag_finds_nothing_in_a_drift_check(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Mail", env=ENVIRONMENT)
    key = kms.Key(stack, "Key", enable_key_rotation=True)
    log_group = logs.LogGroup(stack, "Log", encryption_key=key, retention=logs.RetentionDays.ONE_YEAR)
    settings: Any = {"vpc": network(stack), "log_group": log_group}
    queue = sqs.Queue.from_queue_arn(stack, "Queue", "arn:aws:sqs:eu-west-1:111111111111:unheard")
    SendingPolicyProvider(
        stack, "SendingPolicyProvider", reserved_concurrent_executions=10, dead_letter_queue=queue, **settings
    )
    policy = SendingPolicy(stack, "Partner", identity="example.com")
    policy.allow_account("222222222222", from_addresses=["*@news.example.com"])
    topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-west-1:111111111111:Operators")
    SendingPolicyDriftCheck(stack, "Drift", topic=topic, **settings)
    report = scanned(app)
    assert report["violations"] == []
    assert IAM4 in used(report)
    assert answers(app) == used(report)


def test_cdk_nag_2_reads_the_same_answers_from_the_template(app: cdk.App, stack: cdk.Stack) -> None:
    SendingPolicyProvider(stack, "Own", vpc=network(stack))
    found = {}
    for type_ in ("AWS::IAM::Policy", "AWS::IAM::Role"):
        for suppression in only(stack, type_)["Metadata"]["cdk_nag"]["rules_to_suppress"]:
            which = "".join(f"[{finding}]" for finding in suppression.get("applies_to", []))
            found[f"{suppression['id']}{which}"] = suppression["reason"]
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


@pytest.mark.parametrize("scanner", ["cdk-nag", "cfn-lint"])
def test_the_page_is_of_the_version_that_runs_here(scanner: str) -> None:
    assert re.findall(rf"^(?:.* )?{scanner} (\d+\.\d+\.\d+)", PAGE, re.MULTILINE) == [
        importlib.metadata.version(scanner)
    ]


def test_the_page_has_what_cdk_nag_finds(app: cdk.App) -> None:
    example(app)
    SendingPolicyProvider(stack := cdk.Stack(app, "Mail"), "Own", vpc=network(stack))
    for id_ in CHOICES:
        acknowledgment = cdk.Acknowledgment(id=f"{id_.rpartition('-')[0]}::{id_}", reason="agreed in MAIL-1.")
        cdk.Validations.of(stack).acknowledge(acknowledgment)
    found = {each.partition("[")[0] for each in used(scanned(app))}
    fixed = {id_ for id_, answer in ANSWERS.items() if answer == "Fixed in the example."}
    assert {id_ for id_ in ANSWERS if id_.startswith(tuple(PACKS))} == found | fixed
    assert found.isdisjoint(fixed)
