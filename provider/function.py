"""The parts of the function put together: frame, clients, pacer, lifecycle."""

import os
from functools import cache
from random import SystemRandom
from typing import Any, Final

from provider.envelope import RequestType
from provider.frame import TIMER_MARGIN, Frame, LambdaContext
from provider.lifecycle import Lifecycle, first_id
from provider.pace import CONNECT_SECONDS, READ_SECONDS, pacer
from provider.reasons import Failure, Reason
from provider.ses import SesPolicies, ses_client
from provider.stack import CloudFormationStack, cloudformation_client
from provider.watch import Watch
from ses_sending_policy.rules.clock import Clock
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.ownership import StackId

# A call that starts with more than this left is over when the timer goes off: nothing is written after an answer.
CALL_SECONDS: Final = CONNECT_SECONDS + READ_SECONDS + TIMER_MARGIN


class Function:
    """The whole function; made once, called for each event.

    :param clock: where time comes from.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._frame = Frame(clock, first_id)
        for register in (self._frame.create, self._frame.update, self._frame.delete):
            register(self._manage)
        # Kept, for a client costs more than a call. The one that every event needs is made while Lambda starts the
        # function, which has more of a processor then, others measured; the one that only a wait needs, on first use.
        self._ses = cache(ses_client)
        self._cloudformation = cache(cloudformation_client)
        if "AWS_REGION" in os.environ:
            self._ses(os.environ["AWS_REGION"])

    def __call__(self, event: object, context: LambdaContext) -> None:
        """Handle one event; raise where it got no answer."""
        self._frame(event, context)

    def _manage(self, _event: Any, _context: Any) -> str:  # noqa: ANN401 - crhelper's own signature
        try:
            return self._lifecycle()
        except Failure as failure:
            self._frame.journal.write("failed", reason=str(failure))
            raise
        except DeclarationError as fault:
            self._frame.journal.write("declared wrongly", reason=str(fault))
            raise Failure(Reason.INVALID_DECLARATION, str(fault)) from fault
        except BaseException as crash:
            # SystemExit too: crhelper would let it pass, and CloudFormation would wait.
            self._frame.journal.crash("crashed", crash)
            raise Failure(Reason.CRASHED, f"{type(crash).__name__}: {crash}; the log has the trace") from crash

    def _lifecycle(self) -> str:
        frame = self._frame
        envelope, journal = frame.envelope, frame.journal
        started = self._clock.now()
        # A function and its stack are in one region: no variable of the environment is needed to know it.
        region = StackId.parse(envelope.stack_id).region
        stack = CloudFormationStack(lambda: self._cloudformation(region), journal)
        watch = Watch(stack, envelope, self._clock)

        def before_try() -> None:
            if frame.decided:
                raise Failure(Reason.OUT_OF_TIME, "the answer is out already")
            watch.waited()

        to_delete = envelope.request_type is RequestType.DELETE
        paced = pacer(frame.deadline, CALL_SECONDS, SystemRandom(), before_try, to_delete=to_delete)
        lifecycle = Lifecycle(
            envelope=envelope,
            policies=SesPolicies(self._ses(region), paced),
            watch=watch,
            journal=journal,
            clock=self._clock,
            says=self._say,
        )
        try:
            outcome = lifecycle.run()
        finally:
            journal.knows(calls=paced.calls, seconds=round(self._clock.now() - started, 3))
        frame.Data = outcome.data
        return outcome.physical_id

    def _say(self, physical_id: str) -> None:
        self._frame.PhysicalResourceId = physical_id
