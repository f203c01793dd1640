"""The pace at which AWS is called: when a call may begin, whether it is tried again, and how long is waited before."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Final, TypeVar

from ses_sending_policy.rules.clock import Clock
from ses_sending_policy.rules.faults import CallError, Fault

_T = TypeVar("_T")

# "You can execute this operation no more than once per second": so says the reference of each of these operations, for
# the whole account and region.
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentityPolicy.html
QUOTA_SECONDS: Final = 1.0


# What AWS did not look at takes nothing of a quota.
_UNHEARD: Final = (Fault.THROTTLED, Fault.UNAVAILABLE, Fault.UNSENT)


def jitter(random: Random, *, first: float, growth: float, cap: float, least: float = 0.0) -> Iterator[float]:
    """Yield waits: any moment up to a bound that grows with each of them, but no longer than the cap.

    Whoever calls the same operation from elsewhere is seen by nobody here, so everybody draws lots.

    :param first: the first bound, in seconds.
    :param growth: the factor from one bound to the next.
    :param cap: the largest bound, in seconds.
    :param least: the share of the bound that is waited in any case. Default: - none.
    """
    bound = first
    while True:
        yield random.uniform(least * bound, bound)
        bound = min(bound * growth, cap)


@dataclass(slots=True)
class PacedCall:
    """A call that is being tried.

    :param operation: as `GetEmailIdentityPolicies`.
    :param fault: what the last try met. Default: - there was none, or none yet.
    :param met: when a try met each fault first.
    :param error: how the last try ended. Default: - as `fault`.
    """

    operation: str
    fault: Fault | None = None
    met: dict[Fault, float] = field(default_factory=dict)
    error: CallError | None = None

    @property
    def doubtful(self) -> bool:
        """Whether a try so far may have been carried out: AWS did not answer it."""
        return Fault.UNAVAILABLE in self.met


class Pacer:
    """Lets calls begin when they may, and once more where that helps.

    :param clock: where time comes from.
    :param pauses: makes the waits between the tries of one call; a call of which they are used up has failed.
    :param patience: for how many seconds each fault is met with another try, from the end of the first try that met it;
        one that is not in there ends the call.
    :param before_try: told of a call before each try; what it raises ends the call. Default: - nobody is told.
    :param meets: told of a call that meets a fault for the first time. Default: - nobody is told.
    """

    def __init__(
        self,
        clock: Clock,
        pauses: Callable[[], Iterator[float]],
        patience: Mapping[Fault, float],
        before_try: Callable[[PacedCall], None] = lambda _: None,
        meets: Callable[[PacedCall, CallError], object] = lambda *_: None,
    ) -> None:
        self._clock = clock
        self._pauses = pauses
        self._patience = patience
        self._before_try = before_try
        self._meets = meets
        # When AWS last did what was asked.
        self._served = float("-inf")
        self._due: dict[str, float] = {}
        self._given_up: dict[str, dict[Fault, float]] = {}
        self.calls = 0
        """How often AWS was called."""

    def call(self, operation: str, attempt: Callable[[], _T], interval: float = 0.0) -> _T:
        """Return what `attempt` gives, or raise its `CallError` where that is final or patience is at its end.

        :param operation: calls of one name keep their distance.
        :param interval: the seconds from the beginning of a call that was let through to that of the next one.
        """
        call = PacedCall(operation, met=self._given_up.pop(operation, {}))
        pauses = self._pauses()
        while True:
            self._wait_for_turn(operation)
            self._ask(call)
            self.calls += 1
            begin = self._clock.now()
            try:
                result = attempt()
            except CallError as error:
                if error.fault not in _UNHEARD:
                    self._due[operation] = begin + interval
                pause = self._pause_or_raise(error, call, pauses)
            else:
                self._due[operation] = begin + interval
                self._served = self._clock.now()
                return result
            self._clock.sleep(pause)

    def _ask(self, call: PacedCall) -> None:
        try:
            self._before_try(call)
        except Exception:
            # Whoever makes the same call once more has the patience that is left of this one.
            self._given_up[call.operation] = call.met
            raise

    def _wait_for_turn(self, operation: str) -> None:
        rest = self._due.get(operation, float("-inf")) - self._clock.now()
        if rest > 0:
            self._clock.sleep(rest)

    def _pause_or_raise(self, error: CallError, call: PacedCall, pauses: Iterator[float]) -> float:
        """Note what `call` met; return the seconds before its next try, or raise `error` where there is to be none."""
        call.fault, call.error = error.fault, error
        if error.fault is None:
            error.doubtful = call.doubtful
            raise error
        now = self._clock.now()
        if error.fault not in call.met:
            self._meets(call, error)
        since = call.met.setdefault(error.fault, now)
        error.doubtful = call.doubtful
        if now - since >= self._patience.get(error.fault, 0.0):
            raise error
        pause = self._pause(error.fault, pauses)
        if pause is None:
            raise error
        return pause

    def _pause(self, fault: Fault, pauses: Iterator[float]) -> float | None:
        """Return the seconds to wait after `fault`; None where there are no more.

        A call that is throttled within a second of the last one that was served may have been refused for that one:
        when its second is over is known, and need not be drawn. It is tried before, for operations may each have
        their own.
        """
        rest = self._served + QUOTA_SECONDS - self._clock.now()
        return rest if fault is Fault.THROTTLED and rest > 0 else next(pauses, None)
