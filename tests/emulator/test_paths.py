"""Requests as bytes: paths, signatures, bodies, and requests that are passed on."""

import json
import time
from collections.abc import Callable
from http.client import HTTPConnection
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import botocore.exceptions
import pytest

from emulator import AccountRegion, StrictSes
from emulator.identities import Upstream
from emulator.messages import HttpRequest, HttpResponse, answer
from emulator.server import Server
from emulator.signature import Signer, claimed

Document = Callable[..., str]
# boto3 makes its classes at run time.
Client = Any
HERE = AccountRegion("111111111111", "eu-west-1")
BASE = "/v2/email/identities"
SECRET = "local"
SIGNER = Signer(HERE.account, SECRET, HERE.region)


def raw(
    url: str,
    method: str,
    target: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    *,
    signer: Signer = SIGNER,
) -> tuple[int, dict[str, str], bytes]:
    """Sign a request and send it, otherwise unchanged; return the status, the headers and the body."""
    address = urlsplit(url)
    given = headers or {}
    signed = signer.headers("ses", method, f"http://{given.get('Host', address.netloc)}{target}", body or b"")
    connection = HTTPConnection(str(address.hostname), address.port, timeout=30)
    try:
        connection.request(method, target, body, signed | given)
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()


ODD = [
    "a+b@example.com",
    "a|b@example.com",
    "müller@exämple.com",
    "a b@example.com",
    "a%2Bb@example.com",
    "a/b@example.com",
]


@pytest.mark.parametrize("identity", ODD)
def test_an_odd_identity_arrives_as_it_is(ses: StrictSes, client: Client, document: Document, identity: str) -> None:
    ses.add_identity(identity)
    names = {"EmailIdentity": identity, "PolicyName": "p"}
    client.create_email_identity_policy(**names, Policy=document(identity))
    client.update_email_identity_policy(**names, Policy=document(identity, Effect="Deny"))
    assert client.get_email_identity_policies(EmailIdentity=identity)["Policies"] == {
        "p": document(identity, Effect="Deny")
    }
    client.delete_email_identity_policy(**names)
    assert {(call.identity, call.status) for call in ses.calls()} == {(identity, 200)}


def test_an_arn_is_no_identity(client: Client) -> None:
    with pytest.raises(client.exceptions.NotFoundException):
        client.get_email_identity_policies(EmailIdentity=HERE.identity_arn("example.com"))


@pytest.mark.parametrize(
    ("method", "target", "body", "status", "code"),
    [
        ("GET", f"{BASE}/example%2Ecom/policies", None, 200, None),
        ("GET", f"{BASE}/example.com/policies?x=1", None, 200, None),
        ("GET", f"{BASE}/%FF/policies", None, 400, "BadRequestException"),
        ("POST", f"{BASE}/example.com/policies/", b'{"Policy": "{}"}', 400, "BadRequestException"),
        ("POST", f"{BASE}/example.com/policies/p", b"", 400, "BadRequestException"),
        ("POST", f"{BASE}/example.com/policies/p", b'{"Policy": null}', 400, "BadRequestException"),
        ("POST", f"{BASE}/example.com/policies/p", b'{"Policy": ""}', 400, "BadRequestException"),
        ("POST", f"{BASE}/example.com/policies/p", b'{"Policy": {}}', 400, "SerializationException"),
        ("POST", f"{BASE}/example.com/policies/p", b"[]", 400, "SerializationException"),
        ("POST", f"{BASE}/example.com/policies/p", b"{", 400, "SerializationException"),
        ("POST", f"{BASE}/example.com/policies/p", b"\xff", 400, "SerializationException"),
        ("GET", f"{BASE}/example.com/policies/p", None, 404, "UnknownOperationException"),
        ("PATCH", f"{BASE}/example.com/policies/p", None, 404, "UnknownOperationException"),
        ("GET", f"{BASE}/example.com", None, 404, "UnknownOperationException"),
    ],
)
def test_a_raw_request(
    ses: StrictSes, method: str, target: str, body: bytes | None, *, status: int, code: str | None
) -> None:
    answered, headers, text = raw(ses.url, method, target, body)
    assert (answered, headers.get("x-amzn-errortype")) == (status, code)
    assert headers["content-type"] == "application/json"
    assert set(json.loads(text)) == ({"message"} if code else {"Policies"})
    assert ses.policies() == []


def test_a_missing_policy_has_the_sentence_of_the_constraint(ses: StrictSes) -> None:
    _, _, text = raw(ses.url, "POST", f"{BASE}/example.com/policies/p", b"{}")
    problem = "Value at 'policy' failed to satisfy constraint: Member must not be null"
    assert json.loads(text) == {"message": f"1 validation error detected: {problem}"}


