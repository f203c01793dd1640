"""Whether CloudFormation still wants what an event asks for.

When one resource of a stack fails, CloudFormation cancels the others and sends their Deletes while their Creates may
still wait for their turn at SES, or in Lambda's queue. A Create that went on then would leave access behind that
nobody manages. So whoever waits asks.
"""

from typing import Final

from provider.event import Event, RequestType
from provider.reasons import Failure, Reason
from provider.stack import ResourceState, Stack
from ses_sending_policy.rules.clock import Clock

_FIRST_QUESTION_SECONDS: Final = 5.0
_GROWTH: Final = 1.5
_LONGEST_GAP_SECONDS: Final = 30.0

# Within this time nothing can have been cancelled: no Delete is sent sooner.
_AT_ONCE_SECONDS: Final = 2.0

# CloudFormation stamps a resource and signs the answer's URL one after the other.
_STAMP_SECONDS: Final = 5.0


class OvertakenError(Failure):
    """CloudFormation went on: this event's work is not wanted any more.

    :param gone: whether it goes so far that what this run made is to be taken back.
    """

    def __init__(self, sentence: str, *, gone: bool) -> None:
        super().__init__(Reason.OVERTAKEN, sentence)
        self.gone = gone


class Watch:
    """Asks CloudFormation on behalf of one event; a Delete is always wanted, so it never asks.

    :param stack: whom to ask.
    :param event: the event.
    :param clock: where time comes from.
    """

    def __init__(self, stack: Stack, event: Event, clock: Clock) -> None:
        self._stack = stack
        self._event = event
        self._clock = clock
        self._since = clock.now() if event.birth is None else event.birth
        self._gap = _FIRST_QUESTION_SECONDS
        self._next = self._since + self._gap
        self._watching = event.request_type is not RequestType.DELETE

    def waited(self) -> None:
        """Ask where it is time to; raise `OvertakenError` where the event is not wanted any more."""
        if self._clock.now() >= self._next:
            self.ask()

    def ask(self) -> None:
        """Ask now; raise `OvertakenError` where the event is not wanted any more."""
        if not self._watching:
            return
        state = self.state()
        self._gap = min(self._gap * _GROWTH, _LONGEST_GAP_SECONDS)
        self._next = self._clock.now() + self._gap
        if state is None:
            return
        if state.status.startswith("DELETE_") or state.status == "CREATE_FAILED":
            raise OvertakenError(f"CloudFormation went on without it, the resource is {state.status}", gone=True)
        if self.went_on(state):
            raise OvertakenError(
                f"CloudFormation began something newer with the resource, which is {state.status}", gone=False
            )
        if self._was_answered(state):
            raise OvertakenError(f"CloudFormation has its answer already, the resource is {state.status}", gone=False)

    def before_write(self) -> None:
        """Ask before an Update writes over what an earlier event made."""
        if self._event.request_type is RequestType.UPDATE:
            self.ask()

    def settled(self) -> None:
        """Ask once more after the last write, unless all was done at once."""
        if self._clock.now() - self._since > _AT_ONCE_SECONDS:
            self.ask()

    def stop(self) -> None:
        """Ask no more: what follows takes back, and that is wanted in any case."""
        self._watching = False

    @property
    def is_late(self) -> bool:
        """Whether the event is known to be so old that CloudFormation may have gone on."""
        birth = self._event.birth
        return birth is not None and self._clock.now() - birth > _FIRST_QUESTION_SECONDS

    def went_on(self, state: ResourceState) -> bool:
        """Return whether CloudFormation began something with the resource after it sent this event."""
        birth = self._event.birth
        return birth is not None and state.updated > birth + _STAMP_SECONDS

    def _was_answered(self, state: ResourceState) -> bool:
        """Return whether CloudFormation has an answer to this event, and maybe rolled back by now what it says."""
        birth = self._event.birth
        is_complete = state.status.endswith("_COMPLETE")
        # What it says at once may still be of the event before, in the same second.
        return birth is not None and self.is_late and is_complete and state.updated >= birth

    def state(self) -> ResourceState | None:
        """Return what CloudFormation says of the resource now, whatever the event."""
        return self._stack.resource(self._event.stack_id, self._event.logical_id)
