"""The log of calls of the policy operations: time, account, identity and policy, and the result of each."""

from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """One call of a policy operation.

    :param time: when the call arrived, in seconds since 1970, even if the machine's clock was set meanwhile.
    :param status: the HTTP status, or 0 if a scripted fault gave no answer.
    :param code: the error's code; `hang` or `reset` if a scripted fault gave no answer; None for success.
    :param applied: whether the call changed the store.
    :param document: the policy document of a Create or Update, as it was sent.
    """

    time: float
    account: str
    region: str
    operation: str
    identity: str
    policy_name: str | None
    status: int
    code: str | None
    applied: bool
    document: str | None


class CallLog:
    """Every call since the start or since `clear`, in the order in which they were answered."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._calls: list[LoggedCall] = []

    def add(self, call: LoggedCall) -> None:
        """Append a call."""
        with self._lock:
            self._calls.append(call)

    def calls(self) -> list[LoggedCall]:
        """Return the calls so far."""
        with self._lock:
            return list(self._calls)

    def clear(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._calls.clear()
