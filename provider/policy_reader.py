"""Reads the policies of many identities for the drift check: each is tried once before any is tried again.

An identity that fails does not hold up the others. A deploy, in contrast, waits for the one policy that it is about.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Final

from provider.failures import Failure, Reason
from provider.retry_policy import CALL_LIMIT_SECONDS
from provider.ses import NotFoundError, SesPolicies
from ses_sending_policy.rules.clock import Deadline
from ses_sending_policy.rules.drift_check import QUICK_SECONDS, SECONDS_A_READ
from ses_sending_policy.rules.identity import Identity

# The first pause before an identity is tried again. It doubles each time, which leaves SES's quota to deploys.
_AGAIN_SECONDS: Final = 10.0

# A role's permissions reach SES some seconds after IAM accepted them, and the first check runs right after the deploy.
# So a denied identity is tried once more; a second denial is final.
_DENIED_AGAIN_SECONDS: Final = 60.0
_TRIES_OF_A_DENIAL: Final = 2

_PASSING: Final = (Reason.THROTTLED, Reason.SES_UNAVAILABLE)

Read = Mapping[str, str] | Failure


@dataclass(order=True, slots=True)
class _Turn:
    due: float
    place: int
    identity: Identity = field(compare=False)
    tries: int = field(default=0, compare=False)
    failure: Failure = field(default=Failure(Reason.OUT_OF_TIME, "the look's time was up"), compare=False)

    def comes_again(self) -> bool:
        """Return whether another try may succeed."""
        if self.failure.reason is Reason.ACCESS_DENIED:
            return self.tries < _TRIES_OF_A_DENIAL
        return self.failure.reason in _PASSING

    def pause(self) -> float:
        """Return the seconds before the next try."""
        is_denied = self.failure.reason is Reason.ACCESS_DENIED
        return _DENIED_AGAIN_SECONDS if is_denied else _AGAIN_SECONDS * 2 ** (self.tries - 1)


class PolicyReader:
    """Reads the policies of identities, with at least `SECONDS_A_READ` from one call to the next.

    :param quick: SES with calls that end within `QUICK_SECONDS`, for the first try of each identity.
    :param patient: SES with calls that end within `CALL_LIMIT_SECONDS`, for every further try.
    :param deadline: the end of the function's time.
    :param kept: the seconds before the deadline that are kept for the topic and the metrics.
    """

    def __init__(self, quick: SesPolicies, patient: SesPolicies, deadline: Deadline, kept: float) -> None:
        self._quick = quick
        self._patient = patient
        self._deadline = deadline
        self._kept = kept
        self._next = deadline.clock.now()

    def read(self, identities: Sequence[Identity]) -> Iterator[tuple[Identity, Read]]:
        """Yield each identity with the texts of its policies by name, or with the failure of its last try.

        :param identities: in the order of their first try. An identity that SES does not know has no policies.
        """
        turns = [_Turn(self._next, place, identity) for place, identity in enumerate(identities)]
        while turns:
            turn = heappop(turns)
            begin = max(turn.due, self._next, self._deadline.clock.now())
            if not self._waits(begin, CALL_LIMIT_SECONDS if turn.tries else QUICK_SECONDS):
                yield turn.identity, turn.failure
                continue
            try:
                yield turn.identity, self._try(turn)
            except Failure as failure:
                turn.tries, turn.failure = turn.tries + 1, failure
                turn.due = begin + turn.pause()
                if turn.comes_again():
                    heappush(turns, turn)
                else:
                    yield turn.identity, failure

    def _waits(self, begin: float, call: float) -> bool:
        """Wait until `begin`; return False at once if a call of `call` seconds would not end in time after that."""
        clock = self._deadline.clock
        pause = max(0.0, begin - clock.now())
        if self._deadline.left() - pause <= call + self._kept:
            return False
        if pause:
            clock.sleep(pause)
        self._next = begin + SECONDS_A_READ
        return True

    def _try(self, turn: _Turn) -> Mapping[str, str]:
        policies = self._patient if turn.tries else self._quick
        try:
            return policies.of(turn.identity)
        except NotFoundError:
            return {}
