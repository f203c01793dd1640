"""The IAM policy that the command prints allows what it calls, and nothing else."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from emulator import Emulator
from ses_sending_policy.cli import parser
from ses_sending_policy.cli.drift import COMMAND
from ses_sending_policy.review.paper import Paper
from tests.conftest import ROOT
from tests.review.live.every_state import ACCOUNT, NEWS, REGION, declare, hold
from tests.review.live.looking import Guarded, looked

pytestmark = pytest.mark.xdist_group("live")

PREFIXES = {"sesv2": "ses", "cloudformation": "cloudformation"}
NESTED = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/Permissions-Nested-1A2B/0a1b"
RESOURCES = {
    "ses:GetEmailIdentityPolicies": f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{NEWS}",
    "cloudformation:DescribeStacks": NESTED,
    "cloudformation:GetTemplate": NESTED,
    "cloudformation:ListStackResources": NESTED,
}
NEVER = {
    "ses:CreateEmailIdentityPolicy",
    "ses:UpdateEmailIdentityPolicy",
    "ses:DeleteEmailIdentityPolicy",
    "ses:SendEmail",
    "cloudformation:UpdateStack",
    "iam:GetRole",
}


@pytest.fixture
def stack(aws: Emulator) -> str:
    """Deploy a stack that imports a value of another one."""
    client = aws.client("cloudformation")
    role = {
        "Type": "AWS::SSM::Parameter",
        "Properties": {"Type": "String", "Value": {"Fn::ImportValue": "permissions-role"}},
    }
    output = {"Value": "sender", "Export": {"Name": "permissions-role"}}
    empty = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "none"}}
    for name, template in (
        ("PermissionsRoles", {"Resources": {"None": empty}, "Outputs": {"Role": output}}),
        ("Permissions", {"Resources": {"Role": role}}),
    ):
        client.create_stack(StackName=name, TemplateBody=json.dumps(template))
        client.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    return "Permissions"


def printed(*arguments: str) -> Any:
    options = parser(["drift"]).parse_args(["drift", "--print-iam-policy", *arguments])
    return json.loads(COMMAND.formats["text"](COMMAND.answer(options).value, Paper()))


def actions(policy: Any) -> set[str]:
    found = [each["Action"] for each in policy["Statement"]]
    return {action for each in found for action in ([each] if isinstance(each, str) else each)}


def allowed(aws: Emulator, policy: Any, action: str) -> bool:
    """Return what IAM decides of an action for a user who has nothing but this policy."""
    client = aws.client("iam")
    arn = client.create_user(UserName="reader")["User"]["Arn"]
    client.put_user_policy(UserName="reader", PolicyName="drift", PolicyDocument=json.dumps(policy))
    resource = RESOURCES.get(action, "*")
    decided = client.simulate_principal_policy(PolicySourceArn=arn, ActionNames=[action], ResourceArns=[resource])
    client.delete_user_policy(UserName="reader", PolicyName="drift")
    client.delete_user(UserName="reader")
    return bool(decided["EvaluationResults"][0]["EvalDecision"] == "allowed")


def test_it_is_what_is_called_for_files(tmp_path: Path, aws: Emulator) -> None:
    hold(aws)
    guard = Guarded()
    looked(declare(tmp_path / "cdk.out"), aws=guard)
    check(aws, guard, printed())


def test_it_is_what_is_called_for_stacks_and_all_identities(aws: Emulator, stack: str) -> None:
    hold(aws)
    guard = Guarded()
    looked("--stack", stack, "--all", aws=guard)
    check(aws, guard, printed("--stack", stack, "--all"))


def check(aws: Emulator, guard: Guarded, policy: Any) -> None:
    """Hold the policy against what was called: neither more nor less."""
    # "No permissions are required to perform this operation."
    # https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    called = {f"{PREFIXES[service]}:{operation}" for service, operation in guard.called if service != "sts"}
    assert actions(policy) == called
    assert {action for action in called | NEVER if allowed(aws, policy, action)} == called


@pytest.mark.parametrize(
    ("region", "partition"), [("eu-west-1", "aws"), ("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn")]
)
def test_it_is_for_the_region_that_is_asked_for(region: str, partition: str) -> None:
    [statement] = printed(f"--region={region}")["Statement"]
    assert statement["Resource"] == f"arn:{partition}:ses:{region}:*:identity/*"


def test_it_asks_nobody(tmp_path: Path) -> None:
    """Neither an assembly nor an account is there."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("sending-policy")), "drift", "--print-iam-policy"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == printed()
