"""Writes the policies that one resource owns: claims a name, adopts, overwrites or updates, and checks ownership."""

from collections.abc import Callable, Mapping
from typing import Final

from provider.event_monitor import EventMonitor
from provider.failures import Failure, Reason, no_identity, not_equivalent, policy_exists, policy_limit
from provider.fence import STALE_SECONDS, ExpiredError, Fence, Look
from provider.json_log import JsonLog
from provider.ses import AlreadyExistsError, LimitExceededError, NotFoundError
from provider.undo import Trace
from ses_sending_policy.rules.decisions import KEEP, TAKE, Found, Take, is_held
from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.equivalence import differences
from ses_sending_policy.rules.limits import oversize
from ses_sending_policy.rules.ownership import Marker, Origin, StackId, Target
from ses_sending_policy.rules.wire import Declaration, OnDelete, WhenExists

# How many times to try if the policy vanishes between two calls, which means that another deploy deletes it.
_ROUNDS: Final = 3

_Table = Mapping[tuple[Found, WhenExists], Take]

_TAKE_OVERS: Final = (Take.ADOPT, Take.OVERWRITE)

# SES's final refusals of a document. SES refuses even one that it already holds, if a principal was deleted since.
_REFUSALS_OF_DOCUMENT: Final = (Reason.REFUSED_BY_SES, Reason.INVALID_PRINCIPAL)


