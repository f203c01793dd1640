"""Ways to wait between two attempts, to compare with the function's own: each as a pacer."""

from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from typing import Final

from benchmarks.burst import FUNCTION_SECONDS
from benchmarks.simulation import KEPT_SECONDS, Pace, ours
from provider.retry_policy import check_time, pauses
from ses_sending_policy.rules.clock import Deadline
from ses_sending_policy.rules.faults import Fault
from ses_sending_policy.rules.pacer import Pacer, jitter

_FIRST: Final = 0.5

# The length of a slot of the common clock. A wait that ends within a slot is extended to the slot's end.
_SLOT_SECONDS: Final = 1.015
_DRAWN_ONLY: Final = 6

Pauses = Callable[[Random], Iterator[float]]


def full(random: Random, *, cap: float, growth: float = 2.0) -> Iterator[float]:
    """Yield waits from 0 up to a bound that grows with each refusal, up to `cap`."""
    return jitter(random, first=_FIRST, growth=growth, cap=cap)


def like_ours(random: Random, *, cap: float = 2.1, growth: float = 1.2, least: float = 0.35) -> Iterator[float]:
    """Yield waits like the function's own, with one parameter changed."""
    return jitter(random, first=0.6, growth=growth, cap=cap, least=least)


def growing_on(random: Random) -> Iterator[float]:
    """Yield waits of at least half a bound, which grows fast at first and then slowly."""
    bound = _FIRST
    while True:
        yield random.uniform(bound / 2, bound)
        bound = min(3.0, bound * (1.2 if bound < 1.7 else 1.02))  # noqa: PLR2004 - told above


def equal(random: Random, *, cap: float) -> Iterator[float]:
    """Yield waits of at least half a bound that doubles up to `cap`."""
    bound = _FIRST
    while True:
        yield random.uniform(bound / 2, bound)
        bound = min(bound * 2, cap)


def decorrelated(random: Random, *, cap: float) -> Iterator[float]:
    """Yield waits of up to three times the wait before."""
    wait = _FIRST
    while True:
        wait = min(cap, random.uniform(_FIRST, wait * 3))
        yield wait


class _Alone(Pacer):
    """Only waits as drawn, even if its own last call is the reason for the refusal."""

    def _pause(self, fault: Fault, pauses: Iterator[float]) -> float | None:  # noqa: ARG002 - as Pacer declares it
        return next(pauses)


class _Slotted(Pacer):
    """After some waits as drawn, calls only at the start of a slot of a clock that all functions share."""

    def _pause(self, fault: Fault, pauses: Iterator[float]) -> float | None:
        own = super()._pause(fault, iter([0.0]))
        if own:
            return own
        pause = next(pauses)
        return pause if self.calls <= _DRAWN_ONLY else pause - (self._clock.now() + pause) % -_SLOT_SECONDS


class _Learning(Pacer):
    """Takes its number of refusals for the number of waiting functions, and waits in proportion to it."""

    _SHARE: Final = 0.1
    _CAP: Final = 8.0

    def _pause(self, fault: Fault, pauses: Iterator[float]) -> float | None:
        own = super()._pause(fault, iter([0.0]))
        return own or min(self._CAP, _FIRST + self._SHARE * self.calls) * next(pauses)


class _Shrinking(Pacer):
    """Keeps its bound from call to call: a refusal makes it grow, and a success halves it."""

    _bound = _FIRST
    _seen = float("-inf")

    def _pause(self, fault: Fault, pauses: Iterator[float]) -> float | None:
        if self._served > self._seen:
            self._seen, self._bound = self._served, max(_FIRST, self._bound / 2)
        own = super()._pause(fault, iter([0.0]))
        self._bound = min(self._bound * 1.2, 4.0)
        return own or self._bound * next(pauses)


def _lots(random: Random) -> Iterator[float]:
    while True:
        yield random.random()


def _pacer(kind: type[Pacer], deadline: Deadline, waits: Callable[[], Iterator[float]]) -> Pacer:
    endless = dict.fromkeys(Fault, float("inf"))
    return kind(deadline.clock, waits, endless, partial(check_time, deadline=deadline, needed=KEPT_SECONDS))


def _pace(kind: type[Pacer], pauses: Pauses) -> Pace:
    return lambda deadline, random: _pacer(kind, deadline, partial(pauses, random))


def _hurrying(deadline: Deadline, random: Random) -> Pacer:
    """Return a pacer that waits less, the less time is left, so that those who waited longest come first."""

    def waits() -> Iterator[float]:
        return (pause * max(0.125, deadline.left() / FUNCTION_SECONDS) for pause in pauses(random))

    return _pacer(Pacer, deadline, waits)


BEFORE: Final = "as it was, at most 2 s"
"""The function's way before its waits had a least length."""

WAYS: Final[dict[str, Pace]] = {
    "ours": ours,
    **{f"ours, but at most {cap} s": _pace(Pacer, partial(like_ours, cap=cap)) for cap in (1, 3, 4)},
    **{f"ours, but x {growth}": _pace(Pacer, partial(like_ours, growth=growth)) for growth in (1.05, 2)},
    **{f"ours, but {least} at least": _pace(Pacer, partial(like_ours, least=least)) for least in (0.0, 0.5, 0.75)},
    BEFORE: _pace(Pacer, partial(full, cap=2, growth=1.2)),
    "the same, at most 3 s": _pace(Pacer, partial(full, cap=3, growth=1.2)),
    "half at least, growing on": _pace(Pacer, growing_on),
    "slots of a common clock": _pace(_Slotted, partial(full, cap=4, growth=1.2)),
    "ours, without its own second": _pace(_Alone, pauses),
    **{f"full jitter, at most {cap} s": _pace(_Alone, partial(full, cap=cap)) for cap in (1, 2, 4, 8, 60)},
    **{f"equal jitter, at most {cap} s": _pace(_Alone, partial(equal, cap=cap)) for cap in (4, 8)},
    **{f"decorrelated jitter, at most {cap} s": _pace(_Alone, partial(decorrelated, cap=cap)) for cap in (4, 20)},
    "learning from its refusals": _pace(_Learning, _lots),
    "a bound that a success halves": _pace(_Shrinking, _lots),
    "hurrying as time runs out": _hurrying,
}
"""The ways by their names in the table, the function's own first."""
