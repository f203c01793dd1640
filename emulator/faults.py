"""Faults by script: what goes wrong with the next calls, and how often."""

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Final, Literal, get_args

# By HTTP method, as https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentityPolicy.html and its
# siblings have them.
OPERATIONS: Final = {
    "POST": "CreateEmailIdentityPolicy",
    "PUT": "UpdateEmailIdentityPolicy",
    "DELETE": "DeleteEmailIdentityPolicy",
    "GET": "GetEmailIdentityPolicies",
}
# The same of identities: https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentity.html
IDENTITY_OPERATIONS: Final = {"POST": "CreateEmailIdentity", "DELETE": "DeleteEmailIdentity"}
Ending = Literal["answer", "refusal", "hang", "reset"]


@dataclass(frozen=True, slots=True)
class ScriptedFault:
    """One thing that goes wrong, for the calls that it matches.

    :param ending: `answer`, the true answer, only late. `refusal`, the given status, code and message. `hang`, no
        answer: the connection is closed after the seconds. `reset`, the connection is reset.
    :param applied: whether the call has done its work before things go wrong. A late answer with `applied` is a
        write that SES accepted at once; without it, one that it accepts late.
    :param seconds: waited before the ending.
    :param times: how many calls it meets.
    :param operation: such as `CreateEmailIdentityPolicy`; None for any of the four, as with identity and
        policy_name. The two that make and remove an identity have to be named.
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
        """Say whether this call is one of those that it meets."""
        return (
            (self.operation == operation or (self.operation is None and operation in OPERATIONS.values()))
            and self.identity in (None, identity)
            and self.policy_name in (None, policy_name)
        )


class FaultScript:
    """The faults still to come; each call takes the first that matches it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._left: list[tuple[ScriptedFault, int]] = []

    def add(self, faults: Iterable[ScriptedFault]) -> None:
        """Append faults to the script."""
        with self._lock:
            self._left += [(fault, fault.times) for fault in faults]

    def clear(self) -> None:
        """Let everything go well from here on."""
        with self._lock:
            self._left.clear()

    def left(self) -> int:
        """Return how many more calls the script means to meet."""
        with self._lock:
            return sum(times for _, times in self._left)

    def take(self, operation: str, identity: str, policy_name: str | None) -> ScriptedFault | None:
        """Return what goes wrong with this call, and count it."""
        with self._lock:
            for index, (fault, times) in enumerate(self._left):
                if fault.matches(operation, identity, policy_name):
                    self._left[index : index + 1] = [(fault, times - 1)] if times > 1 else []
                    return fault
        return None
