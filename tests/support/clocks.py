"""A clock for tests, on which waiting takes no real time."""

from collections.abc import Callable
from typing import Final

# A whole second, because an answer URL has no fractions of one.
BEGIN: Final = 1_800_000_000.0
"""The time at which a test begins."""


class HandClock:
    """A clock that moves only while a test or the code under test waits."""

    def __init__(self, now: float = BEGIN) -> None:
        self.time = now
        self.slept: list[float] = []
        self.meanwhile: Callable[[], object] = lambda: None
        """Called during each wait, to play what others do meanwhile."""

    def now(self) -> float:
        """Return the seconds since 1970."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Let `seconds` pass."""
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")  # as Python's own says
        self.slept.append(seconds)
        self.meanwhile()
        self.time += seconds
