"""What must hold at each call, write and answer, from docs/lifecycle.md and not from the code."""

from collections import Counter
from collections.abc import Callable
from typing import Any, Final

from tests.provider.interleaved.coverage import KINDS
from tests.provider.interleaved.deliveries import Delivery
from tests.provider.interleaved.jobs import Job, Leftover
from tests.provider.interleaved.ledger import Ledger, Work, Write, marked, meaning, named, owner_of, place_of, token_of
from tests.provider.interleaved.plan import Place, Reading
from tests.provider.interleaved.record import Record
from tests.provider.interleaved.residues import (
    CLAIM_SECONDS,
    FENCE_SECONDS,
    LOOK_SECONDS,
    NAMES,
    STALE_SECONDS,
    WORD_SECONDS,
)
from tests.provider.interleaved.ses import CLIENT_SECONDS, Call
from tests.provider.interleaved.timeline import Timeline
from tests.support.clocks import BEGIN

# The reasons that need a cause: a function may fail with one only after one of these faults.
_CAUSES: Final = {"RefusedBySes": {"refused"}, "SesUnavailable": {"unavailable", "reset", "lost", "late"}}


class Invariants:
    """Follows one history, and records each violation.

    :param timeline: the virtual time.
    :param reading: how SES behaves in this history.
    :param tells: adds a line to the history.
    """

    def __init__(self, timeline: Timeline, reading: Reading, tells: Callable[[str, str], None]) -> None:
        self.timeline = timeline
        self.reading = reading
        self.tells = tells
        self.ledger = Ledger()
        self.wrongs: list[str] = []
        self.residues: Counter[str] = Counter()
        self.kinds: set[str] = {"drops-id"} if reading.drops_id else set()
        self.excused: dict[tuple[str, Place], str] = {}
        """Why a policy may be left behind or not be held, by owner token and policy."""
        self.undone: list[tuple[str, int]] = []
        """The stack operations rolled back to their end since everything last came to rest, by stack and number."""
        self.rollbacks: set[tuple[str, int]] = set()
        """All operations that were rolled back."""
        self.steps = 0
        """The number of calls, questions, events, deliveries and answers."""

    def wrong(self, sentence: str) -> None:
        """Record a violation."""
        self.wrongs.append(f"+{self.timeline.now - BEGIN:.3f} {sentence}")
        self.tells("invariants", f"WRONG: {sentence}")

    def allows(self, residue: str, sentence: str) -> None:
        """Record that a residue excused something."""
        assert residue in NAMES, residue
        self.residues[residue] += 1
        self.tells("invariants", f"allowed, {residue}: {sentence}")

    def sent(self, job: Job) -> None:
        """Note that an event is sent."""
        self.steps += 1
        self.ledger.jobs[job.key] = job
        self.ledger.homes.setdefault(owner_of(job), (job.record.id, job.logical_id))
        known = named(job.physical_id)
        if job.kind == "Update" and known is not None and known.place != place_of(job.properties):
            self.kinds.add("rename")

    def cancels(self, job: Job) -> None:
        """See `Overseer.cancels`."""

    def gives_up(self, record: Record, leftover: Leftover, why: str) -> None:
        """Excuse a policy that CloudFormation failed to delete, or that a person skipped."""
        known = named(leftover.physical_id)
        token = (known and known.token) or token_of(record.id, leftover.logical_id)
        # A rename that CloudFormation did not hear of leaves a policy under both names.
        for place in {place_of(leftover.properties), known.place if known else place_of(leftover.properties)}:
            self.excused[token, place] = why

    def rolled_back(self, record: Record, operation: int) -> None:
        """Note that an operation was rolled back."""
        self.undone.append((record.id, operation))
        self.rollbacks.add((record.id, operation))

    def began(self, delivery: Delivery) -> None:
        """Note that a function starts."""
        job = self.ledger.jobs[delivery.sent.key]
        work = self.ledger.works[delivery.name] = Work(delivery, job, self.timeline.now)
        self.steps += 1
        for other in self.ledger.works.values():
            if other is not work and other.ended is None:
                self._overlap(other, work)

    def _overlap(self, older: Work, newer: Work) -> None:
        one, two = older.job, newer.job
        same = (one.record.id, one.logical_id) == (two.record.id, two.logical_id)
        if same and one.key != two.key:
            self.kinds.add(f"overlap-{one.kind.lower()}")
        if owner_of(one) != owner_of(two) and place_of(one.properties) == place_of(two.properties):
            if "Delete" in (one.kind, two.kind):
                self.kinds.add("overlap-delete")
            if any(job.kind != "Delete" and job.properties["WhenExists"] != "FAIL" for job in (one, two)):
                self.kinds.add("adoption-race")

    def met(self, delivery: Delivery, kind: str) -> None:
        """Note a random fault."""
        self.ledger.works[delivery.name].met.add(kind)
        if kind in KINDS:
            self.kinds.add(kind)

    def called(self, delivery: Delivery, call: Call) -> None:
        """Check that no call is sent after the answer, and no write on an old look."""
        self.steps += 1
        work, (identity, _) = self.ledger.works[delivery.name], call.place
        if work.decided is not None:
            self.wrong(f"{delivery.name} calls SES after its answer: {call}")
        if call.operation.startswith("get"):
            work.looks[identity] = call.sent
            work.claims = {place for place in work.claims if place[0] != identity}
        elif call.operation.startswith("create"):
            work.claims.add(call.place)
        elif call.place not in work.claims and call.sent - work.looks.get(identity, 0.0) > LOOK_SECONDS:
            self.wrong(f"{delivery.name} writes on a look that is too old: {call}")

    def asked(self, _delivery: Delivery) -> None:
        """Note a question to CloudFormation."""
        self.steps += 1

    def applied(self, call: Call, before: str | None, after: str | None) -> None:
        """Check a write when SES carries it out."""
        work = self.ledger.works[call.who]
        place, job, owner = call.place, work.job, owner_of(work.job)
        now = self.timeline.now
        late = max(0.0, now - call.sent - CLIENT_SECONDS)
        is_late = late > 0
        if work.decided is not None and now > work.decided:
            if is_late:
                self.allows("applied-late", f"{call} of {call.who} after its answer")
            else:
                self.wrong(f"{call} of {call.who} is carried out after its answer")
        last = self.ledger.last(place)
        is_again = last is not None and last.who == call.who and before == last.after == call.text
        fault = None if is_again else self._fault(job, call, before)
        self._judge_again(work, call, before)
        self._judge_word(work, call)
        allowed = True
        if fault is not None and before is not None:
            excuse = self._fence(place, call.who, is_late=is_late)
            if excuse:
                self.allows(excuse, f"{call} of {call.who}: {fault}")
            else:
                self.wrong(f"{call} of {call.who}: {fault}")
            allowed = False
        creates = call.operation.startswith("create")
        self.ledger.note(place, Write(now, owner, call.who, before, after, allowed, late, creates))

    def _judge_again(self, work: Work, call: Call, before: str | None) -> None:
        """Check that an answered Delete removes nothing more, except a policy with its own marker."""
        job, mark = work.job, marked(before)
        is_over = job.answered is not None and self.timeline.now > job.answered + FENCE_SECONDS
        kept = job.record.resources.get(job.logical_id)
        is_retained = kept is not None and kept.status == "DELETE_SKIPPED"
        is_ours = mark is not None and mark.token == owner_of(job) and not is_retained
        if job.kind != "Delete" or not is_over or before is None or is_ours:
            return
        sentence = f"{call} of {call.who}, and CloudFormation has its answer already"
        if work.met & {"denied-cfn", "unasked"}:
            self.allows("cannot-ask", sentence)
        else:
            self.wrong(sentence)

    def _judge_word(self, work: Work, call: Call) -> None:
        """Check that no function writes its document long after CloudFormation went on without it."""
        job, mark = work.job, marked(call.text)
        if job.kind == "Delete" or call.text is None or mark is None or mark.token != owner_of(job):
            return
        since = self.ledger.wanted_until(job, call.place, meaning(call.text))
        # If its clock is behind, a function that is late learns that only from SES's responses.
        age = self.timeline.now - (max(since, work.began) if job.kind == "Create" else since)
        if age < 0:
            return
        sentence = f"{call} of {call.who}, {age:.0f} s after CloudFormation went on"
        if age <= (WORD_SECONDS if job.kind == "Update" else CLAIM_SECONDS):
            self.allows("word-age", sentence)
        elif work.met & {"denied-cfn", "unasked"}:
            self.allows("cannot-ask", sentence)
        elif self.timeline.now - call.sent > CLIENT_SECONDS:
            self.allows("applied-late", sentence)
        else:
            self.wrong(sentence)

    def _fence(self, place: Place, who: str, *, is_late: bool) -> str:
        """Return the residue that excuses a write over another owner's policy; empty for none."""
        if self.reading.drops_id:
            return "drops-id"
        work, now = self.ledger.works[who], self.timeline.now
        began = work.began
        # A change from before this function began was visible to its look.
        if self.ledger.changed_by_another(place, who, max(began, now - FENCE_SECONDS)):
            return "look-age"
        stale = max(began, now - FENCE_SECONDS) - STALE_SECONDS
        if self.reading.stale and self.ledger.changed_by_another(place, who, stale):
            return "stale-presence"
        if is_late:
            return "applied-late"
        return "claim-age" if place in work.claims else ""

    def _fault(self, job: Job, call: Call, before: str | None) -> str | None:
        """Return why this owner may not do that to the policy as it is; None if it may."""
        if before is None:
            return None
        owner, place, mark = owner_of(job), call.place, marked(before)
        deletes = call.operation.startswith("delete")
        if mark is not None and mark.token == owner:
            keeps = deletes and mark.adopted and job.properties["OnDelete"] == "RELEASE" and job.kind == "Delete"
            is_wrong = keeps and self.ledger.made(place, owner) is None
            return "what was adopted is deleted, and not released" if is_wrong else None
        declares = job.kind != "Delete" and not deletes and place == place_of(job.properties)
        if declares and _may_take(job, before):
            return None
        if mark is None:
            made = self.ledger.made(place, owner) is not None
            return None if _may_drop(job, place, deletes=deletes, made=made) else f"it is unmarked, and not {owner}'s"
        return f"it is that of {mark.token}, not {owner}'s"

    def decided(self, delivery: Delivery, answer: dict[str, Any]) -> None:
        """Check an answer."""
        self.steps += 1
        work = self.ledger.works[delivery.name]
        work.decided = self.timeline.now
        job, reason = work.job, str(answer["Reason"])
        if len(reason.encode()) > 4000:
            self.wrong(f"{delivery.name}: the reason is too long")
        for place in {place_of(job.properties), place_of(job.old or job.properties)}:
            if f"policy {place[1]!r} on {place[0]!r}" in reason.partition("left behind")[2]:
                self.excused[owner_of(job), place] = "left-behind"
        if answer["Status"] == "FAILED":
            self._judge_failure(work, reason)

    def _judge_failure(self, work: Work, reason: str) -> None:
        code, job = reason.partition(":")[0], work.job
        place, owner = place_of(job.properties), owner_of(job)
        causes = _CAUSES.get(code)
        if causes is not None and not causes & work.met:
            self.wrong(f"{job.key} fails with {code}, and met nothing of that kind")
        if code in {"Crashed", "ImportFailed", "InvalidDeclaration", "IdentityNotFound"}:
            self.wrong(f"{job.key} fails with {reason}")
        if code == "PolicyLimit" and not self.reading.fillers:
            self.wrong(f"{job.key} fails with {reason}")
        if code == "PolicyVanished" and job.open and not self._went_away(place, owner, work.began):
            self.wrong(f"{job.key} fails with {reason}, and nobody else deleted it")
        if code == "Overtaken" and self.ledger.overtaken(job) > self.timeline.now and job.open:
            self.wrong(f"{job.key} is not overtaken, and says so")
        if code in {"PolicyExists", "NotEquivalent"} and not self._was_anothers(place, owner, job.begun):
            self.wrong(f"{job.key} fails with {reason}, and nobody else had it")

    def _was_anothers(self, place: Place, owner: str, since: float) -> bool:
        """Return whether at some time since `since` the policy was another owner's or unmarked."""
        writes = self.ledger.writes.get(place, [])
        later = [write for write in writes if write.at >= since - STALE_SECONDS]
        earlier = writes[: len(writes) - len(later)][-1:]
        states = [write.after for write in earlier] + [text for each in later for text in (each.before, each.after)]
        marks = [marked(text) for text in states if text is not None]
        return any(mark is None or mark.token != owner for mark in marks)

    def _went_away(self, place: Place, owner: str, since: float) -> bool:
        """Return whether another deleted the policy since `since`, or shortly before."""
        writes = self.ledger.writes.get(place, [])
        return any(each.after is None and each.owner != owner and each.at >= since - STALE_SECONDS for each in writes)

    def ended(self, delivery: Delivery) -> None:
        """Check that a function did not crash."""
        work = self.ledger.works[delivery.name]
        work.ended, work.killed = self.timeline.now, delivery.task.killed
        if delivery.fails:
            self.wrong(f"{delivery.name} crashed: {delivery.task.crash!r}")


def _may_take(job: Job, before: str) -> bool:
    """Return whether an event declares that it takes over another's policy."""
    when = job.properties["WhenExists"]
    return when == "OVERWRITE" or (when == "ADOPT" and meaning(before) == meaning(job.properties["Policy"]))


def _may_drop(job: Job, place: Place, *, deletes: bool, made: bool) -> bool:
    """Return whether an event may change an unmarked policy: one that it created, or one that its claimed id names."""
    known = named(job.physical_id)
    if known is None or known.token is None or known.place != place:
        return made and deletes
    return not deletes or made or job.properties["OnDelete"] == "DELETE"
