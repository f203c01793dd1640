"""Handles a Delete: deletes the policy, releases it (as it was before its adoption), or leaves it alone."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from provider import undo
from provider.cloudformation import ResourceState
from provider.event import Event, RequestType
from provider.event_monitor import WORD_SECONDS, EventMonitor, OvertakenError
from provider.failures import Failure, Reason, adopted_and_unasked, unmarked_and_unasked
from provider.fence import ExpiredError, Fence, Look
from provider.json_log import JsonLog
from provider.own_stack import way_out
from provider.owner import Owner
from provider.ses import NotFoundError
from ses_sending_policy.rules.clock import Clock
from ses_sending_policy.rules.decisions import DROP, Claim, Drop, Found
from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.equivalence import differences
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.ownership import Marker, Origin, PhysicalId, StackId, Target
from ses_sending_policy.rules.wire import Declaration, OnDelete, WhenExists, read_on_delete, read_target

# If CloudFormation made the Delete's id up, a cancelled Create may still be writing: look again after this time.
_SECOND_LOOK_SECONDS: Final = 10.0

# The statuses after a Delete that was answered or given up.
_ANSWERED: Final = ("DELETE_COMPLETE", "DELETE_FAILED", "DELETE_SKIPPED")

# The statuses of a resource that is being made or updated: the clean-up of an update sends no Delete meanwhile.
_AT_WORK: Final = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")


class Teardown:
    """Lets go of the policies of one resource: deletes each, releases it (as before its adoption), or leaves it alone.

    :param event: the Delete, or an Update that leaves a policy under another name behind.
    :param known: the event's physical id; None if it is not one of ours.
    :param place: the account and region that the function works in.
    :param owner: tells whether a live policy belongs to the resource.
    :param fence: reads and writes SES.
    :param monitor: tells the resource's state at CloudFormation.
    :param log: gets a line for each decision.
    :param clock: where time comes from.
    """

    def __init__(
        self,
        *,
        event: Event,
        known: PhysicalId | None,
        place: StackId,
        owner: Owner,
        fence: Fence,
        monitor: EventMonitor,
        log: JsonLog,
        clock: Clock,
    ) -> None:
        self._event = event
        self._known = known
        self._place = place
        self._owner = owner
        self._fence = fence
        self._monitor = monitor
        self._log = log
        self._clock = clock
        self._state: ResourceState | None = None
        self._heard = float("-inf")

    def run(self) -> None:
        """Let go of the policy that the Delete is about; raise `Failure` if that is not possible."""
        target = self._target()
        if target is None:
            return
        self._log.knows(identity=target.identity.name, policy=target.policy_name)
        self._let_go(target, Claim.of(self._known), self._event.properties, self._is_wanted)
        renamed = _unanswered_rename(target, self._event.properties)
        if renamed is not None and self._is_deleted_as(target):
            self.let_go(renamed)

    def run_if_ours(self) -> None:
        """Let go of the policy if it has this owner's marker: for a Delete whose physical id has a foreign token.

        Raise `Failure`, with the command that deletes the stack all the same, if another owner has the policy.
        """
        target = self._target()
        if target is None:
            return
        look, drop = self._decided(target, Claim.NONE, self._event.properties)
        if drop is Drop.LEAVE:
            raise Failure(Reason.INVALID_DECLARATION, way_out(self._event, self._place, target))
        if look.live is not None:
            self.let_go(target)

    def drop_unanswered_rename(self) -> None:
        """Let go of the policy that a rename made, if the answer to the rename never reached CloudFormation.

        CloudFormation knows the resource by its old name, so no Delete will come for the new one. Raise `Failure` if
        SES does not let the policy go.
        """
        renamed = self._unanswered()
        if renamed is not None:
            self.let_go(renamed, self._event.old_properties)

    def left_of_rename(self) -> list[Target]:
        """Let go of the policy of an unanswered rename; return the policy if SES does not let it go."""
        renamed = self._unanswered()
        if renamed is None:
            return []
        try:
            self.let_go(renamed, self._event.old_properties)
        except Failure as failure:
            self._log.write("not taken back", of=renamed, error=failure.whole)
            return [renamed]
        return []

    def _unanswered(self) -> Target | None:
        """Return the new name of a rename whose answer never reached CloudFormation; None if there was none."""
        return None if self._known is None else _unanswered_rename(self._known.target, self._event.old_properties)

    def let_go(self, target: Target, properties: Mapping[str, Any] | None = None, claim: Claim = Claim.NONE) -> None:
        """Let go of a policy as the teardown table says, without asking CloudFormation.

        :param properties: the resource's properties when it had the policy. Default: - those of the event.
        :param claim: what is known of the policy. Default: - nothing, so that without this owner's marker it is left.
        """
        self._let_go(target, claim, properties or self._event.properties, lambda _target, _live: True)

    def _let_go(
        self,
        target: Target,
        claim: Claim,
        properties: Mapping[str, Any],
        is_wanted: Callable[[Target, LivePolicy | None], bool],
    ) -> None:
        is_second = self._known is not None
        while True:
            look, drop = self._decided(target, claim, properties)
            if drop is Drop.NOTHING and not is_second:
                is_second = True
                self._clock.sleep(_SECOND_LOOK_SECONDS)
                continue
            former = ""
            if drop in (Drop.DELETE, Drop.RELEASE):
                drop, former = self._given_back(target, claim, properties, look.live, drop)
                drop = drop if is_wanted(target, look.live) else Drop.LEAVE
            try:
                undo.drop(target, look, drop, self._fence, self._log, former=former)
            except ExpiredError:
                continue
            except OvertakenError:
                if self._event.request_type is not RequestType.DELETE:
                    raise
                continue
            return

    def _target(self) -> Target | None:
        if self._known is not None:
            return self._known.target
        try:
            return read_target(self._event.properties)
        except DeclarationError as fault:
            self._log.write("the properties name no policy", fault=str(fault))
            return None

    def _decided(self, target: Target, claim: Claim, properties: Mapping[str, Any]) -> tuple[Look, Drop]:
        try:
            look = self._fence.sure_look(target)
        except NotFoundError:
            return Look(None, self._clock.now()), Drop.NOTHING
        if claim is Claim.NONE:
            self._owner.recognise(target, look.live)
        found = self._owner.found(look.live)
        self._log.knows(found=found.value)
        return look, DROP[claim, found, self._on_delete(properties)]

    def _on_delete(self, properties: Mapping[str, Any]) -> OnDelete:
        try:
            return read_on_delete(properties)
        except DeclarationError as fault:
            # An OnDelete that cannot be read must not delete a policy that was only adopted.
            self._log.write("OnDelete cannot be read, releases what was adopted", fault=str(fault))
            return OnDelete.RELEASE

    def _given_back(
        self, target: Target, claim: Claim, properties: Mapping[str, Any], live: LivePolicy | None, drop: Drop
    ) -> tuple[Drop, str]:
        """Return what to do with a policy that this resource adopted, and the `Id` that it gets back.

        A former owner's marker is given back only in a rollback of the operation that adopted the policy, and only if
        the policy still says what was adopted: later on, that owner may no longer exist.
        """
        if self._owner.found(live) is not Found.ADOPTED:
            return drop, ""
        if claim is Claim.NONE:
            # CloudFormation was never told of the adoption, so the policy must become as it was before the deploy.
            return (Drop.RELEASE if self._is_as_adopted(live, properties) else drop), ""
        known = self._known
        if known is None or known.origin is not Origin.ADOPTED:
            return drop, ""
        has_owner = Marker.parse(known.former) is not None
        if drop is Drop.RELEASE and not has_owner:
            return drop, known.former
        if self._is_as_adopted(live, properties):
            is_rolled_back = self._monitor.stack_rolls_back()
            if is_rolled_back is None and drop is Drop.DELETE:
                raise adopted_and_unasked(target, self._place, self._event.logical_id)
            if is_rolled_back:
                return Drop.RELEASE, known.former
        if drop is Drop.RELEASE:
            self._log.write("released without the marker of its former owner", former=known.former)
        return drop, ""

    def _is_as_adopted(self, live: LivePolicy | None, properties: Mapping[str, Any]) -> bool:
        try:
            declared = Declaration.read(properties)
        except DeclarationError:
            return False
        if live is None or declared.when_exists is not WhenExists.ADOPT:
            return False
        return not differences(live, declared.document, self._place.partition)

    def _is_wanted(self, target: Target, live: LivePolicy | None) -> bool:
        """Return whether CloudFormation still waits for this Delete, and the resource does not have the policy again.

        The resource has the policy again after a redeploy without rollback: it is made again, then its first id is
        deleted. And Lambda may repeat a Delete after the resource has left its stack and come back.
        """
        state = self._word()
        if state is None:
            if self._owner.is_ours(live) or not self._monitor.is_late:
                return True
            raise unmarked_and_unasked(target, self._place, self._event.logical_id)
        present = PhysicalId.parse(state.physical_id)
        is_present = present is not None and present.token is not None and present.target == target
        if self._is_answered(state):
            self._log.write("CloudFormation has its answer already, nothing done", of=target)
            return False
        if is_present and state.physical_id != self._event.physical_id:
            # The policy was made again; or a rename was rolled back, and the id under the old name differs from before.
            return False
        if not self._monitor.went_on(state) or state.status.startswith("DELETE_"):
            return True
        return not is_present and not (state.status in _AT_WORK and self._declares(target))

    def _word(self) -> ResourceState | None:
        if self._clock.now() - self._heard >= WORD_SECONDS:
            self._state = self._monitor.state()
            self._heard = self._clock.now()
            if self._state is not None:
                self._monitor.expect(self._state)
        return self._state

    def _is_answered(self, state: ResourceState) -> bool:
        birth = self._event.birth
        if birth is None:
            return False
        # After a Create that never answered, CloudFormation has no id, or the one that it made up.
        is_it = state.physical_id in ("", self._event.physical_id)
        if is_it and state.status in _ANSWERED and state.updated >= birth:
            return True
        if not self._monitor.is_late and not self._monitor.went_on(state):
            return False
        ended = self._monitor.newest(_ANSWERED, self._event.physical_id)
        return ended is not None and ended.at >= birth

    def _declares(self, target: Target) -> bool:
        """Return whether the operation in progress declares this policy; True if CloudFormation cannot tell."""
        newest = self._monitor.newest(_AT_WORK)
        try:
            return newest is None or newest.properties is None or read_target(newest.properties) == target
        except DeclarationError:
            return True

    def _is_deleted_as(self, target: Target) -> bool:
        """Return whether CloudFormation deletes the resource itself, and not only an earlier physical id of it."""
        state = self._word()
        present = state and PhysicalId.parse(state.physical_id)
        return bool(state and state.status.startswith("DELETE_") and present and present.target == target)


def _unanswered_rename(known: Target, properties: Mapping[str, Any]) -> Target | None:
    """Return the new name of a rename whose answer never reached CloudFormation; None if there was none.

    :param known: the policy that the physical id names.
    :param properties: the properties that the Delete event has.
    """
    try:
        renamed = read_target(properties)
    except DeclarationError:
        return None  # properties without a valid name have never made a policy
    return None if renamed == known else renamed
