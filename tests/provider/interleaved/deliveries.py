"""Lambda: it delivers each event to a run of its own, again after a failure, and sometimes once too often."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Final, Protocol

from tests.provider.interleaved.clients import CloudFormationClient, SesClient
from tests.provider.interleaved.function import Parts, Run, UnansweredError
from tests.provider.interleaved.plan import Odd, Reading
from tests.provider.interleaved.record import Answers
from tests.provider.interleaved.ses import Call, Ses
from tests.provider.interleaved.timeline import Task, Timeline

# "with a one-minute wait between the first two attempts, and two minutes between the second and third attempts."
# https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
_AGAIN_AFTER: Final = {1: 60.0, 2: 120.0}

# How long the function tries to deliver an answer that is never accepted.
_UNDELIVERED_SECONDS: Final = 31.0


@dataclass(frozen=True, slots=True)
class Sent:
    """An event that CloudFormation sent.

    :param key: for instance `Mail/A#2`, the second event of the resource.
    :param event: the event.
    :param at: when it was sent.
    :param arrives: called with each answer that arrives.
    """

    key: str
    event: dict[str, Any]
    at: float
    arrives: Callable[[dict[str, Any]], object]


class Watcher(Protocol):
    """Follows what happens, to check it."""

    def began(self, delivery: "Delivery") -> None:
        """Note that a function starts."""
        ...

    def called(self, delivery: "Delivery", call: Call) -> None:
        """Note a call of SES."""
        ...

    def asked(self, delivery: "Delivery") -> None:
        """Note a question to CloudFormation."""
        ...

    def decided(self, delivery: "Delivery", answer: dict[str, Any]) -> None:
        """Note that the function sends its answer."""
        ...

    def ended(self, delivery: "Delivery") -> None:
        """Note that a function ended."""
        ...

    def met(self, delivery: "Delivery", kind: str) -> None:
        """Note a random fault."""
        ...


class _Log:
    """Adds the lines of the function's log to the history."""

    def __init__(self, tells: Callable[[str], None]) -> None:
        self._tells = tells

    def write(self, line: str) -> None:
        said = json.loads(line)
        more = {key: said[key] for key in ("found", "owner", "reason", "error", "of") if key in said}
        self._tells(f"  log: {said['message']} {more or ''}")

    def flush(self) -> None:
        """Do nothing."""


class Delivery:
    """One run of the function for one event.

    :param cloud: the Lambda that runs it.
    :param sent: the event.
    :param name: the event's key, and how often it was delivered.
    :param odds: the oddities of this delivery, by kind.
    """

    def __init__(self, cloud: "Cloud", sent: Sent, name: str, odds: dict[str, float]) -> None:
        self._cloud = cloud
        self.sent = sent
        self.name = name
        self._odds = odds
        self.random = Random(f"{name} {cloud.seed}")
        self._waits = 0
        self.task = Task(cloud.timeline, self._work)
        self.run: Run | None = None
        self.answer: dict[str, Any] | None = None
        self.delivered = False
        """Whether the function knows that its answer arrived."""
        self.fails = False
        self._off = odds.get("clock", 0.0)

    def now(self) -> float:
        """Return the time on the function's own clock."""
        return self._cloud.timeline.now + self._off

    def sleep(self, seconds: float) -> None:
        """Wait, as the function does."""
        self.wait_until(self._cloud.timeline.now + max(0.0, seconds))

    def wait_until(self, when: float) -> None:
        """Wait on virtual time; or be killed, if this is the wait to be killed at."""
        self._waits += 1
        if self._odds.get("killed") == self._waits:
            self.meets("killed")
            self.tells("is killed")
            self._cloud.timeline.at(when, self._end)
            self.task.kill()
        self.task.wait_until(when)

    def tells(self, line: str) -> None:
        """Add a line to the history."""
        self._cloud.tells(self.name, line)

    def calls(self, call: Call) -> None:
        """Note a call of SES."""
        self._cloud.watcher.called(self, call)

    def asks(self) -> None:
        """Note a question to CloudFormation."""
        self._cloud.watcher.asked(self)

    def meets(self, kind: str) -> None:
        """Note a fault."""
        self._cloud.watcher.met(self, kind)

    def start(self) -> None:
        """Start the function."""
        self._cloud.watcher.began(self)
        if self.name.endswith("b"):
            self.meets("double-delivery")
        if self._off:
            self.meets("clock-behind" if self._off < 0 else "clock-ahead")
        self.tells(f"begins{f', its clock is off by {self._off:+.0f} s' if self._off else ''}")
        self.task.start()

    def _work(self) -> None:
        cloud = self._cloud
        ses = SesClient(cloud.ses, cloud.timeline, self, cloud.reading)
        asks = CloudFormationClient(
            lambda operation, arguments: cloud.answers(operation, arguments, cloud.timeline.now),
            cloud.timeline,
            self,
            cloud.reading,
        )
        try:
            self.run = Run(Parts(self.sent.event, ses, lambda: asks, self, self.random, _Log(self.tells)))
        except UnansweredError:
            self.tells("is older than CloudFormation waits")
            self._end()
            return
        cloud.timeline.after(self.run.timer, self._timer)
        try:
            self.run.handle()
        except Exception as crash:
            self.task.crash = crash
            self.fails = True
            raise
        finally:
            if not self.task.killed and self.fails:
                self._end()
        self._answers()
        self._end()

    def _timer(self) -> None:
        if self.run is not None and self.run.decided is None and not self.task.killed:
            self.run.out_of_time()
            self._decides()
            self.delivered = True
            self._cloud.timeline.after(0.1, self._arrives)

    def _decides(self) -> None:
        assert self.run is not None
        assert self.run.decided is not None
        self.answer = self.run.decided
        self.tells(f"answers {self.answer['Status']} {self.answer['PhysicalResourceId']} {self.answer['Reason']}")
        self._cloud.watcher.decided(self, self.answer)

    def _arrives(self) -> None:
        assert self.answer is not None
        self.sent.arrives(self.answer)

    def _answers(self) -> None:
        if self.answer is not None:
            return  # the timer was first
        self._decides()
        now = self._cloud.timeline.now
        if "lost" in self._odds:
            self.meets("lost-answer")
            self.tells("the answer is lost")
            self.wait_until(now + _UNDELIVERED_SECONDS)
            return
        self._cloud.timeline.at(now + 0.05, self._arrives)
        if "taken" in self._odds:
            self.meets("lost-answer")
            self.wait_until(now + _UNDELIVERED_SECONDS)
            return
        self.wait_until(now + 0.1)
        self.delivered = True

    def _end(self) -> None:
        self._cloud.watcher.ended(self)
        self._cloud.ended(self)


