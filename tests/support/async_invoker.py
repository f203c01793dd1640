"""Lambda as CloudFormation calls it: asynchronously, so that a failed event comes again; on a hurried clock."""

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
    """What CloudFormation says of a whole stack."""

    happened: list[Happened]
    doing: str


Says = Callable[[str], Described | None]


class Brings(Protocol):
    """What a stack needs of who brings its events."""

    voices: dict[str, Says]
    stacks: dict[str, Told]

    @property
    def now(self) -> float:
        """What time it is, in seconds since 1970."""
        ...

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        ...

    def url(self) -> str:
        """Return a fresh place for an answer."""
        ...

    def __call__(self, event: Event) -> Answer | None:
        """Send a new event; return what CloudFormation gets."""
        ...


# "If the function returns an error, Lambda attempts to run it two more times, with a one-minute wait between the first
# two attempts, and two minutes between the second and third attempts."
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
_AGAIN_AFTER = (0.0, 60.0, 120.0)


@dataclass
class Delivery:
    """One run of the function.

    :param event: what it was given.
    :param puts: what it sent where answers go; a PUT that fails is repeated, so these may be several of one answer.
    :param calls: what it asked SES for.
    :param error: what Lambda saw, None where it ended well.
    :param late: how many calls of SES came after its first answer.
    :param retold: whether it is a repetition of CloudFormation's one request.
    """

    event: Event
    puts: list[Put]
    calls: list[LoggedCall]
    error: str | None
    late: int = 0
    retold: bool = False

    @property
    def told(self) -> Answer | None:
        """What the function decided, whether it arrived or not."""
        return self.puts[0].answer if self.puts else None

    @property
    def accepted(self) -> Answer | None:
        """What CloudFormation got."""
        return next((put.answer for put in self.puts if put.met in {200, "taken"}), None)


@dataclass
class AsyncInvoker:
    """Brings events to a function, and its answers back; has the time that all of it happens in.

    :param aws: the world.
    :param function: a function with a hurried clock.
    """

    aws: FakeAws
    function: FunctionProcess
    now: float = 0.0
    watcher: Callable[[Delivery], None] = lambda _: None
    """Told of every delivery."""
    doubles: int = 0
    """How many of the next events Lambda delivers twice at once."""
    sent: list[Event] = field(default_factory=list)
    """All events, in the order of their first delivery."""
    unaware: list[Event] = field(default_factory=list)
    """Events whose answer arrived, unknown to the function: Lambda will send these again."""
    voices: dict[str, Says] = field(default_factory=dict)
    """By stack id, what CloudFormation says of a stack's resources."""
    stacks: dict[str, Told] = field(default_factory=dict)
    """By stack id, what CloudFormation says of the stack and its events."""
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
        """Return a fresh place for an answer, signed now."""
        return self.aws.answers.response_url(signed_at=self.now)

    def __call__(self, event: Event) -> Answer | None:
        """Send a new event; return what CloudFormation gets, None where it waits in vain until its timeout."""
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
        """Deliver an event one time, new or not; to another instance of the `function`, while this one is at work."""
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
        # 15 minutes are what the construct gives it.
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
