"""The control of the strict SES, as another process uses it."""

import json
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from emulator import AccountRegion, EmulatorError, StoredPolicy, StrictSes
from emulator.identities import Upstream
from emulator.signature import Signer

Document = Callable[..., str]
# boto3 makes its classes at run time.
Client = Any
SEED = {
    "account": "111111111111",
    "region": "eu-west-1",
    "identity": "example.com",
    "name": "by hand",
    "document": "odd",
}


def ask(
    ses: StrictSes, method: str, path: str, value: object = None, headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    """Send a request to the control; return the status and the answer."""
    address = urlsplit(ses.url)
    connection = HTTPConnection(str(address.hostname), address.port, timeout=30)
    try:
        target, body = f"/_ses/{path}", json.dumps(value)
        given = headers or {}
        url = f"http://{given.get('Host', address.netloc)}{target}"
        signed = Signer("111111111111", ses.secret, "eu-west-1").headers("ses", method, url, body.encode())
        connection.request(method, target, body, signed | given)
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


def test_policies_can_be_seen_and_put_there_unchecked(ses: StrictSes, client: Client) -> None:
    assert ask(ses, "GET", "policies") == (200, [])
    assert ask(ses, "PUT", "policies", SEED) == (200, None)
    assert ask(ses, "GET", "policies") == (200, [SEED])
    assert ses.policies() == [StoredPolicy(**SEED)]
    assert client.get_email_identity_policies(EmailIdentity="example.com")["Policies"] == {"by hand": "odd"}


def test_calls_can_be_seen_and_forgotten(ses: StrictSes, client: Client, document: Document) -> None:
    client.create_email_identity_policy(EmailIdentity="example.com", PolicyName="p", Policy=document())
    status, calls = ask(ses, "GET", "calls")
    assert status == 200
    assert calls[0].pop("time") == pytest.approx(ses.calls()[0].time)
    assert calls == [
        {
            "account": "111111111111",
            "region": "eu-west-1",
            "operation": "CreateEmailIdentityPolicy",
            "identity": "example.com",
            "policy_name": "p",
            "status": 200,
            "code": None,
            "applied": True,
            "document": document(),
        }
    ]
    assert ask(ses, "DELETE", "calls") == (200, None)
    assert ses.calls() == []


def test_settings_can_be_changed_one_by_one(ses: StrictSes, client: Client) -> None:
    assert ask(ses, "PUT", "settings", {"delete_missing": "ok"}) == (200, None)
    assert ask(ses, "PUT", "settings", {"quota": {"per_second": 2, "scope": "each"}}) == (200, None)
    assert ask(ses, "PUT", "settings", {"stale_seconds": 2.5, "canonical": True}) == (200, None)
    assert ask(ses, "GET", "settings") == (
        200,
        {
            "update_missing": "not-found",
            "delete_missing": "ok",
            "create_when_full": "already-exists",
            "drops_id": False,
            "stale_seconds": 2.5,
            "canonical": True,
            "name_case": "another",
            "name_unicode": "not-found",
            "quota": {"per_second": 2, "scope": "each", "burst": 1},
        },
    )
    client.delete_email_identity_policy(EmailIdentity="example.com", PolicyName="p")
    with pytest.raises(client.exceptions.TooManyRequestsException):
        client.delete_email_identity_policy(EmailIdentity="example.com", PolicyName="p")


def test_faults_can_be_scripted(ses: StrictSes, client: Client) -> None:
    assert ask(ses, "POST", "faults", [{"ending": "refusal", "times": 2}, {"ending": "reset"}]) == (200, None)
    assert ask(ses, "POST", "faults", {"ending": "hang"}) == (200, None)
    assert ask(ses, "GET", "faults") == (200, {"left": 4})
    with pytest.raises(client.exceptions.ClientError, match="The service failed by script"):
        client.get_email_identity_policies(EmailIdentity="example.com")
    assert ask(ses, "DELETE", "faults") == (200, None)
    assert client.get_email_identity_policies(EmailIdentity="example.com")["Policies"] == {}


def test_identities_in_memory_can_be_made_and_removed(ses: StrictSes, client: Client) -> None:
    assert ask(ses, "PUT", "identities", {"identity": "new.com"}) == (200, None)
    assert client.get_email_identity_policies(EmailIdentity="new.com")["Policies"] == {}
    assert ask(ses, "DELETE", "identities", {"identity": "new.com"}) == (200, None)
    with pytest.raises(client.exceptions.NotFoundException):
        client.get_email_identity_policies(EmailIdentity="new.com")
    here = {"identity": "here.com", "account": "111111111111", "region": "eu-west-1"}
    assert ask(ses, "PUT", "identities", here) == (200, None)
    assert client.get_email_identity_policies(EmailIdentity="here.com")["Policies"] == {}


def test_the_end_can_be_asked_for(ses: StrictSes) -> None:
    assert not ses.stop_asked.is_set()
    assert ask(ses, "POST", "stop") == (200, None)
    assert ses.stop_asked.is_set()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_it_has_two_names(ses: StrictSes, host: str) -> None:
    assert ask(ses, "GET", "policies", headers={"Host": f"{host}:{urlsplit(ses.url).port}"}) == (200, [])


@pytest.mark.parametrize(
    ("header", "value", "sentence"),
    [
        ("Host", "rebound.example.com", "Host 'rebound.example.com' must be one of 127.0.0.1:{port}, localhost:{port}"),
        ("Host", "127.0.0.1", "Host '127.0.0.1' must be one of 127.0.0.1:{port}, localhost:{port}"),
        (
            "Origin",
            "https://example.com",
            "Origin 'https://example.com' is not allowed: no page of a browser is served here",
        ),
        ("Origin", "null", "Origin 'null' is not allowed: no page of a browser is served here"),
    ],
)
def test_a_page_in_a_browser_is_refused(ses: StrictSes, header: str, value: str, sentence: str) -> None:
    """Also one that knows the secret; `test_secret.py` tests each path without it."""
    message = sentence.format(port=urlsplit(ses.url).port)
    assert ask(ses, "POST", "stop", headers={header: value}) == (403, {"message": message})
    assert not ses.stop_asked.is_set()


def test_a_request_of_another_secret_is_refused(ses: StrictSes) -> None:
    with StrictSes({"example.com"}, secret="another") as other:
        assert ask(other, "GET", "policies") == (200, [])
        target = "/_ses/policies"
        signed = Signer("111111111111", other.secret, "eu-west-1").headers("ses", "GET", ses.url + target)
        connection = HTTPConnection(urlsplit(ses.url).netloc, timeout=30)
        connection.request("GET", target, headers=signed)
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())) == (
            403,
            {
                "message": "the signature is of another secret or request: "
                "the local AWS takes only the credentials that it printed as it started"
            },
        )
        connection.close()


