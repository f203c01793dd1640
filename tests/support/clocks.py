"""A clock for tests, on which waiting takes no time."""

from collections.abc import Callable
from typing import Final

# On a whole second: an answer URL tells no parts of one.
BEGIN: Final = 1_800_000_000.0
"""When everything begins."""


class HandClock:
    """A clock that stands still until somebody waits."""

    def __init__(self, now: float = BEGIN) -> None:
        self.time = now
        self.slept: list[float] = []
        self.meanwhile: Callable[[], object] = lambda: None
        """What somebody else does while somebody waits."""

    def now(self) -> float:
        """Return the seconds since 1970."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Let `seconds` go by."""
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")  # as Python's own says
        self.slept.append(seconds)
        self.meanwhile()
        self.time += seconds
