"""Clocks: where time comes from, how it is waited on, and a point that it must not pass."""

import time
from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> float:
        """Return seconds: since 1970, where moments are compared that others tell, else since any other one."""
        ...

    def sleep(self, seconds: float) -> None:
        """Come back after `seconds`."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> float:
        """Return the seconds since 1970."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Come back after `seconds`."""
        time.sleep(seconds)


class MonotonicClock(SystemClock):
    """The machine's own time from some moment on, which nobody sets back."""

    def now(self) -> float:
        """Return the seconds since that moment."""
        return time.monotonic()


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of the time that an event has.

    :param clock: where time comes from.
    :param at: seconds since 1970.
    """

    clock: Clock
    at: float

    def left(self) -> float:
        """Return the seconds until then; below 0 afterwards."""
        return self.at - self.clock.now()
