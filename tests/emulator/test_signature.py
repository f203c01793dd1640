"""Which signature is let in: one that AWS published, or that its SDKs make, and none that was tampered with."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import boto3
import botocore.config
import pytest
from botocore.awsrequest import AWSPreparedRequest

from emulator.signature import SignatureError, Signer, claimed

KEY, SECRET, REGION = "111111111111", "secret of a run", "eu-west-1"
SIGNER: Final = Signer(KEY, SECRET, REGION)
NOON: Final = 1767268800.0
"""2026-01-01T12:00:00Z, when the signatures that are kept here were made."""


@dataclass(frozen=True)
class Asked:
    """A request, as it is on the wire."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes = b""

    def verify(self, secret: str = SECRET, now: float = NOON) -> None:
        """Let it in, or raise."""
        claimed(self.method, self.target, self.headers.items()).verify(secret, self.body, now)

    def refused(self, secret: str = SECRET, now: float = NOON) -> str:
        """Return why it is not let in."""
        with pytest.raises(SignatureError) as caught:
            self.verify(secret, now)
        return f"{caught.value.code}: {caught.value.message}"


# AWS's own: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and its sibling about
# queries, and the suite that it published with Signature Version 4.
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


# Made by `@smithy/signature-v4` 5.7.5, which is in the CDK CLI as in each AWS SDK for JavaScript.
SMITHY: Final = {
    name: Asked(method, target, headers, body.encode())
    for name, method, target, headers, body in json.loads(
        Path(__file__).with_name("signed_by_smithy.json").read_text(encoding="utf-8")
    )
}


@pytest.mark.parametrize("name", SMITHY)
def test_a_signature_of_the_sdk_for_javascript_is_let_in(name: str) -> None:
    SMITHY[name].verify()
    assert SMITHY[name].refused("another secret").startswith("InvalidSignatureException: the signature is of another")


def sent(service: str, operation: str, **arguments: Any) -> Asked:
    """Return what botocore would send."""
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
    """Return a request of botocore's as it is on the wire."""
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
    """Return a request for a presigned object, made now."""
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


FORM: Final = SMITHY["a form"]
PATH: Final = SMITHY["a path in percents"]
OBJECT: Final = SMITHY["an object"]
URL: Final = SMITHY["a presigned object"]
CALL: Final = SMITHY["a presigned call"]
Change = Callable[[str], str]


def with_header(asked: Asked, name: str, change: Change) -> Asked:
    """Return a request with another value of a header."""
    return replace(asked, headers=asked.headers | {name: change(asked.headers.get(name, ""))})


def with_target(asked: Asked, old: str, new: str) -> Asked:
    """Return a request with another target."""
    assert old in asked.target
    return replace(asked, target=asked.target.replace(old, new))


def without(asked: Asked, name: str) -> Asked:
    """Return a request without a header."""
    return replace(asked, headers={key: value for key, value in asked.headers.items() if key != name})


