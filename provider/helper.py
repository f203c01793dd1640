"""Subclasses crhelper to avoid its known traps, such as two answers to one event, or none.

crhelper still dispatches to create, update and delete, and shapes the answer. Each trap is named in a comment where it
is avoided. Two private methods of crhelper are overridden. So crhelper is pinned to one version, and a test checks
every name of crhelper that is used here.
"""

import logging
import os
import threading
from collections.abc import Mapping
from typing import Any, Final

from crhelper import FAILED, CfnResource

from provider.answer import UndeliveredError, deliver
from provider.clients import hang_up
from provider.event import Event, LambdaContext
from provider.failures import Failure, Reason, fitting
from provider.json_log import JsonLog
from provider.lifecycle import first_id
from ses_sending_policy.rules.clock import Clock, Deadline

# The seconds left to send the answer when the timer goes off: one slow PUT.
TIMER_MARGIN: Final = 5.0

# The seconds left for the function to return after its last try to answer.
_EXIT_SECONDS: Final = 0.5


class Helper(CfnResource):
    """Handles events: decides on exactly one answer to each, and sends that until CloudFormation accepts it.

    :param clock: where time comes from.
    """

    def __init__(self, clock: Clock) -> None:
        # Trap: crhelper makes three boto3 clients for polling, unused here, at 60 ms and 6 MiB; this prevents that.
        before = os.environ.get("AWS_SAM_LOCAL")
        os.environ["AWS_SAM_LOCAL"] = "true"
        try:
            # Traps: by default, crhelper logs the answer's presigned URL, and sleeps two minutes on a Delete.
            super().__init__(json_logging=False, log_level="INFO", boto_level="ERROR", sleep_on_delete=0)
        finally:
            if before is None:
                del os.environ["AWS_SAM_LOCAL"]
            else:
                os.environ["AWS_SAM_LOCAL"] = before
        # Silence crhelper's log: ours has a line for each of its lines, and no stack trace for a user's mistake.
        logging.getLogger("crhelper").setLevel(logging.CRITICAL)
        self._clock = clock
        self._latch = threading.Lock()

    def __call__(self, event: object, context: LambdaContext) -> None:
        """Handle `event`; raise if it cannot be answered, or if CloudFormation accepted no answer.

        Traps: on a malformed event, crhelper answers the request before it, and it ignores that an answer was not
        accepted. Raising makes Lambda deliver the event again.
        """
        read = Event.read(event)
        self._begin(read, context)
        try:
            super().__call__(read, context)
        finally:
            hang_up()
        if self._timer is not None and self._timer.is_alive():
            # The timer's answer came first and is still being sent. Lambda would freeze the function if this returned.
            self._timer.join()
        if not self.delivered:
            raise UndeliveredError("CloudFormation accepted no answer; the log tells each try")

    def _begin(self, event: Event, context: LambdaContext) -> None:
        self.event = event
        self.log = JsonLog(request=event.request_type.value, logical_id=event.logical_id)
        function_end = self._clock.now() + context.get_remaining_time_in_millis() / 1000
        expiry = function_end if event.birth is None else event.birth + event.service_timeout
        if expiry <= self._clock.now():
            # CloudFormation gave this event up long ago. Write nothing: no stack would manage the policy.
            self.log.write("event is older than CloudFormation waits, nothing done", birth=event.birth)
            raise UndeliveredError("the event is older than CloudFormation waits")
        self.deadline = Deadline(self._clock, min(function_end, expiry))
        self.decided = False
        self.delivered = False
        self.NoEcho = False  # Trap: crhelper keeps the value from the event before.
        if event.birth is not None:
            self.log.knows(age=round(self._clock.now() - event.birth, 1))

    def _set_timeout(self) -> None:
        # crhelper calls this before create, update or delete. Trap: until those return, an answer has an empty or a
        # random physical id. The one that is set here stays until SES accepts a write.
        self.PhysicalResourceId = first_id(self.event)
        # Trap: crhelper's own timer goes off half a second before the end, and keeps the process alive.
        seconds = max(0.0, self.deadline.left() - TIMER_MARGIN)
        self._timer: threading.Timer | None = threading.Timer(seconds, self._out_of_time)
        self._timer.daemon = True
        self._timer.start()

    def _out_of_time(self) -> None:
        failure = Failure(Reason.OUT_OF_TIME, "the function's time was up before SES was done; deploy again")
        self._send(FAILED, str(failure))

    def _send(self, status: str | None = None, reason: str = "", send_response: object = None) -> None:  # noqa: ARG002 - see below
        # Trap: the timer and the main thread may both answer. Only the first answer counts.
        with self._latch:
            if self.decided:
                return
            self.decided = True
        if self.Status == FAILED:
            # Trap: crhelper keeps only the end of a long reason, and sends an empty one.
            self.Reason = fitting(str(self.Reason) or f"{Reason.CRASHED}: no reason was given; the log has the trace")
        # Trap: crhelper's own sender, the default of `send_response`, takes any HTTP status for success, and retries
        # without an end and without a timeout.
        super()._send(status, fitting(reason), send_response=self._put)  # type: ignore[misc]  # crhelper's stub leaves it out

    def _put(self, url: str, body: Mapping[str, Any], _ssl_verify: object) -> None:
        if body["Status"] == FAILED:
            body = {**body, "Data": {}}
        self.log.write("answer", status=body["Status"], reason=body["Reason"], physical_id=body["PhysicalResourceId"])
        until = Deadline(self._clock, self.deadline.at - _EXIT_SECONDS)
        # `deliver` must not raise: crhelper would answer once more, with FAILED.
        self.delivered = deliver(url, body, until, self._clock, self.log)
