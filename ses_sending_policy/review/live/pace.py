"""The pace at which a live account is asked: one call after the other, and each as soon as SES lets it through."""

import time
from collections.abc import Callable, Mapping
from random import Random
from typing import Final, Protocol, TypeVar

from ses_sending_policy.review.live.calls import Fault, TransientError

_T = TypeVar("_T")

# "You can execute this operation no more than once per second": so says the reference of each of these operations, for
# the whole account and region. Measured is where a call begins, and the net delivers some sooner than others: hence
# a little more than a second.
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetEmailIdentityPolicies.html
INTERVAL_SECONDS: Final = 1.05

# For how long a fault is met with another try, from the first time that it was met.
_PATIENCE_SECONDS: Final[Mapping[Fault, float]] = {Fault.THROTTLED: 60.0, Fault.UNAVAILABLE: 5.0}

# Full jitter: any moment up to a bound that doubles with each try, but no longer than the cap. Somebody else may be
# calling as well, a deploy in another process for one.
_FIRST_BOUND_SECONDS: Final = 0.25
_CAP_SECONDS: Final = 2.0


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> float:
        """Return seconds that never run backwards."""
        ...

    def sleep(self, seconds: float) -> None:
        """Come back after `seconds`."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> float:
        """Return seconds that never run backwards."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Come back after `seconds`."""
        time.sleep(seconds)


class Pacer:
    """Lets calls begin when they may, and once more where that helps.

    :param clock: where time comes from. Default: - the machine's own.
    :param random: where the waits between two tries are drawn from. Default: - nobody knows which come.
    """

    def __init__(self, clock: Clock | None = None, random: Random | None = None) -> None:
        self.clock: Clock = clock or SystemClock()
        self._random = random or Random()  # noqa: S311 - it keeps no secret
        self._due: dict[str, float] = {}

    def call(self, operation: str, attempt: Callable[[], _T], interval: float) -> _T:
        """Return what `attempt` gives, or raise its `TransientError` once patience is at its end.

        :param operation: calls of one name keep their distance.
        :param interval: the seconds from a call that was let through to the next one.
        """
        met: dict[Fault, float] = {}
        bound = _FIRST_BOUND_SECONDS
        while True:
            now = self.clock.now()
            self.clock.sleep(max(0.0, self._due.get(operation, now) - now))
            begin = self.clock.now()
            try:
                answer = attempt()
            except TransientError as error:
                if self.clock.now() - met.setdefault(error.fault, begin) >= _PATIENCE_SECONDS[error.fault]:
                    raise
            except BaseException:
                # A refusal was let through like an answer.
                self._due[operation] = begin + interval
                raise
            else:
                self._due[operation] = begin + interval
                return answer
            self.clock.sleep(self._random.uniform(0, bound))
            bound = min(bound * 2, _CAP_SECONDS)
