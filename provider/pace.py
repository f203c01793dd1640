"""The pace at which SES is called: what is tried again, for how long, and how long is waited in between.

SES allows each of these operations once a second for the whole account and region, and CloudFormation starts all
independent resources at once, each in a function of its own. Nobody sees the others, so everybody draws lots.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import Final, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from provider.clock import Deadline
from provider.reasons import Failure, Reason

_T = TypeVar("_T")

CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 10.0

# Full jitter: any moment up to a bound that grows with each refusal, but no longer than the cap. Longer pauses leave
# SES idle, shorter ones only make more refusals: docs/decisions/0008-pauses-of-two-seconds.md has the figures.
_FIRST_BOUND_SECONDS: Final = 0.5
_GROWTH: Final = 1.2
_CAP_SECONDS: Final = 2.0

# "You can execute this operation no more than once per second."
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentityPolicy.html
_QUOTA_SECONDS: Final = 1.0


class Fault(Enum):
    """Why SES did not do it, where trying again can help."""

    THROTTLED = "throttled"
    UNAVAILABLE = "unavailable"
    DENIED = "denied"
    PRINCIPAL = "invalid principal"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a fault is met with another try.

    :param seconds: from the first time it was met.
    :param to_delete: the same on a Delete. One that fails in the update of a stack is given up by CloudFormation, and
        leaves access behind: so it takes all the time there is where only SES is at fault.
    :param reason: the code of the failure afterwards.
    :param advice: what the person should do then.
    """

    seconds: float
    to_delete: float
    reason: Reason
    advice: str


_NO_END: Final = float("inf")

PATIENCE: Final = {
    # "You can execute this operation no more than once per second": only time helps, so all there is.
    Fault.THROTTLED: Patience(_NO_END, _NO_END, Reason.THROTTLED, "deploy again, with fewer policies at once"),
    Fault.UNAVAILABLE: Patience(60, _NO_END, Reason.SES_UNAVAILABLE, "deploy again when SES answers"),
    # A role's permissions reach SES some seconds after IAM took them.
    Fault.DENIED: Patience(
        60, 60, Reason.ACCESS_DENIED, "allow it to the function's role, and check service control policies"
    ),
    # The same for a principal that the stack made a moment ago.
    # https://github.com/hashicorp/terraform-provider-aws/issues/22549
    Fault.PRINCIPAL: Patience(
        120,
        120,
        Reason.INVALID_PRINCIPAL,
        "check that each principal exists, and that its account has this region enabled",
    ),
}

_FAULT_OF_CODE: Final = {
    "TooManyRequestsException": Fault.THROTTLED,
    "ThrottlingException": Fault.THROTTLED,
    "Throttling": Fault.THROTTLED,
    "AccessDeniedException": Fault.DENIED,
    "AccessDenied": Fault.DENIED,
    "RequestTimeout": Fault.UNAVAILABLE,
    "RequestTimeoutException": Fault.UNAVAILABLE,
}
_TOO_MANY_REQUESTS: Final = 429
_SERVER_ERROR: Final = 500


def fault_of(error: ClientError | BotoCoreError) -> Fault | None:
    """Return why it may work another time, or None where SES's answer is final."""
    if not isinstance(error, ClientError):
        return Fault.UNAVAILABLE
    code, message, status = said(error)
    if code == "BadRequestException" and "principal" in message.lower():
        return Fault.PRINCIPAL
    if code in _FAULT_OF_CODE:
        return _FAULT_OF_CODE[code]
    if status == _TOO_MANY_REQUESTS:
        return Fault.THROTTLED
    return Fault.UNAVAILABLE if status >= _SERVER_ERROR else None


def said(error: ClientError) -> tuple[str, str, int]:
    """Return the code, message and HTTP status of SES's refusal."""
    answer = error.response
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return answer["Error"].get("Code", "Unknown"), answer["Error"].get("Message", ""), status


class RefusalError(Exception):
    """SES said no, and will say it again.

    :param code: SES's code, as `BadRequestException`.
    :param message: SES's words.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.doubtful = False
        """Whether an earlier try of the same call may have been carried out all the same."""


def full_jitter(random: Random) -> Iterator[float]:
    """Yield the seconds to wait before each further try of a call."""
    bound = _FIRST_BOUND_SECONDS
    while True:
        yield random.uniform(0, bound)
        bound = min(bound * _GROWTH, _CAP_SECONDS)


class Pacer:
    """Calls SES for one event.

    :param deadline: the end of the event's time.
    :param needed: the seconds that must be left for a call to start: it must be over before the timer goes off.
    :param before_try: called before each try; what it raises ends the call.
    :param random: where the lots are drawn from.
    :param to_delete: whether the event is a Delete.
    :param pauses: makes the waits between the tries of one call out of lots.
    """

    def __init__(
        self,
        deadline: Deadline,
        needed: float,
        before_try: Callable[[], None],
        random: Random,
        *,
        to_delete: bool = False,
        pauses: Callable[[Random], Iterator[float]] = full_jitter,
    ) -> None:
        self._deadline = deadline
        self._needed = needed
        self._before_try = before_try
        self._random = random
        self._to_delete = to_delete
        self._pauses = pauses
        # When SES last did what this event asked for.
        self._served = float("-inf")
        self.calls = 0

    def call(self, operation: str, attempt: Callable[[], _T]) -> _T:
        """Return what `attempt` gives.

        Raises `RefusalError` where SES's answer is final, and `Failure` where patience or time is at its end.
        """
        met: dict[Fault, float] = {}
        try:
            return self._tried(operation, attempt, met)
        except (Failure, RefusalError) as failure:
            # What SES did not answer it may have done.
            failure.doubtful = Fault.UNAVAILABLE in met
            raise

    def _tried(self, operation: str, attempt: Callable[[], _T], met: dict[Fault, float]) -> _T:
        """Try until it ends; `met` tells when each fault was first met."""
        clock = self._deadline.clock
        pauses = self._pauses(self._random)
        fault: Fault | None = None
        while True:
            self._before_try()
            self._check_time(operation, fault)
            self.calls += 1
            try:
                result = attempt()
            except (ClientError, BotoCoreError) as error:
                fault = fault_of(error)
                if fault is None:
                    raise RefusalError(*said(error)[:2]) from error
                patience = PATIENCE[fault]
                most = patience.to_delete if self._to_delete else patience.seconds
                if clock.now() - met.setdefault(fault, clock.now()) >= most:
                    raise Failure(patience.reason, f"{operation}: {error}; {patience.advice}") from error
            else:
                self._served = clock.now()
                return result
            clock.sleep(self._pause(fault, pauses))

    def _pause(self, fault: Fault, pauses: Iterator[float]) -> float:
        """Return the seconds to wait after `fault`.

        A call that is throttled within a second of this event's last one may have been refused for that one: when its
        second is over is known, and need not be drawn. It is tried before, for operations may each have their own.
        """
        rest = self._served + _QUOTA_SECONDS - self._deadline.clock.now()
        return rest if fault is Fault.THROTTLED and rest > 0 else next(pauses)

    def _check_time(self, operation: str, fault: Fault | None) -> None:
        if self._deadline.left() > self._needed:
            return
        if fault is None:
            raise Failure(Reason.OUT_OF_TIME, f"{operation} would not end within the function's time; deploy again")
        raise Failure(PATIENCE[fault].reason, f"{operation} until the time was up; {PATIENCE[fault].advice}")
