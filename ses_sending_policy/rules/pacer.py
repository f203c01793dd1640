"""Paces and retries calls of AWS's API: when a call may start, whether it is tried again, and after which pause."""

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


# Calls that fail with one of these do not use up quota, because AWS did not look at them.
_UNHEARD: Final = (Fault.THROTTLED, Fault.UNAVAILABLE, Fault.UNSENT)


def jitter(random: Random, *, first: float, growth: float, cap: float, least: float = 0.0) -> Iterator[float]:
    """Yield random pauses, in seconds, below a bound that grows with each pause up to `cap`.

    They are random so that callers that do not know of each other do not all try at the same moments.

    :param first: the first bound, in seconds.
    :param growth: the factor from one bound to the next.
    :param cap: the largest bound, in seconds.
    :param least: the share of the bound that each pause has at least. Default: - a pause may be 0.
    """
    bound = first
    while True:
        yield random.uniform(least * bound, bound)
        bound = min(bound * growth, cap)


@dataclass(slots=True)
class PacedCall:
    """A call that is being tried.

    :param operation: the operation, as `GetEmailIdentityPolicies`.
    :param fault: the fault of the last try. Default: - there was no try yet.
    :param met: when each fault was met first.
    :param error: the error of the last try. Default: - there was no try yet.
    """

    operation: str
    fault: Fault | None = None
    met: dict[Fault, float] = field(default_factory=dict)
    error: CallError | None = None

    @property
    def doubtful(self) -> bool:
        """Whether a try so far may have been carried out, because AWS was unavailable and gave no clear answer."""
        return Fault.UNAVAILABLE in self.met


class Pacer:
    """Makes calls no faster than their interval, and tries failed ones again.

    :param clock: where time comes from.
    :param pauses: makes the pauses between the tries of one call; when they are used up, the call fails.
    :param patience: for how many seconds each fault is retried, from the end of the first try that met it; a fault that
        is not in there ends the call.
    :param before_try: called before each try; what it raises ends the call. Default: - nothing is called.
    :param meets: called when a call meets a fault for the first time. Default: - nothing is called.
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
        # When AWS last carried out a call.
        self._served = float("-inf")
        self._due: dict[str, float] = {}
        self._given_up: dict[str, dict[Fault, float]] = {}
        self.calls = 0
        """The number of tries so far, of all calls."""

    def call(self, operation: str, attempt: Callable[[], _T], interval: float = 0.0) -> _T:
        """Return the result of `attempt`; raise its `CallError` if that is final, or if the patience for it is used up.

        :param operation: the operation's name; `interval` is kept between calls of the same name.
        :param interval: the least seconds from the start of a call that AWS let through to the start of the next.
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
            # If the same call is made again, it continues with the patience that is left.
            self._given_up[call.operation] = call.met
            raise

    def _wait_for_turn(self, operation: str) -> None:
        rest = self._due.get(operation, float("-inf")) - self._clock.now()
        if rest > 0:
            self._clock.sleep(rest)

    def _pause_or_raise(self, error: CallError, call: PacedCall, pauses: Iterator[float]) -> float:
        """Note the fault of `call`; return the seconds before its next try, or raise `error` if there must be none."""
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
        """Return the seconds to wait after `fault`; None if the pauses are used up.

        If the last served call was less than a second ago, it may be why this call was throttled. Then wait until that
        second is over, without a random pause. The first try is made earlier all the same, because each operation may
        have a quota of its own.
        """
        rest = self._served + QUOTA_SECONDS - self._clock.now()
        return rest if fault is Fault.THROTTLED and rest > 0 else next(pauses, None)
