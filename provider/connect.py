"""Resolves a server's name and connects to one of its addresses, all within one time limit."""

import queue
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

# At most this long for one address, so that a dead one leaves time for the next.
_ADDRESS_SECONDS: Final = 3.0

Resolve = Callable[..., list[Any]]


@dataclass(frozen=True, slots=True)
class Limit:
    """The time limit of one HTTP exchange.

    :param seconds: how long the exchange may take in all.
    :param end: when the limit is reached, in seconds of `time.monotonic`.
    """

    seconds: float
    end: float

    @classmethod
    def of(cls, seconds: float) -> "Limit":
        """Return a limit that is reached `seconds` from now."""
        return cls(seconds, time.monotonic() + seconds)

    def left(self) -> float:
        """Return the seconds that are left; raise `TimeoutError` if none are."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"no end within {self.seconds:.2g} s")
        return left


def connect(host: str, port: int, limit: Limit, resolve: Resolve = socket.getaddrinfo) -> socket.socket:
    """Return a socket that is connected to one of the server's addresses; raise `OSError` if none can be reached.

    :param limit: when to give up, however many addresses there are.
    :param resolve: gives a name's addresses, as `socket.getaddrinfo`. It cannot be interrupted, so it runs in a thread
        of its own, which is abandoned at the limit.
    """
    error: Exception = OSError("the name has no address")
    for family, kind, protocol, _, address in _addresses(host, port, limit, resolve):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(min(_ADDRESS_SECONDS, limit.left()))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.connect(address)
        except OSError as failed:
            sock.close()
            error = failed
        else:
            return sock
    limit.left()
    raise error


def _addresses(host: str, port: int, limit: Limit, resolve: Resolve) -> list[Any]:
    results: queue.SimpleQueue[list[Any] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            results.put(resolve(host, port, type=socket.SOCK_STREAM))
        except (OSError, ValueError) as error:
            results.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        result = results.get(timeout=limit.left())
    except queue.Empty:
        raise TimeoutError(f"no address within {limit.seconds:.2g} s") from None
    if isinstance(result, Exception):
        raise result if isinstance(result, OSError) else OSError(str(result))
    return result