@pytest.mark.parametrize(
    ("method", "path", "value", "status", "part"),
    [
        ("GET", "nothing", None, 404, "'GET nothing' must be one of GET policies, PUT policies"),
        ("PUT", "settings", {"drops_id": "yes"}, 400, "setting drops_id 'yes' must be one of False, True"),
        ("PUT", "settings", {"canonical": "yes"}, 400, "setting canonical 'yes' must be one of False, True"),
        ("PUT", "settings", {"stale_seconds": 61}, 400, "setting stale_seconds 61 must be a number from 0 to 60"),
        ("PUT", "settings", {"pace": 1}, 400, "setting 'pace' is unknown"),
        ("POST", "faults", {"ending": "smoke"}, 400, "fault ending 'smoke' must be one of"),
        ("POST", "faults", {"when": 1}, 400, "unexpected keyword argument 'when'"),
        (
            "PUT",
            "policies",
            SEED | {"identity": "gone.com"},
            400,
            "identity 'gone.com' doesn't exist in 111111111111 eu-west-1",
        ),
        ("PUT", "policies", SEED | {"account": "1"}, 400, "account '1' must be 12 digits"),
        ("DELETE", "identities", {"identity": "gone.com"}, 400, "identity 'gone.com' isn't there to be removed"),
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(
    ses: StrictSes, method: str, path: str, *, value: object, status: int, part: str
) -> None:
    answered, body = ask(ses, method, path, value)
    assert answered == status
    assert part in body["message"]


def test_identities_of_an_upstream_are_made_there() -> None:
    with StrictSes(upstream=Upstream("http://127.0.0.1:1", "secret")) as ses:
        status, body = ask(ses, "PUT", "identities", {"identity": "new.com"})
        assert (status, body["message"]) == (
            400,
            "PUT identities: identities are upstream's, make them there with CreateEmailIdentity",
        )
        with pytest.raises(EmulatorError, match="identities are upstream's"):
            ses.add_identity("new.com")


def test_an_ses_that_does_not_run_has_no_address() -> None:
    ses = StrictSes({"example.com"})
    with pytest.raises(EmulatorError, match="the strict SES doesn't run"):
        _ = ses.url
    with ses:
        assert ses.url
    with ses:  # once more
        assert ses.url.startswith("http://127.0.0.1:")
        place = AccountRegion("000000000000", "eu-west-1")
        assert ses.client(place).get_email_identity_policies(EmailIdentity="example.com")["Policies"] == {}
    with pytest.raises(EmulatorError, match="the strict SES doesn't run"):
        _ = ses.url
