"""What CloudFormation keeps of a stack, and what it answers about it.

DescribeStackEvents: "Returns all stack related events for a specified stack in reverse chronological order."
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from random import Random
from typing import Any, Final

from botocore.exceptions import EndpointConnectionError

from ses_sending_policy.rules.wire import RESOURCE_TYPE
from tests.provider.interleaved.plan import Reading, Unanswered
from tests.provider.interleaved.ses import refusal
from tests.provider.interleaved.timeline import Timeline
from tests.support.clocks import BEGIN
from tests.support.events import ACCOUNT, REGION

Properties = dict[str, Any]

_STACK_TYPE: Final = "AWS::CloudFormation::Stack"

# How many events a page has.
_PAGE: Final = 100


@dataclass
class Kept:
    """What CloudFormation keeps of a resource.

    :param properties: the properties in its last event.
    :param physical_id: the one in its last answer; empty before the first.
    :param status: for instance `CREATE_COMPLETE`.
    :param updated: when the status changed.
    """

    properties: Properties
    physical_id: str = ""
    status: str = ""
    updated: float = 0.0


@dataclass
class Record:
    """A stack, as CloudFormation keeps it.

    :param timeline: the virtual time.
    :param name: its name.
    :param number: makes its id differ from that of an earlier stack with this name.
    """

    timeline: Timeline
    name: str
    number: int
    status: str = ""
    resources: dict[str, Kept] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    """The logical ids that an update removed."""
    events: list[dict[str, Any]] = field(default_factory=list)
    """Its events, the oldest first."""

    @property
    def id(self) -> str:
        """The stack's ARN."""
        return f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{self.name}/0a1b2c3d-{self.number}"

    def becomes(self, status: str, reason: str = "") -> None:
        """Change the stack's own status."""
        self.status = status
        about = {"LogicalResourceId": self.name, "PhysicalResourceId": self.id, "ResourceType": _STACK_TYPE}
        self._happened(about, status, reason)

    def stamp(self, logical_id: str, status: str, reason: str = "") -> None:
        """Change a resource's status."""
        kept = self.resources[logical_id]
        kept.status, kept.updated = status, self.timeline.now
        self.happened(logical_id, kept.physical_id, status, kept.properties, reason)

    def happened(
        self, logical_id: str, physical_id: str, status: str, properties: Properties, reason: str = ""
    ) -> None:
        """Record an event of a resource, or of what it was before."""
        about = {"LogicalResourceId": logical_id, "PhysicalResourceId": physical_id, "ResourceType": RESOURCE_TYPE}
        self._happened(about | {"ResourceProperties": json.dumps(properties)}, status, reason)

    def _happened(self, about: dict[str, str], status: str, reason: str) -> None:
        event: dict[str, Any] = {
            "StackId": self.id,
            "EventId": f"{about['LogicalResourceId']}-{status}-{len(self.events)}",
            "StackName": self.name,
            "Timestamp": _moment(self.timeline.now),
            "ResourceStatus": status,
        }
        self.events.append(event | about | ({"ResourceStatusReason": reason} if reason else {}))

    def snapshot(self) -> dict[str, Kept]:
        """Return the resources as they are now."""
        return {name: replace(kept) for name, kept in self.resources.items()}


class Answers:
    """Answers the function's questions to CloudFormation.

    :param records: the stacks, by id.
    :param reading: which operations are always denied.
    :param spells: when CloudFormation cannot be asked.
    """

    def __init__(
        self, records: Mapping[str, Record], reading: Reading, spells: tuple[Unanswered, ...], seed: int
    ) -> None:
        self._records = records
        self._reading = reading
        self._spells = spells
        self._random = Random(f"cloudformation {seed}")

    def __call__(self, operation: str, arguments: Mapping[str, Any], now: float) -> Any:
        """Return the answer, or the error that boto3 raises."""
        fault = self._fault(operation, now)
        if fault is not None:
            return fault
        name = arguments["StackName"]
        found = [each for each in self._records.values() if name in (each.id, each.name)]
        if not found:
            return refusal(400, "ValidationError", f"Stack with id {name} does not exist", operation)
        record = found[-1]
        match operation:
            case "describe_stack_resource":
                return _resource(record, arguments["LogicalResourceId"], operation)
            case "describe_stack_events":
                return _events(record, arguments.get("NextToken"))
            case _:
                return {"Stacks": [{"StackId": record.id, "StackName": record.name, "StackStatus": record.status}]}

    def _fault(self, operation: str, now: float) -> Any:
        if {"*", operation} & set(self._reading.denied):
            return _denied(operation)
        for each in self._spells:
            if (
                each.at <= now - BEGIN < each.at + each.seconds
                and each.operation in ("", operation)
                and (each.share >= 1 or self._random.random() < each.share)
            ):
                return _spell(each.kind, operation)
        return None


def _spell(kind: str, operation: str) -> Any:
    match kind:
        case "denied":
            return _denied(operation)
        case "throttled":
            return refusal(400, "Throttling", "Rate exceeded", operation)
        case _:
            return EndpointConnectionError(endpoint_url="https://cloudformation.example")


def _denied(operation: str) -> Any:
    return refusal(403, "AccessDenied", f"User is not authorized to perform: cloudformation:{operation}", operation)


def _resource(record: Record, logical_id: str, operation: str) -> Any:
    kept = record.resources.get(logical_id)
    if kept is None:
        return refusal(
            400, "ValidationError", f"Resource {logical_id} does not exist for stack {record.name}", operation
        )
    detail = {
        "StackName": record.name,
        "StackId": record.id,
        "LogicalResourceId": logical_id,
        "ResourceType": RESOURCE_TYPE,
        "LastUpdatedTimestamp": _moment(kept.updated),
        "ResourceStatus": kept.status,
    }
    return {"StackResourceDetail": detail | ({"PhysicalResourceId": kept.physical_id} if kept.physical_id else {})}


def _events(record: Record, token: str | None) -> Any:
    end = len(record.events) if token is None else int(token)
    page = record.events[max(0, end - _PAGE) : end][::-1]
    answer: dict[str, Any] = {"StackEvents": page}
    return answer | ({"NextToken": str(end - _PAGE)} if end > _PAGE else {})


def _moment(seconds: float) -> datetime:
    """Return a time in CloudFormation's precision, milliseconds."""
    return datetime.fromtimestamp(int(seconds * 1000) / 1000, UTC)
