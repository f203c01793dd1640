"""Asks CloudFormation whether it still wants what an event asks for.

When one resource of a stack fails, CloudFormation cancels the others and sends their Deletes, or the Updates that roll
them back. Meanwhile the cancelled events may still wait for SES, or in Lambda's queue. An event that went on then would
leave access behind that no stack manages. So an event that has waited asks CloudFormation before it goes on.
"""

from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from itertools import takewhile
from typing import Any, Final, TypeVar

from provider.cloudformation import ResourceEvent, ResourceState, Stack, UnheardError
from provider.event import Event, RequestType
from provider.failures import Failure, Reason
from provider.json_log import JsonLog
from ses_sending_policy.rules.clock import Clock
from ses_sending_policy.rules.document import as_text
from ses_sending_policy.rules.ownership import PhysicalId, StackId, Target

_T = TypeVar("_T")

_FIRST_QUESTION_SECONDS: Final = 5.0
_GROWTH: Final = 1.5
_LONGEST_GAP_SECONDS: Final = 30.0

WORD_SECONDS: Final = 10.0
"""How old CloudFormation's last answer may be when a policy is overwritten, released or deleted."""

# An event that is done within this time cannot have been cancelled: CloudFormation sends no Delete sooner.
_AT_ONCE_SECONDS: Final = 2.0

STAMP_SECONDS: Final = 5.0
"""How far apart two time stamps can be that CloudFormation gives to the same occurrence."""

# If CloudFormation is busy: the pause before it is asked again, and how long an event waits for it in all.
_AGAIN_SECONDS: Final = 5.0
_PATIENCE_SECONDS: Final = 60.0

_DONE: Final = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
# The statuses of a resource that CloudFormation sent a Delete for.
_DELETES: Final = ("DELETE_IN_PROGRESS", "DELETE_COMPLETE", "DELETE_FAILED")

# The statuses of a stack in which its Deletes only remove what the rolled-back operation has made.
_ROLLBACKS: Final = (
    "ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
)

# The properties that declare the policy: not those that CloudFormation adds, as `ServiceToken`.
_DECLARES: Final = ("EmailIdentity", "PolicyName", "Policy", "WhenExists", "OnDelete", "Wire")


class OvertakenError(Failure):
    """CloudFormation has gone on without this event: its work is not wanted any more.

    :param gone: whether the resource is deleted, or is being deleted.
    """

    def __init__(self, sentence: str, *, gone: bool) -> None:
        super().__init__(Reason.OVERTAKEN, sentence)
        self.gone = gone


