"""Who wrote what, and whose each policy is: kept from outside, and read with other eyes than the function's."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.provider.interleaved.deliveries import Delivery
from tests.provider.interleaved.jobs import Job
from tests.provider.interleaved.plan import Place
from tests.provider.interleaved.timeline import FOREVER

_TOKEN = re.compile(r"[0-9a-f]{16}")


def token_of(stack_id: str, logical_id: str) -> str:
    """Return the token of a resource."""
    return hashlib.sha256(f"{stack_id}|{logical_id}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Named:
    """A physical id, whoever wrote it and in which version.

    :param token: the owner's, once it is claimed.
    """

    place: Place
    token: str | None


def named(physical_id: str) -> Named | None:
    """Return what a physical id names: `identity|policy|token`, maybe with more behind; none where it is invented."""
    parts = physical_id.split("|")
    if len(parts) < 3:
        return None
    return Named((parts[0], parts[1]), parts[2] if _TOKEN.fullmatch(parts[2]) else None)


@dataclass(frozen=True, slots=True)
class Marked:
    """Whose a policy says it is."""

    token: str
    adopted: bool


def marked(text: str | None) -> Marked | None:
    """Return whose a policy says it is, or None."""
    if text is None:
        return None
    parts = str(json.loads(text).get("Id", "")).split("/")
    if len(parts) < 3 or not _TOKEN.fullmatch(parts[2]):
        return None
    return Marked(parts[2], "adopted" in parts[3:])


def meaning(text: str | dict[str, Any]) -> str:
    """Return one text for documents that say the same; only for those that are drawn here."""
    document = json.loads(text) if isinstance(text, str) else json.loads(json.dumps(text))
    statements = document["Statement"] if isinstance(document["Statement"], list) else [document["Statement"]]
    said = []
    for statement in statements:
        principal = statement["Principal"]
        one = principal["AWS"] if isinstance(principal, dict) else principal
        accounts = one if isinstance(one, list) else [one]
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        said.append(
            [
                statement["Effect"],
                sorted(each.removeprefix("arn:aws:iam::").removesuffix(":root") for each in accounts),
                sorted(each.lower() for each in actions),
                statement["Resource"],
            ]
        )
    return json.dumps([document.get("Version"), said])


def place_of(properties: dict[str, Any]) -> Place:
    """Return the policy that properties name."""
    return properties["EmailIdentity"], properties["PolicyName"]


def owner_of(job: Job) -> str:
    """Return the token that an event speaks for."""
    known = named(job.physical_id)
    return (known and known.token) or token_of(job.record.id, job.logical_id)


def _of(job: Job) -> tuple[str, str]:
    """Return which resource an event is about."""
    return job.record.id, job.logical_id


def _declares(job: Job, place: Place, says: str) -> bool:
    """Return whether an event declares a policy that says this."""
    return place_of(job.properties) == place and meaning(job.properties["Policy"]) == says


@dataclass(frozen=True, slots=True)
class Write:
    """One change of a policy.

    :param at: when SES carried it out.
    :param owner: whose token; empty by hand.
    :param who: the delivery's name; empty by hand.
    :param before: the text before.
    :param after: the text after.
    :param allowed: whether it may be, so that who had the policy before has lost it.
    """

    at: float
    owner: str
    who: str
    before: str | None
    after: str | None
    allowed: bool = True
    late: float = 0.0
    """For how many seconds its client had given it up; 0 where it had not."""
    creates: bool = False
    """Whether it was CreateEmailIdentityPolicy: who updates what went meanwhile knows nothing of having made it."""


@dataclass
class Work:
    """One delivery, as the invariants follow it.

    :param job: its event.
    """

    delivery: Delivery
    job: Job
    began: float
    ended: float | None = None
    decided: float | None = None
    killed: bool = False
    met: set[str] = field(default_factory=set)
    """What went wrong that was drawn."""
    looks: dict[str, float] = field(default_factory=dict)
    """By identity, when its last look was sent."""
    claims: set[Place] = field(default_factory=set)
    """What it claimed since its last look."""


@dataclass
class Ledger:
    """Everything that was written."""

    writes: dict[Place, list[Write]] = field(default_factory=dict)
    makers: dict[Place, str] = field(default_factory=dict)
    """Who made the policy that is there; nobody for what was made by hand."""
    works: dict[str, Work] = field(default_factory=dict)
    """By the delivery's name."""
    jobs: dict[str, Job] = field(default_factory=dict)
    """By key, as `Mail/A#2`."""
    homes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By token, the stack's id and the logical id."""

    def note(self, place: Place, write: Write) -> None:
        """Note a change; a write that did nothing is none."""
        if write.before is None and write.after is None:
            return
        self.writes.setdefault(place, []).append(write)
        if write.after is None:
            self.makers.pop(place, None)
        elif write.before is None:
            self.makers[place] = write.owner if write.creates else ""

    def last(self, place: Place) -> Write | None:
        """Return the last change of a policy."""
        writes = self.writes.get(place)
        return writes[-1] if writes else None

    def states(self, place: Place, since: float, until: float) -> Iterator[str]:
        """Yield every text that a policy had in a span of time."""
        last: str | None = None
        for write in self.writes.get(place, []):
            if write.at > until:
                break
            if write.at >= since and last is not None:
                yield last
            last = write.after
        if last is not None:
            yield last

    def changed_by_another(self, place: Place, who: str, since: float) -> bool:
        """Return whether any other delivery changed a policy since a time."""
        return any(write.at >= since and write.who != who for write in self.writes.get(place, []))

    def made(self, place: Place, owner: str) -> float | None:
        """Return when an owner made a policy last, whether it is there or not."""
        times = [each.at for each in self.writes.get(place, []) if each.owner == owner and each.creates]
        return times[-1] if times else None

    def wanted_until(self, job: Job, place: Place, says: str) -> float:
        """Return until when CloudFormation wanted that an event's resource writes a text.

        :param says: what the text means.
        """
        jobs = [each for each in self.jobs.values() if _of(each) == _of(job)]
        writers = [each for each in jobs if each.kind != "Delete"]
        declare = [each for each in writers if _declares(each, place, says)]
        if not declare:
            return FOREVER
        newest = max(declare, key=lambda each: each.number)
        ends = [each.begun for each in writers if each.number > newest.number]
        ends += [newest.cancelled] if newest.cancelled is not None else []
        kept = job.record.resources.get(job.logical_id)
        if kept is None or kept.status.startswith("DELETE_"):
            # A clean-up deletes what the resource was before: that does not count.
            ends += [max((each.begun for each in jobs if each.kind == "Delete"), default=FOREVER)]
        return min(ends, default=FOREVER)

    def overtaken(self, job: Job) -> float:
        """Return when CloudFormation went on without an event."""
        newer = [
            other.begun
            for other in self.jobs.values()
            if other.number > job.number and (other.record.id, other.logical_id) == (job.record.id, job.logical_id)
        ]
        return min([*newer, FOREVER if job.cancelled is None else job.cancelled], default=FOREVER)
