"""CloudFormation's stacks, the events for their resources, and how they are sent."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any, Protocol
from uuid import UUID

from ses_sending_policy.rules.wire import RESOURCE_TYPE
from tests.provider.interleaved.deliveries import Cloud, Sent
from tests.provider.interleaved.plan import Reading
from tests.provider.interleaved.record import Kept, Properties, Record
from tests.provider.interleaved.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Leftover:
    """A physical resource that no longer belongs to its stack."""

    logical_id: str
    physical_id: str
    properties: Properties


@dataclass
class Job:
    """An event of a resource, and how it ended.

    :param kind: `Create`, `Update` or `Delete`.
    :param expires: when CloudFormation stops waiting for its answer.
    """

    kind: str
    record: Record
    logical_id: str
    properties: Properties
    physical_id: str
    expires: float
    key: str = ""
    number: int = 0
    """Its number among all events of all resources."""
    operation: int = 0
    """The number of the stack operation that it belongs to."""
    old: Properties | None = None
    begun: float = 0.0
    reverts: bool = False
    """Whether it is part of a rollback."""
    open: bool = True
    cancelled: float | None = None
    answer: dict[str, Any] | None = None
    answered: float | None = None
    stamps: Callable[[str, str], None] = lambda _status, _reason: None
    """Called with a status and a reason, to change the status that CloudFormation shows."""

    @property
    def done(self) -> bool:
        """Whether it succeeded."""
        return self.answer is not None and self.answer["Status"] == "SUCCESS"


class Overseer(Protocol):
    """Follows what CloudFormation does, to check it."""

    def sent(self, job: Job) -> None:
        """Note that an event is sent."""
        ...

    def cancels(self, job: Job) -> None:
        """Note that CloudFormation no longer waits for the answer to an event."""
        ...

    def gives_up(self, record: Record, leftover: Leftover, why: str) -> None:
        """Note that something stays that should have been deleted."""
        ...

    def rolled_back(self, record: Record, operation: int) -> None:
        """Note that an operation was rolled back to its end."""
        ...


@dataclass
class Stack:
    """A stack name, and the present one of the successive stacks with that name."""

    record: Record
    stable: dict[str, Kept] = field(default_factory=dict)
    leftovers: list[Leftover] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    operation: int = 0
    failures: int = 0
    wake: Callable[[], None] = lambda: None


class Sender:
    """Sends events, and keeps their answers.

    :param timeline: the virtual time.
    :param cloud: the Lambda that takes the events.
    :param overseer: follows them.
    :param tells: adds a line to the history.
    """

    def __init__(
        self,
        timeline: Timeline,
        cloud: Cloud,
        overseer: Overseer,
        tells: Callable[[str, str], None],
        *,
        reading: Reading,
        seed: int,
    ) -> None:
        self._timeline = timeline
        self._cloud = cloud
        self._overseer = overseer
        self._tells = tells
        self._reading = reading
        self._random = Random(f"stacks {seed}")
        self._numbers: dict[str, int] = {}
        self._sent = 0

    def _update(self, stack: Stack, name: str, properties: Properties) -> None:
        kept = stack.record.resources[name]
        old, kept.properties = kept.properties, properties
        self._begin(stack, "Update", name, old)

    def _drop(self, stack: Stack, leftover: Leftover) -> None:
        job = self._job(stack, "Delete", leftover.logical_id, leftover.physical_id, leftover.properties)
        stack.record.happened(leftover.logical_id, leftover.physical_id, "DELETE_IN_PROGRESS", leftover.properties)
        self._signs(stack, job, lambda status, _: stack.record.happened(job.logical_id, job.physical_id, status, {}))

    def _begin(self, stack: Stack, kind: str, name: str, old: Properties | None = None) -> None:
        kept = stack.record.resources[name]
        # If there was no answer, it is made up: "<stack name>-<logical id>-<suffix>".
        invented = f"{stack.record.name}-{name}-1Q2W3E4R5T6Z" if kind == "Delete" else ""
        job = self._job(stack, kind, name, kept.physical_id or invented, kept.properties)
        job.old = old
        stack.record.stamp(name, f"{kind.upper()}_IN_PROGRESS")
        self._signs(stack, job, lambda status, reason: stack.record.stamp(name, status, reason))

    def _job(self, stack: Stack, kind: str, name: str, physical_id: str, properties: Properties) -> Job:
        record = stack.record
        self._sent += 1
        key = f"{record.name}/{name}"
        self._numbers[key] = self._numbers.get(key, 0) + 1
        expires = self._timeline.now + float(properties.get("ServiceTimeout", 3600))
        job = Job(kind, record, name, dict(properties), physical_id, expires, f"{key}#{self._numbers[key]}", self._sent)
        job.operation, job.begun = stack.operation, self._timeline.now
        stack.jobs.append(job)
        return job

    def _signs(self, stack: Stack, job: Job, stamps: Callable[[str, str], None]) -> None:
        """Send the event of a job, a moment after its status changed."""
        job.stamps = stamps

        def sends() -> None:
            if job.open:
                self._sends(stack, job)

        self._timeline.after(0.0 if self._reading.calm else self._random.uniform(0, 0.6), sends)

    def _sends(self, stack: Stack, job: Job) -> None:
        signed = datetime.fromtimestamp(self._timeline.now, UTC).strftime("%Y%m%dT%H%M%SZ")
        event = {
            "RequestType": job.kind,
            "RequestId": str(UUID(int=job.number)),
            "StackId": job.record.id,
            "LogicalResourceId": job.logical_id,
            "ResourceType": RESOURCE_TYPE,
            "ResponseURL": f"https://answers.example/{job.number}?X-Amz-Signature=SECRET&X-Amz-Date={signed}",
            "ResourceProperties": job.properties,
        }
        event |= {"PhysicalResourceId": job.physical_id} if job.kind != "Create" else {}
        event |= {"OldResourceProperties": job.old} if job.old is not None else {}
        self._tells(job.key, f"{job.kind} is sent {job.physical_id} {_brief(job.properties)}")
        self._overseer.sent(job)
        self._cloud.invoke(Sent(job.key, event, self._timeline.now, lambda answer: self._arrives(stack, job, answer)))

    def _arrives(self, stack: Stack, job: Job, answer: dict[str, Any]) -> None:
        if not job.open:
            self._tells(job.key, "an answer comes that nobody waits for")
            return
        job.open, job.answer, job.answered = False, answer, self._timeline.now
        done = answer["Status"] == "SUCCESS"
        kept = job.record.resources.get(job.logical_id)
        if kept is not None and job.kind != "Delete":
            if job.kind == "Update" and kept.physical_id != answer["PhysicalResourceId"]:
                stack.leftovers.append(Leftover(job.logical_id, kept.physical_id, job.old or {}))
            # That of a FAILED answer as well: https://github.com/aws/aws-cdk/issues/30012
            kept.physical_id = answer["PhysicalResourceId"]
        self._stamped(job, f"{job.kind.upper()}_{'COMPLETE' if done else 'FAILED'}", answer["Reason"])
        stack.wake()

    def _stamped(self, job: Job, status: str, reason: str) -> None:
        job.stamps(status, reason)
        self._tells(job.key, f"becomes {status} {reason}")

    def _status(self, record: Record, status: str) -> None:
        record.becomes(status)
        self._tells(record.name, f"becomes {status}")


def _brief(properties: Properties) -> str:
    principal = properties["Policy"]["Statement"][0]["Principal"]["AWS"]
    place = f"{properties['EmailIdentity']}/{properties['PolicyName']}"
    return f"{place} for {principal} {properties['WhenExists']} {properties['OnDelete']}"
