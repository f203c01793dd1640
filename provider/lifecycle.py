"""What each event of CloudFormation leads to: create, update and delete as decisions over a port of four calls."""

from collections.abc import Iterator
from typing import Final, Protocol

from provider.event import Event, RequestType
from provider.event_monitor import EventMonitor, OvertakenError
from provider.fence import Fence
from provider.json_log import JsonLog
from provider.overtaken import Reconciliation
from provider.own_stack import OUTCOME, EventVerdict, token_of
from provider.owner import Owner
from provider.reasons import Failure, Reason
from provider.teardown import Teardown
from provider.undo import undo
from provider.unknowns import is_held, refusal
from ses_sending_policy.rules.clock import Clock
from ses_sending_policy.rules.decisions import Claim, Found
from ses_sending_policy.rules.equivalence import digest
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.ownership import Marker, Origin, PhysicalId, StackId, Target, owner_token
from ses_sending_policy.rules.wire import Declaration, read_target

# What a failed Update in place is about: whatever else goes wrong has nothing to do with what SES holds.
_REFUSALS: Final = (
    Reason.POLICY_EXISTS,
    Reason.NOT_EQUIVALENT,
    Reason.INVALID_PRINCIPAL,
    Reason.REFUSED_BY_SES,
    Reason.ACCESS_DENIED,
)

_ROLLBACK: Final = "UPDATE_ROLLBACK_IN_PROGRESS"


