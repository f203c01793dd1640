"""Whether CloudFormation still wants what an event asks for.

When one resource of a stack fails, CloudFormation cancels the others and sends their Deletes, or the Updates that roll
them back, while their functions may still wait for their turn at SES, or in Lambda's queue. Who went on then would
leave access behind that nobody manages. So whoever waits asks.
"""

from collections.abc import Callable, Iterator, Mapping
from email.utils import parsedate_to_datetime
from itertools import takewhile
from typing import Any, Final, TypeVar

from provider.event import Event, RequestType
from provider.json_log import JsonLog
from provider.reasons import Failure, Reason
from provider.stack import ResourceEvent, ResourceState, Stack, UnheardError
from ses_sending_policy.rules.clock import Clock
from ses_sending_policy.rules.document import as_text
from ses_sending_policy.rules.ownership import PhysicalId, StackId, Target

_T = TypeVar("_T")

_FIRST_QUESTION_SECONDS: Final = 5.0
_GROWTH: Final = 1.5
_LONGEST_GAP_SECONDS: Final = 30.0

WORD_SECONDS: Final = 10.0
"""How old CloudFormation's word may be when something is written over, or let go."""

# Within this time nothing can have been cancelled: no Delete is sent sooner.
_AT_ONCE_SECONDS: Final = 2.0

STAMP_SECONDS: Final = 5.0
"""How far two times may be apart that CloudFormation writes down of one thing, one after the other."""

# Where CloudFormation has too much to do: how long is waited before it is asked again, and how long in all.
_AGAIN_SECONDS: Final = 5.0
_PATIENCE_SECONDS: Final = 60.0

_DONE: Final = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
# What CloudFormation has sent a Delete for.
_DELETES: Final = ("DELETE_IN_PROGRESS", "DELETE_COMPLETE", "DELETE_FAILED")

# While a stack is in one of these, it deletes nothing but what the operation made that is rolled back.
_ROLLBACKS: Final = (
    "ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
)

# The properties that say what is to be at SES. CloudFormation's own stand beside them.
_DECLARES: Final = ("EmailIdentity", "PolicyName", "Policy", "WhenExists", "OnDelete", "Wire")


class OvertakenError(Failure):
    """CloudFormation went on: this event's work is not wanted any more.

    :param gone: whether the resource is gone, or goes.
    """

    def __init__(self, sentence: str, *, gone: bool) -> None:
        super().__init__(Reason.OVERTAKEN, sentence)
        self.gone = gone


