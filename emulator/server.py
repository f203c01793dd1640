"""An HTTP server on a free local port that can delay, drop or reset answers on request, and that stops at once."""

import socket
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Lock, Thread, current_thread
from typing import Any, Final

from emulator.messages import HttpRequest, HttpResponse, refusal

Serve = Callable[[HttpRequest], HttpResponse]

# SO_LINGER with a time of 0: closing sends RST instead of FIN (https://www.man7.org/linux/man-pages/man7/socket.7.html).
_LINGER_RESET: Final = struct.pack("ii", 1, 0)
_JOIN_SECONDS: Final = 10.0


class Server:
    """Serves one function over HTTP/1.1 on 127.0.0.1, from construction until `stop`."""

    def __init__(self, serve: Serve, closing: Event) -> None:
        self._http = _Http(serve, closing)
        self._thread = Thread(target=self._http.serve_forever, args=(0.02,), name="strict-ses", daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def stop(self) -> None:
        """End every connection, even one that a scripted fault delays, and free the port."""
        self._http.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._http.end_connections()
        self._thread.join(_JOIN_SECONDS)


class _Http(HTTPServer):
    # A burst of 120 functions connects at once; the default backlog of 5 would refuse some of them.
    request_queue_size = 256

    def __init__(self, serve: Serve, closing: Event) -> None:
        self.serve = serve
        self.closing = closing
        self._lock = Lock()
        self._open: dict[Thread, socket.socket] = {}
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as typeshed has it
        # The standard library's threads can only be waited for without a limit, or not at all. These are stored with
        # their sockets, so that `end_connections` can end them.
        thread = Thread(target=self._talk, args=(request, client_address), name="strict-ses-call", daemon=True)
        with self._lock:
            self._open[thread] = request
        thread.start()

    def _talk(self, request: socket.socket, client_address: Any) -> None:  # noqa: ANN401 - as typeshed has it
        try:
            self.finish_request(request, client_address)
        except Exception:  # noqa: BLE001 - nothing above catches it, and handle_error reports it
            self.handle_error(request, client_address)
        finally:
            self.shutdown_request(request)
            with self._lock:
                del self._open[current_thread()]

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - as typeshed has it
        # The base class would send FIN first, which would turn a scripted reset into an orderly end.
        if request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(_LINGER_RESET)) == _LINGER_RESET:
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as typeshed has it
        # A client that closes the connection, mostly after its own timeout, is no error of the server.
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def end_connections(self) -> None:
        with self._lock:
            left = list(self._open.items())
        for thread, connection in left:
            with suppress(OSError):  # it may have ended by itself meanwhile
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(_JOIN_SECONDS)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Http
    raw_requestline: bytes

    def handle_request(self) -> None:
        if self.headers.get("Transfer-Encoding"):
            self._send(refusal(HTTPStatus.LENGTH_REQUIRED, "BadRequestException", "Content-Length is missing"))
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        # Taken from the request line, because the signature covers the path as it was sent. `self.path` has leading
        # slashes folded into one.
        target = self.raw_requestline.decode("iso-8859-1").split()[1]
        reply = self.server.serve(HttpRequest(self.command, target, tuple(self.headers.items()), body))
        cut_short = self.server.closing.wait(reply.seconds) if reply.seconds else False
        if cut_short or reply.ending in ("hang", "reset"):
            self.close_connection = True
            if reply.ending == "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RESET)
            return
        self._send(reply)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = handle_request  # noqa: N815 - http.server's

    def _send(self, reply: HttpResponse) -> None:
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: ANN401 - as typeshed has it
        """Write nothing: `CallLog` has the calls."""
