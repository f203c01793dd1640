"""The progress of a command that calls AWS, as one line of a terminal."""

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TextIO

from ses_sending_policy.review.live.calls import Calls

_WIDTH: Final = 30
_CLEAR: Final = "\r\x1b[K"
_MINUTE: Final = 60


@dataclass(slots=True)
class Progress:
    """Shows the current AWS call, then a bar with the time left, in the last line of a terminal.

    :param what: what the bar counts, for instance `identities`.
    :param to: the stream to write to. If it is no terminal, nothing is shown.
    """

    what: str
    to: TextIO = field(default_factory=lambda: sys.stderr)
    _begin: float = field(default_factory=time.monotonic)
    _asked: int = 0
    _is_counting: bool = False

    def __call__(self, done: int, total: int) -> None:
        """Show a bar for `done` of `total`."""
        self._is_counting = done < total
        self._show(bar(self.what, done, total, time.monotonic() - self._begin))

    def asks(self, operation: str) -> None:
        """Show which AWS operation is called, unless the bar is shown."""
        self._asked += 1
        if not self._is_counting:
            self._show(f"asking AWS: {operation}, call {self._asked}")

    def end(self) -> None:
        """Clear the line."""
        self._show("")

    def _show(self, line: str) -> None:
        # A dumb terminal cannot clear a line.
        if self.to.isatty() and os.environ.get("TERM") != "dumb":
            self.to.write(_CLEAR + line)
            self.to.flush()


@dataclass(frozen=True, slots=True)
class Watched:
    """Passes calls of AWS on to `calls`, and shows each call as progress.

    :param calls: makes the calls.
    :param progress: shows the calls.
    """

    calls: Calls
    progress: Progress

    @property
    def region(self) -> str:
        """The region, for instance `eu-west-1`."""
        return self.calls.region

    def once(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401 - as AWS takes them
        """Show the call, make it once without waiting before it, and return its answer."""
        self.progress.asks(operation)
        return self.calls.once(service, operation, **parameters)

    def call(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:  # noqa: ANN401 - the same
        """Show the call, make it at the pace that AWS allows, and return its answer."""
        self.progress.asks(operation)
        return self.calls.call(service, operation, **parameters)


def bar(what: str, done: int, total: int, seconds: float) -> str:
    """Return the bar for `done` of `total`, with the time left, estimated from the `seconds` spent so far."""
    filled = _WIDTH * done // max(total, 1)
    left = f", {_duration(seconds / done * (total - done))} left" if done else ""
    return f"[{'#' * filled}{' ' * (_WIDTH - filled)}] {done} of {total} {what}{left}"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // _MINUTE} min {whole % _MINUTE} s" if whole >= _MINUTE else f"{whole} s"