class ResponseFields(Protocol):
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
    :param fence: SES, behind its fence.
    :param monitor: tells whether CloudFormation still wants it.
    :param log: is told each decision.
    :param clock: where time comes from.
    :param answer: what the answer will say: from the moment on that SES accepts something, whose it is.
    """

    def __init__(
        self,
        *,
        event: Event,
        fence: Fence,
        monitor: EventMonitor,
        log: JsonLog,
        clock: Clock,
        answer: ResponseFields,
    ) -> None:
        self._event = event
        self._fence = fence
        self._monitor = monitor
        self._log = log
        self._answer = answer
        self._known = None if event.physical_id is None else PhysicalId.parse(event.physical_id)
        place = StackId.parse(event.stack_id)
        self._computed = owner_token(event.stack_id, event.logical_id)
        # The one in the physical id: a stack refactoring changes what is computed, not whose the policy is.
        self._token = (self._known and self._known.token) or self._computed
        self._place = place
        self._clock = clock
        self._owner, self._teardown = self._assembled(self._token)
        log.knows(stack=place.stack_name, token=self._token)

    def _assembled(self, token: str) -> tuple[Owner, Teardown]:
        owner = Owner(
            marker=Marker(self._place.stack_name, self._event.logical_id, token),
            made=Claim.of(self._known) is Claim.MADE,
            place=self._place,
            fence=self._fence,
            monitor=self._monitor,
            log=self._log,
            accepted=self._accepted,
        )
        teardown = Teardown(
            event=self._event,
            known=self._known,
            place=self._place,
            owner=owner,
            fence=self._fence,
            monitor=self._monitor,
            log=self._log,
            clock=self._clock,
        )
        return owner, teardown

    def create(self) -> str:
        """Make the policy; raise `Failure` or `DeclarationError` where that cannot be."""
        wanted = self._declaration()
        try:
            self._check_unknowns(wanted)
            self._owner.take(wanted)
            self._monitor.settled()
        except OvertakenError as overtaken:
            raise self._noted(self._cancelled(overtaken)) from overtaken
        except Failure as failure:
            raise self._noted(self._unless_cancelled(failure)) from failure
        return self._success(wanted, self._claimed_id(wanted.target))

    def _unless_cancelled(self, failure: Failure) -> Failure:
        """Return `failure`, after which a Delete clears away what was made; if that came before, do it now."""
        try:
            self._monitor.settled()
        except OvertakenError as overtaken:
            return self._cancelled(overtaken)
        return failure

    def _cancelled(self, overtaken: OvertakenError) -> Failure:
        return _naming(overtaken, self._reconciled(gone=True) if overtaken.gone else [])

    def update(self) -> str:
        """Make the policy say what is declared now; raise as `create`."""
        wanted = self._declaration()
        known = self._known
        if self._outcome() is EventVerdict.IS_REFUSED:
            raise Failure(
                Reason.INVALID_DECLARATION,
                f"the physical id {self._event_id!r} is not that of {self._event.logical_id} in this stack: see who "
                "sent the event",
            )
        try:
            self._check_unknowns(wanted)
            if known is not None and known.token is not None and known.target == wanted.target:
                self._update_in_place(wanted)
                return self._success(wanted, self._event_id)
            return self._success(wanted, self._taken(wanted))
        except OvertakenError as overtaken:
            raise self._noted(_naming(overtaken, self._reconciled(gone=overtaken.gone))) from overtaken
        except Failure as failure:
            raise self._noted(_naming(failure, self._undo())) from failure

    def _taken(self, wanted: Declaration) -> str:
        try:
            self._owner.take(wanted)
            self._monitor.settled()
        except OvertakenError:
            raise
        except Failure as failure:
            if self._owner.traces or not self._is_rolled_back(wanted, failure):
                raise
            # A rename that is rolled back, and its old name is somebody else's by now.
            earlier = next(self._earlier_ids(wanted.target), None)
            if earlier is None:
                raise
            return str(earlier)
        return self._event_id if self._known is None else self._renamed_id(wanted.target)

    def _update_in_place(self, wanted: Declaration) -> None:
        try:
            self._owner.keep(wanted)
            self._monitor.settled()
        except OvertakenError:
            raise
        except Failure as failure:
            if not self._is_rolled_back(wanted, failure):
                raise _naming(self._leading_out(failure), self._teardown.left_of_rename()) from failure
        self._teardown.drop_unanswered_rename()

    def _is_rolled_back(self, wanted: Declaration, failure: Failure) -> bool:
        """Return whether a rollback that SES refuses has nothing left to do; a stack that fails here is stuck.

        That is so where somebody else has the policy, or SES holds what is to be there again: seen twice, and the stack
        says that it is rolled back.
        """
        if failure.reason not in _REFUSALS or not self._is_rollback():
            return False
        look = self._fence.look(wanted.target)
        for live in (look.live, self._fence.later_look(wanted.target, look).live):
            if self._owner.found(live) is not Found.FOREIGN and not self._owner.says(wanted, live):
                return False
        self._log.write("the rollback is refused, and has nothing to do", error=failure.whole)
        return True

    def _leading_out(self, failure: Failure) -> Failure:
        """Return `failure` with the command for a stack that is stuck, where nobody can tell whether it is one."""
        if "the stack" not in self._monitor.unheard:
            return failure
        stack, resource = self._place.stack_name, self._event.logical_id
        command = f"aws cloudformation continue-update-rollback --stack-name {stack} --resources-to-skip {resource}"
        short = Failure(failure.reason, failure.sentence)
        led = short.with_note(f"in a rollback: {command}")
        return led if str(led) != str(short) else failure

    def delete(self) -> str:
        """Let the policy go; raise `Failure` where that cannot be."""
        if self._outcome() is EventVerdict.IF_OURS:
            _, teardown = self._assembled(self._computed)
            teardown.run_if_ours()
        else:
            self._teardown.run()
        return self._event_id

    def _outcome(self) -> EventVerdict:
        return OUTCOME[self._event.request_type, token_of(self._known, self._computed, self._monitor.state)]

    @property
    def _event_id(self) -> str:
        assert self._event.physical_id is not None  # noqa: S101 - an Update or Delete without one is refused
        return self._event.physical_id

    def _claimed_id(self, target: Target) -> str:
        return str(PhysicalId(target, self._token, self._owner.origin, self._owner.former))

    def _renamed_id(self, target: Target) -> str:
        """Return the id under another name, which may be an earlier one: that has the `Id` of what was adopted."""
        is_taken_now = any(trace.target == target for trace in self._owner.traces)
        if self._owner.origin is not Origin.ADOPTED or self._owner.former or is_taken_now:
            return self._claimed_id(target)
        return str(next((each for each in self._earlier_ids(target) if each.former), self._claimed_id(target)))

    def _earlier_ids(self, target: Target) -> Iterator[PhysicalId]:
        for each in self._monitor.earlier_ids():
            if (each.target, each.token) == (target, self._token):
                yield each

    def _declaration(self) -> Declaration:
        wanted = Declaration.read(self._event.properties)
        self._log.knows(identity=wanted.target.identity.name, policy=wanted.target.policy_name)
        self._owner.check(wanted)
        return wanted

    def _check_unknowns(self, wanted: Declaration) -> None:
        """Raise `Failure` where a rule refuses what synth did not know, and it is not at SES, nor to be there again."""
        failure = refusal(self._event.properties, wanted, self._log)
        if failure is None:
            return
        if not is_held(wanted, self._known, self._fence, self._owner) and not self._is_rollback():
            raise self._leading_out(failure)
        self._log.write("goes on: SES holds it, or a rollback puts it back")

    def _is_rollback(self) -> bool:
        """Return whether this event rolls an Update back; raise `OvertakenError` where it is rolled back itself."""
        if self._event.request_type is not RequestType.UPDATE or self._monitor.stack_status() != _ROLLBACK:
            return False
        self._monitor.ask()
        return True

    def _accepted(self, target: Target) -> None:
        # An Update's failure keeps the event's own id: what it did under a new name is taken back.
        if self._event.request_type is RequestType.CREATE:
            self._answer.PhysicalResourceId = self._claimed_id(target)

    def _undo(self) -> list[Target]:
        self._monitor.stop()
        return undo(self._owner.traces, self._fence, self._owner.is_ours, self._log)

    def _reconciled(self, *, gone: bool) -> list[Target]:
        if not self._fence.wrote:
            return []
        return Reconciliation(
            owner=self._owner,
            known=self._known,
            fence=self._fence,
            monitor=self._monitor,
            teardown=self._teardown,
            log=self._log,
        ).run(gone=gone)

    def _noted(self, failure: Failure) -> Failure:
        return failure.with_note("CloudFormation could not be asked") if self._monitor.unheard else failure

    def _success(self, wanted: Declaration, physical_id: str) -> str:
        self._answer.Data = {
            "PolicyName": wanted.target.policy_name,
            "EmailIdentity": wanted.target.identity.name,
            "PolicyHash": digest(wanted.document.elements, self._place.partition),
        }
        return physical_id


def _naming(failure: Failure, left: list[Target]) -> Failure:
    """Return `failure`, telling also what was left behind."""
    return failure.with_rest(f"left behind: {', '.join(map(str, left))}") if left else failure
