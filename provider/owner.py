"""One resource of one stack as the owner of policies: it takes them, keeps them, lets them go, and takes back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from provider.journal import Journal
from provider.reasons import Failure, Reason
from provider.ses import AlreadyExistsError, LimitExceededError, NotFoundError, Policies
from provider.watch import Watch
from ses_sending_policy.rules.decisions import KEEP, TAKE, Drop, Found, Take
from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.equivalence import differences
from ses_sending_policy.rules.errors import SendingPolicyError
from ses_sending_policy.rules.limits import POLICIES_PER_IDENTITY
from ses_sending_policy.rules.ownership import Marker, StackId, Target
from ses_sending_policy.rules.wire import Declaration, OnDelete, WhenExists

# A policy that vanishes between two calls is somebody else's deploy; more often than this it is a fight.
_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Trace:
    """What a run did to a policy that was not this owner's before.

    :param target: the policy.
    :param before: its text before; None where there was none.
    """

    target: Target
    before: str | None


class Owner:
    """Makes SES hold what is declared, and nothing else of its own.

    :param marker: says who the owner is.
    :param place: the account and region that the function works in.
    :param policies: SES.
    :param watch: tells whether CloudFormation still wants it.
    :param journal: is told each decision.
    :param accepted: called once SES accepted a write that gives this owner a policy.
    """

    def __init__(
        self,
        *,
        marker: Marker,
        place: StackId,
        policies: Policies,
        watch: Watch,
        journal: Journal,
        accepted: Callable[[Target], None],
    ) -> None:
        self._marker = marker
        self._place = place
        self._policies = policies
        self._watch = watch
        self._journal = journal
        self._accepted = accepted
        self._traces: list[Trace] = []

    def read(self, target: Target) -> LivePolicy | None:
        """Return the policy as it is at SES, None without one; raise `NotFoundError` without the identity."""
        text = self._policies.read(target)
        return None if text is None else LivePolicy(text)

    def found(self, live: LivePolicy | None) -> Found:
        """Return what `live` is to this owner."""
        return Found.of(live, self._marker.token)

    def check(self, wanted: Declaration) -> None:
        """Raise `DeclarationError` where SES could not hold what is `wanted`, before anything is called."""
        wanted.document.text(self._marker)

    def take(self, wanted: Declaration) -> None:
        """Make SES hold what is `wanted` under a name that is not known to be this owner's.

        CreateEmailIdentityPolicy claims the name: only it refuses a taken one, at once and atomically.
        UpdateEmailIdentityPolicy writes the document.
        """
        for _ in range(_ROUNDS):
            refusal = self._claim(wanted)
            if refusal is None:
                self._write_made(wanted)
                return
            live = self._existing(wanted.target)
            if live is None and isinstance(refusal, LimitExceededError):
                raise self._limit(wanted.target)
            if live is not None and self._settle(wanted, live, TAKE):
                return
        raise Failure(Reason.POLICY_VANISHED, f"{wanted.target} came and went {_ROUNDS} times; see who else deploys it")

    def _claim(self, wanted: Declaration) -> AlreadyExistsError | LimitExceededError | None:
        """Create the policy; return the refusal where the name, or the last place, is taken."""
        self._watch.before_write()
        try:
            self._policies.create(wanted.target, wanted.document.text(self._marker))
        except (AlreadyExistsError, LimitExceededError) as refusal:
            if isinstance(refusal, AlreadyExistsError) and refusal.doubtful:
                # An earlier try of this call may have made it; whether it is ours, an undo looks at.
                self._traces.append(Trace(wanted.target, None))
            return refusal
        except NotFoundError:
            raise self._no_identity(wanted.target) from None
        except Failure as failure:
            if failure.doubtful:
                self._traces.append(Trace(wanted.target, None))
            raise
        self._traces.append(Trace(wanted.target, None))
        self._accepted(wanted.target)
        return None

    def keep(self, wanted: Declaration) -> None:
        """Make SES hold what is `wanted` under a name that is this owner's."""
        live = self._existing(wanted.target)
        if live is None or not self._settle(wanted, live, KEEP):
            self._journal.write("policy is gone, made again")
            self.take(wanted)

    def drop(self, target: Target, live: LivePolicy | None, drop: Drop) -> None:
        """Let the policy go as the teardown table says."""
        if drop is Drop.DELETE:
            try:
                self._policies.delete(target)
            except NotFoundError:
                drop = Drop.NOTHING
        elif drop is Drop.RELEASE and live is not None:
            drop = self._release(target, live)
        self._journal.write(f"policy {drop.value}", owner=live and live.marker and live.marker.owner)

    def undo(self) -> list[Target]:
        """Take back what this run did, and return what could not be."""
        self._watch.stop()
        left: list[Target] = []
        for trace in reversed(self._traces):
            try:
                self._take_back(trace)
            except NotFoundError:
                self._journal.write("taken back: nothing there", of=trace.target)
            except SendingPolicyError as failure:
                self._journal.write("not taken back", of=trace.target, error=str(failure))
                if trace.target not in left:
                    left.append(trace.target)
        return left

    def _take_back(self, trace: Trace) -> None:
        if self.found(self.read(trace.target)) not in (Found.OURS, Found.ADOPTED):
            self._journal.write("taken back: not ours any more", of=trace.target)
        elif trace.before is None:
            self._policies.delete(trace.target)
            self._journal.write("taken back: deleted", of=trace.target)
        else:
            self._policies.update(trace.target, trace.before)
            self._journal.write("taken back: written as before", of=trace.target)

    def _existing(self, target: Target) -> LivePolicy | None:
        try:
            return self.read(target)
        except NotFoundError:
            raise self._no_identity(target) from None

    def _write_made(self, wanted: Declaration) -> None:
        try:
            self._policies.update(wanted.target, wanted.document.text(self._marker))
        except NotFoundError:
            raise Failure(
                Reason.POLICY_VANISHED, f"{wanted.target} was deleted by somebody else right after it was made"
            ) from None
        self._journal.write("policy created")

    def _settle(self, wanted: Declaration, live: LivePolicy, table: Mapping[tuple[Found, WhenExists], Take]) -> bool:
        """Do with the `live` policy what the table says; return False where it is gone meanwhile."""
        found = self.found(live)
        take = table[found, wanted.when_exists]
        if take is Take.REFUSE:
            raise self._refusal(wanted, live)
        if take is Take.ADOPT:
            self._check_equivalent(wanted, live)
        if take is Take.OVERWRITE:
            self._journal.write("overwrites", document=live.text, owner=live.marker and live.marker.owner)
        before_us = take is not Take.WRITE or found is Found.ADOPTED
        hand_edited = found is Found.UNMARKED and wanted.on_delete is OnDelete.RELEASE
        text = wanted.document.text(self._marker.as_adopted() if before_us or hand_edited else self._marker)
        if live.elements == LivePolicy(text).elements:
            self._journal.write("policy unchanged", found=found.value)
            return True
        if take is not Take.WRITE:
            self._traces.append(Trace(wanted.target, live.text))
        self._watch.before_write()
        try:
            self._policies.update(wanted.target, text)
        except NotFoundError:
            return False
        self._accepted(wanted.target)
        self._journal.write(f"policy {take.value}", found=found.value, owner=live.marker and live.marker.owner)
        return True

    def _release(self, target: Target, live: LivePolicy) -> Drop:
        try:
            self._policies.update(target, live.without_marker())
        except NotFoundError:
            return Drop.NOTHING
        except Failure as failure:
            self._journal.write("release refused", error=str(failure))
            return Drop.LEAVE
        return Drop.RELEASE

    def _limit(self, target: Target) -> Failure:
        return Failure(
            Reason.POLICY_LIMIT,
            f"{target.identity.name!r} has {POLICIES_PER_IDENTITY} policies already, and SES allows no more; "
            f"put {target.policy_name!r} together with another, or delete one",
        )

    def _no_identity(self, target: Target) -> Failure:
        return Failure(
            Reason.IDENTITY_NOT_FOUND,
            f"account {self._place.account} has no identity {target.identity.name!r} in {self._place.region}; "
            "make it there first, or deploy the policy where it is",
        )

    def _refusal(self, wanted: Declaration, live: LivePolicy) -> Failure:
        owner = f"belongs to {live.marker.owner}" if live.marker else "was not made by a SendingPolicy"
        return Failure(
            Reason.POLICY_EXISTS,
            f"{wanted.target} exists and {owner}; choose another policy_name, or say when_exists ADOPT or OVERWRITE",
        )

    def _check_equivalent(self, wanted: Declaration, live: LivePolicy) -> None:
        different = differences(live, wanted.document, self._place.partition)
        if different:
            self._journal.write("not adopted", differences=different, document=live.text)
            raise Failure(Reason.NOT_EQUIVALENT, f"{wanted.target} cannot be adopted: {'; '.join(different)}")
