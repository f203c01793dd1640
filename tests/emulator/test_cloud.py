"""The whole local AWS: identities with policies, stacks, functions, and that the user's own settings have no effect."""

import io
import json
import os
import ssl
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Callable
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from emulator import AccountRegion, Emulator, EmulatorError
from emulator.certificate import make
from emulator.environment import is_foreign, merged
from emulator.ministack import Ministack

Document = Callable[..., str]
ROOT = Path(__file__).parents[2]

# A custom resource that answers with what it was given, and reads policies through our SES.
FUNCTION = """
import json, os, urllib.request
import boto3
def handler(event, context):
    answer = {key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")}
    answer |= {"PhysicalResourceId": "told", "Status": "SUCCESS"}
    identity = event["ResourceProperties"]["Identity"]
    if event["RequestType"] == "Create":
        found = boto3.client("sesv2").get_email_identity_policies(EmailIdentity=identity)
        told = {"policies": found["Policies"], "url": event["ResponseURL"], "environment": dict(os.environ)}
        told["account"] = boto3.client("sts").get_caller_identity()["Account"]
        answer["Data"] = {"Told": json.dumps(told)}
    request = urllib.request.Request(event["ResponseURL"], json.dumps(answer).encode(), method="PUT")
    urllib.request.urlopen(request).read()
"""


def identity_name() -> str:
    return f"{uuid.uuid4().hex[:8]}.example.com"


def test_a_policy_hangs_on_an_identity_made_through_the_api(aws: Emulator, document: Document) -> None:
    name = identity_name()
    client = aws.client("sesv2")
    with pytest.raises(client.exceptions.NotFoundException, match=f"Email identity <{name}> does not exist"):
        client.create_email_identity_policy(EmailIdentity=name, PolicyName="p", Policy=document(name))
    client.create_email_identity(EmailIdentity=name)
    client.create_email_identity_policy(EmailIdentity=name, PolicyName="p", Policy=document(name))
    assert client.get_email_identity_policies(EmailIdentity=name)["Policies"] == {"p": document(name)}
    assert [policy.name for policy in aws.ses.policies() if policy.identity == name] == ["p"]
    client.delete_email_identity(EmailIdentity=name)
    assert [policy.name for policy in aws.ses.policies() if policy.identity == name] == []
    client.create_email_identity(EmailIdentity=name)
    assert client.get_email_identity_policies(EmailIdentity=name)["Policies"] == {}


@pytest.mark.parametrize("name", ["a+b@example.com", "a|b@example.com", "müller@example.com"])
def test_an_odd_identity_is_the_same_to_both(aws: Emulator, document: Document, name: str) -> None:
    client = aws.client("sesv2")
    client.create_email_identity(EmailIdentity=name)
    assert client.get_email_identity(EmailIdentity=name)["IdentityType"] == "EMAIL_ADDRESS"
    client.create_email_identity_policy(EmailIdentity=name, PolicyName="p", Policy=document(name))
    assert client.get_email_identity_policies(EmailIdentity=name)["Policies"] == {"p": document(name)}


