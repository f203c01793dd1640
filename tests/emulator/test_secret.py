"""The local AWS and the other users of its machine: who has its secret is let in, whoever it is, and nobody else."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from emulator import Emulator

STRANGER: Final = Path(__file__).parents[1] / "support" / "stranger.py"
_NOBODY: Final = 65534

JSON: Final = {"Content-Type": "application/json"}
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
SOCKET: Final = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}
MADE_UP: Final = (
    "AWS4-HMAC-SHA256 Credential=111111111111/20260101/eu-west-1/lambda/aws4_request, "
    f"SignedHeaders=host;x-amz-date, Signature={'0' * 64}"
)

# What ministack serves, by the routes of its `app.py`: server, method, path, headers, body.
PATHS: Final[list[tuple[str, str, str, dict[str, str], str | None]]] = [
    # Its own pages.
    ("endpoint", "GET", "/", {}, None),
    ("endpoint", "GET", "/health", {}, None),
    ("endpoint", "GET", "/_ministack/health", {}, None),
    ("endpoint", "GET", "/_ministack/ready", {}, None),
    ("endpoint", "GET", "/_localstack/health", {}, None),
    ("endpoint", "GET", "/_localstack/init", {}, None),
    ("endpoint", "POST", "/_ministack/reset", {}, None),
    ("endpoint", "POST", "/_ministack/config", JSON, "{}"),
    ("endpoint", "GET", "/_ministack/ses/messages", {}, None),
    ("endpoint", "GET", "/_aws/ses", {}, None),
    ("endpoint", "GET", "/_ministack/sqs/messages", {}, None),
    ("endpoint", "GET", "/_aws/sqs/messages", {}, None),
    ("endpoint", "GET", "/_ministack/sns/sms-messages", {}, None),
    ("endpoint", "GET", "/_aws/sns/sms-messages", {}, None),
    ("endpoint", "GET", "/_ministack/rds/ca.pem", {}, None),
    ("endpoint", "POST", "/_ministack/rds/iam-auth", JSON, "{}"),
    ("endpoint", "GET", "/_ministack/elasticache/ca.pem", {}, None),
    ("endpoint", "GET", "/_ministack/iot/ca.pem", {}, None),
    ("endpoint", "GET", "/_ministack/transfer/sftp-ports", {}, None),
    ("endpoint", "POST", "/_ministack/eks-auth/cluster", JSON, "{}"),
    ("endpoint", "PUT", "/_ministack/cfn-response/token", {}, "{}"),
    ("endpoint", "PUT", "/_ministack/cfn-signal/token", {}, "{}"),
    ("endpoint", "GET", "/_ministack/lambda-code/111111111111/eu-west-1/f", {}, None),
    ("endpoint", "GET", "/_ministack/lambda-layers/111111111111/eu-west-1/l/1/content", {}, None),
    # What AWS serves to who has a token, a cookie or nothing at all.
    ("endpoint", "OPTIONS", "/bucket", {"Origin": "https://example.com", "Access-Control-Request-Method": "PUT"}, None),
    ("endpoint", "PUT", "/latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds": "60"}, None),
    ("endpoint", "GET", "/latest/meta-data/iam/security-credentials/", {}, None),
    ("endpoint", "GET", "/v2/credentials/task", {}, None),
    ("endpoint", "GET", "/v4/task", {}, None),
    ("endpoint", "GET", "/oauth2/authorize?client_id=c", {}, None),
    ("endpoint", "POST", "/oauth2/token", FORM, "grant_type=client_credentials"),
    ("endpoint", "POST", "/login", FORM, "username=u"),
    ("endpoint", "GET", "/logout", {}, None),
    ("endpoint", "GET", "/eu-west-1_pool/.well-known/jwks.json", {}, None),
    ("endpoint", "POST", "/", JSON | {"X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth"}, "{}"),
    ("endpoint", "GET", "/_aws/execute-api/a1b2c3d4/stage/", {}, None),
    ("endpoint", "GET", "/restapis/a1b2c3d4/stage/_user_request_/", {}, None),
    ("endpoint", "GET", "/", {"Host": "a1b2c3d4.execute-api.127.0.0.1"}, None),
    ("endpoint", "POST", "/_aws/lambda-url/abcdefghijklmnopqrstuvwxyz012345/", JSON, "{}"),
    ("endpoint", "POST", "/", {"Host": f"{'a' * 32}.lambda-url.eu-west-1.localhost"}, "{}"),
    ("endpoint", "GET", "/_alb/balancer/", {}, None),
    ("endpoint", "GET", "/", {"Host": "balancer.alb.localhost"}, None),
    ("endpoint", "GET", "/", {"Host": "d111111abcdef8.cloudfront.net"}, None),
    ("endpoint", "GET", "/", {"Host": "abc.eu-west-1.aoss.amazonaws.com"}, None),
    ("endpoint", "POST", "/v1/apis/a/graphql", JSON, "{}"),
    ("endpoint", "POST", "/graphql", JSON | {"Host": "a.appsync-api.eu-west-1.localhost"}, "{}"),
    ("endpoint", "POST", "/event", JSON | {"Host": "a.appsync-api.eu-west-1.localhost"}, "{}"),
    ("endpoint", "GET", "/v2/", {}, None),
    ("endpoint", "GET", "/v2/_catalog", {}, None),
    ("endpoint", "GET", "/iceberg/v1/config", {}, None),
    ("endpoint", "GET", "/v20180820/mrap/instances", {}, None),
    ("endpoint", "POST", "/WriteGetObjectResponse", {"x-amz-request-route": "r"}, ""),
    ("endpoint", "GET", "/environments", {}, None),
    ("endpoint", "GET", "/bucket/key", {}, None),
    ("endpoint", "PUT", "/bucket", {}, None),
    ("endpoint", "GET", "/key", {"Host": "bucket.s3.localhost"}, None),
    ("endpoint", "GET", "/key?AWSAccessKeyId=111111111111&Signature=x&Expires=9999999999", {}, None),
    ("endpoint", "POST", "/bucket", {"Content-Type": "multipart/form-data; boundary=b"}, "--b--"),
    ("endpoint", "GET", "/?Action=ListQueues&Version=2012-11-05", {}, None),
    ("endpoint", "POST", "/", FORM, "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=r&WebIdentityToken=t"),
    ("endpoint", "POST", "/", FORM, "Action=AssumeRoleWithSAML&Version=2011-06-15"),
    # WebSockets.
    ("endpoint", "GET", "/stage", SOCKET | {"Host": "a1b2c3d4.execute-api.127.0.0.1"}, None),
    ("endpoint", "GET", "/_aws/execute-api/a1b2c3d4/stage", SOCKET, None),
    ("endpoint", "GET", "/event/realtime", SOCKET | {"Host": "a.appsync-realtime-api.eu-west-1.localhost"}, None),
    (
        "endpoint",
        "GET",
        "/mqtt",
        SOCKET | {"Host": "a.iot.eu-west-1.localhost", "Sec-WebSocket-Protocol": "mqtt"},
        None,
    ),
    # What has to be signed anyway, and a signature that nobody made.
    ("endpoint", "GET", "/2015-03-31/functions/", {}, None),
    ("endpoint", "POST", "/2015-03-31/functions/f/invocations", JSON, "{}"),
    ("endpoint", "GET", "/2015-03-31/functions/", {"Authorization": MADE_UP, "X-Amz-Date": "20260101T000000Z"}, None),
    ("endpoint", "GET", "/2015-03-31/functions/", {"Authorization": "Bearer x"}, None),
    ("endpoint", "GET", "/v2/email/identities", {}, None),
    # The strict SES, and its control.
    ("ses", "GET", "/", {}, None),
    ("ses", "GET", "/v2/email/identities", {}, None),
    ("ses", "GET", "/v2/email/identities/example.com/policies", {}, None),
    ("ses", "POST", "/v2/email/identities/example.com/policies/p", JSON, "{}"),
    ("ses", "GET", "/v2/email/identities", {"Authorization": MADE_UP, "X-Amz-Date": "20260101T000000Z"}, None),
    ("ses", "GET", "/_ministack/health", {}, None),
    ("ses", "GET", "/_ses/policies", {}, None),
    ("ses", "PUT", "/_ses/policies", JSON, "{}"),
    ("ses", "GET", "/_ses/calls", {}, None),
    ("ses", "DELETE", "/_ses/calls", {}, None),
    ("ses", "GET", "/_ses/settings", {}, None),
    ("ses", "PUT", "/_ses/settings", JSON, "{}"),
    ("ses", "GET", "/_ses/faults", {}, None),
    ("ses", "POST", "/_ses/faults", {"Content-Type": "text/plain", "Origin": "https://example.com"}, "[]"),
    ("ses", "DELETE", "/_ses/faults", {}, None),
    ("ses", "PUT", "/_ses/identities", JSON, "{}"),
    ("ses", "DELETE", "/_ses/identities", JSON, "{}"),
    ("ses", "GET", "/_ses/nothing", {}, None),
    ("ses", "POST", "/_ses/stop", {"Host": "rebound.example.com"}, None),
    ("ses", "OPTIONS", "/_ses/stop", {"Origin": "https://example.com"}, None),
]
CALLS: Final = [
    ("sts", "get_caller_identity", {}),
    ("sts", "assume_role", {"RoleArn": "arn:aws:iam::111111111111:role/r", "RoleSessionName": "session"}),
    ("lambda", "list_functions", {}),
    ("s3", "list_buckets", {}),
    ("cloudformation", "list_stacks", {}),
    ("iam", "list_users", {}),
    ("ssm", "describe_parameters", {}),
    ("logs", "describe_log_groups", {}),
    ("sns", "list_topics", {}),
    ("sqs", "list_queues", {}),
    ("ec2", "describe_vpcs", {}),
    ("cloudwatch", "describe_alarms", {}),
    ("events", "list_rules", {}),
    ("kms", "list_keys", {}),
    ("sesv2", "list_email_identities", {}),
]


def other_user() -> int | None:
    """Return the id of another user of this machine, None where nobody may become one."""
    return _NOBODY if os.getuid() == 0 else None


def asked(aws: Emulator, paths: list[Any], credentials: dict[str, str]) -> dict[str, Any]:
    """Return what another user is told."""
    if other_user() is None:
        sys.stderr.write("no root: what another user would ask is asked by this one, without the credentials\n")
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
    assert told["uid"] == (os.getuid() if other_user() is None else other_user())
    return told


def keys(aws: Emulator) -> dict[str, str]:
    """Return the credentials that the shell of a local AWS has."""
    return {name.lower(): aws.environment[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")}


@pytest.fixture
def made_up(aws: Emulator) -> dict[str, str]:
    """Return the credentials that everybody could have until now."""
    return keys(aws) | {"aws_secret_access_key": "local"}


def test_nobody_else_is_let_in(aws: Emulator, made_up: dict[str, str]) -> None:
    told = asked(aws, PATHS, made_up)
    assert [(status, path) for path, status in zip(PATHS, told["paths"], strict=True) if status != 403] == []
    assert [(status, call) for call, status in zip(CALLS, told["calls"], strict=True) if status != 403] == []


def test_whoever_has_the_credentials_is_let_in(aws: Emulator) -> None:
    told = asked(aws, [], keys(aws))
    assert told["calls"] == [200] * len(CALLS)