ANOTHER: Final = "InvalidSignatureException: the signature is of another secret or request: the local AWS takes only"
INCOMPLETE: Final = "IncompleteSignatureException: "
MISSING: Final = "MissingAuthenticationTokenException: "
STREAMED: Final = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
HOSTILE: Final[dict[str, tuple[Asked, str]]] = {
    "another method": (replace(FORM, method="PUT"), ANOTHER),
    "another path": (replace(FORM, target="/other"), ANOTHER),
    "another query": (with_target(PATH, "a=2", "a=3"), ANOTHER),
    "a query more": (replace(FORM, target="/?Action=DeleteStack"), ANOTHER),
    "a query that overrides": (with_target(PATH, "?", "?b%20c=other&"), ANOTHER),
    "another escape of another letter": (with_target(PATH, "a%2Bb", "a%20b"), ANOTHER),
    "an escape that is undone": (with_target(PATH, "a%2Bb", "a+b"), ANOTHER),
    "an escape that is escaped": (with_target(PATH, "a%2Bb", "a%252Bb"), ANOTHER),
    "a double slash in a key of S3": (with_target(OBJECT, "a//b", "a/b"), ANOTHER),
    "dots in a key of S3": (with_target(OBJECT, "b/../", ""), ANOTHER),
    "a fragment": (with_target(PATH, "policies/", "policies/#/"), f'{INCOMPLETE}"/v2/email/identities/'),
    "no path": (replace(FORM, target="*"), f"{INCOMPLETE}'*' is no path in printable ASCII"),
    "a whole URL": (replace(FORM, target="http://127.0.0.1:4566/"), f"{INCOMPLETE}'http://127.0.0.1:4566/' is no path"),
    "a letter beyond ASCII": (with_target(PATH, "a%2Bb", "ü"), f'{INCOMPLETE}"/v2/email/identities/ü'),
    "another body": (
        replace(FORM, body=b"Action=DeleteStack"),
        "InvalidSignatureException: X-Amz-Content-Sha256 'ab82",
    ),
    "no body": (replace(FORM, body=b""), "InvalidSignatureException: X-Amz-Content-Sha256 'ab82"),
    "another body and its hash": (
        with_header(replace(FORM, body=b""), "x-amz-content-sha256", lambda _: EMPTY),
        ANOTHER,
    ),
    "no word of the body": (without(FORM, "x-amz-content-sha256"), f"{INCOMPLETE}the signed header"),
    "a body that nobody signed, but for S3": (
        with_header(FORM, "x-amz-content-sha256", lambda _: "UNSIGNED-PAYLOAD"),
        "InvalidSignatureException: UNSIGNED-PAYLOAD is for s3 alone",
    ),
    "a body that nobody signed after all": (
        with_header(OBJECT, "x-amz-content-sha256", lambda _: "UNSIGNED-PAYLOAD"),
        ANOTHER,
    ),
    "chunks, which are not looked at": (
        with_header(OBJECT, "x-amz-content-sha256", lambda _: STREAMED),
        f"InvalidSignatureException: X-Amz-Content-Sha256 '{STREAMED}' is not allowed: it must be the body's hash",
    ),
    "another host": (with_header(FORM, "host", lambda _: "rebound.example.com"), ANOTHER),
    "no host": (without(FORM, "host"), f"{INCOMPLETE}the signed header 'host' is not there"),
    "a host that is not signed": (
        with_header(PATH, "authorization", lambda text: text.replace("host;", "")),
        f"{INCOMPLETE}the header host is not signed",
    ),
    "a header of AWS's that is not signed": (
        with_header(FORM, "X-Amz-Target", lambda _: "AWSEvents.PutRule"),
        f"{INCOMPLETE}the header x-amz-target is not signed",
    ),
    "the same of a presigned URL": (
        with_header(URL, "x-amz-acl", lambda _: "public-read"),
        f"{INCOMPLETE}the header x-amz-acl is not signed",
    ),
    "signed headers of another request": (
        with_header(PATH, "authorization", lambda text: text.replace("host;", "accept;host;")),
        f"{INCOMPLETE}the signed header 'accept' is not there",
    ),
    "a header twice": (with_header(FORM, "Host", lambda _: "rebound.example.com"), ANOTHER),
    "another content type": (with_header(FORM, "content-type", lambda _: "application/json"), ANOTHER),
    "another time": (with_header(FORM, "x-amz-date", lambda _: "20260101T120001Z"), ANOTHER),
    "another day": (
        with_header(FORM, "x-amz-date", lambda _: "20260102T120000Z"),
        f"{INCOMPLETE}Credential 'ASIAEXAMPLE/20260101/eu-west-1/sts/aws4_request' of '20260102T120000Z' must be",
    ),
    "no such time": (
        with_header(FORM, "x-amz-date", lambda _: "20260101T250000Z"),
        f"{INCOMPLETE}X-Amz-Date '20260101T250000Z' is no time",
    ),
    "no time": (without(FORM, "x-amz-date"), f"{INCOMPLETE}a signed request needs one X-Amz-Date"),
    "two times": (
        with_header(FORM, "X-AMZ-DATE", lambda _: "20260101T120000Z"),
        f"{INCOMPLETE}a signed request needs one X-Amz-Date",
    ),
    "another region": (with_header(FORM, "authorization", lambda text: text.replace("eu-", "us-")), ANOTHER),
    "another service": (with_header(FORM, "authorization", lambda text: text.replace("/sts/", "/s3/")), ANOTHER),
    "another end of the scope": (
        with_header(FORM, "authorization", lambda text: text.replace("aws4_request", "aws4_other")),
        f"{INCOMPLETE}Credential",
    ),
    "no signature": (without(FORM, "authorization"), f"{MISSING}the request is not signed: the local AWS takes only"),
    "an empty signature": (
        with_header(FORM, "authorization", lambda text: text.rpartition("=")[0] + "="),
        f"{MISSING}Authorization is no AWS4-HMAC-SHA256",
    ),
    "a signature of nothing": (
        with_header(FORM, "authorization", lambda text: text.rpartition("=")[0] + "=" + "0" * 64),
        ANOTHER,
    ),
    "a signature beyond ASCII": (
        with_header(FORM, "authorization", lambda text: text.rpartition("=")[0] + "=\udcff"),
        ANOTHER,
    ),
    "version 4a": (
        with_header(FORM, "authorization", lambda text: text.replace("HMAC-SHA256", "ECDSA-P256-SHA256")),
        f"{MISSING}Authorization is no AWS4-HMAC-SHA256",
    ),
    "a token": (with_header(FORM, "authorization", lambda _: "Bearer x"), f"{MISSING}Authorization is no"),
    "two signatures": (
        with_header(FORM, "Authorization", lambda _: FORM.headers["authorization"]),
        f"{MISSING}Authorization is no AWS4-HMAC-SHA256",
    ),
    "a signature in the header and one in the URL": (
        with_header(URL, "authorization", lambda _: FORM.headers["authorization"]),
        f"{INCOMPLETE}a request is signed in a header or in its URL, and not in both",
    ),
    "a URL for longer": (with_target(URL, "Expires=60", "Expires=600"), ANOTHER),
    "a URL for ever": (
        with_target(URL, "Expires=60", "Expires=604801"),
        f"{INCOMPLETE}X-Amz-Expires '604801' must be a number of seconds, 604800 at most",
    ),
    "a URL for less than nothing": (with_target(URL, "Expires=60", "Expires=-1"), f"{INCOMPLETE}X-Amz-Expires '-1'"),
    "a URL that says twice how long": (
        with_target(URL, "X-Amz-Expires=60", "X-Amz-Expires=60&X-Amz-Expires=600"),
        f"{INCOMPLETE}a presigned URL needs one X-Amz-Expires, this has 2",
    ),
    "a URL that does not say how long": (
        with_target(URL, "&X-Amz-Expires=60", ""),
        f"{INCOMPLETE}a presigned URL needs one X-Amz-Expires, this has 0",
    ),
    "two signatures in the URL": (
        replace(URL, target=URL.target + "&X-Amz-Signature=" + "0" * 64),
        f"{INCOMPLETE}a presigned URL needs one X-Amz-Signature, this has 2",
    ),
    "a URL of another algorithm": (
        with_target(URL, "AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"),
        f"{INCOMPLETE}X-Amz-Algorithm 'AWS4-ECDSA-P256-SHA256' must be AWS4-HMAC-SHA256",
    ),
    "a URL for another key": (with_target(URL, "/bucket/a", "/bucket/b"), ANOTHER),
    "a URL with one more word": (with_target(URL, "?", "?acl&"), ANOTHER),
    "a URL of another name": (with_target(CALL, "X-Amz-Signature", "x-amz-signature"), MISSING),
    "a URL without its token": (with_target(URL, "X-Amz-Security-Token=FwoGZX%2B%2F%3Dtoken&", ""), ANOTHER),
    "a URL with a body that was not meant": (replace(CALL, body=b"Action=DeleteStack"), ANOTHER),
    "a URL whose body is said to be unsigned": (
        with_target(CALL, "?", "?X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&"),
        "InvalidSignatureException: UNSIGNED-PAYLOAD is for s3 alone",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_was_tampered_with_is_not(name: str) -> None:
    asked, said = HOSTILE[name]
    assert asked.refused().startswith(said)


def test_a_signature_in_a_header_is_good_for_a_quarter_of_an_hour() -> None:
    FORM.verify(now=NOON + 890)
    FORM.verify(now=NOON - 890)
    for seconds in (-910, 910, 86400):
        assert FORM.refused(now=NOON + seconds) == (
            "RequestExpired: signed at 20260101T120000Z for 900 s: it is over, or not yet begun"
        )
