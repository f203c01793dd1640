"""Handles Create, Update and Delete: decides what each event does to the policy at SES."""

from collections.abc import Iterator
from typing import Final, Protocol

from provider.event import Event, RequestType
from provider.event_monitor import EventMonitor, OvertakenError
from provider.failures import Failure, Reason
from provider.fence import Fence
from provider.json_log import JsonLog
from provider.overtaken import Reconciliation
from provider.own_stack import OUTCOME, EventVerdict, token_of
from provider.owner import Owner
from provider.teardown import Teardown
from provider.undo import undo
from provider.unknowns import refusal, surely_held
from ses_sending_policy.rules.clock import Clock
from ses_sending_policy.rules.decisions import Claim, Found
from ses_sending_policy.rules.equivalence import digest
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.ownership import Marker, Origin, PhysicalId, StackId, Target, owner_token
from ses_sending_policy.rules.wire import Declaration, read_target

# The reasons for which a policy is refused: only after one of these may a rollback have nothing left to do.
_REFUSALS: Final = (
    Reason.POLICY_EXISTS,
    Reason.NOT_EQUIVALENT,
    Reason.INVALID_PRINCIPAL,
    Reason.REFUSED_BY_SES,
    Reason.ACCESS_DENIED,
)

_ROLLBACK: Final = "UPDATE_ROLLBACK_IN_PROGRESS"


class ResponseFields(Protocol):
    """The fields of the answer to an event, under crhelper's names; the timer may send the answer at any time."""

    PhysicalResourceId: str
    """The physical id that CloudFormation keeps from then on."""
    Data: dict[str, str]
    """What `Fn::GetAtt` gives; strings only, and never the document."""


def first_id(event: Event) -> str:
    """Return the physical id to answer with until SES accepts a write; the properties may be malformed."""
    if event.physical_id is not None:
        return event.physical_id
    try:
        return str(PhysicalId(read_target(event.properties), None))
    except DeclarationError:
        return f"{event.logical_id}-unclaimed"


class Lifecycle:
    """Handles one event. `create`, `update` and `delete` return the physical id that CloudFormation keeps.

    :param event: the event.
    :param fence: reads and writes SES.
    :param monitor: tells whether CloudFormation still wants the event.
    :param log: gets a line for each decision.
    :param clock: where time comes from.
    :param answer: the fields of the answer; a Create sets the physical id as soon as SES accepts a write.
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
        # The owner token in the physical id comes first: a stack refactoring changes the computed one, not the owner.
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
        """Create the policy; raise `Failure` or `DeclarationError` if that is not possible."""
        wanted = self._declaration()
        try:
            self._check_unknowns(wanted)
            self._owner.take(wanted)
            self._monitor.ask_if_slow()
        except OvertakenError as overtaken:
            raise self._noted(self._cancelled(overtaken)) from overtaken
        except Failure as failure:
            raise self._noted(self._unless_cancelled(failure)) from failure
        return self._success(wanted, self._claimed_id(wanted.target))

    def _unless_cancelled(self, failure: Failure) -> Failure:
        """Return `failure`: CloudFormation then sends a Delete to clean up. If it has done so already, clean up now."""
        try:
            self._monitor.ask_if_slow()
        except OvertakenError as overtaken:
            return self._cancelled(overtaken)
        return failure

    def _cancelled(self, overtaken: OvertakenError) -> Failure:
        return _naming(overtaken, self._reconciled(gone=True) if overtaken.gone else [])

    def update(self) -> str:
        """Make the policy match the new properties; raise `Failure` or `DeclarationError` if that is not possible."""
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
            self._monitor.ask_if_slow()
        except OvertakenError:
            raise
        except Failure as failure:
            if self._owner.traces or not self._is_rolled_back(wanted, failure):
                raise
            # The rollback of a rename has nothing left to do under the old name: answer with the id from before.
            earlier = next(self._earlier_ids(wanted.target), None)
            if earlier is None:
                raise
            return str(earlier)
        return self._event_id if self._known is None else self._renamed_id(wanted.target)

    def _update_in_place(self, wanted: Declaration) -> None:
        try:
            self._owner.keep(wanted)
            self._monitor.ask_if_slow()
        except OvertakenError:
            raise
        except Failure as failure:
            if not self._is_rolled_back(wanted, failure):
                raise _naming(self._leading_out(failure), self._teardown.left_of_rename()) from failure
        self._teardown.drop_unanswered_rename()

    def _is_rolled_back(self, wanted: Declaration, failure: Failure) -> bool:
        """Return whether a failed Update is a rollback with nothing left to do: if it failed, its stack would be stuck.

        That is the case if the stack is rolling back, and two looks show that another owner has the policy, or that SES
        already holds the `wanted` document.
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
        """Return `failure` with the command that frees a stuck rollback, if the stack's status could not be asked."""
        if "the stack" not in self._monitor.unheard:
            return failure
        stack, resource = self._place.stack_name, self._event.logical_id
        command = f"aws cloudformation continue-update-rollback --stack-name {stack} --resources-to-skip {resource}"
        short = Failure(failure.reason, failure.sentence)
        led = short.with_note(f"in a rollback: {command}")
        return led if str(led) != str(short) else failure

    def delete(self) -> str:
        """Delete or release the policy; raise `Failure` if that is not possible."""
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
        assert self._event.physical_id is not None  # noqa: S101 - an Update or Delete without a physical id is refused
        return self._event.physical_id

    def _claimed_id(self, target: Target) -> str:
        return str(PhysicalId(target, self._token, self._owner.origin, self._owner.former))

    def _renamed_id(self, target: Target) -> str:
        """Return the physical id under the new name; if the policy was adopted under it before, the id from then."""
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
        """Raise `Failure` if a rule refuses values unknown to synth, unless SES holds the document or in a rollback."""
        failure = refusal(self._event.properties, wanted, self._log)
        if failure is None:
            return
        if not surely_held(wanted, self._known, self._fence, self._owner) and not self._is_rollback():
            raise self._leading_out(failure)
        self._log.write("goes on: SES holds it, or a rollback puts it back")

    def _is_rollback(self) -> bool:
        """Return whether this Update is a rollback; raise `OvertakenError` if it is itself being rolled back."""
        if self._event.request_type is not RequestType.UPDATE or self._monitor.stack_status() != _ROLLBACK:
            return False
        self._monitor.ask()
        return True

    def _accepted(self, target: Target) -> None:
        # A failed Update answers with the event's own id, because its writes under a new name are undone.
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
    """Return `failure` with the names of the policies that were left behind, if there are any, at its end."""
    return failure.with_rest(f"left behind: {', '.join(map(str, left))}") if left else failure
