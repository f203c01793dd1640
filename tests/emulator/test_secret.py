"""The local AWS serves any user of its machine who has its secret, and nobody else."""

import io
import json
import os
import shutil
import ssl
import stat
import subprocess
import sys
import uuid
import zipfile
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import boto3.s3.transfer
import botocore.exceptions
import pytest

from emulator import Emulator
from emulator.clients import client
from emulator.signature import Signer
from tests.emulator.unsigned_paths import CALLS, PATHS

STRANGER: Final = Path(__file__).parents[1] / "support" / "stranger.py"
_NOBODY: Final = 65534

# A function that returns the command line of every process that runs while it does.
LINES: Final = """
import pathlib
def line(file):
    try:
        return file.read_text(errors="replace")
    except OSError:
        return "it has ended meanwhile"
def handler(event, context):
    return [line(file) for file in pathlib.Path("/proc").glob("[0-9]*/cmdline")]
"""


def other_user() -> int | None:
    """Return the id of another user of this machine; None if this process may not become one."""
    return _NOBODY if os.getuid() == 0 else None


def asked(aws: Emulator, paths: list[Any], credentials: dict[str, str]) -> dict[str, Any]:
    """Send requests as another user; return the statuses."""
    asking = {
        "uid": other_user(),
        "credentials": credentials,
        "endpoint": aws.endpoint,
        "ses": aws.ses.url,
        "paths": paths,
        "calls": CALLS,
    }
    done = subprocess.run(
        [sys.executable, str(STRANGER)],
        input=json.dumps(asking),
        env={"PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def keys(aws: Emulator) -> dict[str, str]:
    """Return the credentials in the shell of a local AWS."""
    return {name.lower(): aws.environment[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}


@pytest.fixture
def made_up(aws: Emulator) -> dict[str, str]:
    """Return credentials of the right account, which everybody knows, with a guessed secret."""
    return keys(aws) | {"aws_secret_access_key": "local"}


@pytest.mark.skipif(other_user() is None, reason="not root: this user asks in the place of another, without the secret")
def test_it_is_another_user_who_asks(aws: Emulator) -> None:
    assert asked(aws, [], keys(aws))["uid"] == other_user() != os.getuid()


def test_nobody_else_is_let_in(aws: Emulator, made_up: dict[str, str]) -> None:
    told = asked(aws, PATHS, made_up)
    assert [(status, path) for path, status in zip(PATHS, told["paths"], strict=True) if status != 403] == []
    assert [(status, call) for call, status in zip(CALLS, told["calls"], strict=True) if status != 403] == []


@pytest.mark.parametrize(("service", "operation", "arguments"), CALLS)
def test_who_is_refused_is_told_why(aws: Emulator, service: str, operation: str, arguments: dict[str, str]) -> None:
    """In the format of each protocol: forms, XML, JSON and CBOR."""
    url = aws.ses.url if service == "sesv2" else aws.endpoint
    made = client(service, aws.place, "another", url, aws.environment["AWS_CA_BUNDLE"])
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        getattr(made, operation)(**arguments)
    made.close()
    assert caught.value.response["Error"] == {
        "Code": "InvalidSignatureException",
        "Message": "the signature is of another secret or request: "
        "the local AWS takes only the credentials that it printed as it started",
    }


def test_whoever_has_the_credentials_is_let_in(aws: Emulator) -> None:
    told = asked(aws, [], keys(aws))
    assert told["calls"] == [200] * len(CALLS)


def over(aws: Emulator, url: str, method: str = "GET", body: bytes | None = None) -> tuple[int, bytes]:
    """Return the response to someone who has only this URL, and trusts the local AWS."""
    address = urlsplit(url)
    trust = ssl.create_default_context(cafile=aws.environment["AWS_CA_BUNDLE"])
    connection = HTTPSConnection(str(address.hostname), address.port, timeout=60, context=trust)
    try:
        connection.request(method, f"{address.path}?{address.query}", body)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_a_presigned_object_is_for_whoever_has_its_url(aws: Emulator) -> None:
    objects = aws.client("s3", signature_version="s3v4", s3={"addressing_style": "path"})
    bucket, key = f"b-{uuid.uuid4().hex[:8]}", "a b+ü//c"
    objects.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    put, get = (
        objects.generate_presigned_url(operation, {"Bucket": bucket, "Key": key})
        for operation in ("put_object", "get_object")
    )
    assert over(aws, put, "PUT", b"whatever")[0] == 200
    assert over(aws, get) == (200, b"whatever")
    assert over(aws, get, "PUT", b"other")[0] == 403
    assert over(aws, get.replace("%2F%2Fc", "").replace("//c", ""))[0] == 403
    assert over(aws, get.partition("?")[0])[0] == 403
    assert over(aws, get) == (200, b"whatever")


def test_an_object_is_put_in_one_piece_in_chunks_and_in_parts(aws: Emulator) -> None:
    objects, bucket = aws.client("s3"), f"b-{uuid.uuid4().hex[:8]}"
    objects.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    large = bytes(9 * 2**20)
    parts = boto3.s3.transfer.TransferConfig(multipart_threshold=8 * 2**20)
    objects.put_object(Bucket=bucket, Key="piece", Body=b"piece")
    # A body that cannot be read twice has its checksum at its end: STREAMING-UNSIGNED-PAYLOAD-TRAILER.
    objects.put_object(Bucket=bucket, Key="chunks", Body=io.BytesIO(b"chunks"), ChecksumAlgorithm="CRC32")
    objects.upload_fileobj(io.BytesIO(large), bucket, "parts", Config=parts)
    there = {key: objects.get_object(Bucket=bucket, Key=key)["Body"].read() for key in ("piece", "chunks", "parts")}
    assert there == {"piece": b"piece", "chunks": b"chunks", "parts": large}


def test_a_bucket_has_a_name_of_its_own(aws: Emulator) -> None:
    """The signed host is `bucket.s3.localhost` then, at whatever address it is."""
    bucket, host = f"b-{uuid.uuid4().hex[:8]}", ".s3.localhost"
    aws.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    aws.client("s3").put_object(Bucket=bucket, Key="key", Body=b"object")
    url = urlsplit(aws.endpoint)
    signer = Signer(*(aws.environment[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION")))
    there = urlsplit(signer.presigned("GET", f"https://{bucket}{host}:{url.port}/key", 60))
    trust = ssl.create_default_context(cafile=aws.environment["AWS_CA_BUNDLE"])

    def asked(name: str) -> tuple[int, bytes]:
        connection = HTTPSConnection(str(url.hostname), url.port, timeout=60, context=trust)
        try:
            connection.request("GET", f"/key?{there.query}", headers={"Host": f"{name}{host}:{url.port}"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    assert asked(bucket) == (200, b"object")
    assert asked("another")[0] == 403


def test_an_assumed_role_is_let_in_everywhere(aws: Emulator) -> None:
    role = {"RoleArn": "arn:aws:iam::111111111111:role/r", "RoleSessionName": "session"}
    given = aws.client("sts").assume_role(**role)["Credentials"]
    session = {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }
    assert asked(aws, [], session)["calls"] == [200] * len(CALLS)
    assert asked(aws, [], session | {"aws_secret_access_key": "local"})["calls"] == [403] * len(CALLS)


def test_the_credentials_of_another_run_are_not_taken(aws: Emulator) -> None:
    with Emulator() as other:
        assert other.secret != aws.secret
        assert asked(aws, [], keys(other))["calls"] == [403] * len(CALLS)


def test_a_function_s_code_and_a_signal_have_urls_that_are_signed(aws: Emulator) -> None:
    name, code = f"f-{uuid.uuid4().hex[:8]}", io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "def handler(event, context):\n    return 1\n")
    functions = aws.client("lambda")
    functions.create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="index.handler",
        Role="arn:aws:iam::111111111111:role/r",
        Code={"ZipFile": code.getvalue()},
    )
    url = functions.get_function(FunctionName=name)["Code"]["Location"]
    assert over(aws, url) == (200, code.getvalue())
    assert over(aws, url.replace(name, "another"))[0] == 403

    template = {"Resources": {"Handle": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}}
    template["Outputs"] = {"Url": {"Value": {"Ref": "Handle"}}}  # type: ignore[dict-item]
    formation = aws.client("cloudformation")
    formation.create_stack(StackName=name, TemplateBody=json.dumps(template))
    formation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 0.2})
    [output] = formation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    signal = b'{"Status": "SUCCESS", "Reason": "r", "UniqueId": "u", "Data": "d"}'
    assert over(aws, output["OutputValue"], "PUT", signal)[0] == 200
    assert over(aws, output["OutputValue"].partition("?")[0], "PUT", signal)[0] == 403


def test_what_is_written_is_for_nobody_else_to_read(aws: Emulator) -> None:
    home = Path(aws.environment["AWS_CURL_CONFIG"]).parent
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    secret = [file for file in home.rglob("*") if file.is_file() and aws.secret.encode() in file.read_bytes()]
    assert [file.name for file in secret] == ["curl.config"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in [*secret, home / "server.key"]} == {0o600}


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="the command lines of others are looked up in /proc")
def test_the_secret_is_in_no_command_line() -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", LINES)
    with Emulator() as aws:
        functions = aws.client("lambda")
        functions.create_function(
            FunctionName="f",
            Runtime="python3.13",
            Handler="index.handler",
            Role="arn:aws:iam::111111111111:role/r",
            Code={"ZipFile": code.getvalue()},
        )
        lines = json.load(functions.invoke(FunctionName="f")["Payload"])
    assert any("gateway.py" in line for line in lines)
    assert not [line for line in lines if aws.secret in line]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed: the lines of the page are not tried")
def test_curl_signs_by_its_config(aws: Emulator) -> None:
    """The lines in docs/local-aws.md, as a shell runs them."""
    page = (Path(__file__).parents[2] / "docs" / "local-aws.md").read_text(encoding="utf-8")
    lines = [line.partition("   #")[0].strip() for line in page.splitlines() if line.startswith("    curl ")]
    assert len(lines) == 2
    with Emulator() as own:
        script = "\n".join(line.replace("curl ", "curl --silent --fail ") for line in lines)
        done = subprocess.run(["sh", "-ec", script], env=own.shell(), capture_output=True, encoding="utf-8", check=True)
        assert done.stdout == "[]null"
        assert (own.ses.settings.stale_seconds, own.ses.settings.canonical) == (2.7, True)
    endpoint = f'curl --silent --fail --config "$AWS_CURL_CONFIG" "{aws.endpoint}/_ministack/health"'
    done = subprocess.run(["sh", "-ec", endpoint], env=aws.shell(), capture_output=True, encoding="utf-8", check=True)
    assert "services" in json.loads(done.stdout)


def listening(process: int) -> list[str]:
    """Return the addresses on which a process listens, in the hexadecimal of /proc/net/tcp."""
    files = [str(file.readlink()) for file in Path("/proc", str(process), "fd").iterdir() if file.is_symlink()]
    lines = [
        line.split()
        for name in ("tcp", "tcp6")
        for line in Path("/proc/net", name).read_text(encoding="ascii").splitlines()[1:]
    ]
    return sorted(line[1] for line in lines if line[3] == "0A" and f"socket:[{line[9]}]" in files)


@pytest.mark.skipif(
    not Path("/proc/self/task", str(os.getpid()), "children").exists(), reason="who listens is looked up in /proc"
)
def test_there_is_no_other_door() -> None:
    """No SFTP, MQTT, database or port 443: it listens on one port of the loopback interface."""
    with Emulator() as aws:
        aws.client("transfer").create_server(Protocols=["SFTP"])
        tasks = Path("/proc", str(aws.process), "task").glob("*/children")
        [ministack] = {int(child) for file in tasks for child in file.read_text(encoding="ascii").split()}
        assert listening(aws.process) == []
        assert listening(ministack) == [f"0100007F:{urlsplit(aws.endpoint).port:04X}"]
