"""A server below HTTP: it reads requests, and sends the bytes that a test sets."""

import json
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from select import select

HUGE = 100_000_000
"""The bytes of an answer far larger than any real one."""

_BLOCK = 65536


@dataclass(frozen=True)
class Exchange:
    """A request, and the connection to answer it on.

    :param wire: the server that got it.
    :param connection: the connection.
    :param request: all its bytes.
    """

    wire: "Wire"
    connection: socket.socket
    request: bytes

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.request.partition(b" ")[0].decode()

    def send(self, answer: bytes) -> None:
        """Send bytes as they are."""
        self.connection.sendall(answer)

    def reset(self) -> None:
        """Break the connection."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def drip(self, answer: bytes) -> None:
        """Send a byte every half second, until all are sent or the test is over."""
        for byte in answer:
            self.connection.sendall(bytes([byte]))
            if self.wire.over.wait(0.5):
                return

    def joins(self, other: socket.socket) -> None:
        """Connect the client with another server, until either hangs up."""
        ways = {self.connection: other, other: self.connection}
        while True:
            for speaker in select(list(ways), [], [], 60)[0]:
                said = speaker.recv(_BLOCK)
                if not said:
                    return
                ways[speaker].sendall(said)

    def flood(self, head: bytes, block: bytes) -> None:
        """Send `head`, and then `block` again and again, up to `HUGE` bytes."""
        self.connection.sendall(head)
        for _ in range(HUGE // len(block)):
            self.connection.sendall(block)
            self.wire.flooded += len(block)


Says = Callable[[Exchange], object]


@dataclass
class Wire:
    """A server below HTTP.

    :param url: its address.
    :param usual: answers a request if `script` is empty.
    """

    url: str
    usual: Says
    script: deque[Says] = field(default_factory=deque)
    """Answer the next requests."""
    requests: list[bytes] = field(default_factory=list)
    """The complete requests, also the later ones of a connection."""
    connections: int = 0
    """How many connections there were."""
    open: int = 0
    """How many of them are open now."""
    flooded: int = 0
    """How many bytes of floods were sent."""
    over: threading.Event = field(default_factory=threading.Event)
    """Set when the test is over."""


def http(status: int, body: bytes = b"", kind: str = "application/json", *headers: str) -> bytes:
    """Return a proper HTTP response."""
    lines = [f"HTTP/1.1 {status} Words", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def refusal(status: int, code: str, message: str = "words") -> bytes:
    """Return an error response, as SES sends it."""
    body = json.dumps({"message": message}).encode()
    return http(status, body, "application/json", f"x-amzn-ErrorType: {code}")


def says(answer: bytes) -> Says:
    """Return a function that sends an answer."""
    return lambda exchange: exchange.send(answer)


def closes(answer: bytes = b"") -> Says:
    """Return a function that sends some bytes, and hangs up."""

    def act(exchange: Exchange) -> None:
        exchange.send(answer)
        exchange.connection.shutdown(socket.SHUT_RDWR)

    return act


def resets(answer: bytes = b"") -> Says:
    """Return a function that sends some bytes, and breaks the connection."""

    def act(exchange: Exchange) -> None:
        exchange.send(answer)
        # A reset discards what the client has received but not read yet, so wait for it to read.
        exchange.wire.over.wait(0.3 if answer else 0)
        exchange.reset()

    return act


def drips(answer: bytes, begin: bytes = b"") -> Says:
    """Return a function that sends `begin` at once, and the rest a byte every half second."""

    def act(exchange: Exchange) -> None:
        exchange.send(begin)
        exchange.drip(answer)

    return act


def floods(head: bytes, block: bytes = b"x" * _BLOCK) -> Says:
    """Return a function that sends without end."""
    return lambda exchange: exchange.flood(head, block)


def hangs(exchange: Exchange) -> None:
    """Send nothing until the client hangs up."""
    exchange.connection.recv(1)


def _request(connection: socket.socket) -> bytes:
    """Return the next complete request; empty if the client hung up."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(_BLOCK)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(lengths[0].partition(b":")[2]) if lengths else 0
    while len(body) < length:
        more = connection.recv(_BLOCK)
        if not more:
            return b""
        body += more
    return head + b"\r\n\r\n" + body


def _serve(wire: Wire, connection: socket.socket, context: ssl.SSLContext | None) -> None:
    # A client may hang up at any time, which is what the tests are about.
    with suppress(OSError, ValueError), connection:
        connection.settimeout(60)
        if context is not None:
            connection = context.wrap_socket(connection, server_side=True)
        with connection:
            while request := _request(connection):
                wire.requests.append(request)
                act = wire.script.popleft() if wire.script else wire.usual
                act(Exchange(wire, connection, request))
    wire.open -= 1


@contextmanager
def wire(usual: Says, context: ssl.SSLContext | None = None) -> Iterator[Wire]:
    """Serve `usual` on localhost; over TLS with the certificate of `context`, if given."""
    server = socket.create_server(("127.0.0.1", 0))
    scheme, host = ("http", "127.0.0.1") if context is None else ("https", "localhost")
    made = Wire(f"{scheme}://{host}:{server.getsockname()[1]}", usual)

    def accept() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return  # closed below
            made.connections += 1
            made.open += 1
            threading.Thread(target=_serve, args=[made, connection, context], daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.over.set()
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()
