"""Finds the residue that excuses a policy that is not as its owner declared it."""

from tests.provider.interleaved.invariants import Invariants
from tests.provider.interleaved.ledger import Write, marked, named, owner_of
from tests.provider.interleaved.plan import Place
from tests.provider.interleaved.residues import FENCE_SECONDS, STALE_SECONDS
from tests.provider.interleaved.ses import Ses

UNASKED = frozenset({"denied-cfn", "unasked"})
"""The faults of a delivery that could not ask CloudFormation."""


class Excuses:
    """Finds residues.

    :param invariants: has recorded what happened.
    :param ses: SES.
    """

    def __init__(self, invariants: Invariants, ses: Ses) -> None:
        self._invariants = invariants
        self._ses = ses

    def excuse(self, place: Place, owner: str, *, left: bool) -> str:
        """Return the residue that excuses a policy that is not as its owner declared it; empty for none.

        :param left: whether the policy exists and should not.
        """
        invariants = self._invariants
        excused = invariants.excused.get((owner, place))
        if excused is not None:
            return "abandoned" if excused in {"retained", "skipped"} else excused
        if left and self._release_refused(place, owner):
            return "release-refused"
        if left and self._is_unheard(place, owner):
            return "made-unheard"
        last = invariants.ledger.last(place)
        if last is not None and not last.who:
            return "by-hand"
        excuse = self._of_last(last, place, owner) if last is not None else ""
        if not excuse and invariants.reading.drops_id:
            owners = {write.owner for write in invariants.ledger.writes.get(place, [])}
            return "drops-id" if left or len(owners) > 1 else ""
        return excuse

    def _of_last(self, last: Write, place: Place, owner: str) -> str:
        ledger = self._invariants.ledger
        work = ledger.works[last.who]
        # The function of the write waits this long before it reads again, so only a later write escapes it.
        if last.late and (self._invariants.reading.stale or last.late > STALE_SECONDS):
            return "applied-late"
        if work.killed:
            return "killed"
        if ledger.overtaken(work.job) <= (work.ended or last.at) and work.met & UNASKED:
            return "cannot-ask"
        # A function that takes a policy over looks again after this could have happened, and repairs it or fails.
        mark = marked(last.after)
        if mark is not None and mark.token == owner != last.owner:
            # It put the policy back after the policy had changed, as it had seen it before.
            return "look-age" if self._was_seen_before(last, place, owner) else ""
        took = self._took(place, owner) and not self._took_in_rollback(place, owner)
        return "look-age" if self._was_overwritten(place, owner) and not took else ""

    def _was_seen_before(self, last: Write, place: Place, owner: str) -> bool:
        """Return whether a function put back a text that the owner changed between its look and its write."""
        took = [each for each in self._invariants.ledger.writes[place] if each.who == last.who and not each.allowed]
        since = took[0].at - FENCE_SECONDS - STALE_SECONDS if took else last.at
        return self._was_overwritten(place, owner) and last.after in set(
            self._invariants.ledger.states(place, since, last.at)
        )

    def _was_overwritten(self, place: Place, owner: str) -> bool:
        """Return whether the write right after an owner's last one was decided on a look that did not show that."""
        ledger = self._invariants.ledger
        writes = ledger.writes.get(place, [])
        own = [index for index, write in enumerate(writes) if write.owner == owner]
        if not own or own[-1] + 1 >= len(writes):
            return False
        last, after = writes[own[-1]], writes[own[-1] + 1]
        if not after.allowed:
            return True
        stale = STALE_SECONDS if self._invariants.reading.stale else 0
        began = ledger.works[after.who].began if after.who else last.at
        return began < last.at + stale and after.at <= last.at + FENCE_SECONDS + stale

    def _took(self, place: Place, owner: str) -> bool:
        """Return whether an owner's last write of a policy was to take it over."""
        own = [write for write in self._invariants.ledger.writes.get(place, []) if write.owner == owner]
        if not own or own[-1].before is None or any(write.creates and write.who == own[-1].who for write in own):
            return False
        mark = marked(own[-1].before)
        return mark is None or mark.token != owner

    def _took_in_rollback(self, place: Place, owner: str) -> bool:
        """Return whether a rollback did so. A rollback that finds the policy of another owner leaves it alone."""
        own = [write for write in self._invariants.ledger.writes.get(place, []) if write.owner == owner]
        return self._invariants.ledger.works[own[-1].who].job.reverts

    def _release_refused(self, place: Place, owner: str) -> bool:
        """Return whether SES refused to release what an owner had adopted, which leaves it there."""
        mark = marked(self._ses.policies.get(place))
        return (mark is None or mark.adopted) and any(
            work.job.kind == "Delete" and owner_of(work.job) == owner and "refused-write" in work.met
            for work in self._invariants.ledger.works.values()
        )

    def _is_unheard(self, place: Place, owner: str) -> bool:
        """Return whether CloudFormation never heard that an owner created a policy, and the policy has no marker."""
        owners = {write.owner for write in self._invariants.ledger.writes.get(place, [])}
        return not self._invariants.reading.drops_id and owners != {owner} and self.is_unheard_of(place, owner)

    def is_unheard_of(self, place: Place, owner: str) -> bool:
        """Return whether the id in an owner's last Delete claimed no policy, and the policy has no marker."""
        deletes = [
            job for job in self._invariants.ledger.jobs.values() if job.kind == "Delete" and owner_of(job) == owner
        ]
        known = [named(job.physical_id) for job in deletes[-1:]]
        return marked(self._ses.policies.get(place)) is None and not any(each and each.token for each in known)
