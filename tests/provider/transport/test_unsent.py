"""Calls that never leave the machine: they are not doubtful, and are tried for a minute on every kind of event."""

import socket
import ssl
from contextlib import closing

import pytest
import trustme

from provider.failures import REASON_LENGTH
from tests.provider.transport.conftest import KINDS, Line, proper
from tests.provider.transport.raw import Exchange, closes, http, says, wire
from tests.support.cloudformation import vouched_by

ADVICE = "; no call left the function: check its role, network and proxy"


def _nobody() -> str:
    """Return a port on which nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        return str(free.getsockname()[1])


def _fails(line: Line, kind: str, **environment: str) -> str:
    """Return the reason of an event that fails. A Delete has far more time than a minute."""
    with line.function(environment) as function:
        assert function(line.event(kind), seconds=900) is None, function.text
        told = [each for each in function.log_lines if each["event"] == "call failed, tried again"]
        assert len(told) <= 3, "a line for each call, however often it is tried"
        assert {each["fault"] for each in told} == {"never sent"}
        assert max(each.get("calls", 0) for each in function.log_lines) < 200
    answer = line.answers.arrived[-1]
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith("SesUnavailable: ")
    assert len(answer["Reason"]) <= REASON_LENGTH
    reason: str = answer["Reason"]
    return reason


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"AWS_ENDPOINT_URL_SESV2": "http://127.0.0.1:{nobody}"}, "127.0.0.1: Connection refused"),
        ({"AWS_ENDPOINT_URL_SESV2": "http://nowhere.invalid"}, "nowhere.invalid: "),
        ({"AWS_ENDPOINT_URL_SESV2": "https://ses.example", "HTTPS_PROXY": "http://127.0.0.1:{nobody}"}, "refused"),
        ({"AWS_ENDPOINT_URL_SESV2": "https://ses.example", "HTTPS_PROXY": "127.0.0.1:{nobody}"}, "refused"),
        ({"AWS_ENDPOINT_URL_SESV2": "https://ses.example", "HTTPS_PROXY": "https://127.0.0.1:{nobody}"}, "proxy URL"),
        ({"AWS_ACCESS_KEY_ID": "", "AWS_EC2_METADATA_DISABLED": "true"}, "Unable to locate credentials"),
    ],
    ids=["refused", "no such name", "no proxy", "no proxy without a scheme", "no proxy over TLS", "no credentials"],
)
def test_nobody_to_ask(line: Line, kind: str, environment: dict[str, str], words: str) -> None:
    nobody = _nobody()
    reason = _fails(line, kind, **{name: value.format(nobody=nobody) for name, value in environment.items()})
    assert words in reason
    assert ADVICE in reason
    assert line.ses.requests == []


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_vouches_for_ses(line: Line, kind: str) -> None:
    with wire(proper, vouched_by(trustme.CA())) as stranger:
        assert "untrusted certificate: " in _fails(line, kind, AWS_ENDPOINT_URL_SESV2=stranger.url)
        assert stranger.requests == []


def test_who_is_vouched_for_is_somebody_else(line: Line, authority: trustme.CA) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("elsewhere.example").configure_cert(context)
    with wire(proper, context) as stranger:
        bundle = line.environment["SSL_CERT_FILE"]
        reason = _fails(line, "create", AWS_ENDPOINT_URL_SESV2=stranger.url, AWS_CA_BUNDLE=bundle)
        assert "untrusted certificate: Hostname mismatch" in reason
        assert stranger.requests == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("said", "words"),
    [
        (says(http(407, b"<html>Who are you?</html>", "text/html")), "the proxy said 407"),
        (closes(), "without response"),
        (closes(b"220 mail.example ESMTP\r\n"), "BadStatusLine"),
    ],
    ids=["407", "nothing", "another protocol"],
)
def test_a_proxy_that_does_not_connect(line: Line, kind: str, said: object, words: str) -> None:
    with wire(said) as proxy:  # type: ignore[arg-type]  # a column of a table
        reason = _fails(line, kind, AWS_ENDPOINT_URL_SESV2="https://ses.example", HTTPS_PROXY=proxy.url)
    assert words in reason
    assert {request.partition(b"\r\n")[0] for request in proxy.requests} == {b"CONNECT ses.example:443 HTTP/1.1"}


def test_a_call_goes_through_a_proxy_over_tls(line: Line, authority: trustme.CA) -> None:
    """It uses the name and password of the proxy's address, and the authorities in `AWS_CA_BUNDLE`."""
    with wire(proper, vouched_by(authority)) as ses:
        port = int(ses.url.rpartition(":")[2])

        def connects(exchange: Exchange) -> None:
            with socket.create_connection(("127.0.0.1", port)) as behind:
                exchange.send(b"HTTP/1.1 200 Connection established\r\n\r\n")
                exchange.joins(behind)

        with wire(connects) as proxy:
            answer_of = line.function(
                {
                    "AWS_ENDPOINT_URL_SESV2": ses.url,
                    "HTTPS_PROXY": proxy.url.replace("//", "//me:secret@"),
                    "NO_PROXY": "127.0.0.1",
                    "AWS_CA_BUNDLE": line.environment["SSL_CERT_FILE"],
                }
            )
            with answer_of as function:
                assert function(line.event("create"), seconds=900) is None, function.text
            assert line.answers.arrived[-1]["Status"] == "SUCCESS", function.text
            assert len(proxy.requests) == 1
            assert b"\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n" in proxy.requests[0]
    assert [request.split()[0] for request in ses.requests] == [b"POST", b"PUT"]
    assert b"Proxy" not in b"".join(ses.requests)


def test_a_plain_call_goes_through_a_proxy(line: Line) -> None:
    with line.function({"AWS_ENDPOINT_URL_SESV2": "http://ses.example/base", "HTTP_PROXY": line.ses.url}) as function:
        assert function(line.event("create"), seconds=900) is None, function.text
    assert line.answers.arrived[-1]["Status"] == "SUCCESS", function.text
    assert all(b" http://ses.example/base/v2/email/" in request for request in line.ses.requests)
    assert all(b"\r\nHost: ses.example\r\n" in request for request in line.ses.requests)
