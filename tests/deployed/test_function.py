"""Events sent directly to the deployed function, in CloudFormation's form, and what its role allows."""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from emulator import Emulator
from tests.deployed.conftest import Cdk
from tests.support.cloudformation import AnswerPlace, answer_place
from tests.support.events import Resource, document, statement

pytestmark = pytest.mark.xdist_group("deployed")

IDENTITY = "readings.example"
READINGS = list(product(("not-found", "upsert", "no-op"), ("not-found", "ok")))


@pytest.fixture(scope="module")
def deployed(cdk: Cdk, local_aws: Emulator) -> Iterator[str]:
    """Deploy a stack with a function, and yield the function's name."""
    stack = {"identities": [IDENTITY], "policies": {"First": {"identity": IDENTITY}}}
    cdk.deploy(Readings=stack)
    resources = local_aws.client("cloudformation").describe_stack_resources(StackName="Readings")["StackResources"]
    [function] = [each for each in resources if each["ResourceType"] == "AWS::Lambda::Function"]
    yield function["PhysicalResourceId"]
    local_aws.ses.change(update_missing="not-found", delete_missing="not-found")
    cdk.destroy(Readings=stack)


def stack_id(local_aws: Emulator) -> str:
    """Return the ARN of the deployed stack, which the function treats as its own."""
    found: str = local_aws.client("cloudformation").describe_stacks(StackName="Readings")["Stacks"][0]["StackId"]
    return found


@pytest.fixture(scope="module")
def answers(local_aws: Emulator) -> Iterator[AnswerPlace]:
    with answer_place(local_aws.server_context()) as place:
        yield place


@pytest.mark.parametrize(("update_missing", "delete_missing"), READINGS, ids=lambda value: value)
def test_a_policy_is_there_and_gone_under_every_reading(
    local_aws: Emulator, deployed: str, answers: AnswerPlace, update_missing: str, delete_missing: str
) -> None:
    local_aws.ses.change(update_missing=update_missing, delete_missing=delete_missing)
    client = local_aws.client("lambda")
    resource = Resource("Readings", "Second")
    stack = stack_id(local_aws)

    def handle(event: dict[str, Any]) -> dict[str, Any]:
        event |= {"StackId": stack}
        client.invoke(FunctionName=deployed, Payload=json.dumps(event))
        [answer] = [each for each in answers.arrived if each["RequestId"] == event["RequestId"]]
        return answer

    def live() -> dict[str, Any] | None:
        texts = [each.document for each in local_aws.ses.policies() if each.name == "second"]
        return json.loads(texts[0]) if texts else None

    declared: dict[str, Any] = {
        "EmailIdentity": IDENTITY,
        "PolicyName": "second",
        "Policy": document(statement(identity=IDENTITY)),
    }
    created = handle(resource.create(answers.response_url(), **declared))
    assert created["Status"] == "SUCCESS", created
    assert {**(live() or {}), "Id": None} == {**declared["Policy"], "Id": None}

    local_aws.client("sesv2").delete_email_identity_policy(EmailIdentity=IDENTITY, PolicyName="second")
    healed = handle(resource.update(answers.response_url(), created["PhysicalResourceId"], **declared))
    assert (healed["Status"], healed["PhysicalResourceId"]) == ("SUCCESS", created["PhysicalResourceId"])
    assert live() is not None

    for _ in range(2):
        gone = handle(resource.delete(answers.response_url(), created["PhysicalResourceId"], **declared))
        assert gone["Status"] == "SUCCESS", gone
        assert live() is None


def test_another_stack_s_event_is_refused(local_aws: Emulator, deployed: str, answers: AnswerPlace) -> None:
    """The template told the function its stack."""
    event = Resource("Readings", "Third").create(answers.response_url(), EmailIdentity=IDENTITY)
    local_aws.client("lambda").invoke(FunctionName=deployed, Payload=json.dumps(event))
    [answer] = [each for each in answers.arrived if each["RequestId"] == event["RequestId"]]
    assert answer["Status"] == "FAILED"
    assert f"this function works for stack '{stack_id(local_aws).partition(':stack/')[2]}' alone" in answer["Reason"]


OWN = f"arn:aws:ses:eu-west-1:111111111111:identity/{IDENTITY}"
STACK = "arn:aws:cloudformation:eu-west-1:111111111111:stack"

QUESTIONS = [f"cloudformation:{each}" for each in ("DescribeStackEvents", "DescribeStackResource", "DescribeStacks")]

DENIED = [
    ("ses:CreateEmailIdentityPolicy", OWN.replace("111111111111", "999999999999")),
    ("ses:CreateEmailIdentityPolicy", OWN.replace("eu-west-1", "eu-west-2")),
    ("ses:CreateEmailIdentityPolicy", "arn:aws:ses:eu-west-1:111111111111:configuration-set/x"),
    ("ses:SendEmail", OWN),
    ("ses:DeleteEmailIdentity", OWN),
    ("ses:GetEmailIdentity", OWN),
    ("ses:PutIdentityPolicy", "*"),
    *((action, f"{STACK}/Other/0a1b2c3d") for action in QUESTIONS),
    ("cloudformation:GetTemplate", f"{STACK}/Readings/0a1b2c3d"),
    ("cloudformation:DeleteStack", f"{STACK}/Readings/0a1b2c3d"),
    ("iam:PassRole", "*"),
    ("logs:CreateLogGroup", "*"),
    ("logs:PutLogEvents", "arn:aws:logs:eu-west-1:111111111111:log-group:other:log-stream:x"),
    ("lambda:UpdateFunctionCode", "*"),
]


def test_the_role_may_do_what_the_function_did_and_nothing_else(local_aws: Emulator, deployed: str) -> None:
    role = local_aws.client("lambda").get_function_configuration(FunctionName=deployed)["Role"]
    iam = local_aws.client("iam")

    def allowed(action: str, resource: str) -> bool:
        [result] = iam.simulate_principal_policy(PolicySourceArn=role, ActionNames=[action], ResourceArns=[resource])[
            "EvaluationResults"
        ]
        return bool(result["EvalDecision"] == "allowed")

    done = {f"ses:{call.operation}" for call in local_aws.ses.calls() if call.identity == IDENTITY}
    assert len(done) == 4
    assert {action for action in done if not allowed(action, OWN)} == set()
    assert [each for each in QUESTIONS if not allowed(each, stack_id(local_aws))] == []
    assert [each for each in DENIED if allowed(*each)] == []
