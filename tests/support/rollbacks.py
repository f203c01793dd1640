"""CloudFormation rolls back an Update while its function is still at work."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from provider.cloudformation import ResourceEvent, ResourceState
from tests.support.clocks import BEGIN
from tests.support.inside import UPDATE, Inside
from tests.support.owners import CLAIMED


@dataclass
class Rollback:
    """CloudFormation while it rolls back an Update: what it says from which time on, and what is done then.

    :param aws: the lifecycle, with SES and the stack.
    :param steps: seconds since the beginning, the resource's state from then on, and what to do at that time.
    """

    aws: Inside
    steps: list[tuple[float, ResourceState, Callable[[], object]]]
    happened: list[ResourceEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._state = ResourceState("UPDATE_IN_PROGRESS", CLAIMED, BEGIN)
        self.aws.stack.says = self.says
        self.aws.stack.happened = lambda: [each for each in self.happened[::-1] if each.at <= self.aws.clock.now()]

    def says(self) -> ResourceState:
        """Return the state of the resource now."""
        while self.steps and self.aws.clock.now() - BEGIN >= self.steps[0][0]:
            _, self._state, act = self.steps.pop(0)
            act()
        return self._state

    def completes(
        self,
        properties: dict[str, Any],
        physical_id: str = CLAIMED,
        *,
        at: float = 38.0,
        status: str = "UPDATE_COMPLETE",
    ) -> None:
        """Add an event that tells what CloudFormation completed, `at` seconds after the beginning."""
        self.happened.append(ResourceEvent(status, physical_id, BEGIN + at, properties))


def rolls_back(at: float = 8.0, *, physical_id: str = CLAIMED, end: str = "UPDATE_COMPLETE") -> list[Any]:
    """Return the steps of a rollback that begins after `at` seconds and ends half a minute later."""
    return [
        (at, ResourceState("UPDATE_IN_PROGRESS", CLAIMED, BEGIN + at), lambda: None),
        (at + 30, ResourceState(end, physical_id, BEGIN + at + 30), lambda: None),
    ]


def late(aws: Inside) -> None:
    """Let the Update's first write take eight seconds."""
    aws.before(UPDATE, lambda: setattr(aws.clock, "time", max(aws.clock.time, BEGIN + 8)))