# Over 40 lines: a stack, half of it its template, which nobody would look for anywhere else.
def test_a_stack_has_identities_functions_and_custom_resources(aws: Emulator, document: Document) -> None:
    name = identity_name()
    aws.client("sesv2").create_email_identity(EmailIdentity=name)
    aws.client("sesv2").create_email_identity_policy(EmailIdentity=name, PolicyName="p", Policy=document(name))
    template = {
        "Resources": {
            "Identity": {"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": f"in.{name}"}},
            "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": []}}},
            "Function": {
                "Type": "AWS::Lambda::Function",
                "Properties": {
                    "Runtime": "python3.13",
                    "Handler": "index.handler",
                    "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                    "Code": {"ZipFile": FUNCTION},
                    "Timeout": 60,
                },
            },
            "Teller": {
                "Type": "Custom::Teller",
                "DependsOn": "Identity",
                "Properties": {
                    "ServiceToken": {"Fn::GetAtt": ["Function", "Arn"]},
                    "ServiceTimeout": "60",
                    "Identity": name,
                },
            },
        },
        "Outputs": {"Told": {"Value": {"Fn::GetAtt": ["Teller", "Told"]}}},
    }
    formation, stack = aws.client("cloudformation"), f"teller-{uuid.uuid4().hex[:8]}"
    often = {"Delay": 0.2, "MaxAttempts": 300}
    formation.create_stack(StackName=stack, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"])
    formation.get_waiter("stack_create_complete").wait(StackName=stack, WaiterConfig=often)
    outputs = formation.describe_stacks(StackName=stack)["Stacks"][0]["Outputs"]
    told = json.loads(outputs[0]["OutputValue"])
    assert told["policies"] == {"p": document(name)}
    assert told["account"] == "111111111111"
    assert told["url"].startswith(f"{aws.endpoint}/")
    assert {key: told["environment"].get(key) for key in ("AWS_REGION", "AWS_ENDPOINT_URL_SESV2")} == {
        "AWS_REGION": "eu-west-1",
        "AWS_ENDPOINT_URL_SESV2": aws.ses.url,
    }

    inner = {"EmailIdentity": f"in.{name}", "PolicyName": "p"}
    aws.client("sesv2").create_email_identity_policy(**inner, Policy=document(f"in.{name}"))
    formation.delete_stack(StackName=stack)
    formation.get_waiter("stack_delete_complete").wait(StackName=stack, WaiterConfig=often)
    assert [policy.identity for policy in aws.ses.policies() if policy.identity.endswith(name)] == [name]


def test_two_run_side_by_side(aws: Emulator) -> None:
    name = identity_name()
    aws.client("sesv2").create_email_identity(EmailIdentity=name)
    with Emulator("222222222222", "us-east-1") as other:
        assert {aws.endpoint, aws.ses.url}.isdisjoint({other.endpoint, other.ses.url})
        assert other.client("sesv2").list_email_identities()["EmailIdentities"] == []
        assert other.client("sts").get_caller_identity()["Account"] == "222222222222"
        # Each has its own authority, so neither can be mistaken for the other.
        assert aws.environment["AWS_CA_BUNDLE"] != other.environment["AWS_CA_BUNDLE"]
        with pytest.raises(ssl.SSLCertVerificationError):
            answers(other.endpoint, aws.environment["AWS_CA_BUNDLE"])
    assert aws.client("sesv2").get_email_identity(EmailIdentity=name)["IdentityType"] == "DOMAIN"


def answers(url: str, authority: str) -> bool:
    """Return whether a server answers at `url` with a certificate that this authority issued."""
    address = urlsplit(url)
    trust = ssl.create_default_context(cafile=authority)
    connection = HTTPSConnection(str(address.hostname), address.port, timeout=30, context=trust)
    try:
        connection.request("GET", "/_ministack/health")
        # The request is not signed.
        return connection.getresponse().status == 403
    finally:
        connection.close()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_the_certificate_is_good_for_both_names(aws: Emulator, host: str) -> None:
    assert answers(aws.endpoint.replace("127.0.0.1", host), aws.environment["AWS_CA_BUNDLE"])


def test_it_does_not_listen_on_443(aws: Emulator) -> None:
    with pytest.raises(OSError, match=r"refused|CERTIFICATE_VERIFY_FAILED|WRONG_VERSION"):
        answers("https://127.0.0.1:443", aws.environment["AWS_CA_BUNDLE"])


HOSTILE = {
    "AWS_PROFILE": "production",
    "AWS_ACCESS_KEY_ID": "AKIAREAL",
    "AWS_SECRET_ACCESS_KEY": "real",
    "AWS_SESSION_TOKEN": "real",
    "AWS_REGION": "ap-southeast-2",
    "AWS_ENDPOINT_URL_STS": "http://127.0.0.1:1",
    "AWS_CA_BUNDLE": "/nowhere.pem",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "MINISTACK_ACCOUNT_ID": "999999999999",
    "USE_SSL": "0",
    "HTTPS_PROXY": "http://127.0.0.1:1",
    "https_proxy": "http://127.0.0.1:1",
    "ALL_PROXY": "http://127.0.0.1:1",
}
# Starts an emulator in a hostile environment, and prints what a client, a child process and a function see.
TELL = """
import json, subprocess, sys
from emulator import Emulator
with Emulator() as aws:
    told = {"client": aws.client("sts").get_caller_identity()["Account"]}
    ask = "import boto3, json; s = boto3.Session(); print(json.dumps(["
    ask += "s.client('sts').get_caller_identity()['Account'], s.region_name, s.profile_name, "
    ask += "s.client('sesv2').list_email_identities()['EmailIdentities']]))"
    child = subprocess.run([sys.executable, "-c", ask], env=aws.shell(), stdout=subprocess.PIPE, check=True)
    told["child"] = json.loads(child.stdout)
    code = bytes.fromhex(sys.argv[1])
    functions = aws.client("lambda")
    functions.create_function(FunctionName="f", Runtime="python3.13", Handler="index.handler",
        Role="arn:aws:iam::111111111111:role/r", Code={"ZipFile": code})
    told["function"] = json.load(functions.invoke(FunctionName="f")["Payload"])
    print(json.dumps(told))
"""


def test_nothing_of_the_user_leaks_in() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", "import os\ndef handler(event, context):\n    return dict(os.environ)\n")
    done = subprocess.run(
        [sys.executable, "-c", TELL, packed.getvalue().hex()],
        env=dict(os.environ) | HOSTILE,
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    assert told["client"] == "111111111111"
    assert told["child"] == ["111111111111", "eu-west-1", "default", []]
    function = told["function"]
    assert not {name for name, value in HOSTILE.items() if function.get(name) == value}
    assert {name for name in function if "proxy" in name.lower()} == {"NO_PROXY", "no_proxy"}
    assert (function["AWS_ACCESS_KEY_ID"], function["AWS_REGION"]) == ("111111111111", "eu-west-1")
    assert "AWS_PROFILE" not in function
    assert function["HOME"].startswith(str(Path(function["SSL_CERT_FILE"]).parent))


def test_an_environment_is_merged_without_what_is_foreign(aws: Emulator) -> None:
    assert merged({"PATH": "/bin", "AWS_PROFILE": "p", "https_proxy": "x", "CDK_HOME": "y"}, {"AWS_REGION": "r"}) == {
        "PATH": "/bin",
        "AWS_REGION": "r",
    }
    assert {name: is_foreign(name) for name in ("AWS_PROFILE", "HTTP_PROXY", "no_proxy", "HOME", "LAWS_")} == {
        "AWS_PROFILE": True,
        "HTTP_PROXY": True,
        "no_proxy": True,
        "HOME": False,
        "LAWS_": False,
    }
    assert aws.shell({"PATH": "/bin", "AWS_PROFILE": "p"}) == {"PATH": "/bin"} | aws.environment


def test_files_of_the_environment_exist_and_go_with_the_emulator() -> None:
    with Emulator() as aws:
        files = [Path(aws.environment[name]) for name in ("AWS_CA_BUNDLE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS")]
        assert [file.is_file() for file in files] == [True] * 3
        assert "Ready" in aws.log
    assert not any(file.exists() or file.parent.exists() for file in files)


def test_a_ministack_that_does_not_start_says_why(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with Ministack(home, make(home)) as ministack, pytest.raises(EmulatorError) as caught:
        ministack.start({"PATH": os.environ["PATH"]})
    assert str(caught.value).startswith("ministack ended while it started, its log ends with:\n")
    assert "KeyError: 'AWS_SECRET_ACCESS_KEY'" in str(caught.value)
    assert not home.exists()


@pytest.mark.parametrize(
    ("account", "region", "sentence"),
    [("1", "eu-west-1", "account '1' must be 12 digits"), ("111111111111", "eu", "region 'eu' must look like")],
)
def test_a_wrong_place_is_refused_before_anything_starts(account: str, region: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Emulator(account, region)


def test_an_emulator_that_does_not_run_says_so() -> None:
    aws = Emulator()
    for use in (lambda: aws.ses, lambda: aws.environment, lambda: aws.endpoint, lambda: aws.client("sts")):
        with pytest.raises(EmulatorError, match="the emulator doesn't run, use it as a context manager"):
            use()
    assert aws.place == AccountRegion("111111111111", "eu-west-1")
