"""Asks CloudFormation for the state of the event's resource and stack, while the event is being handled."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, NoReturn, Protocol

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from provider.clients import client
from ses_sending_policy.rules.faults import Fault, fault_of

# No retries here: `EventMonitor` decides whether to ask again, which takes time that a call to SES may need.
_CONFIG: Final = Config(connect_timeout=2, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 1})

# "Resource Partner does not exist for stack Mail" is the error for a resource that an update removed from its stack.
# https://github.com/localstack/localstack/pull/13269, validated against AWS
_NO_SUCH_RESOURCE: Final = "does not exist for stack"

_NO_SUCH_STACK: Final = "does not exist"

# A page has a hundred events of the whole stack, newest first. No caller needs events from before the current
# operation, and a stack has at most 500 resources with three events each.
_PAGES: Final = 15


@dataclass(frozen=True, slots=True)
class ResourceState:
    """The state of a resource as CloudFormation reports it now.

    :param status: the resource's status, as `CREATE_IN_PROGRESS`; empty if the stack does not exist.
    :param physical_id: the present physical id; empty if there is none yet.
    :param updated: when CloudFormation last began or ended an operation on it, in seconds since 1970.
    """

    status: str
    physical_id: str
    updated: float


@dataclass(frozen=True, slots=True)
class ResourceEvent:
    """A stack event of a resource.

    :param status: the resource's status, as `UPDATE_COMPLETE`.
    :param physical_id: the resource's physical id then; empty if it had none yet.
    :param at: the event's time, in seconds since 1970.
    :param properties: the resource's properties then; None if they cannot be read.
    """

    status: str
    physical_id: str
    at: float
    properties: Mapping[str, Any] | None


class UnheardError(Exception):
    """CloudFormation could not be asked, or its response lacks a field.

    :param cause: the message of the error.
    :param busy: whether it was only throttling or unavailable, so that asking again may help.
    """

    def __init__(self, cause: str, *, busy: bool = False) -> None:
        super().__init__(cause)
        self.busy = busy


class Stack(Protocol):
    """The stack that an event came from. Each method may raise `UnheardError`."""

    def resource(self, stack_id: str, logical_id: str) -> ResourceState:
        """Return the resource's state."""
        ...

    def events(self, stack_id: str, logical_id: str) -> Iterator[ResourceEvent]:
        """Yield the stack events of the resource, the newest first."""
        ...

    def status(self, stack_id: str) -> str:
        """Return the status of the stack, as `UPDATE_ROLLBACK_IN_PROGRESS`."""
        ...


class CloudFormationStack:
    """The stack at CloudFormation itself.

    :param client: returns boto3's client for CloudFormation; called only when CloudFormation is asked.
    """

    def __init__(self, client: Callable[[], Any]) -> None:
        self._client = client

    def resource(self, stack_id: str, logical_id: str) -> ResourceState:
        """Return the resource's state; `DELETE_COMPLETE` if the stack does not have the resource any more."""
        try:
            answer = self._client().describe_stack_resource(StackName=stack_id, LogicalResourceId=logical_id)
        except (ClientError, BotoCoreError) as error:
            if _NO_SUCH_RESOURCE in str(error):
                return ResourceState("DELETE_COMPLETE", "", 0.0)
            if _NO_SUCH_STACK in str(error):
                return ResourceState("", "", 0.0)
            _raise_unheard(error)
        with _proper():
            detail = answer["StackResourceDetail"]
            return ResourceState(
                detail["ResourceStatus"],
                detail.get("PhysicalResourceId", ""),
                detail["LastUpdatedTimestamp"].timestamp(),
            )

    def events(self, stack_id: str, logical_id: str) -> Iterator[ResourceEvent]:
        """Yield the stack events of the resource, the newest first, from at most `_PAGES` pages."""
        more: dict[str, str] = {}
        for _ in range(_PAGES):
            try:
                page = self._client().describe_stack_events(StackName=stack_id, **more)
            except (ClientError, BotoCoreError) as error:
                _raise_unheard(error)
            with _proper():
                read = [_read(event) for event in page["StackEvents"] if event.get("LogicalResourceId") == logical_id]
            yield from read
            if not page.get("NextToken"):
                return
            more = {"NextToken": page["NextToken"]}

    def status(self, stack_id: str) -> str:
        """Return the status of the stack, as `UPDATE_ROLLBACK_IN_PROGRESS`; raise `UnheardError` if there is none."""
        try:
            answer = self._client().describe_stacks(StackName=stack_id)
        except (ClientError, BotoCoreError) as error:
            _raise_unheard(error)
        with _proper():
            return str(answer["Stacks"][0]["StackStatus"])


def _read(event: Mapping[str, Any]) -> ResourceEvent:
    try:
        properties = json.loads(event.get("ResourceProperties") or "")
    except ValueError:
        properties = None
    return ResourceEvent(
        event["ResourceStatus"],
        event.get("PhysicalResourceId", ""),
        event["Timestamp"].timestamp(),
        properties if isinstance(properties, dict) else None,
    )


@contextmanager
def _proper() -> Iterator[None]:
    """Raise `UnheardError` if an expected field is missing from a response."""
    try:
        yield
    except (KeyError, IndexError, AttributeError) as error:
        raise UnheardError(f"an answer without {error}") from error


def _raise_unheard(error: ClientError | BotoCoreError) -> NoReturn:
    busy = False
    if isinstance(error, ClientError):
        said = error.response.get("Error", {})
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        busy = fault_of(said.get("Code", ""), said.get("Message", ""), status) in (Fault.THROTTLED, Fault.UNAVAILABLE)
    raise UnheardError(str(error), busy=busy) from error


def cloudformation_client(region: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    """Return boto3's client for CloudFormation in the function's own account."""
    return client("cloudformation", region, _CONFIG)
