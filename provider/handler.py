"""The entry that Lambda calls.

Whatever cannot be imported is told to CloudFormation instead of leaving it waiting: so the imports that can fail
stand in a function, and what answers then needs the standard library alone.
"""

from typing import TYPE_CHECKING

from provider.answer import UndeliveredError, deliver, trust
from provider.envelope import Envelope
from provider.journal import Journal
from ses_sending_policy.rules.clock import Clock, Deadline, SystemClock

if TYPE_CHECKING:
    from provider.frame import LambdaContext
    from provider.function import Function


def _load(clock: Clock) -> "Function | Exception":
    try:
        from provider.function import Function  # noqa: PLC0415 - its failure is an answer, see above

        trust()
        return Function(clock)
    except Exception as crash:  # noqa: BLE001 - whatever it is, CloudFormation is told
        return crash


_clock = SystemClock()
_function = _load(_clock)


def handler(event: object, context: "LambdaContext") -> None:
    """Handle one event of CloudFormation, and answer it; raise where it got no answer."""
    if isinstance(_function, Exception):
        _answer_crash(_function, event, context)
    else:
        _function(event, context)


def _answer_crash(crash: Exception, event: object, context: "LambdaContext") -> None:
    envelope = Envelope.read(event)
    journal = Journal(request=envelope.request_type.value, logical_id=envelope.logical_id)
    journal.crash("the function could not be loaded", crash)
    body = {
        "Status": "FAILED",
        "Reason": f"ImportFailed: {type(crash).__name__}: {crash}"[:1000],
        "PhysicalResourceId": envelope.physical_id or f"{envelope.logical_id}-unclaimed",
        "StackId": envelope.stack_id,
        "RequestId": envelope.request_id,
        "LogicalResourceId": envelope.logical_id,
    }
    deadline = Deadline(_clock, _clock.now() + context.get_remaining_time_in_millis() / 1000 - 1)
    if not deliver(envelope.response_url, body, deadline, _clock, journal):
        raise UndeliveredError("CloudFormation accepted no answer; the log tells each try")