class Cloud:
    """Lambda, with all that its functions can call.

    :param timeline: the virtual time.
    :param ses: SES.
    :param answers: answers questions to CloudFormation.
    :param watcher: follows what happens.
    :param tells: adds a line to the history: whom it is about, and the text.
    """

    def __init__(
        self,
        timeline: Timeline,
        ses: Ses,
        answers: Answers,
        watcher: Watcher,
        tells: Callable[[str, str], None],
        *,
        reading: Reading,
        odds: tuple[Odd, ...],
        seed: int,
    ) -> None:
        self.timeline = timeline
        self.ses = ses
        self.answers = answers
        self.watcher = watcher
        self.tells = tells
        self.reading = reading
        self.seed = seed
        self._odds: dict[str, dict[str, float]] = {}
        for each in odds:
            self._odds.setdefault(each.who, {})[each.kind] = each.value
        self._random = Random(f"lambda {seed}")
        self._attempts: dict[str, int] = {}
        self.running = 0
        """How many functions run or are scheduled."""

    def invoke(self, sent: Sent) -> None:
        """Take an event, and deliver it soon."""
        odds = self._odds.get(sent.key, {})
        queue = 0.1 if self.reading.calm else self._random.uniform(0.05, 0.6)
        queue = odds.get("queued", queue)
        self._later(sent, queue, f"{sent.key}.1", 1)
        if "double" in odds:
            self._later(sent, queue + odds["double"], f"{sent.key}.1b", 3, double=True)

    def _later(self, sent: Sent, seconds: float, name: str, attempt: int, *, double: bool = False) -> None:
        self.running += 1

        def delivers() -> None:
            odds = {kind: value for kind, value in self._odds.get(sent.key, {}).items() if kind != "double"}
            if double:
                odds.pop("lost", None)
            if attempt > 1 or double:
                odds.pop("killed", None)
                odds.pop("taken", None)
            if attempt > odds.get("lost", 0):
                odds.pop("lost", None)
            self._attempts[name] = attempt
            Delivery(self, sent, name, odds).start()

        self.timeline.after(seconds, delivers)

    def ended(self, delivery: Delivery) -> None:
        """Deliver the event again if the function failed."""
        self.running -= 1
        attempt = self._attempts[delivery.name]
        if not delivery.delivered and attempt in _AGAIN_AFTER:
            self._later(delivery.sent, _AGAIN_AFTER[attempt], f"{delivery.sent.key}.{attempt + 1}", attempt + 1)
