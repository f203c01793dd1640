"""What CloudFormation refuses and plain ministack accepts, and resources in the how-tos that plain ministack lacks."""

import json
import time
import uuid
from collections.abc import Mapping
from typing import Any, Final

import pytest

from emulator import Emulator

# A custom resource that fails the events which its property names.
_CODE: Final = """
import json, urllib.request
def handler(event, context):
    answer = {key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")}
    fails = event["RequestType"] in event["ResourceProperties"].get("Fails", [])
    answer |= {"PhysicalResourceId": "made", "Status": "FAILED" if fails else "SUCCESS", "Reason": "told to fail"}
    answer["Data"] = {"Word": "x" * int(event["ResourceProperties"].get("Length", 0))}
    request = urllib.request.Request(event["ResponseURL"], json.dumps(answer).encode(), method="PUT")
    urllib.request.urlopen(request).read()
"""
_ROLE: Final = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": []}}}


def function(**properties: str) -> dict[str, Any]:
    own = {
        "Runtime": "python3.12",
        "Handler": "index.handler",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
        "Code": {"ZipFile": _CODE},
    }
    return {"Type": "AWS::Lambda::Function", "Properties": own | properties}


def thing(by: str = "Function", **properties: Any) -> dict[str, Any]:
    return {"Type": "Custom::Thing", "Properties": {"ServiceToken": {"Fn::GetAtt": [by, "Arn"]}, **properties}}


def template(**resources: Any) -> str:
    return json.dumps({"Resources": {"Role": _ROLE, "Function": function(), **resources}})


class Stack:
    """A stack for one test.

    :param aws: the local AWS that it is in.
    :param body: its first template.
    """

    def __init__(self, aws: Emulator, body: str) -> None:
        self.name = f"S{uuid.uuid4().hex[:8]}"
        self._cloudformation = aws.client("cloudformation")
        self._cloudformation.create_stack(StackName=self.name, TemplateBody=body)
        self.settled()

    def update(self, body: str) -> str:
        """Update the stack, and return its status at the end."""
        self._cloudformation.update_stack(StackName=self.name, TemplateBody=body)
        return self.settled()

    def delete(self) -> str:
        """Delete the stack, and return its status at the end."""
        self._cloudformation.delete_stack(StackName=self.name)
        return self.settled()

    def go_on(self, *skipped: str) -> str:
        """Continue its rollback, and return its status at the end."""
        self._cloudformation.continue_update_rollback(StackName=self.name, ResourcesToSkip=list(skipped))
        return self.settled()

    def settled(self) -> str:
        """Wait for the operation to end; return the status, DELETE_COMPLETE if the stack is gone."""
        while True:
            try:
                [told] = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"]
            except self._cloudformation.exceptions.ClientError:
                return "DELETE_COMPLETE"
            if not told["StackStatus"].endswith("IN_PROGRESS"):
                return str(told["StackStatus"])
            time.sleep(0.05)

    def physical_id(self, logical_id: str) -> str:
        """Return the physical id of a resource."""
        told = self._cloudformation.describe_stack_resource(StackName=self.name, LogicalResourceId=logical_id)
        return str(told["StackResourceDetail"]["PhysicalResourceId"])

    def told(self, logical_id: str) -> list[tuple[str, str]]:
        """Return each final status of a resource and its reason, the oldest first."""
        events = self._cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
        return [
            (each["ResourceStatus"], each.get("ResourceStatusReason", ""))
            for each in reversed(events)
            if each["LogicalResourceId"] == logical_id and not each["ResourceStatus"].endswith("IN_PROGRESS")
        ]


def test_a_resource_keeps_its_service_token(aws: Emulator) -> None:
    stack = Stack(aws, template(Thing=thing()))
    ended = stack.update(template(Other=function(), Thing=thing("Other")))
    assert ended == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.told("Thing")[-2] == ("UPDATE_FAILED", "Modifying service token is not allowed.")
    assert stack.update(template(Thing=thing(), Other=function(), New=thing("Other"))) == "UPDATE_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"


def test_a_function_that_is_gone_is_not_made_again(aws: Emulator) -> None:
    stack = Stack(aws, template(Thing=thing()))
    name = stack.physical_id("Function")
    aws.client("lambda").delete_function(FunctionName=name)
    assert stack.update(template(Thing=thing(Word="new"))) == "UPDATE_ROLLBACK_FAILED"
    assert stack.go_on("Thing") == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.update(template(Thing=thing(), Function=function(Description="new"))) == "UPDATE_ROLLBACK_COMPLETE"
    status, reason = stack.told("Function")[-2]
    assert (status, f'"Lambda function {name} could not be found"' in reason) == ("UPDATE_FAILED", True), reason
    assert stack.delete() == "DELETE_FAILED"


