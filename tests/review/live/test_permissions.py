"""The IAM policy that a command prints allows exactly what the command calls."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from emulator import Emulator
from ses_sending_policy.cli import command_named, parser
from ses_sending_policy.cli.adopt import adopted
from ses_sending_policy.cli.plan import plan
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.account import SesAccount
from ses_sending_policy.review.text_output import TextOutput
from tests.conftest import ROOT
from tests.review.conftest import PROGRAM
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


@pytest.fixture(scope="module")
def stack(local_aws: Emulator) -> str:
    """Deploy a stack that imports a value of another one."""
    client = local_aws.client("cloudformation")
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


def printed(*arguments: str, of: str = "drift") -> Any:
    options = parser([of]).parse_args([of, "--print-iam-policy", *arguments])
    command = command_named(of)
    return json.loads(command.formats[options.format](command.answer(options).value, TextOutput()))


def actions(policy: Any) -> set[str]:
    found = [each["Action"] for each in policy["Statement"]]
    return {action for each in found for action in ([each] if isinstance(each, str) else each)}


def allowed(aws: Emulator, policy: Any, action: str) -> bool:
    """Return whether IAM allows an action to a user who has only this policy."""
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


def test_it_is_what_is_called_to_plan(tmp_path: Path, aws: Emulator, stack: str) -> None:
    hold(aws)
    out = declare(tmp_path / "cdk.out")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    manifest["artifacts"]["Mail"]["properties"]["stackName"] = stack
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    guard = Guarded()
    plan(guard, parser(["plan"]).parse_args(["plan", str(out)]))
    check(aws, guard, printed(of="plan"))


def test_it_is_what_is_called_to_adopt(aws: Emulator) -> None:
    """The printed policy allows what `adopt` calls, and only on the named identity."""
    hold(aws)
    guard = Guarded()
    options = parser(["adopt"]).parse_args(["adopt", NEWS])
    adopted(SesAccount(guard), options)
    policy = printed(NEWS, of="adopt")
    check(aws, guard, policy)
    assert not allowed(aws, printed("other.example", of="adopt"), "ses:GetEmailIdentityPolicies")


@pytest.mark.parametrize(
    ("identity", "resource"),
    [
        ("Example.com", "arn:aws:ses:*:*:identity/example.com"),
        ("arn:aws:ses:eu-west-1:111111111111:identity/a@example.com", "arn:aws:ses:*:*:identity/a@example.com"),
        ("a*?$@example.com", "arn:aws:ses:*:*:identity/a${*}${?}${$}@example.com"),
    ],
)
def test_it_is_for_the_identity_that_is_adopted(identity: str, resource: str) -> None:
    [statement] = printed(identity, of="adopt")["Statement"]
    assert statement["Resource"] == resource


def test_no_identity_is_one_sentence() -> None:
    with pytest.raises(ReviewError) as refusal:
        printed("no identity", of="adopt")
    assert str(refusal.value) == (
        "identity 'no identity' is neither a domain nor an email address: "
        "give a name like example.com or a@example.com, or the ARN of an identity"
    )


def check(aws: Emulator, guard: Guarded, policy: Any) -> None:
    """Require that the policy allows exactly what was called."""
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
    """There is neither an assembly nor an account."""
    done = subprocess.run(
        [PROGRAM, "drift", "--print-iam-policy"],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == printed()
