"""crhelper with its known traps closed.

What stays crhelper's: the dispatch to create, update and delete, the shape of the answer, the timer. Each trap is named
where it is closed. Two underscore names of crhelper are overridden: it is pinned to one version, and a
test holds every seam.
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
from provider.json_log import JsonLog
from provider.lifecycle import first_id
from provider.reasons import Failure, Reason, fitting
from ses_sending_policy.rules.clock import Clock, Deadline

# What is left for the answer when the timer goes off: one slow PUT.
TIMER_MARGIN: Final = 5.0

# What is left for the function to end by itself after its last try to answer.
_EXIT_SECONDS: Final = 0.5


class Helper(CfnResource):
    """One decision for a request, sent until CloudFormation accepts it.

    :param clock: where time comes from.
    """

    def __init__(self, clock: Clock) -> None:
        # Trap: three clients for polling, which nothing here does, at 60 ms and 6 MiB; with this variable, none.
        before = os.environ.get("AWS_SAM_LOCAL")
        os.environ["AWS_SAM_LOCAL"] = "true"
        try:
            # Traps: by default it logs the answer's presigned URL, and sleeps two minutes on a Delete.
            super().__init__(json_logging=False, log_level="INFO", boto_level="ERROR", sleep_on_delete=0)
        finally:
            if before is None:
                del os.environ["AWS_SAM_LOCAL"]
            else:
                os.environ["AWS_SAM_LOCAL"] = before
        # Each of its lines is one of the log's as well, there without a trace for a user's mistake.
        logging.getLogger("crhelper").setLevel(logging.CRITICAL)
        self._clock = clock
        self._latch = threading.Lock()

    def __call__(self, event: object, context: LambdaContext) -> None:
        """Handle `event`; raise where there is nobody to answer, or where no answer was accepted.

        Traps: a malformed event answers the request before it, and an answer that nobody accepted is forgotten. Lambda
        delivers an event again whose function raises.
        """
        read = Event.read(event)
        self._begin(read, context)
        try:
            super().__call__(read, context)
        finally:
            hang_up()
        if self._timer is not None and self._timer.is_alive():
            # It decided first and is sending: Lambda freezes the function as soon as this returns.
            self._timer.join()
        if not self.delivered:
            raise UndeliveredError("CloudFormation accepted no answer; the log tells each try")

    def _begin(self, event: Event, context: LambdaContext) -> None:
        self.event = event
        self.log = JsonLog(request=event.request_type.value, logical_id=event.logical_id)
        function_end = self._clock.now() + context.get_remaining_time_in_millis() / 1000
        expiry = function_end if event.birth is None else event.birth + event.service_timeout
        if expiry <= self._clock.now():
            # Whatever this asks for, CloudFormation gave it up and went on: a write now would be nobody's.
            self.log.write("event is older than CloudFormation waits, nothing done", birth=event.birth)
            raise UndeliveredError("the event is older than CloudFormation waits")
        self.deadline = Deadline(self._clock, min(function_end, expiry))
        self.decided = False
        self.delivered = False
        self.NoEcho = False  # Trap: it keeps it from one event to the next.
        if event.birth is not None:
            self.log.knows(age=round(self._clock.now() - event.birth, 1))

    def _set_timeout(self) -> None:
        # Called before the event's function. Trap: until that returns, an answer has an empty physical id, or another
        # one by chance each time. What is set here stays until somebody knows better.
        self.PhysicalResourceId = first_id(self.event)
        # Trap: its own timer goes off half a second before the end, and keeps the process alive.
        seconds = max(0.0, self.deadline.left() - TIMER_MARGIN)
        self._timer: threading.Timer | None = threading.Timer(seconds, self._out_of_time)
        self._timer.daemon = True
        self._timer.start()

    def _out_of_time(self) -> None:
        failure = Failure(Reason.OUT_OF_TIME, "the function's time was up before SES was done; deploy again")
        self._send(FAILED, str(failure))

    def _send(self, status: str | None = None, reason: str = "", send_response: object = None) -> None:  # noqa: ARG002 - see below
        # Trap: timer and main thread may both answer. The first one is the decision.
        with self._latch:
            if self.decided:
                return
            self.decided = True
        if self.Status == FAILED:
            # Trap: of a long reason it keeps the end, and an empty one it sends.
            self.Reason = fitting(str(self.Reason) or f"{Reason.CRASHED}: no reason was given; the log has the trace")
        # Trap: its own sender, which is the default of this very argument, takes any status for delivered, tries
        # without end and without a timeout.
        super()._send(status, fitting(reason), send_response=self._put)  # type: ignore[misc]  # crhelper's stub leaves it out

    def _put(self, url: str, body: Mapping[str, Any], _ssl_verify: object) -> None:
        if body["Status"] == FAILED:
            body = {**body, "Data": {}}
        self.log.write("answer", status=body["Status"], reason=body["Reason"], physical_id=body["PhysicalResourceId"])
        until = Deadline(self._clock, self.deadline.at - _EXIT_SECONDS)
        # It must not raise: crhelper would answer once more, FAILED this time.
        self.delivered = deliver(url, body, until, self._clock, self.log)
