"""docs/howto/hand-over-a-policy.md, to a native resource of CloudFormation: the partner can send all the time."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from emulator import Emulator
from ses_sending_policy import SendingPolicy
from tests.deployed.conftest import Cdk
from tests.support.events import ACCOUNT, REGION, document, statement

pytestmark = pytest.mark.xdist_group("stories")

IDENTITY = "leaving.example"
SAYS = document(statement(identity=IDENTITY))

# Replaces the resource that CloudFormation may have one day: it creates the policy that it declares, as AWS's own
# resources do, and refuses if one exists.
STAND_IN = """
import json, urllib.request
import boto3

def handler(event, context):
    ses, wanted, kind = boto3.client("sesv2"), event["ResourceProperties"], event["RequestType"]
    target = {name: wanted[name] for name in ("EmailIdentity", "PolicyName")}
    made, reason = event.get("PhysicalResourceId", "none"), ""
    try:
        if kind == "Delete":
            if made != "none":
                ses.delete_email_identity_policy(**target)
        else:
            write = ses.create_email_identity_policy if kind == "Create" else ses.update_email_identity_policy
            write(**target, Policy=json.dumps(wanted["Policy"]))
            made = wanted["PolicyName"]
    except Exception as error:
        reason = str(error)
    answer = {name: event[name] for name in ("StackId", "RequestId", "LogicalResourceId")}
    answer |= {"Status": "FAILED" if reason else "SUCCESS", "Reason": reason, "PhysicalResourceId": made}
    request = urllib.request.Request(event["ResponseURL"], data=json.dumps(answer).encode(), method="PUT")
    urllib.request.urlopen(request)
"""


def synthesized(folder: Path, *, ours: bool, native: str = "") -> Path:
    """Write an assembly with our policy, and with the stand-in's one named `native`, if wanted."""
    context = {"@aws-cdk/core:enablePartitionLiterals": True}
    app = cdk.App(outdir=str(folder), context=context, builtin_cloud_formation_validation=False)
    stack = cdk.Stack(app, "Leaving", env=cdk.Environment(account=ACCOUNT, region=REGION))
    cdk.CfnWaitConditionHandle(stack, "Else")
    if ours:
        SendingPolicy(stack, "Agency", identity=IDENTITY, policy_name="agency", document=SAYS)
    if native:
        stand_in = lambda_.Function(
            stack,
            "StandIn",
            runtime=lambda_.Runtime.PYTHON_3_14,
            handler="index.handler",
            code=lambda_.Code.from_inline(STAND_IN),
            initial_policy=[iam.PolicyStatement(actions=["ses:*"], resources=["*"])],
        )
        properties = {"EmailIdentity": IDENTITY, "PolicyName": native, "Policy": SAYS}
        cdk.CustomResource(
            stack,
            "Native",
            resource_type="Custom::EmailIdentityPolicy",
            service_token=stand_in.function_arn,
            properties=properties,
        )
    app.synth()
    return folder


def partner_may_send(aws: Emulator) -> bool:
    held = [json.loads(each.document) for each in aws.ses.policies() if each.identity == IDENTITY]
    return any(each["Statement"] == SAYS["Statement"] for each in held)


@contextmanager
def watched(aws: Emulator) -> Iterator[list[bool]]:
    """Read SES all the time; yield whether the partner could send, and check that each write left a policy for that."""
    seen: list[bool] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.02):
            seen.append(partner_may_send(aws))

    held = {each.name for each in aws.ses.policies() if each.identity == IDENTITY}
    aws.ses.clear_calls()
    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()
    # A read is not sure to happen between two writes.
    for call in aws.ses.calls():
        if call.applied and call.identity == IDENTITY and call.policy_name is not None:
            (held.discard if call.operation.startswith("Delete") else held.add)(call.policy_name)
            assert held, f"{call.operation} of {call.policy_name} left nobody"


def names(aws: Emulator) -> set[str]:
    return {each.name for each in aws.ses.policies() if each.identity == IDENTITY}


def test_the_partner_can_send_all_the_while(cdk: Cdk, tmp_path: Path) -> None:
    cdk.aws.client("sesv2").create_email_identity(EmailIdentity=IDENTITY)

    def deploy(name: str, *, fails: bool = False, **stacks: Any) -> str:
        assembly = synthesized(tmp_path / name, **stacks)
        return cdk.run("deploy", "--require-approval=never", assembly=assembly, fails=fails)

    deploy("ours", ours=True)
    assert names(cdk.aws) == {"agency"}
    with watched(cdk.aws) as seen:
        # Under the same name it fails, like every resource whose policy exists, and ours stays.
        assert "AlreadyExists" in deploy("taken", fails=True, ours=False, native="agency")
        assert names(cdk.aws) == {"agency"}
        deploy("beside", ours=False, native="agency-2")
        assert names(cdk.aws) == {"agency-2"}
    assert all(seen)
    assert len(seen) > 10
    cdk.run("destroy", "--force", assembly=tmp_path / "beside")
    assert names(cdk.aws) == set()
    cdk.aws.client("sesv2").delete_email_identity(EmailIdentity=IDENTITY)
