"""How fast the probe asks: at most twice a second, and only so often."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from probe.reading import PASSING, SesAnswer
from ses_sending_policy.rules.clock import Clock
from ses_sending_policy.rules.faults import CallError
from ses_sending_policy.rules.pacer import Pacer

# "You can execute this operation no more than once per second", and nobody knows whether each or all together:
# a little slower than that is never refused.
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentityPolicy.html
INTERVAL: Final = 1.1

# A little slower than twice a second. Of one operation every other call comes too early, of two in turn none does
# unless they share their second.
DOUBLE: Final = INTERVAL / 2

# The seconds before each further try of what SES was too busy for, and how many of these there are in all.
_PAUSES: Final = (2.5, 2.5, 2.5)
_SPARE: Final = 20


class StoppedError(Exception):
    """The probe ends before its last question; says why."""


class InterruptedProbeError(StoppedError):
    """Somebody wants it to end."""


class Pace:
    """Lets one call through after the other.

    :param clock: where time comes from.
    :param is_interrupted: whether somebody wants it to end; asked before each call.
    :param expected: how many calls there will be; some more are let through where SES is busy or ill.
    :param progress: is told how many are done, and how many there will be.
    """

    def __init__(
        self, clock: Clock, is_interrupted: Callable[[], bool], expected: int, progress: Callable[[int, int], None]
    ) -> None:
        self._clock = clock
        self._is_interrupted = is_interrupted
        self._expected = expected
        self._progress = progress
        self._last = clock.now() - INTERVAL
        self._ended = self._last
        self.calls = 0

    def call(self, ask: Callable[[], SesAnswer]) -> SesAnswer:
        """Return what SES says once it is not busy or ill any more, or what it said last."""
        said: list[SesAnswer] = []

        def attempt() -> None:
            is_again = any(each.is_doubtful for each in said)
            said.append(replace(self.once(ask), is_again=is_again))
            if said[-1].fault:
                raise CallError(said[-1].code, said[-1].message, said[-1].fault)

        # One for each question: it knows nothing of the calls before, and waits as long as it is told.
        pacer = Pacer(self._clock, lambda: iter(_PAUSES), dict.fromkeys(PASSING, float("inf")))
        with suppress(CallError):
            pacer.call("one question", attempt)
        return said[-1]

    def once(self, ask: Callable[[], SesAnswer], interval: float = INTERVAL) -> SesAnswer:
        """Return what SES says to one call.

        :param interval: the least time in seconds since the call before began.
        """
        most = self._expected + _SPARE
        if self.calls >= most:
            raise StoppedError(f"SES had to be asked again so often that all {most} calls are used up")
        self._progress(min(self.calls, self._expected), self._expected)
        self._clock.sleep(max(0.0, self._last + interval - self._clock.now()))
        if self._is_interrupted():
            raise InterruptedProbeError("interrupted")
        self.calls += 1
        self._last = self._clock.now()
        said = ask()
        self._ended = self._clock.now()
        return said

    def rest(self, seconds: float) -> None:
        """Let a quota that was used up fill again."""
        self._clock.sleep(seconds)

    @property
    def last(self) -> float:
        """When the last call began."""
        return self._last

    @property
    def ended(self) -> float:
        """When it had its answer."""
        return self._ended
