"""Makes the handlers that crhelper calls for Create, Update and Delete, and the parts that they use."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from random import SystemRandom
from typing import Any, Final

from provider.cloudformation import CloudFormationStack, cloudformation_client
from provider.event import Event, LambdaContext, RequestType
from provider.event_monitor import EventMonitor
from provider.failures import Failure, Reason
from provider.fence import Fence
from provider.helper import TIMER_MARGIN, Helper
from provider.lifecycle import Lifecycle
from provider.own_stack import OwnStack, own_stack
from provider.retry_policy import CONNECT_SECONDS, READ_SECONDS, pacer
from provider.ses import SesPolicies, ses_client
from ses_sending_policy.rules.clock import Clock
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.ownership import StackId

# A call that starts with more than this left ends before the timer goes off, so nothing is written after the answer.
CALL_SECONDS: Final = CONNECT_SECONDS + READ_SECONDS + TIMER_MARGIN


def function(clock: Clock) -> Helper:
    """Return the handler of events with all its parts; it is made once and called for each event.

    :param clock: where time comes from.
    """
    helper = Helper(clock)
    clients = _Clients()

    @helper.create
    def create(event: Event, _context: LambdaContext) -> str:
        """Claim the policy's name, then write the policy by `update_email_identity_policy`."""
        with _handled(event, helper, clients, clock) as lifecycle:
            return lifecycle.create()

    @helper.update
    def update(event: Event, _context: LambdaContext) -> str:
        """Write the policy by `update_email_identity_policy`, also if it has been renamed."""
        with _handled(event, helper, clients, clock) as lifecycle:
            return lifecycle.update()

    @helper.delete
    def delete(event: Event, _context: LambdaContext) -> str:
        """Delete the policy, or release it if it was adopted."""
        with _handled(event, helper, clients, clock) as lifecycle:
            return lifecycle.delete()

    return helper


class _Clients:
    """boto3's clients, kept from one event to the next, because making one takes longer than a call.

    The SES client, which every event needs, is made while Lambda starts the function: it has more CPU then, as others
    measured. The CloudFormation client, which only an event that waits needs, is made on first use.
    """

    def __init__(self) -> None:
        self.ses = cache(ses_client)
        self.cloudformation = cache(cloudformation_client)
        if "AWS_REGION" in os.environ:
            self.ses(os.environ["AWS_REGION"])


@contextmanager
def _handled(event: Event, helper: Helper, clients: _Clients, clock: Clock) -> Iterator[Lifecycle]:
    """Yield the lifecycle of an event; log whatever it raises, and raise it as a `Failure`."""
    log = helper.log
    try:
        with _lifecycle(event, helper, clients, clock) as lifecycle:
            yield lifecycle
    except Failure as failure:
        log.write("failed", reason=failure.whole)
        raise
    except DeclarationError as fault:
        log.write("declared wrongly", reason=str(fault))
        raise Failure(Reason.INVALID_DECLARATION, str(fault)) from fault
    except BaseException as crash:
        # Trap: crhelper does not catch SystemExit, and CloudFormation would wait for an answer in vain.
        log.crash("crashed", crash)
        raise Failure(Reason.CRASHED, f"{type(crash).__name__}: {crash}; the log has the trace") from crash


@contextmanager
def _lifecycle(event: Event, helper: Helper, clients: _Clients, clock: Clock) -> Iterator[Lifecycle]:
    """Yield the lifecycle with its parts; at the end, give the log the number of calls and the seconds it took."""
    log, started, own = helper.log, clock.now(), own_stack(os.environ)
    # The function's role allows calls in its own stack's region alone.
    region = (own or StackId.parse(event.stack_id)).region
    monitor = EventMonitor(CloudFormationStack(lambda: clients.cloudformation(region)), event, clock, log)

    def before_try() -> None:
        if helper.decided:
            raise Failure(Reason.OUT_OF_TIME, "the answer is out already")
        fence.before_try()

    to_delete = event.request_type is RequestType.DELETE
    paced = pacer(helper.deadline, CALL_SECONDS, SystemRandom(), before_try, to_delete=to_delete, log=log)
    ses: Any = clients.ses(region)
    policies = SesPolicies(ses, paced, hears=monitor.hears)
    fence = Fence(policies, monitor, helper.deadline, CALL_SECONDS)
    try:
        OwnStack(own, event, monitor.state, policies, log).check()
        yield Lifecycle(event=event, fence=fence, monitor=monitor, log=log, clock=clock, answer=helper)
    finally:
        log.knows(calls=paced.calls, seconds=round(clock.now() - started, 3))
