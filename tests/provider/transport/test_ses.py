"""What SES may send, for each kind of event."""

from typing import Any

import pytest

from provider.failures import REASON_LENGTH
from tests.provider.transport.conftest import KINDS, Line
from tests.provider.transport.raw import Says, closes, floods, http, refusal, resets, says

READ, WRITE = ("update", "delete"), ("create",)
"""The kinds of event whose first call reads, and whose first call writes."""

_HTML = b"<html><body>Welcome to this hotel</body></html>"
_LONG = "Content-Length: 100000000"

# What SES sends, the kinds of event that get it, and a word of the reason in the answer.
IMPROPER: list[tuple[str, Says, tuple[str, ...], str]] = [
    ("200 with HTML", says(http(200, _HTML, "text/html")), KINDS, "HTTP 200"),
    ("200 with HTML that says it is JSON", says(http(200, _HTML)), KINDS, "HTTP 200"),
    ("200 with nothing", says(http(200)), READ, "HTTP 200"),
    ("200 with null", says(http(200, b"null")), KINDS, "HTTP 200"),
    ("200 with a list", says(http(200, b"[]")), KINDS, "HTTP 200"),
    ("200 with a number", says(http(200, b"1")), KINDS, "HTTP 200"),
    ("200 with JSON that is cut", says(http(200, b'{"Policies":{')), KINDS, "HTTP 200"),
    ("200 with bytes that are no text", says(http(200, b'{"Policies":"\xff"}')), KINDS, "HTTP 200"),
    ("200 without Policies", says(http(200, b"{}")), READ, "HTTP 200"),
    ("200 with Policies that are null", says(http(200, b'{"Policies":null}')), READ, "HTTP 200"),
    ("200 with Policies that are a list", says(http(200, b'{"Policies":[]}')), READ, "HTTP 200"),
    ("200 with Policies that are no texts", says(http(200, b'{"Policies":{"partner":{}}}')), READ, "HTTP 200"),
    ("200 with Policies that are too deep", says(http(200, b"[" * 100_000)), KINDS, "HTTP 200"),
    ("302 to a login", says(http(302, b"", "text/html", "Location: http://127.0.0.1:9/")), KINDS, "HTTP 302"),
    ("403 with HTML", says(http(403, _HTML, "text/html")), KINDS, "HTTP 403"),
    ("404 with HTML", says(http(404, _HTML, "text/html")), KINDS, "HTTP 404"),
    ("404 with nothing", says(http(404)), KINDS, "HTTP 404"),
    ("502 with HTML", says(http(502, _HTML, "text/html")), KINDS, "502"),
    ("503 with nothing", says(http(503)), KINDS, "503"),
    ("a body that is cut", closes(http(200, b"{" * 99)[:-9]), KINDS, "cut"),
    ("a header that is cut", closes(b"HTTP/1.1 200 OK\r\nConte"), KINDS, "cut"),
    ("a reset in the body", resets(http(200, b"{" * 99)[:-9]), KINDS, "reset"),
    ("a reset in the header", resets(b"HTTP/1.1 200 OK\r\nConte"), KINDS, "reset"),
    ("a reset before an answer", resets(), KINDS, "reset"),
    ("nothing", closes(), KINDS, "without response"),
    ("what is not HTTP", closes(b"SSH-2.0-OpenSSH_9.6\r\n"), KINDS, "BadStatusLine"),
    ("a header without end", floods(b"HTTP/1.1 200 OK\r\nA: "), KINDS, "LineTooLong"),
    ("headers without end", floods(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"), KINDS, "headers"),
    ("100 MB", floods(f"HTTP/1.1 200 OK\r\n{_LONG}\r\n\r\n".encode()), KINDS, "longer"),
    ("100 MB of an error", floods(f"HTTP/1.1 400 Bad\r\n{_LONG}\r\n\r\n".encode()), KINDS, "longer"),
    ("a body without end", floods(b"HTTP/1.1 200 OK\r\n\r\n"), KINDS, "longer"),
    (
        "chunks without end",
        floods(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"ffff\r\n" + b"x" * 65535 + b"\r\n"),
        KINDS,
        "longer",
    ),
]
ROWS = [pytest.param(act, kind, word, id=f"{name}, {kind}") for name, act, kinds, word in IMPROPER for kind in kinds]


@pytest.mark.parametrize(("act", "kind", "word"), ROWS)
def test_what_is_no_answer_is_tried_again(line: Line, act: Says, kind: str, word: str) -> None:  # noqa: ARG001 - a column
    line.ses.script.extend([act] * 3)
    assert line.handle(line.event(kind))["Status"] == "SUCCESS"
    assert not line.ses.script


@pytest.mark.parametrize(("act", "kind", "word"), ROWS)
def test_what_stays_no_answer_is_told(line: Line, act: Says, kind: str, word: str) -> None:
    """After a minute, or on a Delete when its time is up, with the last cause."""
    line.ses.usual = act
    seconds = 100 if kind == "delete" else 900
    with line.function() as function:
        assert function(line.event(kind), seconds=seconds) is None, function.text
        answer = line.answers.arrived[-1]
        assert answer["Status"] == "FAILED"
        assert answer["Reason"].startswith("SesUnavailable: ")
        assert word in answer["Reason"]
        assert len(answer["Reason"]) <= REASON_LENGTH
        assert 20 < len(line.ses.requests) < 200
        assert ("until the time was up" in answer["Reason"]) is (kind == "delete")


@pytest.mark.parametrize("kind", KINDS)
def test_a_hint_before_the_answer_is_no_answer(line: Line, kind: str) -> None:
    def hints(exchange: Any) -> None:
        body = b'{"Policies":{}}' if exchange.method == "GET" else b"{}"
        exchange.send(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + http(200, body))

    line.ses.usual = hints
    assert line.handle(line.event(kind))["Status"] == "SUCCESS"
    assert len(line.ses.requests) == {"create": 2, "update": 4, "delete": 2}[kind], "no call was made twice"


def _peak(pid: int) -> int:
    """Return the most memory that a process has had, in KiB."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:  # noqa: PTH123 - no file of a folder
        return next(int(row.split()[1]) for row in status if row.startswith("VmHWM"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_large_body_takes_neither_memory_nor_time(line: Line, kind: str) -> None:
    flood = next(act for name, act, *_ in IMPROPER if name == "100 MB")
    with line.function() as function:
        assert function(line.event(kind), seconds=900) is None
        before = _peak(function.pid)
        line.ses.script.append(flood)
        assert function(line.event(kind), seconds=900) is None
        assert _peak(function.pid) - before < 16 * 1024
    assert line.ses.flooded < 16 * 1024 * 1024, "it hung up as soon as it had seen enough"


@pytest.mark.parametrize("kind", KINDS)
def test_half_a_surrogate_in_the_words_of_ses(line: Line, kind: str) -> None:
    line.ses.usual = says(refusal(400, "BadRequestException", "no \ud800 here"))
    answer = line.handle(line.event(kind))
    assert answer["Status"] == "FAILED"
    assert "BadRequestException: no \ud800 here" in answer["Reason"]


def test_a_final_answer_of_ses_counts_also_without_a_body(line: Line) -> None:
    """The code is in a header."""
    line.ses.usual = says(http(404, b"", "application/json", "x-amzn-ErrorType: NotFoundException"))
    assert line.handle(line.event("create"))["Reason"].startswith("IdentityNotFound: ")


def test_calls_of_one_event_share_a_connection_and_leave_none(line: Line) -> None:
    with line.function() as function:
        assert function(line.event("create"), seconds=900) is None
        assert (len(line.ses.requests), line.ses.connections) == (2, 1)
        assert function(line.event("create"), seconds=900) is None
    assert (len(line.ses.requests), line.ses.connections) == (4, 2)
