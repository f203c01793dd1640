"""The function's client for SES: which responses are SES's, and their times."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import pytest
from botocore import UNSIGNED

from provider.failures import Failure
from provider.function import CALL_SECONDS
from provider.retry_policy import pacer
from provider.ses import SesPolicies, ses_client
from ses_sending_policy.rules.clock import Deadline
from ses_sending_policy.rules.identity import Identity
from ses_sending_policy.rules.ownership import Target
from tests.provider.transport.raw import Wire, hangs, http, refusal, says, wire
from tests.support.clocks import HandClock

TARGET: Final = Target(Identity.parse("example.com"), "partner")
DATE: Final = "Sat, 28 Nov 2026 10:00:00 GMT"


def policies(client: Any, hears: Callable[[str], None] = lambda _: None) -> SesPolicies:
    """Return SES's policies as a function with a second left sees them: a failed call is not tried for long."""
    clock = HandClock()
    deadline = Deadline(clock, clock.now() + CALL_SECONDS + 1)
    return SesPolicies(client, pacer(deadline, CALL_SECONDS, Random(0)), 0.0, hears)


@dataclass(frozen=True)
class Line:
    """The function's own client, and the server that it calls."""

    made: Wire
    client: Any

    def answers(self, operation: str, answer: bytes, hears: Callable[[str], None] = lambda _: None) -> object:
        """Answer a call with these bytes; return what was read, or the reason of the failure."""
        self.made.usual = says(answer)
        port = policies(self.client, hears)
        calls: Mapping[str, Callable[[], object]] = {
            "read": lambda: port.of(TARGET.identity),
            "create": lambda: port.create(TARGET, "{}"),
            "update": lambda: port.update(TARGET, "{}"),
            "delete": lambda: port.delete(TARGET),
        }
        try:
            return calls[operation]()
        except Failure as failure:
            return failure.reason.value


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    """Yield a client that does not sign its calls."""
    with wire(hangs) as made:
        client = ses_client("eu-west-1")

        def redirect(params: dict[str, Any], **_: object) -> None:
            params["url"] = made.url + params["url_path"]

        client.meta.events.register("before-call.sesv2", redirect)
        client.meta.events.register("choose-signer.sesv2", lambda **_: UNSIGNED)
        yield Line(made, client)


WRITES: Final = ("create", "update", "delete")
NO_ANSWER: Final = "SesUnavailable"


@pytest.mark.parametrize(
    ("body", "read", "written"),
    [
        (b"", NO_ANSWER, None),
        (b"{}", NO_ANSWER, None),
        (b'{"Policies": {"partner": "text"}}', {"partner": "text"}, None),
        (b'{"Policies": {}}', {}, None),
        (b'{"policies": {}}', NO_ANSWER, None),
        (b'{"Policies": null}', NO_ANSWER, None),
        (b'{"Policies": ["partner"]}', NO_ANSWER, None),
        (b'{"Policies": {"partner": {}}}', NO_ANSWER, None),
        (b'{"Policies": {"other": "text", "partner": 1}}', NO_ANSWER, None),
        (b"[]", NO_ANSWER, NO_ANSWER),
        (b"null", NO_ANSWER, NO_ANSWER),
        (b"<html>", NO_ANSWER, NO_ANSWER),
    ],
)
def test_what_is_no_answer_of_ses_is_its_fault(line: Line, body: bytes, read: object, written: object) -> None:
    assert line.answers("read", http(200, body)) == read
    assert [line.answers(operation, http(200, body)) for operation in WRITES] == [written] * 3


def test_the_time_of_an_answer_is_heard(line: Line) -> None:
    heard: list[str] = []
    line.answers("read", http(200, b'{"Policies": {}}', "application/json", f"Date: {DATE}"), heard.append)
    assert heard == [DATE]


def test_the_time_of_a_refusal_is_heard_as_well(line: Line) -> None:
    heard: list[str] = []
    head, _, body = refusal(400, "BadRequestException").partition(b"\r\n\r\n")
    line.answers("update", head + f"\r\nDate: {DATE}\r\n\r\n".encode() + body, heard.append)
    assert heard == [DATE]


def test_an_answer_without_a_time(line: Line) -> None:
    heard: list[str] = []
    line.answers("read", http(200, json.dumps({"Policies": {}}).encode()), heard.append)
    assert heard == [""]
