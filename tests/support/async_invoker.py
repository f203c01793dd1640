"""Lambda as CloudFormation calls it: asynchronously, so a failed event is delivered again. Its clock is hurried."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from emulator.calls import LoggedCall
from tests.support.cloudformation import Described, Happened, Put
from tests.support.fake_aws import FakeAws
from tests.support.function import FunctionProcess

Event = dict[str, Any]
Answer = dict[str, Any]


class Told(Protocol):
    """What CloudFormation knows of a whole stack."""

    happened: list[Happened]
    doing: str


Says = Callable[[str], Described | None]


class Brings(Protocol):
    """What a stack needs from its invoker."""

    voices: dict[str, Says]
    stacks: dict[str, Told]

    @property
    def now(self) -> float:
        """The time, in seconds since 1970."""
        ...

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        ...

    def url(self) -> str:
        """Return a new answer URL."""
        ...

    def __call__(self, event: Event) -> Answer | None:
        """Send a new event; return the answer that CloudFormation gets."""
        ...


# "If the function returns an error, Lambda attempts to run it two more times, with a one-minute wait between the first
# two attempts, and two minutes between the second and third attempts."
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
_AGAIN_AFTER = (0.0, 60.0, 120.0)


@dataclass
class Delivery:
    """One run of the function.

    :param event: the event.
    :param puts: what it sent to the answer URL. A PUT that fails is repeated, so several of these may be one answer.
    :param calls: its calls of SES.
    :param error: the error that Lambda saw, None if the run ended well.
    :param late: how many calls of SES it made after its first answer.
    :param retold: whether the same event had been delivered before.
    """

    event: Event
    puts: list[Put]
    calls: list[LoggedCall]
    error: str | None
    late: int = 0
    retold: bool = False

    @property
    def told(self) -> Answer | None:
        """The answer that the function sent first, whether or not it was accepted."""
        return self.puts[0].answer if self.puts else None

    @property
    def accepted(self) -> Answer | None:
        """The answer that CloudFormation got."""
        return next((put.answer for put in self.puts if put.met in {200, "taken"}), None)


@dataclass
class AsyncInvoker:
    """Delivers events to a function, returns its answers, and keeps the time for both.

    :param aws: the fake AWS.
    :param function: a function with a hurried clock.
    """

    aws: FakeAws
    function: FunctionProcess
    now: float = 0.0
    watcher: Callable[[Delivery], None] = lambda _: None
    """Called with every delivery."""
    doubles: int = 0
    """How many of the next events Lambda delivers twice."""
    sent: list[Event] = field(default_factory=list)
    """All events, in the order of their first delivery."""
    unaware: list[Event] = field(default_factory=list)
    """Events whose answer arrived without the function knowing. Lambda sends these again."""
    voices: dict[str, Says] = field(default_factory=dict)
    """By stack id, a function that returns what CloudFormation says of a resource of the stack."""
    stacks: dict[str, Told] = field(default_factory=dict)
    """By stack id, the stack: CloudFormation answers for its status and events."""
    _depth: int = 0
    _answered: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        # The function's clock never goes back, and earlier tests put it forward.
        self.now = max(time.time(), self.function.now)
        self.aws.answers.arrives = self._arrives

    def _arrives(self, put: Put) -> None:
        self._answered.setdefault(put.path, len(self.aws.ses.calls()))

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds

    def url(self) -> str:
        """Return a new answer URL, signed now."""
        return self.aws.answers.response_url(signed_at=self.now)

    def __call__(self, event: Event) -> Answer | None:
        """Send a new event; return the answer that CloudFormation gets, None if it waits for one until its timeout."""
        self.sent.append(event)
        for number, pause in enumerate(_AGAIN_AFTER):
            self.wait(pause)
            delivery = self.once(event, retold=number > 0)
            if delivery.accepted:
                if delivery.error:
                    self.unaware.append(event)
                if self.doubles:
                    self.doubles -= 1
                    self.once(event, retold=True)
                return delivery.accepted
        self.wait(float(event["ResourceProperties"].get("ServiceTimeout", 3600)))
        return None

    def once(self, event: Event, *, retold: bool = False, function: FunctionProcess | None = None) -> Delivery:
        """Deliver an event once, new or not; to `function`, another instance, while this one still handles its own."""
        if not self._depth:
            self.aws.cloudformation.says = self.voices.get(event["StackId"], lambda _: None)
            stack = self.stacks.get(event["StackId"])
            self.aws.cloudformation.happened = lambda: stack.happened if stack else []
            self.aws.cloudformation.status = lambda: stack.doing if stack else ""
            self.aws.answers.puts.clear()
            self.aws.ses.clear_calls()
            self._answered.clear()
        begin = len(self.aws.ses.calls())
        self._depth += 1
        function = function or self.function
        # The construct gives it 15 minutes.
        function.send(event, seconds=900, at=self.now)
        error = function.result()
        self._depth -= 1
        self.now = max(self.now, function.now)
        calls = self.aws.ses.calls()
        path = event["ResponseURL"].removeprefix(self.aws.answers.url)
        puts = [put for put in self.aws.answers.puts if put.path == path]
        late = len(calls) - self._answered[path] if puts else 0
        delivery = Delivery(event, puts, calls[begin:], error, late, retold)
        self.watcher(delivery)
        return delivery
