"""The pace that SES allows: a quota as a value, and the memory of who was let through when."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final, Literal, get_args

from emulator.account_region import AccountRegion

Clock = Callable[[], float]
Scope = Literal["over_all", "each"]

# Seconds forgiven at the boundary: floating point sums, not time, would refuse a call that comes just in time.
_TOLERANCE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Quota:
    """So many calls a second in an account and region.

    "You can execute this operation no more than once per second", says the API reference of each operation.
    "All actions ... are throttled at one request per second", said the guide's page on quotas until 2022.
    They contradict each other in whether the operations share their second: hence the scope.
    https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentityPolicy.html
    """

    per_second: float = 1.0
    scope: Scope = "over_all"
    burst: int = 1

    def __post_init__(self) -> None:
        if self.per_second <= 0:
            raise ValueError(f"quota per_second {self.per_second!r} must be more than 0; no quota is None")
        if self.scope not in get_args(Scope):
            raise ValueError(f"quota scope {self.scope!r} must be one of {', '.join(get_args(Scope))}")
        if self.burst < 1:
            raise ValueError(f"quota burst {self.burst!r} must be 1 or more")


class Turnstile:
    """Lets calls through at the pace of a quota; a refused call costs nothing."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        # By account, region and operation: when the next call would be due if they came evenly spaced.
        self._due: dict[tuple[AccountRegion, str], float] = {}

    def admits(self, quota: Quota | None, place: AccountRegion, operation: str) -> bool:
        """Say whether the call is within the quota, and count it if so."""
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
        """Start anew, as after a quiet second."""
        with self._lock:
            self._due.clear()
