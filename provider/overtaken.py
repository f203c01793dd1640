"""Repairs SES after an event that CloudFormation gave up while the function was still writing for it.

CloudFormation cancels an Update when another resource fails, and rolls it back by a second event. Either event may have
written last. So the first one waits until the second is done, and makes SES hold what CloudFormation
completed. It never restores what it saw itself, which may be older than what a newer deploy declares.
"""

from typing import Final

from provider.cloudformation import ResourceState
from provider.event_monitor import STAMP_SECONDS, WORD_SECONDS, EventMonitor, OvertakenError
from provider.fence import Fence
from provider.json_log import JsonLog
from provider.owner import Owner
from provider.teardown import Teardown
from provider.undo import undo
from ses_sending_policy.rules.decisions import Claim
from ses_sending_policy.rules.errors import DeclarationError, SendingPolicyError
from ses_sending_policy.rules.ownership import PhysicalId, Target
from ses_sending_policy.rules.wire import Declaration

# The most attempts. One is in vain if the stack goes on meanwhile; if all are, somebody is deploying it in a loop.
_ROUNDS: Final = 3

_DONE: Final = ("CREATE_COMPLETE", "UPDATE_COMPLETE")


class Reconciliation:
    """Makes SES hold the policy that CloudFormation completed the resource with, after an overtaken event.

    :param owner: writes the policies of the resource.
    :param known: the event's physical id; None if it is not one of ours.
    :param fence: reads and writes SES.
    :param monitor: tells the resource's state at CloudFormation.
    :param teardown: deletes and releases policies.
    :param log: gets a line for each decision.
    """

    def __init__(
        self,
        *,
        owner: Owner,
        known: PhysicalId | None,
        fence: Fence,
        monitor: EventMonitor,
        teardown: Teardown,
        log: JsonLog,
    ) -> None:
        self._owner = owner
        self._known = known
        self._fence = fence
        self._monitor = monitor
        self._teardown = teardown
        self._log = log

    def run(self, *, gone: bool) -> list[Target]:
        """Make SES hold the completed policy; return the policies for which that is not certain.

        :param gone: whether the resource is deleted or being deleted, so that what this event made must go.
        """
        self._monitor.stop()
        if gone:
            self._forget_answered()
            left = self._undone()
            if not self._fence.wrote - {trace.target for trace in self._owner.traces}:
                return left
        wrote = sorted(self._fence.wrote, key=str)
        for _ in range(_ROUNDS):
            state = self._completed()
            if state is None:
                break
            self._monitor.expect(state)
            try:
                if not self._is_restored(state):
                    break
            except OvertakenError as overtaken:
                self._log.write("not reconciled yet", error=str(overtaken))
                continue
            except SendingPolicyError as failure:
                self._log.write("not reconciled", error=str(failure))
                break
            if self._monitor.state() == state:
                return []
        self._log.write("an overtaken event wrote last: look at what SES holds", of=wrote)
        return wrote

    def _forget_answered(self) -> None:
        """Do not undo a policy that CloudFormation completed: another delivery of this event has reported it."""
        if any(trace.before is not None for trace in self._owner.traces):
            completed = self._monitor.completed_as()
            if completed is not None:
                self._owner.forget(completed)

    def _completed(self) -> ResourceState | None:
        """Wait until CloudFormation is done with the resource, and return its state; None if it cannot be found out."""
        while self._fence.has_time():
            state = self._monitor.state()
            if state is None or state.status.endswith("_COMPLETE"):
                return state
            self._fence.wait(WORD_SECONDS)
        return None

    def _is_restored(self, state: ResourceState) -> bool:
        present = None
        if state.status == "DELETE_COMPLETE":
            self._forget_answered()
        else:
            known = PhysicalId.parse(state.physical_id)
            if known is None:
                return False
            present = known.target
            self._owner.forget(present)
        if self._undone():
            return False
        self._let_go(but=present)
        if present not in self._fence.wrote:
            return True
        declared = self._declared(state)
        if declared is None or declared.target != present:
            return False
        self._log.write("reconciles with what CloudFormation completed", of=declared.target)
        self._owner.keep(declared)
        return True

    def _undone(self) -> list[Target]:
        return undo(self._owner.traces, self._fence, self._owner.is_ours, self._log)

    def _let_go(self, *, but: Target | None) -> None:
        """Delete or release each policy except `but` that this event wrote: no other event is certain to do so."""
        traced = {trace.target for trace in self._owner.traces}
        for target in sorted(self._fence.wrote - traced - {but}, key=str):
            claim = Claim.of(self._known) if self._known and self._known.target == target else Claim.NONE
            self._teardown.let_go(target, claim=claim)

    def _declared(self, state: ResourceState) -> Declaration | None:
        completed = self._monitor.newest(_DONE)
        if completed is None or completed.properties is None or is_masked(completed.properties):
            return None
        if completed.at < state.updated - STAMP_SECONDS:
            return None  # the list of events is behind: its newest one is from an earlier deploy
        try:
            return Declaration.read(completed.properties)
        except DeclarationError:
            return None


def is_masked(value: object) -> bool:
    """Return whether `value` contains a masked text: CloudFormation shows a `NoEcho` parameter as asterisks.

    "If you set the NoEcho attribute to true, CloudFormation returns the parameter value masked as asterisks (*****) for
    any calls that describe the stack or stack events".
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
    """
    if isinstance(value, dict):
        return any(map(is_masked, value.values()))
    if isinstance(value, list):
        return any(map(is_masked, value))
    return isinstance(value, str) and "****" in value
