"""One time limit for the whole of a call, whatever is in between; and nothing outlives the handler."""

import os
import signal
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from provider.connect import Limit, connect
from provider.transport import Connection, HttpsRequest, LostError, UnsentError
from tests.provider.transport.conftest import KINDS, Line, proper
from tests.provider.transport.raw import Says, Wire, closes, drips, floods, hangs, http, says, wire

GET = HttpsRequest("GET", "/", {}, b"")
HANGS = 60
"""The seconds after which a test is stuck; no test depends on the number."""


def _address(made: Wire) -> tuple[str, int]:
    host, _, port = made.url.partition("//")[2].rpartition(":")
    return host, int(port)


ONE = b"HTTP/1.1 103 Early Hints\r\n\r\n"


@pytest.mark.parametrize(
    "act",
    [
        hangs,
        drips(http(200, b"x" * 999)),
        drips(b"x" * 999, http(200, b"x" * 999)[:-999]),
        drips(b"\r\nB: c" * 999, b"HTTP/1.1 200 OK\r\nA: b"),
        drips(b"5\r\nabcde\r\n" * 999, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        drips(b"x" * 999, b"HTTP/1.1 200 OK\r\n\r\n"),
        drips(b"x" * 999, ONE),
        floods(b"", ONE * 999),
        says(ONE),
    ],
    ids=["silence", "all of it", "body", "headers", "chunks", "no length", "after 103", "103 for ever", "only 103"],
)
def test_whatever_comes_slowly_ends_at_the_limit(act: Says) -> None:
    with wire(act) as made:
        connection = Connection(*_address(made))
        begin = time.monotonic()
        with pytest.raises(LostError, match=r"^no answer within 0\.7 s$"):
            connection.exchange(GET, Limit.of(0.7), 1_000_000)
        assert time.monotonic() - begin < HANGS
        _wait_until(lambda: made.open == 0, "the socket is shut")


def _wait_until(is_so: Any, what: str) -> None:
    end = time.monotonic() + HANGS
    while not is_so():
        assert time.monotonic() < end, f"never: {what}"
        time.sleep(0.01)


@contextmanager
def deaf() -> Iterator[int]:
    """Yield a port of this machine that neither accepts nor refuses a connection, because its queue is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server, ExitStack() as stack:
        port = server.getsockname()[1]
        for _ in range(8):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)  # noqa: FBT003 - the socket module's own signature
            waiting.connect_ex(("127.0.0.1", port))
        yield port


def _resolves(*ports: int) -> Any:
    """Return a resolver that gives addresses of this machine for any name."""
    return lambda *_, **__: [
        (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port)) for port in ports
    ]


def test_several_dead_addresses_have_one_limit() -> None:
    with deaf() as port:
        connection = Connection("ses.example", 443, resolve=_resolves(*[port] * 50))
        begin = time.monotonic()
        with pytest.raises(UnsentError, match=r"^no end within 0\.7 s$"):
            connection.exchange(GET, Limit.of(0.7), 9)
        assert time.monotonic() - begin < HANGS


def test_a_dead_address_leaves_time_for_the_next(line: Line) -> None:
    port = _address(line.ses)[1]
    with deaf() as dead, closing(Connection("ses.example", 443, resolve=_resolves(dead, port))) as connection:
        assert connection.exchange(GET, Limit.of(HANGS), 99).body == b'{"Policies":{}}'


def test_an_address_that_refuses_leaves_the_next(line: Line) -> None:
    port = _address(line.ses)[1]
    with socket.create_server(("127.0.0.1", 0)) as free:
        closed = free.getsockname()[1]
    with connect("ses.example", 443, Limit.of(HANGS), _resolves(closed, port)) as connected:
        assert connected.getpeername() == ("127.0.0.1", port)


@pytest.mark.parametrize("addresses", [[], None], ids=["none", "no such name"])
def test_a_name_without_an_address(addresses: list[Any] | None) -> None:
    def resolve(*_: object, **__: object) -> list[Any]:
        if addresses is None:
            raise UnicodeError("label too long")
        return addresses

    with pytest.raises(UnsentError, match=r"^(the name has no address|label too long)$"):
        Connection("ses.example", 443, resolve=resolve).exchange(GET, Limit.of(HANGS), 9)


def test_a_late_resolution_sends_no_byte(line: Line) -> None:
    """It cannot be interrupted, so it is left to finish, and then does nothing."""
    asked, comes, came = threading.Event(), threading.Event(), threading.Event()
    port = _address(line.ses)[1]

    def resolve(*_: object, **__: object) -> list[Any]:
        asked.set()
        comes.wait()
        came.set()
        addresses: list[Any] = _resolves(port)()
        return addresses

    connection = Connection("ses.example", 443, resolve=resolve)
    with pytest.raises(UnsentError, match=r"^no address within 0\.3 s$"):
        connection.exchange(GET, Limit.of(0.3), 9)
    assert asked.is_set()
    threads = threading.active_count()
    comes.set()
    assert came.wait(HANGS)
    _wait_until(lambda: threading.active_count() < threads, "the thread is gone")
    assert line.ses.connections == 0


def test_no_time_is_left() -> None:
    with pytest.raises(UnsentError, match="no end within"):
        Connection("127.0.0.1", 9, resolve=_resolves(9)).exchange(GET, Limit.of(-1), 9)


def test_tls_that_never_comes_was_never_sent() -> None:
    """The server's queue takes a connection, but nobody answers on it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        connection = Connection("127.0.0.1", server.getsockname()[1], [ssl.create_default_context()])
        with pytest.raises(UnsentError, match="timed out"):
            connection.exchange(GET, Limit.of(0.5), 9)


def test_a_kept_connection_that_ended_meanwhile_is_made_anew() -> None:
    body = http(200, b"{}")
    with wire(closes(body)) as made, closing(Connection(*_address(made))) as connection:
        for _ in range(3):
            assert connection.exchange(GET, Limit.of(HANGS), 9).body == b"{}"
            _wait_until(lambda: made.open == 0, "the server hung up")
        assert made.connections == 3


def test_bytes_that_nobody_asked_for_are_no_answer_to_the_next_request() -> None:
    evil = http(200, b'{"Policies":{"x":"y"}}')
    with wire(proper) as made, closing(Connection(*_address(made))) as connection:
        made.script.append(says(http(200, b"{}") + evil))
        assert connection.exchange(GET, Limit.of(HANGS), 99).body == b"{}"
        assert connection.exchange(GET, Limit.of(HANGS), 99).body == b'{"Policies":{}}'


@pytest.mark.parametrize("target", ["/a b", "/\n", "/\x7f", "/ä"])
def test_what_is_no_request_is_none_and_is_not_told(line: Line, target: str) -> None:
    connection = Connection(*_address(line.ses))
    with pytest.raises(ValueError, match=r"characters|codec") as failed:
        connection.exchange(HttpsRequest("PUT", f"{target}?X-Amz-Signature=SECRET", {}, b""), Limit.of(HANGS))
    assert "SECRET" not in str(failed.value)
    assert line.ses.requests == []


# Of the staged asset.


@pytest.mark.parametrize("begin", [b"", http(200, b"x" * 99)[:-99]], ids=["in the header", "in the body"])
def test_a_dripping_ses_ends_every_kind_of_event_in_time(line: Line, begin: bytes) -> None:
    """All kinds at once, because each call takes its whole limit on a real clock."""
    line.ses.usual = drips(b"HTTP/1.1 200 OK\r\n" * 99 if not begin else b"x" * 99, begin)
    with ExitStack() as stack:
        functions = [stack.enter_context(line.function(hurried=False)) for _ in KINDS]
        for function, kind in zip(functions, KINDS, strict=True):
            function.send(line.event(kind), seconds=20)
        assert [function.result() for function in functions] == [None] * 3
    assert [answer["Status"] for answer in line.answers.arrived] == ["FAILED"] * 3
    # The timer fires two seconds after the call's limit: on a slow machine it is first.
    for answer in line.answers.arrived:
        assert "no answer within 13 s" in answer["Reason"] or answer["Reason"].startswith("OutOfTime")
    assert len(line.ses.requests) == 3
    _wait_until(lambda: line.ses.open == 0, "each socket is shut")


def _sockets(pid: int) -> int:
    """Return how many sockets a process has open."""
    found = 0
    for each in Path(f"/proc/{pid}/fd").iterdir():
        # A process that is still importing may close a file meanwhile.
        with suppress(FileNotFoundError):
            found += "socket:" in str(each.readlink())
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_survives_in_a_process_that_is_frozen_and_thawed(line: Line, kind: str) -> None:
    line.ses.script.append(hangs)
    with line.function(hurried=False) as function:
        before = _sockets(function.pid)
        assert function(line.event(kind), seconds=19) is None
        assert line.answers.arrived[-1]["Status"] == "FAILED"
        assert _sockets(function.pid) == before
        _wait_until(lambda: line.ses.open == 0, "the socket is shut")
        os.kill(function.pid, signal.SIGSTOP)
        os.kill(function.pid, signal.SIGCONT)
        sent = len(line.ses.requests)
        assert function(line.event(kind), seconds=60) is None
    assert line.answers.arrived[-1]["Status"] == "SUCCESS", function.text
    assert len(line.answers.arrived) == 2
    assert len(line.ses.requests) - sent == {"create": 2, "update": 4, "delete": 2}[kind]
