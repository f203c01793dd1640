"""The drift check on the local AWS: the event of its schedule, what it finds, and what its role allows."""

import json
from typing import Any

import pytest

from emulator import Emulator, StoredPolicy
from tests.deployed.conftest import Cdk
from tests.support.events import document, statement

pytestmark = pytest.mark.xdist_group("deployed")

IDENTITY = "watched.example"
STACK = {
    "identities": [IDENTITY],
    "policies": {each: {"identity": IDENTITY, "name": each.lower()} for each in ("One", "Two", "Three")},
    "drift_check": True,
}


def physical_ids(aws: Emulator, type_: str) -> dict[str, str]:
    """Return the physical ids of the stack's resources of a type, by logical id."""
    found = aws.client("cloudformation").describe_stack_resources(StackName="Watched")["StackResources"]
    return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found if each["ResourceType"] == type_}


def looked(aws: Emulator) -> Any:
    """Invoke the function as the schedule does; return the metrics that are not 0."""
    [schedule] = physical_ids(aws, "AWS::Scheduler::Schedule").values()
    target = aws.client("scheduler").get_schedule(Name=schedule)["Target"]
    answer = aws.client("lambda").invoke(FunctionName=target["Arn"], Payload=target["Input"])
    assert "FunctionError" not in answer, answer["Payload"].read()
    return {name: count for name, count in json.loads(answer["Payload"].read()).items() if count}


def subscribed(aws: Emulator) -> str:
    """Subscribe a queue to the stack's topic, and return its address."""
    [topic] = physical_ids(aws, "AWS::SNS::Topic").values()
    sqs = aws.client("sqs")
    queue: str = sqs.create_queue(QueueName="Operators")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    aws.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return queue


def told(aws: Emulator, queue: str) -> list[list[str]]:
    """Return the lines that name drift, of each message since the last time."""
    sqs = aws.client("sqs")
    messages = []
    while received := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        for each in received:
            messages.append(json.loads(each["Body"])["Message"])
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
    return [[line for line in message.splitlines() if line.startswith(IDENTITY)] for message in messages]


def test_it_finds_what_somebody_did_by_hand_and_tells_of_it_once(cdk: Cdk, local_aws: Emulator) -> None:
    cdk.deploy(Watched=STACK)
    queue = subscribed(local_aws)
    assert looked(local_aws) == {"InSync": 3}

    by_hand = json.dumps(document(statement("777777777777", IDENTITY)))
    ses = local_aws.client("sesv2")
    ses.update_email_identity_policy(EmailIdentity=IDENTITY, PolicyName="one", Policy=by_hand)
    ses.delete_email_identity_policy(EmailIdentity=IDENTITY, PolicyName="two")
    local_aws.ses.put_policy(StoredPolicy("111111111111", "eu-west-1", IDENTITY, "planted", by_hand))
    found = {"InSync": 1, "Changed": 1, "Missing": 1, "Undeclared": 1, "Drift": 3}
    assert looked(local_aws) == found
    first = [f"{IDENTITY}: policy {each}" for each in ("one is changed", "two is missing", "planted is undeclared")]
    assert told(local_aws, queue) == [first]
    assert looked(local_aws) == found
    assert told(local_aws, queue) == []

    ses.update_email_identity_policy(EmailIdentity=IDENTITY, PolicyName="three", Policy=by_hand)
    assert looked(local_aws) == {"Changed": 2, "Missing": 1, "Undeclared": 1, "Drift": 4}
    assert told(local_aws, queue) == [[f"{IDENTITY}: policy three is changed"]]

    [role] = [each for id_, each in physical_ids(local_aws, "AWS::IAM::Role").items() if id_.startswith("DriftRole")]
    iam = local_aws.client("iam")
    arn = iam.get_role(RoleName=role)["Role"]["Arn"]
    identities = [f"arn:aws:ses:eu-west-1:111111111111:identity/{name}" for name in (IDENTITY, "other.example")]
    actions = [f"ses:{each}EmailIdentityPolic{'ies' if each == 'Get' else 'y'}" for each in ("Get", "Update", "Delete")]
    simulated = iam.simulate_principal_policy(PolicySourceArn=arn, ActionNames=actions, ResourceArns=identities)
    allowed = [
        (each["EvalActionName"], each["EvalResourceName"])
        for each in simulated["EvaluationResults"]
        if each["EvalDecision"] == "allowed"
    ]
    assert allowed == [("ses:GetEmailIdentityPolicies", identities[0])]

    cdk.destroy(Watched=STACK)
    assert {each.name for each in local_aws.ses.policies() if each.identity == IDENTITY} <= {"planted"}
