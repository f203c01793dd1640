"""`adopt` on an account, over HTTP, as a user's shell runs it."""

import ast
import json
import subprocess
from collections.abc import Mapping
from uuid import uuid4

import pytest

from emulator import Emulator, ScriptedFault, StoredPolicy
from ses_sending_policy.cli import parser
from ses_sending_policy.cli.adopt import COMMAND, adopted
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.account import SesAccount
from tests.review.conftest import PROGRAM
from tests.review.live.every_state import ACCOUNT, REGION
from tests.support.events import document, statement

pytestmark = pytest.mark.xdist_group("live")

SIGN_IN = "sign in, as with `aws sso login` or `aws configure`, or name another profile with --profile"


@pytest.fixture
def identity(aws: Emulator) -> str:
    """Give an identity for this test alone, without a policy."""
    name = f"{uuid4().hex}.example"
    aws.client("sesv2").create_email_identity(EmailIdentity=name)
    return name


def hold(aws: Emulator, identity: str, name: str = "partner", **elements: object) -> None:
    """Put a policy on the identity."""
    text = json.dumps(document(statement(identity=identity)) | elements)
    aws.ses.put_policy(StoredPolicy(ACCOUNT, REGION, identity, name, text))


def run(environment: Mapping[str, str], *arguments: str) -> tuple[int, str, list[str]]:
    """Return the exit code of the command, its output and its complaints."""
    command = [PROGRAM, "adopt", *arguments]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env=environment, timeout=60)
    return done.returncode, done.stdout, done.stderr.splitlines()


def test_it_writes_the_code_by_one_read(aws: Emulator, identity: str) -> None:
    hold(aws, identity)
    aws.ses.clear_calls()
    code, written, said = run(aws.shell(), identity)
    assert (code, said) == (0, [])
    assert 'policy.allow_account("222222222222")' in written
    assert f'account="{ACCOUNT}", region="{REGION}"' in written
    assert [(call.operation, call.identity) for call in aws.ses.calls()] == [("GetEmailIdentityPolicies", identity)]


def test_it_takes_an_arn_and_any_spelling(aws: Emulator, identity: str) -> None:
    hold(aws, identity)
    arn = f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{identity}"
    assert run(aws.shell(), arn) == run(aws.shell(), identity.upper()) == run(aws.shell(), identity)


def test_it_says_whose_a_policy_is(aws: Emulator, identity: str) -> None:
    hold(aws, identity, Id="Mail/Partner1A2B3C4D/0123456789abcdef")
    code, written, said = run(aws.shell(), identity)
    owner = "belongs to stack Mail (Partner1A2B3C4D): a deploy takes it from there"
    assert (code, said) == (0, [f"sending-policy: policy 'partner' {owner}"])
    assert f"# Policy partner. It {owner}.\n" in written


def test_it_warns_of_a_lock_out(aws: Emulator, identity: str) -> None:
    deploy = {"ArnNotEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/deploy"}}
    guard = statement("*", identity, Effect="Deny", Action="ses:*", Condition=deploy)
    hold(aws, identity, "guard", Statement=[guard])
    code, written, said = run(aws.shell(), identity)
    told = "SES120, a Deny may lock out whoever deploys"
    assert (code, said) == (0, [f"sending-policy: policy 'guard' has {told}: look at it before the deploy"])
    assert f"        # Look at it: {told}.\n" in written


def test_what_cannot_be_declared_is_left_out_and_is_no_success(aws: Emulator, identity: str) -> None:
    hold(aws, identity)
    hold(aws, identity, "planted", Comment="{{resolve:ssm:/mail}}")
    code, written, said = run(aws.shell(), identity)
    assert code == 2
    why = "it has '{{resolve:ssm:/mail}}', which CloudFormation would take for a reference to a secret"
    assert said == [f"sending-policy: policy 'planted' is left out, it cannot be declared unchanged: {why}"]
    assert ast.parse(written)


def test_an_identity_without_a_policy_is_no_fault(aws: Emulator, identity: str) -> None:
    code, written, said = run(aws.shell(), identity)
    assert (code, said) == (0, [f"sending-policy: {identity} has no policy in account {ACCOUNT}, {REGION}"])
    assert written == f'# "{identity}" has no policy in account {ACCOUNT}, {REGION}.\n'
    code, written, _ = run(aws.shell(), identity, "--format=json")
    assert (code, json.loads(written)["policies"]) == (0, [])


ELSEWHERE = f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/nowhere.example"
EXAMPLE = "arn:aws:ses:eu-west-1:111111111111:identity/example.com"


@pytest.mark.parametrize(
    ("identity", "sentence"),
    [
        (
            "nowhere.example",
            f"account {ACCOUNT} has no identity 'nowhere.example' in {REGION}: check the name, --profile and --region",
        ),
        (ELSEWHERE, f"{ELSEWHERE} is not in account {ACCOUNT} in {REGION}: name another --profile or --region"),
        (
            "arn:aws:s3:::bucket",
            f"'arn:aws:s3:::bucket' is not the ARN of an email identity: it must look like {EXAMPLE}",
        ),
    ],
)
def test_an_identity_that_is_not_there(aws: Emulator, identity: str, sentence: str) -> None:
    assert run(aws.shell(), identity) == (2, "", [f"sending-policy: {sentence}"])


def test_without_credentials_region_or_network(aws: Emulator, identity: str) -> None:
    keys = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    without = {name: value for name, value in aws.shell().items() if name not in keys}
    assert run(without, identity) == (2, "", [f"sending-policy: no AWS credentials were found: {SIGN_IN}"])
    region = ("AWS_REGION", "AWS_DEFAULT_REGION")
    without = {name: value for name, value in aws.shell().items() if name not in region}
    nowhere = "no AWS region is known: give one with --region, or set AWS_REGION"
    assert run(without, identity) == (2, "", [f"sending-policy: {nowhere}"])


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("AccessDeniedException", "ses:GetEmailIdentityPolicies is denied: said so"),
        ("BadRequestException", "BadRequestException: said so"),
    ],
)
def test_where_ses_refuses(account: SesAccount, aws: Emulator, identity: str, code: str, sentence: str) -> None:
    aws.ses.fail(ScriptedFault("refusal", status=403, code=code, message="said so"))
    with pytest.raises(ReviewError, match=f"^{identity} was not looked at: {sentence}$"):
        adopted(account, parser(["adopt"]).parse_args(["adopt", identity]))


def test_the_code_is_what_comes_without_a_format() -> None:
    assert next(iter(COMMAND.formats)) == "python"