@pytest.mark.parametrize(
    ("authorization", "region", "code"),
    [
        ({"Authorization": ""}, "eu-west-1", "MissingAuthenticationTokenException"),
        ({"Authorization": "Bearer x"}, "eu-west-1", "MissingAuthenticationTokenException"),
        ({}, "nowhere", "InvalidSignatureException"),
    ],
)
def test_an_unsigned_request_is_refused(ses: StrictSes, authorization: dict[str, str], region: str, code: str) -> None:
    signer = Signer(HERE.account, SECRET, region)
    status, headers, _ = raw(ses.url, "GET", f"{BASE}/example.com/policies", headers=authorization, signer=signer)
    assert (status, headers["x-amzn-errortype"]) == (403, code)


@pytest.mark.parametrize(
    ("key", "account"), [("222222222222", "222222222222"), ("AKIAEXAMPLE", "111111111111"), ("1234", "111111111111")]
)
def test_a_key_of_12_digits_is_the_account_and_any_other_the_default(ses: StrictSes, key: str, account: str) -> None:
    raw(ses.url, "GET", f"{BASE}/example.com/policies", signer=Signer(key, SECRET, HERE.region))
    assert [(call.account, call.region) for call in ses.calls()] == [(account, "eu-west-1")]


@pytest.mark.parametrize(
    ("account", "region", "sentence"),
    [
        ("12", "eu-west-1", "account '12' must be 12 digits"),
        ("111111111111", "Ireland", "region 'Ireland' must look like 'eu-west-1'"),
    ],
)
def test_a_place_checks_itself(account: str, region: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        AccountRegion(account, region)


def test_a_connection_serves_many_calls(ses: StrictSes) -> None:
    address = urlsplit(ses.url)
    connection = HTTPConnection(str(address.hostname), address.port, timeout=30)
    for _ in range(3):
        target = f"{BASE}/example.com/policies"
        signed = SIGNER.headers("ses", "GET", ses.url + target)
        connection.request("GET", target, headers=signed)
        assert connection.getresponse().read() == b'{"Policies": {}}'
    assert len(ses.calls()) == 3
    connection.close()


def test_a_request_without_a_length_is_refused(ses: StrictSes) -> None:
    status, _, _ = raw(ses.url, "POST", f"{BASE}/example.com/policies/p", headers={"Transfer-Encoding": "chunked"})
    assert status == 411


TARGETS = [
    "/",
    f"{BASE}/a%2Bb%40x.com",
    f"{BASE}/%7C?PageSize=%20",
    "//double//slash",
    "/v2/email/identities/",
    f"{BASE}/x/policies/p/q",
]


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"])
def test_every_other_request_is_passed_on_as_it_is(method: str, target: str) -> None:
    seen: list[HttpRequest] = []

    def record(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return answer({"from": "upstream"}, 418, {"x-upstream": "yes"})

    closing = Event()
    upstream = Server(record, closing)
    try:
        with StrictSes(upstream=Upstream(upstream.url, SECRET)) as ses:
            status, headers, text = raw(ses.url, method, target, b"\x00body", {"X-Own": "1", "Host": "ses.local"})
            assert ses.calls() == []
    finally:
        upstream.stop()
    assert (status, headers["x-upstream"], text) == (418, "yes", b"" if method == "HEAD" else b'{"from": "upstream"}')
    assert [(request.method, request.target, request.body) for request in seen] == [(method, target, b"\x00body")]
    assert [seen[0].header(name) for name in ("X-Own", "Host")] == ["1", "ses.local"]
    claimed(method, target, seen[0].headers).verify(SECRET, b"\x00body", time.time())


@pytest.mark.parametrize(
    ("status", "code", "message"),
    [
        (404, "NotFoundException", "Email identity <a+b@x.com> does not exist."),
        (500, "ServiceUnavailableException", "upstream answered 500 for a+b@x.com"),
    ],
)
def test_an_identity_is_looked_up_upstream(status: int, code: str, message: str) -> None:
    seen: list[tuple[str, str, str]] = []

    def lookup(request: HttpRequest) -> HttpResponse:
        claim = claimed(request.method, request.target, request.headers)
        claim.verify(SECRET, request.body, time.time())
        seen.append((f"{request.method} {request.target}", claim.key, claim.region))
        return answer({}, status)

    upstream = Server(lookup, Event())
    try:
        with StrictSes(upstream=Upstream(upstream.url, SECRET)) as ses:
            client = ses.client(HERE, retries={"total_max_attempts": 1})
            with pytest.raises(botocore.exceptions.ClientError) as caught:
                client.get_email_identity_policies(EmailIdentity="a+b@x.com")
            client.close()
    finally:
        upstream.stop()
    assert (caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]) == (code, message)
    assert seen == [(f"GET {BASE}/a%2Bb%40x.com", HERE.account, HERE.region)]


def test_an_upstream_that_is_gone_is_said_to_be() -> None:
    upstream = Server(lambda _: answer({}), Event())
    url = upstream.url
    upstream.stop()
    with StrictSes(upstream=Upstream(url, SECRET)) as ses:
        status, headers, text = raw(ses.url, "GET", "/v2/email/account")
    assert (status, headers["x-amzn-errortype"]) == (503, "ServiceUnavailableException")
    assert json.loads(text)["message"].startswith(f"upstream {url} cannot be reached: ")
