"""Runs one handler with a fake AWS of its own, and sends it events as CloudFormation does."""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.handlers import DOCUMENTS, Handler
from tests.support.cloudformation import Put
from tests.support.events import Resource
from tests.support.fake_aws import FakeAws
from tests.support.function import PROCESS_ENDED, WarmProcess

PARTNER: Final = Resource()
MOVED: Final = PARTNER.renamed("Moved5E6F7A8B")

FUNCTION_SECONDS: Final = 60.0
# How long to wait for a handler to end: long enough for a cold start on a busy machine.
HANG_SECONDS: Final = 20.0
# How long to wait for an answer after the handler's end. Generous, because Lambda freezes the function at its end.
PATIENCE_SECONDS: Final = 3.0

NO_ANSWER: Final = f"no answer within {PATIENCE_SECONDS:g} s of its end (hangs until ServiceTimeout)"
_NO_END: Final = "no end"
# How much of the log to show if a process ended by itself.
_LOG_TAIL: Final = 300
_ENDLESS: Final = f"no end and no answer within {HANG_SECONDS:g} s (hangs until ServiceTimeout)"


class NoAnswerError(Exception):
    """The handler sent no answer, so that CloudFormation waits until ServiceTimeout. The row ends here."""


class NotMeasuredError(Exception):
    """The row could not be played up to its fault."""


@dataclass(frozen=True)
class Delivery:
    """The result of one event.

    :param error: the error that Lambda saw; None if the function ended without one.
    :param puts: the answers that were sent.
    :param answer: the answer that CloudFormation accepted, or None.
    """

    error: str | None
    puts: tuple[Put, ...]
    answer: dict[str, Any] | None


class HandlerRun:
    """One handler in one row.

    :param world: SES and CloudFormation.
    :param handler: the handler.
    :param function: its running function.
    """

    def __init__(self, world: FakeAws, handler: Handler, function: WarmProcess) -> None:
        self._world = world
        self._handler = handler
        self._function = function
        self.deliveries: list[dict[str, Any]] = []

    def create(self, resource: Resource = PARTNER) -> dict[str, Any]:
        """Send a Create, and return its answer."""
        return self._answered(self._event(resource.create(self._world.url)))

    def update(self, physical_id: str, **meets: Any) -> Delivery:  # noqa: ANN401 - those of `deliver`
        """Send an Update to the second document."""
        event = self._event(PARTNER.update(self._world.url, physical_id), "Second")
        return self.deliver(event | {"OldResourceProperties": self._handler.properties("First")}, **meets)

    def delete(self, physical_id: str, resource: Resource = PARTNER) -> dict[str, Any]:
        """Send a Delete with the physical id of the handler's own answer, and return its answer."""
        return self._answered(self._event(resource.delete(self._world.url, physical_id)))

    def settle(self) -> str:
        """Create the policy, and return its physical id. Meanwhile an Update of a missing policy creates it."""
        self._world.ses.change(update_missing="upsert")
        try:
            answer = self.create()
        except NoAnswerError as error:
            raise NotMeasuredError(f"its own Create went wrong: {error}") from error
        self._world.ses.change(update_missing="not-found")
        if answer["Status"] != "SUCCESS" or self.statements != DOCUMENTS["First"]["Statement"]:
            raise NotMeasuredError(f"its own Create went wrong: {answer['Status']} {answer.get('Reason')}")
        return str(answer["PhysicalResourceId"])

    def remove_by_hand(self) -> None:
        """Delete the policy at SES."""
        self._world.ses.client().delete_email_identity_policy(EmailIdentity="example.com", PolicyName="partner")

    def seed(self) -> str:
        """Add a policy without this owner's marker to SES, and return its text."""
        return self._world.seed(json.dumps({"Version": "2012-10-17", "Statement": [{"Sid": "Theirs"}]}))

    @property
    def live(self) -> str | None:
        """The text of the policy at SES, or None."""
        return self._world.live()

    @property
    def statements(self) -> Any:  # noqa: ANN401 - JSON
        """The statements of the policy at SES, or None."""
        return None if self.live is None else json.loads(self.live)["Statement"]

    @property
    def log(self) -> str:
        """All that the function logged."""
        return self._function.text

    @property
    def calls(self) -> list[str]:
        """The calls of SES, each with its result."""
        return [f"{call.operation} {call.code or call.status}" for call in self._world.ses.calls()]

    def deliver(self, event: dict[str, Any], *, first: Sequence[int] = (), then: int = 200) -> Delivery:
        """Let the function handle `event`. Its answers get the HTTP statuses of `first`, and `then` after these."""
        answers = self._world.answers
        before = len(answers.puts)
        answers.script.extend(first)
        answers.always = then

        def taken() -> list[Put]:
            return answers.puts[before + len(first) :] if then < 300 else []  # noqa: PLR2004 - an HTTP success

        self._function.send(event, seconds=FUNCTION_SECONDS)
        try:
            error = self._function.result(within=HANG_SECONDS)
        except TimeoutError:
            error = _NO_END
        end = time.monotonic() + PATIENCE_SECONDS
        # Only if the function ended without an error (Lambda would repeat the event), and answers can be accepted.
        while error is None and then < 300 and not taken() and time.monotonic() < end:  # noqa: PLR2004 - as above
            time.sleep(0.05)
        answers.script.clear()
        answers.always = 200
        delivery = Delivery(error, tuple(answers.puts[before:]), taken()[0].answer if taken() else None)
        self.deliveries.append(
            {
                "event": {key: event.get(key) for key in ("RequestType", "LogicalResourceId", "PhysicalResourceId")},
                "function": error or "ended",
                "puts": [put.answer for put in delivery.puts],
            }
        )
        if error == PROCESS_ENDED:
            raise NotMeasuredError(f"its process ended by itself: {self.log[-_LOG_TAIL:]}")
        if error == _NO_END and delivery.answer is None:
            raise NoAnswerError(_ENDLESS)
        return delivery

    def _answered(self, event: dict[str, Any]) -> dict[str, Any]:
        answer = self.deliver(event).answer
        if answer is None:
            raise NoAnswerError(NO_ANSWER)
        return answer

    def _event(self, event: dict[str, Any], document: str = "First") -> dict[str, Any]:
        changes = {
            "ResourceType": self._handler.resource_type,
            "ResourceProperties": self._handler.properties(document),
        }
        return event | changes


@contextmanager
def run(world: FakeAws, handler: Handler) -> Iterator[HandlerRun]:
    """Yield a run of `handler` with a reset world and a cold function."""
    world.reset()
    with handler.start(world) as function:
        yield HandlerRun(world, handler, function)