@pytest.mark.parametrize(
    ("fails", "ended", "last"),
    [(["Create"], "ROLLBACK_COMPLETE", "DELETE_COMPLETE"), (["Create", "Delete"], "ROLLBACK_FAILED", "DELETE_FAILED")],
    ids=len,
)
def test_a_create_that_failed_is_rolled_back_by_a_delete(
    aws: Emulator, fails: list[str], ended: str, last: str
) -> None:
    stack = Stack(aws, template(Thing=thing(Fails=fails)))
    assert stack.settled() == ended
    assert [status for status, _ in stack.told("Thing")] == ["CREATE_FAILED", last]


def test_a_create_that_failed_in_an_update_is_rolled_back_by_a_delete(aws: Emulator) -> None:
    stack = Stack(aws, template())
    assert stack.update(template(Thing=thing(Fails=["Create"]))) == "UPDATE_ROLLBACK_COMPLETE"
    assert [status for status, _ in stack.told("Thing")] == ["UPDATE_FAILED", "DELETE_COMPLETE"]
    assert stack.delete() == "DELETE_COMPLETE"


def test_an_answer_that_is_too_long_is_none(aws: Emulator) -> None:
    stack = Stack(aws, template(Thing=thing(Length=3000)))
    assert stack.update(template(Thing=thing(Length=4096))) == "UPDATE_ROLLBACK_COMPLETE"
    assert ("UPDATE_FAILED", "Response object is too long.") in stack.told("Thing")


def test_metadata_alone_is_no_update(aws: Emulator) -> None:
    with_metadata = json.loads(template()) | {"Metadata": {"Sentences": "one"}}
    stack = Stack(aws, json.dumps(with_metadata))
    with pytest.raises(aws.client("cloudformation").exceptions.ClientError, match=r"No updates are to be performed\.$"):
        stack.update(json.dumps(with_metadata | {"Metadata": {"Sentences": "two"}}))
    with_metadata["Resources"]["Thing"] = thing()
    assert stack.update(json.dumps(with_metadata | {"Metadata": {"Sentences": "three"}})) == "UPDATE_COMPLETE"


def test_a_nested_stack_knows_what_stays_in_it(aws: Emulator) -> None:
    bucket = aws.client("s3")
    name = f"templates-{uuid.uuid4().hex[:8]}"
    bucket.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    def nesting(key: str, inner: str) -> str:
        bucket.put_object(Bucket=name, Key=key, Body=inner.encode())
        properties = {"TemplateURL": f"{aws.endpoint}/{name}/{key}"}
        return json.dumps({"Resources": {"Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": properties}}})

    stack = Stack(aws, nesting("first", template(Thing=thing())))
    assert stack.update(nesting("second", template(Thing=thing(Word="new")))) == "UPDATE_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"


def _network() -> Mapping[str, Any]:
    return {
        "Network": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Subnet": {
            "Type": "AWS::EC2::Subnet",
            "Properties": {"VpcId": {"Ref": "Network"}, "CidrBlock": "10.0.0.0/24"},
        },
        "Address": {"Type": "AWS::EC2::EIP", "Properties": {"Domain": "vpc"}},
        "Gateway": {
            "Type": "AWS::EC2::NatGateway",
            "Properties": {"AllocationId": {"Fn::GetAtt": ["Address", "AllocationId"]}, "SubnetId": {"Ref": "Subnet"}},
        },
    }


def test_a_network_has_a_way_out(aws: Emulator) -> None:
    ec2 = aws.client("ec2")
    stack = Stack(aws, json.dumps({"Resources": _network()}))
    [gateway] = ec2.describe_nat_gateways(NatGatewayIds=[stack.physical_id("Gateway")])["NatGateways"]
    assert (gateway["State"], gateway["SubnetId"]) == ("available", stack.physical_id("Subnet"))
    address = stack.physical_id("Address")
    assert address in [each["PublicIp"] for each in ec2.describe_addresses()["Addresses"]]
    assert stack.delete() == "DELETE_COMPLETE"
    assert address not in [each["PublicIp"] for each in ec2.describe_addresses()["Addresses"]]
    [gateway] = ec2.describe_nat_gateways(NatGatewayIds=[gateway["NatGatewayId"]])["NatGateways"]
    assert gateway["State"] == "deleted"
