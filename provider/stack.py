"""What CloudFormation says of the resource that an event is about, while the event is being handled."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from provider.clients import client
from provider.journal import Journal

# An answer helps at once or not at all: SES is waiting.
_CONFIG: Final = Config(connect_timeout=2, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 2})

# "Resource Partner does not exist for stack Mail": so a stack speaks of a resource that an update took out of it.
# https://github.com/localstack/localstack/pull/13269, validated against AWS
_NO_SUCH_RESOURCE: Final = "does not exist for stack"


@dataclass(frozen=True, slots=True)
class ResourceState:
    """A resource as its stack knows it now.

    :param status: as `CREATE_IN_PROGRESS`.
    :param physical_id: the present one; empty before there is one.
    :param updated: when CloudFormation last began or ended something with it, in seconds since 1970.
    """

    status: str
    physical_id: str
    updated: float


class Stack(Protocol):
    """The stack that an event came from."""

    def resource(self, stack_id: str, logical_id: str) -> ResourceState | None:
        """Return the resource's state, or None where it could not be asked for."""
        ...


class CloudFormationStack:
    """The real one.

    :param client: gives boto3's client for CloudFormation; called when the first question is asked.
    :param journal: is told where a question could not be asked.
    """

    def __init__(self, client: Callable[[], Any], journal: Journal) -> None:
        self._client = client
        self._journal = journal

    def resource(self, stack_id: str, logical_id: str) -> ResourceState | None:
        """See `Stack.resource`."""
        try:
            answer = self._client().describe_stack_resource(StackName=stack_id, LogicalResourceId=logical_id)
        except (ClientError, BotoCoreError) as error:
            if _NO_SUCH_RESOURCE in str(error):
                return ResourceState("DELETE_COMPLETE", "", 0.0)
            self._journal.write("could not ask CloudFormation, goes on", error=str(error))
            return None
        detail = answer["StackResourceDetail"]
        return ResourceState(
            detail["ResourceStatus"],
            detail.get("PhysicalResourceId", ""),
            detail["LastUpdatedTimestamp"].timestamp(),
        )


def cloudformation_client(region: str) -> Any:  # noqa: ANN401 - boto3 makes its clients at run time
    """Return boto3's client for CloudFormation in the function's own account."""
    return client("cloudformation", region, _CONFIG)
