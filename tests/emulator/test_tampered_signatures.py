"""A request that was changed after it was signed is refused, and so is a late one."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Final

import pytest

from tests.support.signed_requests import NOON, SMITHY, Asked

EMPTY: Final = sha256(b"").hexdigest()
FORM: Final = SMITHY["a form"]
PATH: Final = SMITHY["a path in percents"]
OBJECT: Final = SMITHY["an object"]
URL: Final = SMITHY["a presigned object"]
CALL: Final = SMITHY["a presigned call"]
Change = Callable[[str], str]


def with_header(asked: Asked, name: str, change: Change) -> Asked:
    """Return the request with another value of a header."""
    return replace(asked, headers=asked.headers | {name: change(asked.headers.get(name, ""))})


def with_target(asked: Asked, old: str, new: str) -> Asked:
    """Return the request with another target."""
    assert old in asked.target
    return replace(asked, target=asked.target.replace(old, new))


def without(asked: Asked, name: str) -> Asked:
    """Return the request without a header."""
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
