"""The way to a server: its name, its addresses, and a connection to one of them, within one limit of time."""

import queue
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

# A dead address should leave time for the next one.
_ADDRESS_SECONDS: Final = 3.0

Resolve = Callable[..., list[Any]]


@dataclass(frozen=True, slots=True)
class Limit:
    """The end of an exchange.

    :param seconds: how long it may take in all.
    :param end: when it is over, on the clock that nobody sets back.
    """

    seconds: float
    end: float

    @classmethod
    def of(cls, seconds: float) -> "Limit":
        """Return the limit that is so many seconds from now."""
        return cls(seconds, time.monotonic() + seconds)

    def left(self) -> float:
        """Return the seconds until then; raise `TimeoutError` where there are none."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"no end within {self.seconds:.2g} s")
        return left


def connect(host: str, port: int, limit: Limit, resolve: Resolve = socket.getaddrinfo) -> socket.socket:
    """Return a socket that is connected, or raise `OSError`.

    :param limit: when to give up, whatever the number of addresses.
    :param resolve: gives a name's addresses; nothing can end it, so it is left alone at the limit, and can do nothing
        more than to come back.
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