class EventMonitor:
    """Asks CloudFormation on behalf of one event; whether a Delete is wanted is for the teardown to say.

    :param stack: whom to ask.
    :param event: the event.
    :param clock: where time comes from.
    :param log: is told what could not be asked.
    """

    def __init__(self, stack: Stack, event: Event, clock: Clock, log: JsonLog) -> None:
        self._stack = stack
        self._event = event
        self._clock = clock
        self._log = log
        # The function's clock may be behind the one that signed the URL.
        self.begin = min(clock.now(), event.birth if event.birth is not None else clock.now())
        """When the event began, as far as this function's clock can tell: never in the future."""
        self._gap = _FIRST_QUESTION_SECONDS
        self._next = self.begin + self._gap
        self._watching = event.request_type is not RequestType.DELETE
        self._heard = float("-inf")
        self._expected: ResourceState | None = None
        self._known: ResourceState | None = None
        self._patience = _PATIENCE_SECONDS
        self.unheard: dict[str, str] = {}
        """By question, why CloudFormation could not be asked; empty where it could."""

    def waited(self) -> None:
        """Ask where it is time to; raise `OvertakenError` where the event is not wanted any more."""
        if self._clock.now() >= self._next:
            self.ask()

    def confirm(self) -> None:
        """Ask before something is written over, unless CloudFormation's word is fresh; raise as `waited`."""
        if self._clock.now() - self._heard < WORD_SECONDS:
            return
        if self._expected is None:
            self.ask()
            return
        state = self.state()
        self._heard = self._clock.now()
        if state is not None and state != self._expected:
            raise OvertakenError(f"CloudFormation went on meanwhile, the resource is {state.status}", gone=False)

    def claims(self) -> None:
        """Ask before a name is claimed, but for a Create: its Delete looks for that; raise as `waited`."""
        if self._event.request_type is RequestType.UPDATE:
            self.confirm()

    def settled(self) -> None:
        """Ask once more after the last write, unless all was done at once; raise as `waited`."""
        birth = self._event.birth
        # Whose clock has not come to the event's birth yet cannot tell for how long the event has waited.
        is_behind = birth is not None and self.begin < birth
        if is_behind or self._clock.now() - self.begin > _AT_ONCE_SECONDS:
            self.ask()

    def stop(self) -> None:
        """Ask no more: what follows takes back, and that is wanted in any case."""
        self._watching = False

    def expect(self, state: ResourceState) -> None:
        """Let `confirm` raise once the resource is in another state than this one, of which it was heard just now."""
        self._expected, self._heard = state, self._clock.now()

    def hears(self, date: str) -> None:
        """Take the time of one of AWS's servers, as its answers have it: the function's own clock may be behind it."""
        birth = self._event.birth
        if birth is None:
            return
        try:
            served = parsedate_to_datetime(date).timestamp()
        except ValueError:
            return
        # Both are whole seconds.
        begin = self._clock.now() - (served - birth - 1.0)
        if begin < self.begin and served - birth > _AT_ONCE_SECONDS:
            self.begin = begin
            self._next = min(self._next, begin + self._gap)

    def ask(self) -> None:
        """Ask now; raise `OvertakenError` where the event is not wanted any more."""
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
        """Whether the event is known to be so old that CloudFormation may have gone on."""
        return self._clock.now() - self.begin > _FIRST_QUESTION_SECONDS

    def went_on(self, state: ResourceState) -> bool:
        """Return whether CloudFormation began something with the resource after it sent this event."""
        birth = self._event.birth
        return birth is not None and state.updated > birth + STAMP_SECONDS

    def _is_past(self, state: ResourceState) -> bool:
        """Return whether the status alone says so: of an Update that was given up, or of a Create that was answered."""
        if self._event.request_type is RequestType.CREATE:
            return state.status.startswith("UPDATE_")
        birth = self._event.birth
        return birth is not None and state.status == "UPDATE_FAILED" and state.updated >= birth

    def _is_superseded(self, state: ResourceState) -> bool:
        """Return whether an Update's own rollback has begun, or the next Update, within the seconds of its birth.

        No time stamp tells these apart; what is declared does: the newest event of the resource has the properties of
        before, or those of neither, and an earlier one has this Update's own. Of the same stamp this is asked once.
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
        """Return whether an event of the resource tells of this very Update: it has come into the list."""
        since = birth - STAMP_SECONDS
        begun = self._of_events(lambda events: [*takewhile(lambda each: each.at >= since, events)]) or []
        return any(each.status == "UPDATE_IN_PROGRESS" and _declared(each.properties or {}) == own for each in begun)

    def _was_answered(self, state: ResourceState) -> bool:
        """Return whether CloudFormation has an answer to this event, and maybe rolled back by now what it says."""
        birth = self._event.birth
        is_complete = state.status.endswith("_COMPLETE")
        # What it says at once may still be of the event before, in the same second.
        return birth is not None and self.is_late and is_complete and state.updated >= birth

    def state(self) -> ResourceState | None:
        """Return what CloudFormation says of the resource now, whatever the event; None where it cannot be asked."""
        return self._asked("the resource", lambda: self._stack.resource(self._event.stack_id, self._event.logical_id))

    def newest(self, statuses: tuple[str, ...], physical_id: str | None = None) -> ResourceEvent | None:
        """Return the newest event of the resource with one of the `statuses`; None without one.

        :param physical_id: the id that it happened to. Default: - any.
        """
        return self._of_events(
            lambda events: next(
                (e for e in events if e.status in statuses and physical_id in (None, e.physical_id)), None
            )
        )

    def completed_as(self) -> Target | None:
        """Return the policy that CloudFormation completed the resource with since this event; None where it did not."""
        birth, newest = self._event.birth, self.newest(_DONE)
        if birth is None or newest is None or newest.at < birth:
            return None
        known = PhysicalId.parse(newest.physical_id)
        return known.target if known else None

    def earlier_ids(self) -> list[PhysicalId]:
        """Return the physical ids that the resource had, the newest first, as far as the stack's events tell them."""
        ids = self._of_events(lambda events: [PhysicalId.parse(each.physical_id) for each in events]) or []
        return [each for each in ids if each]

    def was_left(self, target: Target, token: str) -> bool:
        """Return whether CloudFormation let the resource's policy go before this event, and sent no Delete for it.

        It was retained; or the resource is new to its stack, and was complete before: then it was refactored away.
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
        """Return the status of the stack; empty where it cannot be asked."""
        return self._asked("the stack", lambda: self._stack.status(self._event.stack_id)) or ""

    def stack_rolls_back(self) -> bool | None:
        """Return whether the stack takes back the operation that made what it deletes; None where nobody tells."""
        status = self.stack_status()
        if status != "DELETE_IN_PROGRESS":
            return status in _ROLLBACKS if status else None
        stack_id = self._event.stack_id

        def find() -> bool:
            """Return whether the deletion of the stack goes on with a rollback that failed."""
            events = self._stack.events(stack_id, StackId.parse(stack_id).stack_name)
            own = (each.status for each in events if each.physical_id == stack_id)
            return next((status for status in own if not status.startswith("DELETE_")), "") == "ROLLBACK_FAILED"

        return self._asked("the stack's events", find)

    def _of_events(self, find: Callable[[Iterator[ResourceEvent]], _T]) -> _T | None:
        """Return what is found in the resource's events, the newest first; None where they cannot be asked for."""
        return self._asked("its events", lambda: find(self._stack.events(self._event.stack_id, self._event.logical_id)))

    def _asked(self, about: str, question: Callable[[], _T]) -> _T | None:
        """Return the answer; a refusal is final, and whoever has too much to do is asked again for some time."""
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
