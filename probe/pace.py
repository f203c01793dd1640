"""The pace of the probe: at most two calls a second, and a limited number of calls."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Final

from probe.reading import PASSING, SesAnswer
from ses_sending_policy.rules.clock import Clock
from ses_sending_policy.rules.faults import CallError
from ses_sending_policy.rules.pacer import Pacer

# "You can execute this operation no more than once per second". It is not known whether the operations share that
# quota; at a little more than a second between two calls, none is refused either way.
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentityPolicy.html
INTERVAL: Final = 1.1

# The interval for a little less than two calls a second. If all calls are of one operation, every other call exceeds
# the quota. If two operations take turns, no call exceeds it unless they share the quota.
DOUBLE: Final = INTERVAL / 2

# The seconds before each further attempt of a call that SES throttled or failed, and the most further attempts in all.
_PAUSES: Final = (2.5, 2.5, 2.5)
_SPARE: Final = 20


class StoppedError(Exception):
    """The probe ends before its last question. The message says why."""


class InterruptedProbeError(StoppedError):
    """The probe ends because a signal asked for it."""


class Pace:
    """Makes the calls one after the other, at the probe's pace.

    :param clock: the clock to use.
    :param is_interrupted: tells whether a signal asked to end; called before each call.
    :param expected: how many calls are expected; some more are allowed if SES throttles or fails.
    :param progress: is called with the number of calls made so far, and of those expected.
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
        """Make a call, repeat it a few times while SES throttles or fails, and return the last answer."""
        said: list[SesAnswer] = []

        def attempt() -> None:
            is_again = any(each.is_doubtful for each in said)
            said.append(replace(self.once(ask), is_again=is_again))
            if said[-1].fault:
                raise CallError(said[-1].code, said[-1].message, said[-1].fault)

        # `once` keeps the pace. So each call gets a new pacer, which only has to wait between attempts.
        pacer = Pacer(self._clock, lambda: iter(_PAUSES), dict.fromkeys(PASSING, float("inf")))
        with suppress(CallError):
            pacer.call("one question", attempt)
        return said[-1]

    def once(self, ask: Callable[[], SesAnswer], interval: float = INTERVAL) -> SesAnswer:
        """Make one call, and return the answer.

        :param interval: the least number of seconds between the start of the previous call and the start of this one.
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
        """Wait for `seconds`, so that a quota that was used up fills again."""
        self._clock.sleep(seconds)

    @property
    def last(self) -> float:
        """When the last call began, in seconds of the clock."""
        return self._last

    @property
    def ended(self) -> float:
        """When the last call had its answer, in seconds of the clock."""
        return self._ended
