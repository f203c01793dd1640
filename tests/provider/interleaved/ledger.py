"""Records who wrote what and whose each policy is, with its own reading of ids and markers, not the function's."""

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
    """Return the owner token of a resource."""
    return hashlib.sha256(f"{stack_id}|{logical_id}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Named:
    """A physical id, parsed, in any of its versions.

    :param token: the owner token, if the id claims the policy.
    """

    place: Place
    token: str | None


def named(physical_id: str) -> Named | None:
    """Return a physical id, parsed: `identity|policy|token`, and maybe more; None if it is made up."""
    parts = physical_id.split("|")
    if len(parts) < 3:
        return None
    return Named((parts[0], parts[1]), parts[2] if _TOKEN.fullmatch(parts[2]) else None)


@dataclass(frozen=True, slots=True)
class Marked:
    """A marker, parsed."""

    token: str
    adopted: bool


def marked(text: str | None) -> Marked | None:
    """Return the marker of a policy, parsed; None if it has none."""
    if text is None:
        return None
    parts = str(json.loads(text).get("Id", "")).split("/")
    if len(parts) < 3 or not _TOKEN.fullmatch(parts[2]):
        return None
    return Marked(parts[2], "adopted" in parts[3:])


def meaning(text: str | dict[str, Any]) -> str:
    """Return the same text for documents that mean the same; only for those in these histories."""
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
    """Return the policy that the properties name."""
    return properties["EmailIdentity"], properties["PolicyName"]


def owner_of(job: Job) -> str:
    """Return the owner token of an event."""
    known = named(job.physical_id)
    return (known and known.token) or token_of(job.record.id, job.logical_id)


def _of(job: Job) -> tuple[str, str]:
    """Return the resource of an event."""
    return job.record.id, job.logical_id


def _declares(job: Job, place: Place, says: str) -> bool:
    """Return whether an event declares this policy with this meaning."""
    return place_of(job.properties) == place and meaning(job.properties["Policy"]) == says


@dataclass(frozen=True, slots=True)
class Write:
    """One change of a policy.

    :param at: when SES carried it out.
    :param owner: the owner token; empty by hand.
    :param who: the delivery's name; empty by hand.
    :param before: the text before.
    :param after: the text after.
    :param allowed: whether the owner was allowed to do it, so that the former owner has lost the policy.
    """

    at: float
    owner: str
    who: str
    before: str | None
    after: str | None
    allowed: bool = True
    late: float = 0.0
    """How many seconds before it the client had given the call up; 0 if it had not."""
    creates: bool = False
    """Whether it was CreateEmailIdentityPolicy. An update that creates a deleted policy again does not count."""


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
    """The random faults that it met."""
    looks: dict[str, float] = field(default_factory=dict)
    """By identity, when its last look was sent."""
    claims: set[Place] = field(default_factory=set)
    """The policies that it has claimed since its last look."""


@dataclass
class Ledger:
    """All writes, and who made them."""

    writes: dict[Place, list[Write]] = field(default_factory=dict)
    makers: dict[Place, str] = field(default_factory=dict)
    """Which owner created the policy that exists; empty if it was created by hand."""
    works: dict[str, Work] = field(default_factory=dict)
    """By the delivery's name."""
    jobs: dict[str, Job] = field(default_factory=dict)
    """By key, for instance `Mail/A#2`."""
    homes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """By owner token, the stack's id and the logical id."""

    def note(self, place: Place, write: Write) -> None:
        """Record a write, unless there was no policy before or after it."""
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
        """Yield every text that a policy had between two times."""
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
        """Return whether another delivery changed the policy since a time."""
        return any(write.at >= since and write.who != who for write in self.writes.get(place, []))

    def made(self, place: Place, owner: str) -> float | None:
        """Return when an owner last created the policy, whether or not it still exists."""
        times = [each.at for each in self.writes.get(place, []) if each.owner == owner and each.creates]
        return times[-1] if times else None

    def wanted_until(self, job: Job, place: Place, says: str) -> float:
        """Return until when CloudFormation wanted the event's resource to write a text.

        :param says: the meaning of the text.
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
            # A clean-up deletes what the resource was before, which does not count.
            ends += [max((each.begun for each in jobs if each.kind == "Delete"), default=FOREVER)]
        return min(ends, default=FOREVER)

    def overtaken(self, job: Job) -> float:
        """Return when CloudFormation went on without this event."""
        newer = [
            other.begun
            for other in self.jobs.values()
            if other.number > job.number and (other.record.id, other.logical_id) == (job.record.id, job.logical_id)
        ]
        return min([*newer, FOREVER if job.cancelled is None else job.cancelled], default=FOREVER)
