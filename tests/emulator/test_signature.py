"""Which signatures are accepted: those that AWS published, and those of its SDKs."""

import time
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

import boto3
import botocore.config
import pytest
from botocore.awsrequest import AWSPreparedRequest

from emulator.signature import Signer
from tests.support.signed_requests import SECRET, SMITHY, Asked

KEY, REGION = "111111111111", "eu-west-1"
SIGNER: Final = Signer(KEY, SECRET, REGION)

# Examples of AWS: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, the page beside it on
# queries, and the suite that AWS published with Signature Version 4.
S3: Final = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"
SUITE: Final = (
    "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date"
)
S3_HEADERS: Final = {"host": "examplebucket.s3.amazonaws.com", "x-amz-date": "20130524T000000Z"}
SUITE_HEADERS: Final = {"host": "example.amazonaws.com", "x-amz-date": "20150830T123600Z"}
EMPTY: Final = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
S3_SECRET: Final = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SUITE_SECRET: Final = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
PUBLISHED: Final = {
    "a part of an object": Asked(
        "GET",
        "/test.txt",
        S3_HEADERS
        | {
            "range": "bytes=0-9",
            "x-amz-content-sha256": EMPTY,
            "authorization": f"{S3},SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,"
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        },
    ),
    "an object that is put": Asked(
        "PUT",
        "/test%24file.text",
        S3_HEADERS
        | {
            "date": "Fri, 24 May 2013 00:00:00 GMT",
            "x-amz-storage-class": "REDUCED_REDUNDANCY",
            "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
            "authorization": f"{S3},SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,"
            "Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        },
        b"Welcome to Amazon S3.",
    ),
    "a query": Asked(
        "GET",
        "/?max-keys=2&prefix=J",
        S3_HEADERS
        | {
            "x-amz-content-sha256": EMPTY,
            "authorization": f"{S3},SignedHeaders=host;x-amz-content-sha256;x-amz-date,"
            "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        },
    ),
    "a presigned URL": Asked(
        "GET",
        "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3"
        "%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
        {"host": "examplebucket.s3.amazonaws.com"},
    ),
    "get-vanilla": Asked(
        "GET",
        "/",
        SUITE_HEADERS
        | {"authorization": f"{SUITE}, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    ),
    "post-vanilla": Asked(
        "POST",
        "/",
        SUITE_HEADERS
        | {"authorization": f"{SUITE}, Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    ),
    "get-vanilla-query-order-key-case": Asked(
        "GET",
        "/?Param2=value2&Param1=value1",
        SUITE_HEADERS
        | {"authorization": f"{SUITE}, Signature=b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    ),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_signature_that_aws_published_is_let_in(name: str) -> None:
    asked = PUBLISHED[name]
    is_s3 = "s3.amazonaws.com" in asked.headers["host"]
    asked.verify(S3_SECRET if is_s3 else SUITE_SECRET, 1369353600.0 if is_s3 else 1440938160.0)


@pytest.mark.parametrize("name", SMITHY)
def test_a_signature_of_the_sdk_for_javascript_is_let_in(name: str) -> None:
    SMITHY[name].verify()
    assert SMITHY[name].refused("another secret").startswith("InvalidSignatureException: the signature is of another")


def sent(service: str, operation: str, **arguments: Any) -> Asked:
    """Return the request that botocore would send."""
    caught: list[AWSPreparedRequest] = []

    def catch(request: AWSPreparedRequest, **_: Any) -> Any:
        caught.append(request)
        raise InterruptedError

    session = boto3.session.Session(KEY, SECRET, region_name=REGION)
    client = session.client(service, endpoint_url="https://127.0.0.1:4566", config=botocore.config.Config(proxies={}))
    client.meta.events.register("before-send", catch)
    with pytest.raises(InterruptedError):
        getattr(client, operation)(**arguments)
    return wired(caught[0])


def wired(request: AWSPreparedRequest) -> Asked:
    """Return a request of botocore as it is on the wire."""
    address = urlsplit(request.url)
    target = f"{address.path or '/'}?{address.query}" if address.query else address.path or "/"
    headers = {
        name: value.decode() if isinstance(value, bytes) else str(value) for name, value in request.headers.items()
    }
    body = request.body or b""
    if hasattr(body, "read"):
        body = body.read()
    return Asked(
        request.method, target, {"Host": address.netloc} | headers, body.encode() if isinstance(body, str) else body
    )


BOTOCORE: Final[list[tuple[str, str, dict[str, Any]]]] = [
    ("sts", "get_caller_identity", {}),
    ("cloudformation", "describe_stacks", {"StackName": "a b/ü"}),
    ("lambda", "list_functions", {}),
    ("lambda", "invoke", {"FunctionName": "arn:aws:lambda:eu-west-1:111111111111:function:f", "Payload": b"{}"}),
    ("lambda", "list_tags", {"Resource": "arn:aws:lambda:eu-west-1:111111111111:function:f"}),
    ("s3", "list_buckets", {}),
    ("s3", "put_object", {"Bucket": "bucket", "Key": "a//b/../ü +%2F", "Body": b"object"}),
    ("s3", "list_objects_v2", {"Bucket": "bucket", "Prefix": "a b+ü&="}),
    ("s3", "get_object", {"Bucket": "bucket", "Key": "~!*'()"}),
    ("ssm", "get_parameter", {"Name": "/cdk-bootstrap/hnb659fds/version"}),
    ("cloudwatch", "describe_alarms", {}),
    ("sqs", "list_queues", {}),
    ("ec2", "describe_vpcs", {}),
    ("sesv2", "get_email_identity_policies", {"EmailIdentity": "a+b|ü@x.com"}),
    ("sesv2", "create_email_identity_policy", {"EmailIdentity": "x.com", "PolicyName": "p .~", "Policy": "{ü}"}),
]


@pytest.mark.parametrize(("service", "operation", "arguments"), BOTOCORE)
def test_what_botocore_signs_is_let_in(service: str, operation: str, arguments: dict[str, Any]) -> None:
    asked = sent(service, operation, **arguments)
    asked.verify(now=time.time())
    asked.refused("another secret", time.time())
    replace(asked, method="PATCH").refused(now=time.time())
    replace(asked, target=f"{asked.target}x").refused(now=time.time())
    if "STREAMING-UNSIGNED-PAYLOAD-TRAILER" not in asked.headers.values():
        replace(asked, body=asked.body + b" ").refused(now=time.time())


def presigned(**changes: str) -> Asked:
    """Return a request with a presigned URL for an object, made now."""
    config = botocore.config.Config(signature_version=changes.get("version", "s3v4"), s3={"addressing_style": "path"})
    client = boto3.session.Session(KEY, SECRET, region_name=REGION).client(
        "s3", endpoint_url="https://127.0.0.1:4566", config=config
    )
    url = urlsplit(client.generate_presigned_url("put_object", {"Bucket": "b", "Key": "a b+ü"}, 60))
    return Asked("PUT", f"{url.path}?{url.query}", {"Host": url.netloc}, b"whatever")


def test_a_presigned_url_holds_for_its_time() -> None:
    asked, now = presigned(), time.time()
    asked.verify(now=now)
    asked.verify(now=now + 50)
    assert asked.refused(now=now + 70).startswith("RequestExpired: signed at ")
    assert asked.refused(now=now - 1000).startswith("RequestExpired: signed at ")
    asked.refused("another secret", now)
    replace(asked, method="GET").refused(now=now)
    replace(asked, headers={"Host": "127.0.0.1:4567"}).refused(now=now)


def test_version_2_is_let_in_nowhere() -> None:
    asked = presigned(version="s3")
    assert "AWSAccessKeyId=" in asked.target
    assert asked.refused().startswith("MissingAuthenticationTokenException: the request is not signed")


def test_our_own_signer_signs_headers_and_urls() -> None:
    url = "https://127.0.0.1:4566/_ministack/cfn-response/token"
    address = urlsplit(SIGNER.presigned("PUT", url, 60))
    asked = Asked("PUT", f"{address.path}?{address.query}", {"Host": address.netloc}, b"{}")
    asked.verify(now=time.time())
    assert asked.refused(now=time.time() + 61).startswith("RequestExpired")
    replace(asked, method="GET").refused(now=time.time())
    headers = SIGNER.headers("ses", "PUT", "http://127.0.0.1:80/_ses/settings", b"{}")
    Asked("PUT", "/_ses/settings", {"Host": "127.0.0.1"} | headers, b"{}").verify(now=time.time())
