"""Brings CloudFormation's events to the lifecycle in this process, and answers its questions about stacks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from provider.cloudformation import ResourceEvent, ResourceState
from tests.support.async_invoker import Answer, Event, Says, Told
from tests.support.clocks import BEGIN
from tests.support.cloudformation import REMOVED
from tests.support.inside import Ended, Inside
from tests.support.inside_staged import StagedInside


@dataclass
class InvokerInProcess:
    """The same for `Stack` as `AsyncInvoker`, without a separate process and HTTP in between.

    :param aws: what handles the events.
    :param hears: called with each event and how it ended.
    """

    aws: Inside | StagedInside
    hears: Callable[[Event, Ended], object] = lambda _event, _ended: None
    voices: dict[str, Says] = field(default_factory=dict)
    stacks: dict[str, Told] = field(default_factory=dict)

    @property
    def now(self) -> float:
        """The time, in seconds since 1970."""
        return self.aws.clock.time

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.aws.clock.time += seconds

    def url(self) -> str:
        """Return an empty URL, because no answer is sent."""
        return ""

    def __call__(self, event: Event) -> Answer | None:
        """Let the lifecycle handle an event; return the answer that CloudFormation gets."""
        stack, logical_id = event["StackId"], event["LogicalResourceId"]

        def says() -> ResourceState | None:
            told = self.voices[stack](logical_id)
            if told is None:
                return None
            if told == REMOVED:
                return ResourceState("DELETE_COMPLETE", "", 0.0)
            return ResourceState(told.status, told.physical_id, told.updated)

        def happened() -> list[ResourceEvent]:
            found = [each for each in self.stacks[stack].happened if each.logical_id == logical_id]
            return [ResourceEvent(each.status, each.physical_id, each.at, each.properties) for each in found[::-1]]

        self.aws.stack.says = says
        self.aws.stack.happened = happened
        self.aws.stack.stack = lambda: self.stacks[stack].doing
        ended = self.aws.handle(event, born=BEGIN - self.now)
        self.hears(event, ended)
        answer: dict[str, Any] = {
            "Status": ended.status,
            "Reason": ended.reason,
            "PhysicalResourceId": ended.physical_id,
        }
        return answer
