"""Scripted faults: what goes wrong with the next calls that match, and how often."""

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Final, Literal, get_args

# The policy operations by HTTP method, from
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentityPolicy.html and the pages of the others.
OPERATIONS: Final = {
    "POST": "CreateEmailIdentityPolicy",
    "PUT": "UpdateEmailIdentityPolicy",
    "DELETE": "DeleteEmailIdentityPolicy",
    "GET": "GetEmailIdentityPolicies",
}
# The identity operations: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentity.html
IDENTITY_OPERATIONS: Final = {"POST": "CreateEmailIdentity", "DELETE": "DeleteEmailIdentity"}
Ending = Literal["answer", "refusal", "hang", "reset"]


@dataclass(frozen=True, slots=True)
class ScriptedFault:
    """A fault that happens to the calls that it matches.

    :param ending: how a call ends. `answer`: with the right answer, but late. `refusal`: with `status`, `code` and
        `message`. `hang`: without an answer, and the connection is closed. `reset`: the connection is reset.
    :param applied: whether the call takes effect before the fault. With `answer`, a write takes effect at once if this
        is true, else only when the answer comes.
    :param seconds: how long to wait before the ending.
    :param times: how many calls it affects.
    :param operation: for instance `CreateEmailIdentityPolicy`; None for any of the four policy operations. The two that
        create and remove an identity have to be named.
    :param identity: the identity of the calls; None for any.
    :param policy_name: the policy's name in the calls; None for any.
    """

    ending: Ending
    applied: bool = False
    seconds: float = 0.0
    times: int = 1
    operation: str | None = None
    identity: str | None = None
    policy_name: str | None = None
    status: int = 500
    code: str = "InternalServiceError"
    message: str = "The service failed by script"

    def __post_init__(self) -> None:
        if self.ending not in get_args(Ending):
            raise ValueError(f"fault ending {self.ending!r} must be one of {', '.join(get_args(Ending))}")
        known = (*OPERATIONS.values(), *IDENTITY_OPERATIONS.values())
        if self.operation not in (None, *known):
            allowed = ", ".join(known)
            raise ValueError(f"fault operation {self.operation!r} must be one of {allowed}")
        if self.seconds < 0:
            raise ValueError(f"fault seconds {self.seconds!r} must be 0 or more")
        if self.times < 1:
            raise ValueError(f"fault times {self.times!r} must be 1 or more")
        if not 400 <= self.status <= 599:  # noqa: PLR2004 - the bounds of HTTP's error statuses
            raise ValueError(f"fault status {self.status!r} must be an error, 400 to 599")

    def matches(self, operation: str, identity: str, policy_name: str | None) -> bool:
        """Return whether the fault matches this call."""
        return (
            (self.operation == operation or (self.operation is None and operation in OPERATIONS.values()))
            and self.identity in (None, identity)
            and self.policy_name in (None, policy_name)
        )


class FaultScript:
    """The scripted faults that are left. Each call takes the first fault that matches it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._left: list[tuple[ScriptedFault, int]] = []

    def add(self, faults: Iterable[ScriptedFault]) -> None:
        """Append faults to the script."""
        with self._lock:
            self._left += [(fault, fault.times) for fault in faults]

    def clear(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._left.clear()

    def left(self) -> int:
        """Return how many more calls the faults would affect."""
        with self._lock:
            return sum(times for _, times in self._left)

    def take(self, operation: str, identity: str, policy_name: str | None) -> ScriptedFault | None:
        """Return the fault for this call and count the call, or return None if no fault matches."""
        with self._lock:
            for index, (fault, times) in enumerate(self._left):
                if fault.matches(operation, identity, policy_name):
                    self._left[index : index + 1] = [(fault, times - 1)] if times > 1 else []
                    return fault
        return None