class Owner:
    """Makes SES hold the declared policy, as the policy of this owner.

    :param marker: the owner's marker.
    :param made: whether the physical id tells that the owner made its policy, and did not adopt it.
    :param place: the account and region that the function works in.
    :param fence: reads and writes SES.
    :param monitor: tells whether CloudFormation still wants the event.
    :param log: gets a line for each decision.
    :param accepted: called once SES has accepted a write that gives this owner a policy.
    """

    def __init__(
        self,
        *,
        marker: Marker,
        made: bool,
        place: StackId,
        fence: Fence,
        monitor: EventMonitor,
        log: JsonLog,
        accepted: Callable[[Target], None],
    ) -> None:
        self._marker = marker
        self._made = made
        self._place = place
        self._fence = fence
        self._monitor = monitor
        self._log = log
        self._accepted = accepted
        # A policy with this owner's marker that CloudFormation gave up before the event, without a Delete.
        self._left: LivePolicy | None = None
        self.traces: list[Trace] = []
        """What this event did to policies that were not this owner's before."""
        self.origin = Origin.MADE
        """How the policy came to this owner."""
        self.former = ""
        """The `Id` that the policy had before this event adopted it."""

    def found(self, live: LivePolicy | None) -> Found:
        """Return how `live` relates to this owner."""
        if live is not None and live == self._left:
            return Found.FOREIGN
        return Found.of(live, self._marker.token)

    def recognise(self, target: Target, live: LivePolicy | None) -> None:
        """Count `live` as foreign from now on if it has this owner's marker, but CloudFormation gave it up before."""
        if self.found(live) is Found.OURS and self._monitor.was_left(target, self._marker.token):
            self._left = live

    def is_ours(self, live: LivePolicy | None) -> bool:
        """Return whether `live` has this owner's marker."""
        return self.found(live) in (Found.OURS, Found.ADOPTED)

    def forget(self, target: Target) -> None:
        """Forget the traces of a policy, so that `undo` does not take back what this event did to it."""
        self.traces = [trace for trace in self.traces if trace.target != target]

    def check(self, wanted: Declaration) -> None:
        """Raise `DeclarationError` if SES could not hold the `wanted` document, before any call is made."""
        wanted.document.text(self._marker)

    def take(self, wanted: Declaration) -> None:
        """Make SES hold the `wanted` policy under a name that this owner may not have yet.

        CreateEmailIdentityPolicy claims the name: it is the only call that atomically refuses a taken name.
        UpdateEmailIdentityPolicy then writes the document.
        """
        for number in range(_ROUNDS):
            if number:
                self._fence.wait(STALE_SECONDS)
            refusal = self._claim(wanted)
            if refusal is None:
                self._write_made(wanted)
                return
            look = self._existing(wanted.target)
            if look.live is None and isinstance(refusal, LimitExceededError):
                raise policy_limit(wanted.target)
            self.recognise(wanted.target, look.live)
            if self._settle(wanted, look, TAKE):
                return
        raise Failure(Reason.POLICY_VANISHED, f"{wanted.target} came and went {_ROUNDS} times; see who else deploys it")

    def _claim(self, wanted: Declaration) -> AlreadyExistsError | LimitExceededError | None:
        """Create the policy; return SES's refusal if the name is taken, or if the identity has no room for another."""
        self._monitor.confirm_claim()
        try:
            self._fence.create(wanted.target, wanted.document.text(self._marker))
        except (AlreadyExistsError, LimitExceededError) as refusal:
            if isinstance(refusal, AlreadyExistsError) and refusal.doubtful:
                # An earlier try of this call may have made the policy; `undo` checks whether it is ours.
                self.traces.append(Trace(wanted.target, None))
            return refusal
        except NotFoundError:
            raise no_identity(wanted.target, self._place) from None
        except Failure as failure:
            if failure.doubtful:
                self.traces.append(Trace(wanted.target, None))
            raise
        self.origin, self.former = Origin.MADE, ""
        self.traces.append(Trace(wanted.target, None))
        self._accepted(wanted.target)
        return None

    def keep(self, wanted: Declaration) -> None:
        """Make SES hold the `wanted` policy under a name that this owner already has."""
        look = self._existing(wanted.target)
        if not self._settle(wanted, look, KEEP):
            self._log.write("policy is gone, made again")
            self.take(wanted)

    def _existing(self, target: Target, *, after: Look | None = None) -> Look:
        try:
            if after is not None:
                return self._fence.later_look(target, after)
            return self._fence.sure_look(target)
        except NotFoundError:
            raise no_identity(target, self._place) from None

    def _write_made(self, wanted: Declaration) -> None:
        try:
            # Without a look: this event made the policy just now, and in a burst a read would take this call's turn.
            self._fence.update(wanted.target, wanted.document.text(self._marker), None)
        except NotFoundError:
            raise Failure(
                Reason.POLICY_VANISHED, f"{wanted.target} was deleted by somebody else right after it was made"
            ) from None
        self._log.write("policy created", of=wanted.target)

    def _settle(self, wanted: Declaration, look: Look, table: _Table, *, holds: bool = True) -> bool:
        """Do with the live policy what the decision `table` says; return False if the policy has vanished."""
        first = look.live
        while (live := look.live) is not None:
            found = self.found(live)
            held = is_held(found, live, wanted.document, self._marker, self._place.partition)
            if held or table[found, wanted.when_exists] in _TAKE_OVERS:
                # A read may be stale. If nothing is written, no later call would notice; and the text of a policy that
                # is taken over may have to be restored. So look twice.
                look = self._existing(wanted.target, after=look)
                if look.live != live:
                    continue
            if held:
                self._note(wanted, live, "unchanged")
                self.origin = Origin.ADOPTED if found is Found.ADOPTED else Origin.MADE
                if table is TAKE and self.origin is Origin.ADOPTED:
                    self._find_adopted(wanted, first, live, holds=holds)
                return True
            try:
                take = self._write(wanted, look, live, table)
            except ExpiredError:
                look = self._existing(wanted.target)
            except NotFoundError:
                return False
            else:
                if take in _TAKE_OVERS and holds:
                    self._hold(wanted)
                return True
        return False

    def _find_adopted(self, wanted: Declaration, first: LivePolicy | None, live: LivePolicy, *, holds: bool) -> None:
        """Find the `Id` from before another delivery of this event adopted the policy, or wait for that delivery."""
        if first is not None and not self.is_ours(first) and first.with_id("") == live.with_id(""):
            self.former = first.id
        elif holds and self._monitor.is_late:
            # The other delivery knows what it adopted, so its answer must reach CloudFormation first.
            self._hold(wanted)

    def _write(self, wanted: Declaration, look: Look, live: LivePolicy, table: _Table) -> Take:
        """Write over the `live` policy as the decision `table` says, and return the entry that was applied."""
        found = self.found(live)
        take = table[found, wanted.when_exists]
        if take is Take.REFUSE:
            raise policy_exists(wanted.target, live)
        if take is Take.ADOPT:
            self._check_equivalent(wanted, live)
        if take in _TAKE_OVERS:
            self._fence.check_time_to_hold()
            self._monitor.ask()
            self.traces.append(Trace(wanted.target, live.text))
        if take is Take.OVERWRITE:
            self._log.write("overwrites", of=wanted.target, document=live.text, owner=live.owner)
        did = take.value
        try:
            self._fence.update(wanted.target, self._text(wanted, live, take), look)
        except ExpiredError:
            raise
        except Failure as failure:
            if failure.reason not in _REFUSALS_OF_DOCUMENT or not self._is_in_place(wanted, look):
                raise
            did = "unchanged"
        self.origin = Origin.ADOPTED if take in _TAKE_OVERS or found is Found.ADOPTED else Origin.MADE
        self.former = live.id if take is Take.ADOPT else self.former
        self._accepted(wanted.target)
        self._note(wanted, live, did)
        return take

    def _hold(self, wanted: Declaration) -> None:
        """Wait until no earlier write can arrive. Take over again if one undid this; raise if it is another's."""
        self._fence.hold()
        look = self._existing(wanted.target)
        if look.live is None:
            self._log.write("policy is gone, made again", of=wanted.target)
            self.take(wanted)
            return
        found = self.found(look.live)
        if found is Found.FOREIGN:
            raise policy_exists(wanted.target, look.live)
        if found is Found.UNMARKED and not self._settle(wanted, look, TAKE, holds=False):
            self.take(wanted)

    def _is_in_place(self, wanted: Declaration, look: Look) -> bool:
        """Return whether SES already holds the `wanted` document though it refused the write, as by an earlier try."""
        live = self._existing(wanted.target, after=look).live
        return self.is_ours(live) and self.says(wanted, live)

    def says(self, wanted: Declaration, live: LivePolicy | None) -> bool:
        """Return whether `live` is equivalent to the `wanted` document."""
        return live is not None and not differences(live, wanted.document, self._place.partition)

    def _text(self, wanted: Declaration, live: LivePolicy, take: Take) -> str:
        found = self.found(live)
        # If its marker was removed, a policy counts as adopted unless this owner is known to have made it.
        hand_edited = found is Found.UNMARKED and wanted.on_delete is OnDelete.RELEASE and not self._made
        if take is Take.WRITE and found is not Found.ADOPTED and not hand_edited:
            return wanted.document.text(self._marker)
        marker = self._marker.as_adopted()
        if take is Take.ADOPT:
            text = live.with_id(str(marker))
            if oversize(len(text.encode())) is None:
                return text
        return wanted.document.text(marker)

    def _note(self, wanted: Declaration, live: LivePolicy, what: str) -> None:
        found = self.found(live).value
        self._log.write(f"policy {what}", of=wanted.target, found=found, owner=live.owner)

    def _check_equivalent(self, wanted: Declaration, live: LivePolicy) -> None:
        different = differences(live, wanted.document, self._place.partition)
        if different:
            self._log.write("not adopted", of=wanted.target, differences=different, document=live.text)
            raise not_equivalent(wanted.target, different)
