"""The quota of SES (how many calls a second it allows), and the turnstile that enforces it."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final, Literal, get_args

from emulator.account_region import AccountRegion

Now = Callable[[], float]
QuotaScope = Literal["over_all", "each"]

# Seconds of tolerance, so that rounding errors of floating point do not refuse a call that is just slow enough.
_TOLERANCE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Quota:
    """How many calls a second are allowed in an account and region.

    "You can execute this operation no more than once per second", says the API reference of each operation.
    "All actions ... are throttled at one request per second", said the guide's page on quotas until 2022.
    They contradict each other in whether the operations share one quota. So `scope` chooses.
    https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentityPolicy.html

    :param per_second: the number of calls a second.
    :param scope: `each`: each operation has the quota for itself. `over_all`: all operations share it.
    :param burst: how many calls are let through at once after a pause.
    """

    per_second: float = 1.0
    scope: QuotaScope = "over_all"
    burst: int = 1

    def __post_init__(self) -> None:
        if self.per_second <= 0:
            raise ValueError(f"quota per_second {self.per_second!r} must be more than 0; no quota is None")
        if self.scope not in get_args(QuotaScope):
            raise ValueError(f"quota scope {self.scope!r} must be one of {', '.join(get_args(QuotaScope))}")
        if self.burst < 1:
            raise ValueError(f"quota burst {self.burst!r} must be 1 or more")


class Turnstile:
    """Lets calls through at the pace of a quota. A refused call does not count."""

    def __init__(self, clock: Now) -> None:
        self._clock = clock
        self._lock = Lock()
        # By account, region and operation: when the next call would come if calls were evenly spaced.
        self._due: dict[tuple[AccountRegion, str], float] = {}

    def admits(self, quota: Quota | None, place: AccountRegion, operation: str) -> bool:
        """Return whether a call is within the quota. If so, count the call."""
        if quota is None:
            return True
        interval = 1 / quota.per_second
        key = (place, operation if quota.scope == "each" else "")
        with self._lock:
            now = self._clock()
            due = self._due.get(key, now)
            if now + _TOLERANCE < due - (quota.burst - 1) * interval:
                return False
            self._due[key] = max(now, due) + interval
            return True

    def forget(self) -> None:
        """Forget all calls, as after a pause."""
        with self._lock:
            self._due.clear()
