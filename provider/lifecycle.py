"""What each event of CloudFormation leads to: create, update and delete as decisions over a port of four calls."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from provider.event import Event, RequestType
from provider.journal import Journal
from provider.owner import Owner
from provider.reasons import Failure
from provider.ses import NotFoundError, Policies
from provider.watch import OvertakenError, Watch
from ses_sending_policy.rules.clock import Clock
from ses_sending_policy.rules.decisions import DROP, Drop, Found
from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.equivalence import digest
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.ownership import Marker, PhysicalId, StackId, Target, owner_token
from ses_sending_policy.rules.wire import Declaration, OnDelete, read_on_delete, read_target

# A Delete with an invented id came because its Create was cancelled: that one may be in the middle of its write.
_SECOND_LOOK_SECONDS: Final = 10.0


class Answer(Protocol):
    """What the answer to an event will say, whenever it goes out; crhelper's own names."""

    PhysicalResourceId: str
    """The id that CloudFormation keeps from then on."""
    Data: dict[str, str]
    """What `Fn::GetAtt` gives; strings only, and never the document."""


def first_id(event: Event) -> str:
    """Return the physical id that an answer carries before SES accepted anything, whatever else goes wrong."""
    if event.physical_id is not None:
        return event.physical_id
    try:
        return str(PhysicalId(read_target(event.properties), None))
    except DeclarationError:
        return f"{event.logical_id}-unclaimed"


