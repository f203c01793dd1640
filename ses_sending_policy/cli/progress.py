"""How far a command is, where somebody looks at a terminal."""

import sys
import time
from dataclasses import dataclass, field
from typing import Final, TextIO

_WIDTH: Final = 30
_CLEAR: Final = "\r\x1b[K"
_MINUTE: Final = 60


@dataclass(slots=True)
class Progress:
    """A bar in the last line of a terminal, with an estimate; silent anywhere else.

    :param what: what is counted, as `identities`.
    :param to: where it is shown.
    """

    what: str
    to: TextIO = field(default_factory=lambda: sys.stderr)
    _begin: float = field(default_factory=time.monotonic)

    def __call__(self, done: int, total: int) -> None:
        """Show that so many of so many are done."""
        if self.to.isatty():
            self.to.write(_CLEAR + bar(self.what, done, total, time.monotonic() - self._begin))
            self.to.flush()

    def end(self) -> None:
        """Take the bar away."""
        if self.to.isatty():
            self.to.write(_CLEAR)
            self.to.flush()


def bar(what: str, done: int, total: int, seconds: float) -> str:
    """Return the line that tells that `done` of `total` took so many seconds."""
    filled = _WIDTH * done // max(total, 1)
    left = f", {_duration(seconds / done * (total - done))} left" if done else ""
    return f"[{'#' * filled}{' ' * (_WIDTH - filled)}] {done} of {total} {what}{left}"


def _duration(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // _MINUTE} min {whole % _MINUTE} s" if whole >= _MINUTE else f"{whole} s"
