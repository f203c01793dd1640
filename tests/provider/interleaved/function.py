"""Runs the function for one event: the real lifecycle on the clients of one delivery.

It puts the function's parts together once more, as provider/function.py and provider/helper.py do.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from provider.cloudformation import CloudFormationStack
from provider.event import Event, RequestType
from provider.event_monitor import EventMonitor
from provider.failures import Failure, Reason, fitting
from provider.fence import Fence
from provider.helper import TIMER_MARGIN
from provider.json_log import JsonLog
from provider.lifecycle import Lifecycle, first_id
from provider.retry_policy import CONNECT_SECONDS, READ_SECONDS, pacer
from provider.ses import SesPolicies
from ses_sending_policy.rules.clock import Clock, Deadline
from ses_sending_policy.rules.errors import SendingPolicyError

FUNCTION_SECONDS: Final = 900.0
"""The longest timeout that Lambda allows."""

_CALL_SECONDS: Final = CONNECT_SECONDS + READ_SECONDS + TIMER_MARGIN


class UnansweredError(Exception):
    """No answer is sent, because CloudFormation no longer waits for one."""


@dataclass
class Parts:
    """What the function of one delivery is given.

    :param event: the event.
    :param ses: boto3's client for SES.
    :param cloudformation: returns boto3's client for CloudFormation.
    :param clock: the function's clock.
    :param random: the function's random numbers.
    :param log: takes the lines of the log.
    """

    event: dict[str, Any]
    ses: Any
    cloudformation: Callable[[], Any]
    clock: Clock
    random: Random
    log: Any


@dataclass
class Run:
    """One run of the function: its answer, and the time by which that must be sent.

    :param parts: what it is given.
    """

    parts: Parts
    PhysicalResourceId: str = ""
    Data: dict[str, str] = field(default_factory=dict)
    decided: dict[str, Any] | None = None
    """The answer, once it is decided."""

    def __post_init__(self) -> None:
        clock = self.parts.clock
        self.event = Event.read(self.parts.event)
        function_end = clock.now() + FUNCTION_SECONDS
        birth = self.event.birth
        expiry = function_end if birth is None else birth + self.event.service_timeout
        if expiry <= clock.now():
            raise UnansweredError
        self.deadline = Deadline(clock, min(function_end, expiry))
        self.PhysicalResourceId = first_id(self.event)

    @property
    def timer(self) -> float:
        """The seconds after which the answer is sent, whatever the function does then."""
        return max(0.0, self.deadline.left() - TIMER_MARGIN)

    def out_of_time(self) -> None:
        """Answer as the timer does."""
        reason = "OutOfTime: the function's time was up before SES was done; deploy again"
        self._decide("FAILED", self.PhysicalResourceId, reason)

    def handle(self) -> None:
        """Do what the event asks for, and set the answer."""
        try:
            physical_id = self._lifecycle()
        except SendingPolicyError as failure:
            self._decide("FAILED", self.PhysicalResourceId, str(failure))
        else:
            self._decide("SUCCESS", physical_id, "")

    def _lifecycle(self) -> str:
        parts, event = self.parts, self.event
        json_log = JsonLog(parts.log)
        monitor = EventMonitor(CloudFormationStack(parts.cloudformation), event, parts.clock, json_log)

        def before_try() -> None:
            if self.decided is not None:
                raise Failure(Reason.OUT_OF_TIME, "the answer is out already")
            fence.before_try()

        to_delete = event.request_type is RequestType.DELETE
        paced = pacer(self.deadline, _CALL_SECONDS, parts.random, before_try, to_delete=to_delete)
        fence = Fence(SesPolicies(parts.ses, paced, hears=monitor.hears), monitor, self.deadline, _CALL_SECONDS)
        lifecycle = Lifecycle(event=event, fence=fence, monitor=monitor, log=json_log, clock=parts.clock, answer=self)
        physical_id: str = getattr(lifecycle, event.request_type.lower())()
        return physical_id

    def _decide(self, status: str, physical_id: str, reason: str) -> None:
        if self.decided is None:
            self.decided = {"Status": status, "PhysicalResourceId": physical_id, "Reason": fitting(reason)}