class Lifecycle:
    """One event on its way. Each of its three ways returns the physical id that CloudFormation keeps from then on.

    :param event: the event.
    :param policies: SES.
    :param watch: tells whether CloudFormation still wants it.
    :param journal: is told each decision.
    :param clock: where time comes from.
    :param answer: what the answer will say: from the moment on that SES accepts something, whose it is.
    """

    def __init__(
        self,
        *,
        event: Event,
        policies: Policies,
        watch: Watch,
        journal: Journal,
        clock: Clock,
        answer: Answer,
    ) -> None:
        self._event = event
        self._watch = watch
        self._journal = journal
        self._clock = clock
        self._answer = answer
        self._known = None if event.physical_id is None else PhysicalId.parse(event.physical_id)
        place = StackId.parse(event.stack_id)
        computed = owner_token(event.stack_id, event.logical_id)
        # The one in the physical id: a stack refactoring changes what is computed, not whose the policy is.
        self._token = (self._known and self._known.token) or computed
        marker = Marker(place.stack_name, event.logical_id, self._token)
        self._owner = Owner(
            marker=marker, place=place, policies=policies, watch=watch, journal=journal, accepted=self._accepted
        )
        self._partition = place.partition
        journal.knows(stack=place.stack_name, token=self._token)

    def create(self) -> str:
        """Make the policy; raise `Failure` or `DeclarationError` where that cannot be."""
        wanted = self._declaration()
        try:
            self._owner.take(wanted)
            self._watch.settled()
        except OvertakenError as overtaken:
            raise self._taken_back(overtaken) from overtaken
        except Failure as failure:
            raise self._unless_overtaken(failure) from failure
        return self._success(wanted, str(PhysicalId(wanted.target, self._token)))

    def _unless_overtaken(self, failure: Failure) -> Failure:
        """Return `failure`, after which a Delete clears away what was made; if that came before, do it now."""
        try:
            self._watch.settled()
        except OvertakenError as overtaken:
            return self._taken_back(overtaken)
        return failure

    def update(self) -> str:
        """Make the policy say what is declared now; raise as `create`."""
        wanted = self._declaration()
        known = self._known
        if known is not None and known.token is not None and known.target == wanted.target:
            return self._update_in_place(wanted, known)
        try:
            self._owner.take(wanted)
            self._watch.settled()
        except OvertakenError as overtaken:
            raise self._taken_back(overtaken) from overtaken
        except Failure as failure:
            raise self._told(failure, self._owner.undo()) from failure
        if known is None:
            return self._success(wanted, self._event_id)
        return self._success(wanted, str(PhysicalId(wanted.target, self._token)))

    def _update_in_place(self, wanted: Declaration, known: PhysicalId) -> str:
        try:
            self._owner.keep(wanted)
            self._watch.settled()
        except OvertakenError as overtaken:
            raise self._taken_back(overtaken) from overtaken
        except Failure as failure:
            raise self._told(failure, self._left_of_rename(known.target)) from failure
        renamed = _unanswered_rename(known.target, self._event.old_properties)
        if renamed is not None:
            self._drop_renamed(renamed, self._event.old_properties)
        return self._success(wanted, self._event_id)

    def _drop_renamed(self, renamed: Target, properties: Mapping[str, Any]) -> None:
        try:
            live = self._owner.read(renamed)
        except NotFoundError:
            return  # gone, with its identity
        found = self._owner.found(live)
        if found in (Found.OURS, Found.ADOPTED):
            self._owner.drop(renamed, live, DROP[True, found, self._on_delete(properties)])

    def _left_of_rename(self, kept: Target) -> list[Target]:
        """Drop the new name's policy also where the old one's cannot be kept; return it where that fails."""
        renamed = _unanswered_rename(kept, self._event.old_properties)
        if renamed is not None:
            try:
                self._drop_renamed(renamed, self._event.old_properties)
            except Failure as failure:
                self._journal.write("not taken back", of=renamed, error=str(failure))
                return [renamed]
        return []

    def delete(self) -> str:
        """Let the policy go; raise `Failure` where that cannot be."""
        target = self._deleted_target()
        if target is None:
            return self._event_id
        self._tells(target)
        live, drop = self._look(target)
        if drop is Drop.NOTHING and self._known is None:
            self._clock.sleep(_SECOND_LOOK_SECONDS)
            live, drop = self._look(target)
        if drop in (Drop.DELETE, Drop.RELEASE) and self._is_held_again(target):
            drop = Drop.LEAVE
        self._owner.drop(target, live, drop)
        renamed = _unanswered_rename(target, self._event.properties)
        if renamed is not None and self._is_deleted_as(target):
            self._drop_renamed(renamed, self._event.properties)
        return self._event_id

    def _is_deleted_as(self, target: Target) -> bool:
        """Return whether CloudFormation deletes the resource itself, as this policy, and not an earlier name of it."""
        state = self._watch.state()
        present = state and PhysicalId.parse(state.physical_id)
        return bool(state and state.status.startswith("DELETE_") and present and present.target == target)

    def _deleted_target(self) -> Target | None:
        if self._known is not None:
            return self._known.target
        try:
            return read_target(self._event.properties)
        except DeclarationError as fault:
            self._journal.write("the properties name no policy", fault=str(fault))
            return None

    def _look(self, target: Target) -> tuple[LivePolicy | None, Drop]:
        try:
            live = self._owner.read(target)
        except NotFoundError:
            return None, Drop.NOTHING
        found = self._owner.found(live)
        self._journal.knows(found=found.value)
        return live, DROP[self._claimed, found, self._on_delete(self._event.properties)]

    def _is_held_again(self, target: Target) -> bool:
        """Return whether the resource has the policy under a claimed id by now: this Delete is for what was before.

        So a redeploy without rollback ends: the resource was made again, then its first id is deleted. And Lambda may
        deliver a Delete once more when the resource has left its stack and come again. That one has the present id, as
        a Delete that is wanted has: only where it is late, and its stack went on, does it stop.
        """
        if self._claimed and not self._watch.is_late:
            return False
        state = self._watch.state()
        present = state and PhysicalId.parse(state.physical_id)
        if state is None or not present or present.token is None or present.target != target:
            return False
        return not self._claimed or (self._watch.went_on(state) and not state.status.startswith("DELETE_"))

    @property
    def _claimed(self) -> bool:
        return self._known is not None and self._known.token is not None

    @property
    def _event_id(self) -> str:
        assert self._event.physical_id is not None  # noqa: S101 - an Update or Delete without one is refused
        return self._event.physical_id

    def _declaration(self) -> Declaration:
        wanted = Declaration.read(self._event.properties)
        self._tells(wanted.target)
        self._owner.check(wanted)
        return wanted

    def _on_delete(self, properties: Mapping[str, Any]) -> OnDelete:
        try:
            return read_on_delete(properties)
        except DeclarationError as fault:
            self._journal.write("OnDelete cannot be read, deletes", fault=str(fault))
            return OnDelete.DELETE

    def _tells(self, target: Target) -> None:
        self._journal.knows(identity=target.identity.name, policy=target.policy_name)

    def _accepted(self, target: Target) -> None:
        # An Update's failure keeps the event's own id: what it did under a new name is taken back.
        if self._event.request_type is RequestType.CREATE:
            self._answer.PhysicalResourceId = str(PhysicalId(target, self._token))

    def _taken_back(self, overtaken: OvertakenError) -> Failure:
        return self._told(overtaken, self._owner.undo() if overtaken.gone else [])

    def _told(self, failure: Failure, left: list[Target]) -> Failure:
        if not left:
            return failure
        return failure.with_rest(f"left behind: {', '.join(map(str, left))}")

    def _success(self, wanted: Declaration, physical_id: str) -> str:
        self._answer.Data = {
            "PolicyName": wanted.target.policy_name,
            "EmailIdentity": wanted.target.identity.name,
            "PolicyHash": digest(wanted.document.elements, self._partition),
        }
        return physical_id


def _unanswered_rename(known: Target, properties: Mapping[str, Any]) -> Target | None:
    """Return the new name of a rename that never got its answer out.

    CloudFormation knows the resource by its old name, so nothing else will come for the new one.

    :param known: what the physical id names.
    :param properties: those that the resource had last.
    """
    try:
        renamed = read_target(properties)
    except DeclarationError:
        return None  # what names no policy never made one
    return None if renamed == known else renamed
