"""The entry point that Lambda calls.

If an import fails, CloudFormation gets a FAILED answer at once instead of waiting for one. So the imports that can fail
are in a function, and the code that answers then needs the standard library alone.
"""

from typing import TYPE_CHECKING

from provider.answer import UndeliveredError, deliver, trust
from provider.event import Event, LambdaContext
from provider.json_log import JsonLog, shown
from ses_sending_policy.rules.clock import Clock, Deadline, SystemClock

if TYPE_CHECKING:
    from provider.helper import Helper


def _load(clock: Clock) -> "Helper | BaseException":
    try:
        from provider.function import function  # noqa: PLC0415 - if it fails, `handler` answers FAILED

        trust()
        return function(clock)
    except BaseException as crash:  # noqa: BLE001 - whatever it is, even a SystemExit, CloudFormation is told
        return crash


_clock = SystemClock()
_function = _load(_clock)


def handler(event: object, context: LambdaContext) -> None:
    """Handle one event of CloudFormation and answer it; raise if no answer was accepted."""
    if isinstance(_function, BaseException):
        _answer_crash(_function, event, context)
    else:
        _function(event, context)


def _answer_crash(crash: BaseException, event: object, context: LambdaContext) -> None:
    read = Event.read(event)
    log = JsonLog(request=read.request_type.value, logical_id=read.logical_id)
    log.crash("the function could not be loaded", crash)
    body = {
        "Status": "FAILED",
        "Reason": f"ImportFailed: {type(crash).__name__}: {shown(crash)}"[:1000],
        "PhysicalResourceId": read.physical_id or f"{read.logical_id}-unclaimed",
        "StackId": read.stack_id,
        "RequestId": read.request_id,
        "LogicalResourceId": read.logical_id,
    }
    deadline = Deadline(_clock, _clock.now() + context.get_remaining_time_in_millis() / 1000 - 1)
    if not deliver(read.response_url, body, deadline, _clock, log):
        raise UndeliveredError("CloudFormation accepted no answer; the log tells each try")
