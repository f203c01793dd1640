"""crhelper as the frame of the function, with its known traps closed.

What stays crhelper's: the dispatch to create, update and delete, the shape of the answer, the timer. What is done
otherwise, and why, stands at each method. The seams that this leans on are underscore names: crhelper is pinned to
one version, and a test holds every seam.
"""

import logging
import os
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from crhelper import FAILED, CfnResource

from provider.answer import UndeliveredError, deliver
from provider.envelope import Envelope
from provider.journal import Journal
from provider.reasons import Failure, Reason, fitting
from ses_sending_policy.rules.clock import Clock, Deadline

# What is left for the answer when the timer goes off: one slow PUT.
TIMER_MARGIN: Final = 5.0

# What is left for the function to end by itself after its last try to answer.
_EXIT_SECONDS: Final = 0.5


class LambdaContext(Protocol):
    """What the function uses of Lambda's context object."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until Lambda ends the function."""
        ...


class Frame(CfnResource):
    """One decision for a request, sent until CloudFormation accepts it.

    :param clock: where time comes from.
    :param first_id: gives the physical id that is answered until something better is known: crhelper would answer an
        empty one, or one by chance.
    """

    def __init__(self, clock: Clock, first_id: Callable[[Envelope], str]) -> None:
        # With this variable set, crhelper makes no clients for polling, which nothing here does: 60 ms and 6 MiB.
        before = os.environ.get("AWS_SAM_LOCAL")
        os.environ["AWS_SAM_LOCAL"] = "true"
        try:
            # At its default level, DEBUG, it would log the answer's presigned URL.
            super().__init__(json_logging=False, log_level="INFO", boto_level="ERROR", sleep_on_delete=0)
        finally:
            if before is None:
                del os.environ["AWS_SAM_LOCAL"]
            else:
                os.environ["AWS_SAM_LOCAL"] = before
        # Each of its lines is one of the journal's as well, there without a trace for a user's mistake.
        logging.getLogger("crhelper").setLevel(logging.CRITICAL)
        self._clock = clock
        self._first_id = first_id
        self._latch = threading.Lock()

    def __call__(self, event: object, context: LambdaContext) -> None:
        """Handle `event`; raise where there is nobody to answer, or where no answer was accepted."""
        self._begin(Envelope.read(event), context)
        super().__call__(self._plain_event(), context)
        if self._timer is not None and self._timer.is_alive():
            # It decided first and is sending: Lambda freezes the function as soon as this returns.
            self._timer.join()
        if not self.delivered:
            raise UndeliveredError("CloudFormation accepted no answer; the log tells each try")

    def _begin(self, envelope: Envelope, context: LambdaContext) -> None:
        self.envelope = envelope
        self.journal = Journal(request=envelope.request_type.value, logical_id=envelope.logical_id)
        function_end = self._clock.now() + context.get_remaining_time_in_millis() / 1000
        expiry = function_end if envelope.birth is None else envelope.birth + envelope.service_timeout
        if expiry <= self._clock.now():
            # Whatever this asks for, CloudFormation gave it up and went on: a write now would be nobody's.
            self.journal.write("event is older than CloudFormation waits, nothing done", birth=envelope.birth)
            raise UndeliveredError("the event is older than CloudFormation waits")
        self.deadline = Deadline(self._clock, min(function_end, expiry))
        self.decided = False
        self.delivered = False
        self.NoEcho = False  # crhelper keeps it from one event to the next
        if envelope.birth is not None:
            self.journal.knows(age=round(self._clock.now() - envelope.birth, 1))

    def _plain_event(self) -> dict[str, Any]:
        # Only what the envelope holds: an event could carry crhelper's own keys for polling.
        envelope = self.envelope
        return {
            "RequestType": envelope.request_type.value,
            "RequestId": envelope.request_id,
            "StackId": envelope.stack_id,
            "LogicalResourceId": envelope.logical_id,
            "ResponseURL": envelope.response_url,
            "ResourceProperties": envelope.properties,
        } | ({} if envelope.physical_id is None else {"PhysicalResourceId": envelope.physical_id})

    def generate_physical_id(self, _event: object) -> str:
        """Return the id of an answer that says nothing better; crhelper's own would be another each time."""
        return self._first_id(self.envelope)

    def _set_timeout(self) -> None:
        # crhelper's own goes off half a second before the end, and keeps the process alive.
        self._timer: threading.Timer | None = threading.Timer(
            max(0.0, self.deadline.left() - TIMER_MARGIN), self._timeout
        )
        self._timer.daemon = True
        self._timer.start()

    def _timeout(self) -> None:
        failure = Failure(Reason.OUT_OF_TIME, "the function's time was up before SES was done; deploy again")
        self._send(FAILED, str(failure))

    def _send(self, status: str | None = None, reason: str = "", send_response: object = None) -> None:  # noqa: ARG002 - crhelper's own sender is never used
        with self._latch:
            if self.decided:
                return  # the timer and the main thread may both come here: the first one is the decision
            self.decided = True
        self.PhysicalResourceId = self.PhysicalResourceId or self._first_id(self.envelope)
        if self.Status == FAILED:
            self.Reason = fitting(str(self.Reason) or f"{Reason.CRASHED}: no reason was given; the log has the trace")
        super()._send(status, fitting(reason), send_response=self._put)  # type: ignore[misc]  # crhelper's stub leaves it out

    def _put(self, url: str, body: Mapping[str, Any], _ssl_verify: object) -> None:
        if body["Status"] == FAILED:
            body = {**body, "Data": {}}
        self.journal.write(
            "answer", status=body["Status"], reason=body["Reason"], physical_id=body["PhysicalResourceId"]
        )
        until = Deadline(self._clock, self.deadline.at - _EXIT_SECONDS)
        # It must not raise: crhelper would answer once more, FAILED this time.
        self.delivered = deliver(url, body, until, self._clock, self.journal)
