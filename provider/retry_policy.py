"""The retry policy of calls to SES: how long each kind of fault is retried, the pauses between, and the time limit.

SES allows each of these operations once a second for the whole account and region, and CloudFormation starts all
independent resources at once, each in its own Lambda execution. These cannot see each other, so pauses are random.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Final

from provider.failures import Failure, Reason, with_denial, with_principal, without_middle
from provider.json_log import JsonLog
from ses_sending_policy.rules.clock import Deadline
from ses_sending_policy.rules.faults import CallError, Fault
from ses_sending_policy.rules.pacer import PacedCall, Pacer, jitter

CONNECT_SECONDS: Final = 3.0
READ_SECONDS: Final = 10.0

CALL_LIMIT_SECONDS: Final = CONNECT_SECONDS + READ_SECONDS
"""The longest that one call takes, in seconds."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a kind of fault is retried.

    :param seconds: the seconds for which it is retried, from the first such fault.
    :param to_delete: the same for a Delete. CloudFormation gives up a Delete that fails in a stack update, which
        leaves access behind: so faults of SES itself are retried as long as there is time.
    :param reason: the failure's code after the last try.
    :param advice: what the user should do then.
    :param cut: shortens AWS's message for the answer, but keeps the part that matters.
    """

    seconds: float
    to_delete: float
    reason: Reason
    advice: str
    cut: Callable[[str, int], str] = without_middle


_NO_END: Final = float("inf")

PATIENCE: Final = {
    # "You can execute this operation no more than once per second": only waiting helps, so wait without limit.
    Fault.THROTTLED: Patience(_NO_END, _NO_END, Reason.THROTTLED, "deploy again, with fewer policies at once"),
    Fault.UNAVAILABLE: Patience(60, _NO_END, Reason.SES_UNAVAILABLE, "deploy again when SES answers"),
    # The fault is on our side, and nothing was sent: either it passes soon, or it stays. So giving up is safe.
    Fault.UNSENT: Patience(
        60, 60, Reason.SES_UNAVAILABLE, "no call left the function: check its role, network and proxy"
    ),
    # A role's permissions reach SES some seconds after IAM accepted them.
    Fault.DENIED: Patience(
        60, 60, Reason.ACCESS_DENIED, "allow it to the function's role, and lift any deny", with_denial
    ),
    # A principal that the stack made a moment ago reaches SES some seconds later as well.
    # https://github.com/hashicorp/terraform-provider-aws/issues/22549
    Fault.PRINCIPAL: Patience(
        120,
        120,
        Reason.INVALID_PRINCIPAL,
        "check that each principal exists, and that its account has this region enabled",
        with_principal,
    ),
}


def pauses(random: Random) -> Iterator[float]:
    """Yield the pauses between the tries of one call, in seconds.

    Longer pauses leave SES idle. Shorter ones only cause more refusals, since a try right after a refusal seldom wins:
    docs/decisions/0008-pauses-of-two-seconds.md has the figures.
    """
    return jitter(random, first=0.6, growth=1.2, cap=2.1, least=0.35)


def failure_of(operation: str, error: CallError) -> Failure:
    """Return the failure of a deploy after a call whose retries are used up, or that SES refused for good."""
    if error.fault is None:
        failure = Failure(Reason.REFUSED_BY_SES, f"{operation}: {error}", cut=without_middle)
    else:
        patience = PATIENCE[error.fault]
        failure = Failure(patience.reason, f"{operation}: {error}", patience.advice, patience.cut)
    failure.doubtful = error.doubtful
    return failure


def pacer(
    deadline: Deadline,
    needed: float,
    random: Random,
    before_try: Callable[[], None] = lambda: None,
    *,
    to_delete: bool = False,
    log: JsonLog | None = None,
) -> Pacer:
    """Return the pacer of one event.

    It raises `Failure` if a call would not end before the deadline, and whatever `before_try` raises.

    :param deadline: the end of the event's time.
    :param needed: the seconds that must be left to start a call, which must end before the timer goes off.
    :param random: gives the random part of the pauses.
    :param before_try: called before each try. Default: - nothing is called.
    :param to_delete: whether the event is a Delete.
    :param log: gets a line for each kind of fault of a call, once. Default: - nothing is logged.
    """

    def check(call: PacedCall) -> None:
        try:
            before_try()
            check_time(call, deadline, needed)
        except Failure as failure:
            failure.doubtful = call.doubtful
            raise

    patience = {fault: each.to_delete if to_delete else each.seconds for fault, each in PATIENCE.items()}
    return Pacer(deadline.clock, lambda: pauses(random), patience, check, partial(_meets, log))


def _meets(log: JsonLog | None, call: PacedCall, error: CallError) -> None:
    if log is not None and error.fault is not None:
        log.write("call failed, tried again", operation=call.operation, fault=error.fault.value, error=str(error))


def check_time(call: PacedCall, deadline: Deadline, needed: float) -> None:
    """Raise `Failure` unless more than the `needed` seconds are left for `call`."""
    if deadline.left() > needed:
        return
    if call.fault is None:
        raise Failure(Reason.OUT_OF_TIME, f"{call.operation} would not end within the function's time; deploy again")
    patience = PATIENCE[call.fault]
    raise Failure(
        patience.reason, f"{call.operation} until the time was up: {call.error}", patience.advice, patience.cut
    )
