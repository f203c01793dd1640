"""Clocks that tell the time and sleep, so that tests can replace them, and deadlines on a clock."""

import time
from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    """Tells the time and sleeps."""

    def now(self) -> float:
        """Return the seconds since 1970; on a `MonotonicClock`, since an arbitrary moment."""
        ...

    def sleep(self, seconds: float) -> None:
        """Sleep for `seconds`."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> float:
        """Return the seconds since 1970."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Sleep for `seconds`."""
        time.sleep(seconds)


class MonotonicClock(SystemClock):
    """The machine's monotonic time, which is never set back."""

    def now(self) -> float:
        """Return the seconds since an arbitrary moment."""
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of the time that an event has.

    :param clock: the clock that the end is measured on.
    :param at: the end, in seconds of that clock.
    """

    clock: Clock
    at: float

    def left(self) -> float:
        """Return the seconds that are left; negative after the deadline."""
        return self.at - self.clock.now()
