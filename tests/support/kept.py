"""What CloudFormation knows of a resource, and of what that resource was before."""

from dataclasses import dataclass
from typing import Any

Properties = dict[str, Any]


@dataclass
class Kept:
    """What CloudFormation knows of a resource.

    :param properties: the properties in its last event.
    :param physical_id: the one in its last answer; empty before the first.
    :param status: for instance `CREATE_COMPLETE`.
    :param updated: when the status changed, in seconds since 1970.
    """

    properties: Properties
    physical_id: str = ""
    status: str = ""
    updated: float = 0.0


@dataclass(frozen=True)
class Leftover:
    """A physical resource that no longer belongs to its stack.

    :param logical_id: the logical id that it had.
    :param physical_id: its physical id.
    :param properties: its properties.
    """

    logical_id: str
    physical_id: str
    properties: Properties
