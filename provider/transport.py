"""Makes one HTTP exchange within one time limit for all of it: name lookup, connecting, TLS, request and response.

It needs the standard library alone, so that an answer is sent to CloudFormation even if every other import fails.
"""

import http.client
import io
import socket
import ssl
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from select import select
from typing import Any, Final

from provider.connect import Limit, Resolve, connect

_WORDS: Final = 120


class UnsentError(OSError):
    """The exchange failed before any byte of the request was sent."""


class LostError(OSError):
    """The exchange failed after the request, or a part of it, may have been sent: its outcome is not known."""


class _Reader(io.RawIOBase):
    """Reads from a socket, each time with the remaining time as timeout, so that a slow trickle cannot extend it."""

    def __init__(self, sock: socket.socket, limit: Limit) -> None:
        self._sock = sock
        self._limit = limit
        self.is_ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
        self._sock.settimeout(self._limit.left())
        count = self._sock.recv_into(buffer)
        self.is_ended = count == 0
        return count


class _Stream:
    """The part of a socket's interface that http.client uses, with the time limit."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.limit = Limit.of(0)
        self._reader = _Reader(sock, self.limit)

    def sendall(self, data: bytes) -> None:
        self.sock.settimeout(self.limit.left())
        self.sock.sendall(data)

    def makefile(self, *_: object) -> io.BufferedReader:
        self._reader = _Reader(self.sock, self.limit)
        return io.BufferedReader(self._reader)

    @property
    def is_ended(self) -> bool:
        """Whether the other side has closed the connection, and a read has met that end."""
        return self._reader.is_ended

    def close(self) -> None:
        with suppress(OSError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()


class _Response(http.client.HTTPResponse):
    """A response; interim ones with a status of 1xx, as 103, are skipped."""

    def begin(self) -> None:
        super().begin()
        while self.status < HTTPStatus.OK:
            self.headers = self.msg = None  # type: ignore[assignment]  # as before the first response
            super().begin()


@dataclass(frozen=True, slots=True)
class HttpsRequest:
    """An HTTP request.

    :param method: the HTTP method.
    :param target: path and query.
    :param headers: the values, texts or bytes, by the headers' names.
    :param body: the whole body; empty if there is none.
    """

    method: str
    target: str
    headers: Mapping[str, Any]
    body: bytes


@dataclass(frozen=True, slots=True)
class HttpsResponse:
    """An HTTP response.

    :param status: the HTTP status.
    :param headers: the values by the headers' names, as they came.
    :param body: the whole body; empty if it was not read.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy, spoken to over plain HTTP.

    :param host: the proxy's name.
    :param port: the proxy's port.
    :param headers: the headers for the proxy, as for its authorization.
    """

    host: str
    port: int
    headers: Mapping[str, str]


class Connection:
    """A connection to one server, kept from one exchange to the next if the server agrees.

    :param host: the server's name.
    :param port: the server's port.
    :param trust: the TLS contexts to verify the server's certificate with, tried one after the other. Default: - plain
        HTTP is spoken.
    :param proxy: the proxy to connect through. Default: - the server is connected to directly.
    :param resolve: gives a name's addresses, as `socket.getaddrinfo` does.
    """

    def __init__(
        self,
        host: str,
        port: int,
        trust: Iterable[ssl.SSLContext] | None = None,
        proxy: Proxy | None = None,
        resolve: Resolve = socket.getaddrinfo,
    ) -> None:
        self._host = host
        self._port = port
        self._trust = trust
        self._proxy = proxy
        self._resolve = resolve
        self._stream: _Stream | None = None

    def exchange(self, request: HttpsRequest, limit: Limit, most: int = 0) -> HttpsResponse:
        """Send `request`, return the response; raise `UnsentError`, `LostError`, or `ValueError` for a bad request.

        :param limit: the time limit of the whole exchange; the socket is closed when it is reached.
        :param most: the most bytes of a response's body. Default: - no body is read, and the connection is not kept.
        """
        is_kept = False
        try:
            stream = self._connected(limit)
            answer, is_kept = self._exchanged(stream, request, most)
        finally:
            if not is_kept:
                self.close()
        return answer

    def close(self) -> None:
        """Close the connection, if one is open."""
        if self._stream is not None:
            self._stream.close()
            self._stream = None

    @property
    def _bracketed(self) -> str:
        """The host as it is written before a port: an IPv6 address, which contains colons, is in brackets."""
        return f"[{self._host}]" if ":" in self._host else self._host

    def _connected(self, limit: Limit) -> _Stream:
        """Return a connection that is ready for a request: a new one, or the one of the last exchange."""
        if self._stream is not None and select([self._stream.sock], [], [], 0)[0]:
            self.close()  # the server has closed it meanwhile, or sent bytes that answer no request
        try:
            if self._stream is None:
                self._stream = _Stream(self._dialled(limit))
            self._stream.limit = limit
            limit.left()
        except (OSError, http.client.HTTPException) as error:
            raise UnsentError(_words(error)) from error
        return self._stream

    def _dialled(self, limit: Limit) -> socket.socket:
        if self._trust is None:
            return self._joined(limit, None)
        refused: OSError = OSError("nothing to hold a certificate against")
        for context in self._trust:
            try:
                return self._joined(limit, context)
            except ssl.SSLCertVerificationError as error:
                refused = error
        raise refused

    def _joined(self, limit: Limit, context: ssl.SSLContext | None) -> socket.socket:
        proxy = self._proxy
        sock = connect(proxy.host if proxy else self._host, proxy.port if proxy else self._port, limit, self._resolve)
        try:
            if context is None:
                return sock
            if proxy is not None:
                self._tunnel(sock, proxy, limit)
            sock.settimeout(limit.left())
            return context.wrap_socket(sock, server_hostname=self._host)
        except BaseException:
            sock.close()
            raise

    def _tunnel(self, sock: socket.socket, proxy: Proxy, limit: Limit) -> None:
        """Make the proxy open a tunnel (CONNECT), so that the other end of TLS is the server itself."""
        stream = _Stream(sock)
        stream.limit = limit
        writer = _Writer(proxy.host, proxy.port, stream)
        place = f"{self._bracketed}:{self._port}"
        writer.request("CONNECT", place, headers={"Host": place, **proxy.headers})
        response = _Response(stream, method="CONNECT")  # type: ignore[arg-type]  # `_Stream` has all that is used
        response.begin()
        if response.status != HTTPStatus.OK:
            raise OSError(f"the proxy said {response.status}")

    def _exchanged(self, stream: _Stream, request: HttpsRequest, most: int) -> tuple[HttpsResponse, bool]:
        """Return the response, and whether the connection can be used for another exchange."""
        is_plain_proxy = self._proxy is not None and self._trust is None
        port = "" if self._port == http.client.HTTP_PORT else f":{self._port}"
        place = f"http://{self._bracketed}{port}" if is_plain_proxy else ""
        more = self._proxy.headers if self._proxy and is_plain_proxy else {}
        try:
            writer = _Writer(self._host, self._port, stream)
            writer.default_port = http.client.HTTP_PORT if self._trust is None else http.client.HTTPS_PORT
            writer.request(request.method, place + request.target, request.body or None, {**request.headers, **more})
            response = _Response(stream, method=request.method)  # type: ignore[arg-type]  # `_Stream` has all that is used
            response.begin()
            if stream.is_ended:
                raise OSError("an answer that is cut in its head")  # noqa: TRY301 - becomes a LostError as others do
            read = _body(response, most) if most else b""
        except http.client.InvalidURL:
            # The message of InvalidURL quotes the address, which may be secret: raise another one.
            raise ValueError("the address has characters that none can have") from None
        except TimeoutError as error:
            raise LostError(f"no answer within {stream.limit.seconds:.2g} s") from error
        except (OSError, http.client.HTTPException) as error:
            raise LostError(_words(error)) from error
        is_kept = most > 0 and response.isclosed() and not response.will_close
        return HttpsResponse(response.status, dict(response.headers.items()), read), is_kept


def _body(response: http.client.HTTPResponse, most: int) -> bytes:
    body = b"" if (response.length or 0) > most else response.read(most + 1)
    if len(body) > most or (response.length or 0) > most:
        raise OSError(f"an answer longer than {most} bytes")
    if response.length:
        raise OSError(f"an answer that is cut, {response.length} bytes are missing")
    return body


class _Writer(http.client.HTTPConnection):
    """Writes a request as http.client does, with all of its checks, but on a connection that is already open."""

    def __init__(self, host: str, port: int, stream: _Stream) -> None:
        super().__init__(host, port)
        self.auto_open = 0
        self.sock = stream


def _words(error: Exception) -> str:
    """Return an error's message, with its type's name if the message needs it, and without what may be secret."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"untrusted certificate: {error.verify_message}"
    said = getattr(error, "strerror", None) or str(error)
    name = type(error).__name__
    words = str(said) if isinstance(error, OSError) and said else f"{name}: {said}".removesuffix(": ")
    return words[:_WORDS]
