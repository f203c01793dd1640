"""What CloudFormation keeps of a resource, and of what it was before."""

from dataclasses import dataclass
from typing import Any

Properties = dict[str, Any]


@dataclass
class Kept:
    """What CloudFormation keeps of a resource.

    :param properties: those of the last event.
    :param physical_id: the last one that was answered; empty before there is one.
    :param status: as `CREATE_COMPLETE`.
    :param updated: when the status changed, in seconds since 1970.
    """

    properties: Properties
    physical_id: str = ""
    status: str = ""
    updated: float = 0.0


@dataclass(frozen=True)
class Leftover:
    """A physical resource that is not its stack's any more.

    :param logical_id: whose it was.
    :param physical_id: its id.
    :param properties: those that it had.
    """

    logical_id: str
    physical_id: str
    properties: Properties