class EventMonitor:
    """Asks CloudFormation whether one event is still wanted. For a Delete, it gets states, and `Teardown` decides.

    :param stack: gets statuses and events from CloudFormation.
    :param event: the event.
    :param clock: where time comes from.
    :param log: gets a line whenever CloudFormation could not be asked.
    """

    def __init__(self, stack: Stack, event: Event, clock: Clock, log: JsonLog) -> None:
        self._stack = stack
        self._event = event
        self._clock = clock
        self._log = log
        # If the function's clock is behind CloudFormation's, by which the URL was signed, the birth is in the future.
        self.begin = min(clock.now(), event.birth if event.birth is not None else clock.now())
        """When CloudFormation sent the event (`Event.birth`), but at the latest now, by the function's own clock."""
        self._gap = _FIRST_QUESTION_SECONDS
        self._next = self.begin + self._gap
        self._watching = event.request_type is not RequestType.DELETE
        self._heard = float("-inf")
        self._expected: ResourceState | None = None
        self._known: ResourceState | None = None
        self._patience = _PATIENCE_SECONDS
        self.unheard: dict[str, str] = {}
        """Why CloudFormation could not be asked, by the thing asked about, as `the stack`; empty if it could be."""

    def ask_if_due(self) -> None:
        """Ask if it is time to ask again; raise `OvertakenError` if the event is not wanted any more."""
        if self._clock.now() >= self._next:
            self.ask()

    def confirm(self) -> None:
        """Ask before a write if the last answer is too old; raise `OvertakenError` if the event is not wanted."""
        if self._clock.now() - self._heard < WORD_SECONDS:
            return
        if self._expected is None:
            self.ask()
            return
        state = self.state()
        self._heard = self._clock.now()
        if state is not None and state != self._expected:
            raise OvertakenError(f"CloudFormation went on meanwhile, the resource is {state.status}", gone=False)

    def confirm_claim(self) -> None:
        """Call `confirm` before an Update claims a name. A Create need not: if cancelled, its Delete cleans up."""
        if self._event.request_type is RequestType.UPDATE:
            self.confirm()

    def ask_if_slow(self) -> None:
        """Ask after the last write, if the event took over two seconds; raise `OvertakenError` if it is not wanted."""
        birth = self._event.birth
        # If the function's clock is behind the event's birth, it cannot tell how long the event has waited: so ask.
        is_behind = birth is not None and self.begin < birth
        if is_behind or self._clock.now() - self.begin > _AT_ONCE_SECONDS:
            self.ask()

    def stop(self) -> None:
        """Ask no more: from now on the event only undoes its writes, which is wanted in any case."""
        self._watching = False

    def expect(self, state: ResourceState) -> None:
        """Make `confirm` raise if the resource leaves this `state`, which CloudFormation has reported just now."""
        self._expected, self._heard = state, self._clock.now()

    def hears(self, date: str) -> None:
        """Correct `begin` by the `Date` header of an AWS response: the function's own clock may be behind."""
        birth = self._event.birth
        if birth is None:
            return
        try:
            served = parsedate_to_datetime(date).timestamp()
        except ValueError:
            return
        # Both times are in whole seconds, so their difference may be one second too large.
        begin = self._clock.now() - (served - birth - 1.0)
        if begin < self.begin and served - birth > _AT_ONCE_SECONDS:
            self.begin = begin
            self._next = min(self._next, begin + self._gap)

    def ask(self) -> None:
        """Ask now; raise `OvertakenError` if the event is not wanted any more."""
        if not self._watching:
            return
        state = self.state()
        self._gap = min(self._gap * _GROWTH, _LONGEST_GAP_SECONDS)
        self._next = self._clock.now() + self._gap
        if state is None:
            return
        self._heard = self._clock.now()
        if state.status.startswith("DELETE_") or state.status == "CREATE_FAILED":
            raise OvertakenError(f"CloudFormation went on without it, the resource is {state.status}", gone=True)
        if self.went_on(state) or self._is_past(state) or self._is_superseded(state):
            raise OvertakenError(
                f"CloudFormation began something newer with the resource, which is {state.status}", gone=False
            )
        if self._was_answered(state):
            raise OvertakenError(f"CloudFormation has its answer already, the resource is {state.status}", gone=False)
        self._known = state

    @property
    def is_late(self) -> bool:
        """Whether the event is so old that CloudFormation may have gone on without it."""
        return self._clock.now() - self.begin > _FIRST_QUESTION_SECONDS

    def went_on(self, state: ResourceState) -> bool:
        """Return whether CloudFormation began something newer with the resource after it sent this event."""
        birth = self._event.birth
        return birth is not None and state.updated > birth + STAMP_SECONDS

    def _is_past(self, state: ResourceState) -> bool:
        """Return whether the status alone tells that this Create was answered, or that this Update was given up."""
        if self._event.request_type is RequestType.CREATE:
            return state.status.startswith("UPDATE_")
        birth = self._event.birth
        return birth is not None and state.status == "UPDATE_FAILED" and state.updated >= birth

    def _is_superseded(self, state: ResourceState) -> bool:
        """Return whether this Update's rollback, or the next Update, has begun in the same seconds as this Update.

        Time stamps cannot tell these apart, but properties can. In a rollback, the newest event of the resource has the
        old properties. In a next Update, it has others, and an earlier event has this Update's. Asked once for a state.
        """
        birth = self._event.birth
        if self._event.request_type is not RequestType.UPDATE or birth is None or state == self._known:
            return False
        newest = self.newest(("UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"))
        if newest is None or newest.properties is None or newest.at < birth:
            return False
        declared, own = _declared(newest.properties), _declared(self._event.properties)
        return declared != own and (declared == _declared(self._event.old_properties) or self._was_begun(birth, own))

    def _was_begun(self, birth: float, own: Mapping[str, Any]) -> bool:
        """Return whether the stack's events already contain the start of this very Update."""
        since = birth - STAMP_SECONDS
        begun = self._of_events(lambda events: [*takewhile(lambda each: each.at >= since, events)]) or []
        return any(each.status == "UPDATE_IN_PROGRESS" and _declared(each.properties or {}) == own for each in begun)

    def _was_answered(self, state: ResourceState) -> bool:
        """Return whether another delivery of this event was already answered, and CloudFormation may have gone on."""
        birth = self._event.birth
        is_complete = state.status.endswith("_COMPLETE")
        # A complete state may be from the event before, in the same second. So this counts only once `is_late`.
        return birth is not None and self.is_late and is_complete and state.updated >= birth

    def state(self) -> ResourceState | None:
        """Return the resource's state as CloudFormation reports it now; None if CloudFormation cannot be asked."""
        return self._asked("the resource", lambda: self._stack.resource(self._event.stack_id, self._event.logical_id))

    def newest(self, statuses: tuple[str, ...], physical_id: str | None = None) -> ResourceEvent | None:
        """Return the newest event of the resource with one of the `statuses`; None if there is none.

        :param physical_id: the event's physical id. Default: - any.
        """
        return self._of_events(
            lambda events: next(
                (e for e in events if e.status in statuses and physical_id in (None, e.physical_id)), None
            )
        )

    def completed_as(self) -> Target | None:
        """Return the policy that CloudFormation completed the resource with since this event; None if there is none."""
        birth, newest = self._event.birth, self.newest(_DONE)
        if birth is None or newest is None or newest.at < birth:
            return None
        known = PhysicalId.parse(newest.physical_id)
        return known.target if known else None

    def earlier_ids(self) -> list[PhysicalId]:
        """Return the physical ids that the resource has had, the newest first, as far as the stack's events go back."""
        ids = self._of_events(lambda events: [PhysicalId.parse(each.physical_id) for each in events]) or []
        return [each for each in ids if each]

    def was_left(self, target: Target, token: str) -> bool:
        """Return whether CloudFormation gave the policy up before this event without sending a Delete for it.

        Either it was retained. Or it was refactored away: the event's resource is new, yet an older event completed it.
        """
        birth, own = self._event.birth, PhysicalId.parse(self._event.physical_id or "")
        is_new = own is None or own.token is None

        def find(events: Iterator[ResourceEvent]) -> bool:
            for each in events:
                known = PhysicalId.parse(each.physical_id)
                if birth is None or known is None or (known.target, known.token) != (target, token):
                    continue
                if each.at < birth - STAMP_SECONDS:
                    return each.status == "DELETE_SKIPPED" or (is_new and each.status in _DONE)
                if each.status in _DELETES:
                    return False
            return False

        return self._of_events(find) or False

    def stack_status(self) -> str:
        """Return the status of the stack; empty if CloudFormation cannot be asked."""
        return self._asked("the stack", lambda: self._stack.status(self._event.stack_id)) or ""

    def stack_rolls_back(self) -> bool | None:
        """Return whether the stack rolls back, or is deleted after a failed rollback; None if it cannot be asked."""
        status = self.stack_status()
        if status != "DELETE_IN_PROGRESS":
            return status in _ROLLBACKS if status else None
        stack_id = self._event.stack_id

        def find() -> bool:
            """Return whether the stack is being deleted after a rollback of it failed."""
            events = self._stack.events(stack_id, StackId.parse(stack_id).stack_name)
            own = (each.status for each in events if each.physical_id == stack_id)
            return next((status for status in own if not status.startswith("DELETE_")), "") == "ROLLBACK_FAILED"

        return self._asked("the stack's events", find)

    def _of_events(self, find: Callable[[Iterator[ResourceEvent]], _T]) -> _T | None:
        """Return the result of `find` on the resource's events, newest first; None if they cannot be asked for."""
        return self._asked("its events", lambda: find(self._stack.events(self._event.stack_id, self._event.logical_id)))

    def _asked(self, about: str, question: Callable[[], _T]) -> _T | None:
        """Return the result of `question`, or None. Try again for a while if CloudFormation is busy, but only then."""
        while about not in self.unheard:
            try:
                return question()
            except UnheardError as error:
                if not error.busy or self._patience <= 0:
                    self.unheard[about] = str(error)
                    self._log.write("could not ask CloudFormation, goes on", about=about, error=str(error))
                    return None
            self._clock.sleep(_AGAIN_SECONDS)
            self._patience -= _AGAIN_SECONDS
        return None


def _declared(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: as_text(properties.get(name)) for name in _DECLARES}
