"""What a Delete leads to: whether the policy goes, stays, or is given back to what it was before."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from provider import undo
from provider.event import Event, RequestType
from provider.event_monitor import WORD_SECONDS, EventMonitor, OvertakenError
from provider.fence import ExpiredError, Fence, Look
from provider.json_log import JsonLog
from provider.own_stack import way_out
from provider.owner import Owner
from provider.reasons import Failure, Reason
from provider.refusals import adopted_and_unasked, unmarked_and_unasked
from provider.ses import NotFoundError
from provider.stack import ResourceState
from ses_sending_policy.rules.clock import Clock
from ses_sending_policy.rules.decisions import DROP, Claim, Drop, Found
from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.equivalence import differences
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.ownership import Marker, Origin, PhysicalId, StackId, Target
from ses_sending_policy.rules.wire import Declaration, OnDelete, WhenExists, read_on_delete, read_target

# A Delete with an invented id came because its Create was cancelled: that one may be in the middle of its write.
_SECOND_LOOK_SECONDS: Final = 10.0

# A Delete that was answered, or given up.
_ANSWERED: Final = ("DELETE_COMPLETE", "DELETE_FAILED", "DELETE_SKIPPED")

# The clean-up of an update deletes when all of its resources are done with: never beside one of these.
_AT_WORK: Final = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS")


class Teardown:
    """Lets go of the policies of one resource.

    :param event: the Delete, or the Update that leaves a name behind.
    :param known: its physical id; None where CloudFormation made that up.
    :param place: the account and region that the function works in.
    :param owner: the resource, as the owner of policies.
    :param fence: SES, behind its fence.
    :param monitor: tells what CloudFormation says of the resource.
    :param log: is told each decision.
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
        """Let the policy go that a Delete is about; raise `Failure` where that cannot be."""
        target = self._target()
        if target is None:
            return
        self._log.knows(identity=target.identity.name, policy=target.policy_name)
        self._let_go(target, Claim.of(self._known), self._event.properties, self._is_wanted)
        renamed = _unanswered_rename(target, self._event.properties)
        if renamed is not None and self._is_deleted_as(target):
            self.let_go(renamed)

    def run_if_ours(self) -> None:
        """Do the same where the physical id is somebody else's: only what has this owner's marker goes.

        Raise `Failure`, with the command that leads out, where it has another.
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
        """Drop the policy that an Update to another name left, of which CloudFormation never heard.

        It knows the resource by its old name: so nothing else will come for the new one. Raise `Failure` where SES does
        not let it go.
        """
        renamed = self._unanswered()
        if renamed is not None:
            self.let_go(renamed, self._event.old_properties)

    def left_of_rename(self) -> list[Target]:
        """Do the same, but return the policy where SES does not let it go."""
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
        """Return the new name of a rename that never got its answer out."""
        return None if self._known is None else _unanswered_rename(self._known.target, self._event.old_properties)

    def let_go(self, target: Target, properties: Mapping[str, Any] | None = None, claim: Claim = Claim.NONE) -> None:
        """Let a policy go as the table says, whatever CloudFormation thinks of it.

        :param properties: those that the resource had with it. Default: - the event's.
        :param claim: what is known of it. Default: - nothing, so that it goes only where its marker is this owner's.
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
            # What was only adopted is never deleted on a word that nobody understands.
            self._log.write("OnDelete cannot be read, releases what was adopted", fault=str(fault))
            return OnDelete.RELEASE

    def _given_back(
        self, target: Target, claim: Claim, properties: Mapping[str, Any], live: LivePolicy | None, drop: Drop
    ) -> tuple[Drop, str]:
        """Return what becomes of a policy that this resource adopted, and the `Id` that it gets back.

        Its former owner's marker only in the rollback of the very operation that adopted it, and where it still says
        what was adopted: later nobody knows whether that owner is still there.
        """
        if self._owner.found(live) is not Found.ADOPTED:
            return drop, ""
        if claim is Claim.NONE:
            # CloudFormation never heard that it was adopted: what was there before the deploy is there after it.
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
        """Return whether CloudFormation still waits for this Delete, and the resource has not got the policy again.

        So a redeploy without rollback ends: the resource was made again, then its first id is deleted. And Lambda may
        deliver a Delete once more, when the resource has left its stack and come again.
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
            # It was made again; or a rename was rolled back, and it came to the old name in another way than before.
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
        # Of a Create that never answered it has no id, or the one that it made up.
        is_it = state.physical_id in ("", self._event.physical_id)
        if is_it and state.status in _ANSWERED and state.updated >= birth:
            return True
        if not self._monitor.is_late and not self._monitor.went_on(state):
            return False
        ended = self._monitor.newest(_ANSWERED, self._event.physical_id)
        return ended is not None and ended.at >= birth

    def _declares(self, target: Target) -> bool:
        """Return whether the resource is getting the policy right now; also where nobody can tell."""
        newest = self._monitor.newest(_AT_WORK)
        try:
            return newest is None or newest.properties is None or read_target(newest.properties) == target
        except DeclarationError:
            return True

    def _is_deleted_as(self, target: Target) -> bool:
        """Return whether CloudFormation deletes the resource itself, as this policy, and not an earlier name of it."""
        state = self._word()
        present = state and PhysicalId.parse(state.physical_id)
        return bool(state and state.status.startswith("DELETE_") and present and present.target == target)


def _unanswered_rename(known: Target, properties: Mapping[str, Any]) -> Target | None:
    """Return the new name of a rename that never got its answer out.

    :param known: what the physical id names.
    :param properties: those that the resource had last.
    """
    try:
        renamed = read_target(properties)
    except DeclarationError:
        return None  # what names no policy never made one
    return None if renamed == known else renamed
