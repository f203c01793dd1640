"""What must hold once nothing happens any more: SES holds what was declared, and nothing else of ours."""

from tests.provider.interleaved.excuses import UNASKED, Excuses
from tests.provider.interleaved.invariants import Invariants
from tests.provider.interleaved.ledger import Write, marked, meaning, named, owner_of, place_of
from tests.provider.interleaved.plan import Place
from tests.provider.interleaved.record import Kept, Record
from tests.provider.interleaved.residues import FENCE_SECONDS, STALE_SECONDS
from tests.provider.interleaved.ses import Ses, canonical

_AT_REST = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}
_STUCK = {"UPDATE_ROLLBACK_FAILED", "DELETE_FAILED", "ROLLBACK_FAILED"}
_COMPLETE = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}


class Rest:
    """Checks everything once it has come to rest.

    :param invariants: records the violations.
    :param ses: SES.
    :param records: all stacks, by id.
    """

    def __init__(self, invariants: Invariants, ses: Ses, records: dict[str, Record]) -> None:
        self._invariants = invariants
        self._ses = ses
        self._records = records
        self._excuses = Excuses(invariants, ses)

    def look(self) -> None:
        """Record each violation."""
        for record in self._records.values():
            if record.status in _AT_REST:
                for logical_id, kept in record.resources.items():
                    if kept.status in _COMPLETE:
                        self._holds(record, logical_id, kept)
        for place, text in self._ses.policies.items():
            self._belongs(place, text)
        self._answered()
        self._given_back()

    def _wrong(self, place: Place, owner: str, sentence: str, *, left: bool = False) -> None:
        excuse = self._excuses.excuse(place, owner, left=left)
        if excuse:
            self._invariants.allows(excuse, sentence)
        else:
            self._invariants.wrong(sentence)

    def _holds(self, record: Record, logical_id: str, kept: Kept) -> None:
        """Check that SES holds what a resource declares."""
        known = named(kept.physical_id)
        who = f"{record.name}/{logical_id}"
        if known is None or known.token is None:
            self._invariants.wrong(f"{who} is complete with the id {kept.physical_id}")
            return
        place, text = known.place, self._ses.policies.get(known.place)
        if place != place_of(kept.properties):
            self._wrong(place, known.token, f"{who} declares {place_of(kept.properties)} and is {kept.physical_id}")
            return
        mark = marked(text)
        is_ours = mark is not None and mark.token == known.token
        if text is not None and (is_ours or self._invariants.reading.drops_id):
            if meaning(text) != meaning(kept.properties["Policy"]):
                self._wrong(place, known.token, f"{who}: {place} does not say what is declared: {text}")
        elif not self._was_taken(place, known.token):
            self._wrong(place, known.token, f"{who}: {place} is not held, there is {text}")

    def _was_taken(self, place: Place, owner: str) -> bool:
        """Return whether another owner, or a person, took the policy and was allowed to."""
        for write in reversed(self._invariants.ledger.writes.get(place, [])):
            if write.owner == owner:
                return False
            if write.allowed:
                return True
        return False

    def _belongs(self, place: Place, text: str) -> None:
        """Check that a policy with a marker, or one that was created and not released, belongs to a resource."""
        mark = marked(text)
        if mark is not None:
            owner = mark.token
            if self._has(place, owner):
                return
            sentence = f"{place} is left of {self._invariants.ledger.homes.get(owner)}, {owner}: {text}"
            if self._given_back_late(place, owner):
                self._invariants.allows("given-back-late", sentence)
            else:
                self._wrong(place, owner, sentence, left=True)
            return
        maker = self._invariants.ledger.makers.get(place)
        if maker and not self._has(place, maker) and self._should_be_gone(place, maker):
            sentence = f"{place} is left unmarked, and {self._invariants.ledger.homes.get(maker)} made it"
            self._wrong(place, maker, sentence, left=True)

    def _given_back_late(self, place: Place, owner: str) -> bool:
        """Return whether a rollback gave the policy back to an owner whose Delete had come before."""
        last = self._invariants.ledger.last(place)
        if last is None or last.owner in ("", owner):
            return False
        job = self._invariants.ledger.works[last.who].job
        if (job.record.id, job.operation) not in self._invariants.rollbacks:
            return False
        works = self._invariants.ledger.works.values()
        deletes = [work for work in works if work.job.kind == "Delete" and owner_of(work.job) == owner]
        return any(work.decided is not None and work.decided < last.at + STALE_SECONDS for work in deletes)

    def _has(self, place: Place, owner: str) -> bool:
        stack_id, logical_id = self._invariants.ledger.homes.get(owner, ("", ""))
        record = self._records.get(stack_id)
        if record is None:
            return True  # the marker was written by hand, and names no resource of this history
        if record.status in _STUCK:
            return True
        kept = record.resources.get(logical_id)
        if kept is None or kept.status not in _COMPLETE or record.status not in _AT_REST:
            return False
        known = named(kept.physical_id)
        return known is not None and known.place == place

    def _should_be_gone(self, place: Place, maker: str) -> bool:
        """Return whether the Delete of the policy's creator came while it was unmarked or its own."""
        made = self._invariants.ledger.made(place, maker)
        if self._took_back(place, maker):
            return False
        for work in self._invariants.ledger.works.values():
            is_again = work.job.answered is not None and work.began > work.job.answered
            if made is None or work.began < made or is_again:
                continue
            known = named(work.job.physical_id)
            about = (known and known.place) or place_of(work.job.properties)
            if work.job.kind != "Delete" or owner_of(work.job) != maker or about != place or work.decided is None:
                continue
            states = self._invariants.ledger.states(place, work.began - STALE_SECONDS, work.decided)
            if all(mark is None or mark.token == maker for mark in map(marked, states)):
                return True
        return False

    def _took_back(self, place: Place, maker: str) -> bool:
        """Return whether the policy's creator took it over again later. It may then be released like an adopted one."""
        for each in self._invariants.ledger.writes.get(place, []):
            mark = marked(each.after)
            if each.owner != maker or mark is None or not mark.adopted:
                continue
            before = [marked(text) for text in self._invariants.ledger.states(place, each.at - FENCE_SECONDS, each.at)]
            if any(other is None or other.token != maker for other in before):
                return True
        return False

    def _answered(self) -> None:
        """Check that every event got an answer."""
        for job in self._invariants.ledger.jobs.values():
            works = [work for work in self._invariants.ledger.works.values() if work.job is job]
            if works and all(work.decided is None for work in works) and not any(work.killed for work in works):
                self._invariants.wrong(f"{job.key} has no answer")

    def _given_back(self) -> None:
        """Check that what a rolled-back operation had adopted has its former text again."""
        invariants = self._invariants
        if invariants.reading.drops_id:
            return
        undone = set(invariants.undone)
        for place, writes in invariants.ledger.writes.items():
            for index, write in enumerate(writes):
                job = invariants.ledger.works[write.who].job if write.who else None
                if job is None or job.reverts or (job.record.id, job.operation) not in undone or write.before is None:
                    continue
                took = marked(write.after)
                if took is None or took.token != write.owner:
                    continue
                mark, declared = marked(write.before), job.properties
                is_theirs = mark is None or mark.token != write.owner
                adopts = job.kind != "Delete" and declared["WhenExists"] == "ADOPT" and place == place_of(declared)
                if not (is_theirs and adopts and write.allowed and declared["OnDelete"] == "RELEASE"):
                    continue
                if all(later.owner == write.owner for later in writes[index:]) and not self._has(place, write.owner):
                    self._same(place, write)
        invariants.undone.clear()

    def _was_crossed(self, writes: list[Write]) -> bool:
        """Return whether two functions gave the policy back, and the last one had not seen that the other did."""
        if len(writes) < 2:
            return False
        before, last = writes[-2:]
        began = self._invariants.ledger.works[last.who].began if last.who else last.at
        is_near = began < before.at and last.at <= before.at + FENCE_SECONDS
        return is_near and not last.allowed and before.who != last.who

    def _ended_before(self, place: Place, write: Write) -> bool:
        """Return whether the function that adopted the policy ended before the policy changed again."""
        later = [each.at for each in self._invariants.ledger.writes[place] if each.at > write.at]
        ended = self._invariants.ledger.works[write.who].ended
        return ended is not None and (not later or ended < later[0])

    def _same(self, place: Place, write: Write) -> None:
        now, before = self._ses.policies.get(place), write.before
        assert before is not None
        is_canonical = self._invariants.reading.canonical
        if now == before or (is_canonical and now is not None and canonical(now) == canonical(before)):
            return
        sentence = f"{place} was adopted by {write.who} and is not given back: {before}, {now}"
        works = [each for each in self._invariants.ledger.works.values() if owner_of(each.job) == write.owner]
        changed = self._invariants.ledger.writes[place]
        others = [each.at for each in changed if each.who != write.who and each.at <= write.at]
        since = max(self._invariants.ledger.works[write.who].began, write.at - FENCE_SECONDS)
        if any(work.met & UNASKED for work in works):
            self._invariants.allows("cannot-ask", sentence)
        elif self._was_crossed(changed) or (others and others[-1] > since):
            self._invariants.allows("look-age", sentence)
        elif self._excuses.is_unheard_of(place, write.owner) and self._ended_before(place, write):
            self._invariants.allows("adopted-unheard", sentence)
        else:
            self._wrong(place, write.owner, sentence)
