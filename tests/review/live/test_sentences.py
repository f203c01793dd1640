"""If an account cannot be asked: one sentence, exit code 2, no partial output and no traceback."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from emulator import Emulator, ScriptedFault
from ses_sending_policy.cli import COMMANDS
from tests.conftest import ROOT
from tests.review.conftest import PROGRAM
from tests.review.live.every_state import NEWS, hold, policy
from tests.review.templates import template, write

pytestmark = pytest.mark.xdist_group("live")

LIVE = {"plan": "cdk.out", "drift": "Mail.json", "adopt": "example.com"}
"""The argument of each command that asks an account."""
SIGN_IN = "sign in, as with `aws sso login` or `aws configure`, or name another profile with --profile"
CONFIG = """
[profile signed-out]
region = eu-west-1
sso_session = ours
sso_account_id = 111111111111
sso_role_name = reader

[sso-session ours]
sso_start_url = https://ours.awsapps.com/start
sso_region = eu-west-1

[profile half]
region = eu-west-1
source_profile = gone
role_arn = arn:aws:iam::111111111111:role/reader
"""


@pytest.fixture
def folder(tmp_path: Path, aws: Emulator) -> Path:
    """Give a folder with a template of two policies on one identity, and a configuration of AWS."""
    hold(aws)
    write(tmp_path / "Mail.json", template(A=policy(NEWS, "same"), B=policy(NEWS, "other")))
    write(tmp_path / "config", CONFIG)
    write(tmp_path / "broken", "[profile half")
    return tmp_path


def told(folder: Path, environment: Mapping[str, str], *arguments: str) -> str:
    """Return the one sentence of a command's complaints."""
    done = subprocess.run(
        [PROGRAM, "drift", "Mail.json", *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=folder,
        env=environment,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    return line.removeprefix("sending-policy: ")


def without(aws: Emulator, *names: str, **more: str) -> dict[str, str]:
    """Return a shell's environment without some variables and with others."""
    return {name: value for name, value in aws.shell().items() if name not in names} | more


UNKNOWN = "UnrecognizedClientException"
READ = "GetEmailIdentityPolicies"
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


def test_without_credentials(folder: Path, aws: Emulator) -> None:
    assert told(folder, without(aws, *KEYS)) == f"no AWS credentials were found: {SIGN_IN}"


def test_with_half_of_them(folder: Path, aws: Emulator) -> None:
    sentence = told(folder, without(aws, "AWS_SECRET_ACCESS_KEY"))
    assert sentence.startswith("the AWS credentials are not complete: Partial credentials found in env")


@pytest.mark.parametrize("way", ["option", "variable"])
def test_with_a_profile_that_is_not_there(folder: Path, aws: Emulator, way: str) -> None:
    environment = without(aws, **({"AWS_PROFILE": "nobody"} if way == "variable" else {}))
    arguments = ["--profile=nobody"] if way == "option" else []
    sentence = "the AWS configuration has no profile 'nobody': name another with --profile"
    assert told(folder, environment, *arguments) == sentence


def test_with_a_profile_that_nobody_is_signed_in_to(folder: Path, aws: Emulator) -> None:
    environment = without(aws, AWS_CONFIG_FILE="config", HOME=str(folder))
    sentence = told(folder, environment, "--profile=signed-out")
    assert (
        sentence == "you are not signed in: Error loading SSO Token: Token for ours does not exist: run `aws sso login`"
    )


def test_with_a_profile_of_one_that_is_not_there(folder: Path, aws: Emulator) -> None:
    sentence = told(folder, without(aws, AWS_CONFIG_FILE="config"), "--profile=half")
    assert sentence.endswith('The source_profile "gone" referenced in the profile "half" does not exist')


def test_with_a_configuration_that_is_none(folder: Path, aws: Emulator) -> None:
    sentence = told(folder, without(aws, AWS_CONFIG_FILE="broken"))
    assert sentence == "the AWS configuration cannot be read: Unable to parse config file: broken"


def test_without_a_region(folder: Path, aws: Emulator) -> None:
    environment = without(aws, "AWS_REGION", "AWS_DEFAULT_REGION")
    assert told(folder, environment) == "no AWS region is known: give one with --region, or set AWS_REGION"


def test_with_a_region_that_is_none(folder: Path, aws: Emulator) -> None:
    sentence = told(folder, without(aws), "--region=e u")
    assert sentence.endswith("doesn't match a supported format: give a region as eu-west-1 with --region")


@pytest.mark.parametrize(
    ("option", "variables", "region"),
    [
        ("'eu-west-3'", {"AWS_REGION": "eu-west-2", "AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-3"),
        ("None", {"AWS_REGION": "eu-west-2", "AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-2"),
        ("None", {"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1"),
    ],
)
def test_the_region_is_the_one_of_the_aws_cli(
    aws: Emulator, option: str, variables: dict[str, str], region: str
) -> None:
    """The option, then `AWS_REGION`, then `AWS_DEFAULT_REGION`, the only one that boto3 reads."""
    ask = f"from ses_sending_policy.review.live.aws import Aws; print(Aws(region={option}).region)"
    environment = without(aws, "AWS_REGION", "AWS_DEFAULT_REGION", PYTHONPATH=str(ROOT), **variables)
    done = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, encoding="utf-8", env=environment, check=True
    )
    assert done.stdout == f"{region}\n"


def test_without_a_network(folder: Path, aws: Emulator) -> None:
    sentence = told(folder, without(aws, AWS_ENDPOINT_URL_SESV2="http://127.0.0.1:9"))
    assert sentence == (
        'sesv2 cannot be reached in eu-west-1: Could not connect to the endpoint URL: "http://127.0.0.1:9/v2/email/'
        f'identities/{NEWS}/policies": check the network, the proxy and whether this is the right region'
    )


def test_with_an_address_that_is_none(folder: Path, aws: Emulator) -> None:
    assert told(folder, without(aws, AWS_ENDPOINT_URL_SESV2="ses")) == "sesv2 cannot be called: Invalid endpoint: ses"


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("AccessDeniedException", f"{NEWS} was not looked at: ses:{READ} is denied: said so"),
        ("ExpiredTokenException", f"the AWS session is over: ExpiredTokenException: {SIGN_IN}"),
        (
            UNKNOWN,
            f"AWS does not take these credentials: {READ}: {UNKNOWN}: said so: {SIGN_IN}; or enable the region",
        ),
        ("BadRequestException", f"{NEWS} was not looked at: BadRequestException: said so"),
    ],
)
def test_where_ses_refuses(folder: Path, aws: Emulator, code: str, sentence: str) -> None:
    aws.ses.fail(ScriptedFault("refusal", status=403, code=code, message="said so"))
    assert told(folder, without(aws)) == sentence


@pytest.mark.parametrize("command", [command for command in COMMANDS if command not in {"explain", "check", "diff"}])
def test_without_the_extra(folder: Path, command: str) -> None:
    wall = """
import sys

class Wall:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"boto3", "botocore"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Wall())
from ses_sending_policy.cli import run
sys.exit(run(sys.argv[1:]))
"""
    done = subprocess.run(
        [sys.executable, "-c", wall, command, LIVE[command]],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    told = 'boto3 is needed to read from an AWS account: pip install "ses-sending-policy[live]"'
    assert done.stderr == f"sending-policy: {told}\n"
