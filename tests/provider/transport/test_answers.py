"""What the answer place may send: only the status counts, and each try ends."""

import ssl

import pytest
import trustme

from tests.provider.transport.conftest import KINDS, Line
from tests.provider.transport.raw import Exchange, Says, closes, drips, floods, hangs, http, resets, says, wire
from tests.support.cloudformation import vouched_by

ACCEPTED = b"HTTP/1.1 200 OK\r\n"
UNDELIVERED = "UndeliveredError: CloudFormation accepted no answer; the log tells each try"

# What a try gets in return, and what is logged of it; nothing if the answer is accepted at once.
ACCEPTS: list[tuple[str, Says]] = [
    ("nothing more", says(http(200))),
    ("no length", closes(ACCEPTED + b"\r\n")),
    ("HTML", says(http(200, b"<html>", "text/html"))),
    ("a body that is cut", closes(ACCEPTED + b"Content-Length: 99\r\n\r\nx")),
    ("a reset in the body", resets(ACCEPTED + b"Content-Length: 99\r\n\r\nx")),
    ("a body that drips", drips(b"x" * 99, ACCEPTED + b"Content-Length: 99\r\n\r\n")),
    ("100 MB", floods(ACCEPTED + b"Content-Length: 100000000\r\n\r\n")),
    ("a body without end", floods(ACCEPTED + b"\r\n")),
    ("103 before", says(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + http(200))),
    ("100 before", says(b"HTTP/1.1 100 Continue\r\n\r\n" + http(200))),
    ("204", says(http(204))),
]
REPEATS: list[tuple[str, Says, str]] = [
    ("a header that drips", drips(http(200) * 9), "no answer within"),
    ("silence", hangs, "no answer within"),
    ("a header that is cut", closes(ACCEPTED + b"Conte"), "cut"),
    ("a reset in the header", resets(ACCEPTED + b"Conte"), ""),
    ("a reset before", resets(), ""),
    ("nothing", closes(), "without response"),
    ("what is not HTTP", closes(b"220 mail.example ESMTP\r\n"), "BadStatusLine"),
    ("a header without end", floods(b"HTTP/1.1 200 OK\r\nA: "), "LineTooLong"),
    ("headers without end", floods(ACCEPTED, b"A: b\r\n"), "headers"),
    ("103 alone", says(b"HTTP/1.1 103 Early Hints\r\n\r\n"), "no answer within"),
    ("500 with 100 MB", floods(b"HTTP/1.1 500 No\r\nContent-Length: 100000000\r\n\r\n"), "HTTP 500"),
    ("429", says(http(429)), "HTTP 429"),
]
REFUSES: list[tuple[str, Says, str]] = [
    ("403 with 100 MB", floods(b"HTTP/1.1 403 No\r\nContent-Length: 100000000\r\n\r\n"), "HTTP 403"),
    ("403 with HTML", says(http(403, b"<html>", "text/html")), "HTTP 403"),
    ("302", says(http(302, b"", "text/html", "Location: https://localhost/")), "HTTP 302"),
]


@pytest.fixture(scope="module")
def context(authority: trustme.CA) -> ssl.SSLContext:
    """Return the TLS context of a server that the function trusts."""
    return vouched_by(authority)


def _answers_at(line: Line, url: str, kind: str) -> tuple[str | None, list[str], str]:
    """Send an event's answer to `url`; return the function's error, the outcome of each failed try, and the log."""
    with line.function() as function:
        error = function(line.event(kind, ResponseURL=f"{url}/answer?X-Amz-Signature=SECRET"), seconds=900)
        tried = [each["outcome"] for each in function.log_lines if each["event"] == "answer not accepted"]
        assert "SECRET" not in function.text
        assert "localhost" not in function.text
    return error, tried, function.text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("act", [act for _, act in ACCEPTS], ids=[name for name, _ in ACCEPTS])
def test_an_accepted_answer_is_accepted_whatever_follows(
    line: Line, context: ssl.SSLContext, act: Says, kind: str
) -> None:
    with wire(act, context) as place:
        error, tried, text = _answers_at(line, place.url, kind)
        assert (error, tried, len(place.requests)) == (None, [], 1), text
        assert place.flooded < 16 * 1024 * 1024


@pytest.mark.parametrize(
    ("act", "words"), [(act, words) for _, act, words in REPEATS], ids=[name for name, *_ in REPEATS]
)
def test_what_is_no_answer_is_sent_again(line: Line, context: ssl.SSLContext, act: Says, words: str) -> None:
    with wire(says(http(200)), context) as place:
        place.script.append(act)
        error, tried, text = _answers_at(line, place.url, "create")
        assert (error, len(tried), len(place.requests)) == (None, 1, 2), text
        assert words in tried[0]
        assert len({request.partition(b"\r\n\r\n")[2] for request in place.requests}) == 1, "the same answer"


@pytest.mark.parametrize(
    ("act", "words"), [(act, words) for _, act, words in REFUSES], ids=[name for name, *_ in REFUSES]
)
def test_a_refusal_is_final(line: Line, context: ssl.SSLContext, act: Says, words: str) -> None:
    with wire(act, context) as place:
        error, tried, text = _answers_at(line, place.url, "create")
        assert (error, tried, len(place.requests)) == (UNDELIVERED, [words], 1), text


def test_a_place_that_drips_has_eight_tries_and_no_more(line: Line, context: ssl.SSLContext) -> None:
    """On the function's hurried clock, its time does not run out before its tries do."""

    def drips_then_refuses(exchange: Exchange) -> None:
        (drips(http(200) * 9) if len(exchange.wire.requests) == 1 else resets())(exchange)

    with wire(drips_then_refuses, context) as place:
        error, tried, text = _answers_at(line, place.url, "delete")
        assert (error, len(tried), len(place.requests)) == (UNDELIVERED, 8, 8), text


@pytest.mark.parametrize(
    "host", ["localhost:99999", "localhost:x", "[localhost", "loc alhost", "localhost\n", "\ud800"]
)
def test_an_address_that_is_none_is_in_no_line(line: Line, host: str) -> None:
    error, _, text = _answers_at(line, f"https://{host}", "create")
    assert error is not None
    assert "localhost" not in error
    assert "Traceback" not in text


def test_a_certificate_for_another_name_does_not_tell_the_place(line: Line, authority: trustme.CA) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("elsewhere.example").configure_cert(context)
    with wire(says(http(200)), context) as place:
        error, tried, _ = _answers_at(line, place.url, "create")
        assert error == UNDELIVERED
        assert len(tried) == 1
        assert tried == ["untrusted certificate: Hostname mismatch"]
        assert place.requests == []
