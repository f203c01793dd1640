"""An event's time: one decision, in time, and no write after it; rows 11 to 15 and 60 to 62 of the fault table."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from provider.fence import HOLD_SECONDS
from provider.function import CALL_SECONDS
from ses_sending_policy.rules.wire import LEAST_FUNCTION_SECONDS, LEAST_TAKE_OVER_SECONDS
from tests.support.events import Resource
from tests.support.fake_aws import FakeAws
from tests.support.function import FunctionProcess
from tests.support.rows import row

PARTNER = Resource()
CLAIMED = "example.com|partner|3709feb27d9890ae"
UNCLAIMED = "example.com|partner|unclaimed"


@contextmanager
def dripping_ses() -> Iterator[tuple[str, list[bytes]]]:
    """Serve an SES that sends one byte every two seconds, so that no read times out; yields its URL and requests."""
    requests: list[bytes] = []
    stop = threading.Event()
    server = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with connection:
            requests.append(connection.recv(65536))
            try:
                for byte in b"HTTP/1.1 200 OK\r\n" * 9:
                    connection.sendall(bytes([byte]))
                    if stop.wait(2):
                        return
            except OSError:
                return  # the function's process is gone

    def accept() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return  # closed below
            threading.Thread(target=serve, args=[connection], daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}", requests
    finally:
        stop.set()
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()


@row(11, "the function's time is nearly up, on a Create", "one FAILED with an id that is always the same, in time")
@row(12, "the same on an Update", "one FAILED with the event's id")
@row(13, "the same on a Delete", "one FAILED with the event's id")
def test_rows_11_to_13_the_timer_answers(aws: FakeAws) -> None:
    """SES answers byte by byte: the call ends at its limit, and there is no time for another."""
    events = [PARTNER.create(aws.url), PARTNER.update(aws.url, CLAIMED), PARTNER.delete(aws.url, CLAIMED)]
    with dripping_ses() as (url, _), ExitStack() as stack:
        functions = [stack.enter_context(aws.another_function(AWS_ENDPOINT_URL_SESV2=url)) for _ in events]
        started = time.time()
        for function, event in zip(functions, events, strict=True):
            function.send(event, seconds=19)
        deadline = started + 60
        while len(aws.answers.puts) < 3 and time.time() < deadline:
            time.sleep(0.1)
    assert all(put.at - started < 19 for put in aws.answers.puts)
    answers = {answer["RequestId"]: answer for answer in aws.answers.arrived}
    assert len(aws.answers.puts) == 3
    assert [answers[event["RequestId"]]["PhysicalResourceId"] for event in events] == [UNCLAIMED, CLAIMED, CLAIMED]
    for answer in answers.values():
        # The timer fires a second after the call's limit: on a slow machine it is first.
        assert ": 127.0.0.1: no answer within 13 s; " in answer["Reason"] or answer["Reason"].startswith("OutOfTime: ")


@pytest.mark.parametrize("request_type", ["create", "update", "delete"])
@row(14, "the timer and the work end at the same moment", "exactly one decision")
def test_row_14_one_decision(aws: FakeAws, request_type: str) -> None:
    """With less than its margin left, the timer fires at once, and the first call is refused at once."""
    aws.answers.always = "slow"
    event = {
        "create": PARTNER.create(aws.url),
        "update": PARTNER.update(aws.url, CLAIMED),
        "delete": PARTNER.delete(aws.url, CLAIMED),
    }[request_type]
    answer = aws.handle(event, seconds=4.5)
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith("OutOfTime: ")
    assert answer["PhysicalResourceId"] != ""


@row(15, "a write that would start after FAILED was sent", "none starts")
def test_row_15_no_write_after_an_answer(aws: FakeAws) -> None:
    """The call of the Create ends after the timer has answered: the Update must not be sent."""
    with dripping_ses() as (url, requests), aws.another_function(AWS_ENDPOINT_URL_SESV2=url) as function:
        function.send(PARTNER.create(aws.url), seconds=18.7)
        while not aws.answers.puts:
            time.sleep(0.05)
    assert len(requests) == 1
    assert len(aws.answers.puts) == 1


def test_the_shortest_function_has_time_for_a_call() -> None:
    assert LEAST_FUNCTION_SECONDS > CALL_SECONDS
    assert LEAST_TAKE_OVER_SECONDS > HOLD_SECONDS + CALL_SECONDS


@pytest.mark.parametrize("seconds", [3, 10, 17])
def test_no_call_starts_that_could_outlast_the_timer(aws: FakeAws, seconds: float) -> None:
    answer = aws.handle(PARTNER.create(aws.url), seconds=seconds)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", UNCLAIMED)
    assert answer["Reason"].startswith("OutOfTime: ")
    assert aws.calls == []


@row(
    60,
    "an event that is older than CloudFormation's patience",
    "writes nothing",
    note="its age is that of the answer URL's signature; the function also has a max_event_age",
)
def test_row_60_a_late_event(aws: FakeAws) -> None:
    url = aws.answers.response_url(signed_at=time.time() - 1201)
    assert aws.function(PARTNER.create(url)) == "UndeliveredError: the event is older than CloudFormation waits"
    assert (aws.calls, aws.answers.puts) == ([], [])


def test_an_event_has_no_more_time_than_cloudformation_waits(aws: FakeAws) -> None:
    url = aws.answers.response_url(signed_at=time.time() - 1190)
    answer = aws.handle(PARTNER.create(url), seconds=900)
    assert answer["Reason"].startswith("OutOfTime: ")
    assert aws.calls == []


@row(61, "two events of one resource at the same time", "the last writer counts; nobody else's policy is deleted")
def test_row_61_two_at_once(aws: FakeAws) -> None:
    with ExitStack() as stack:
        functions = [stack.enter_context(aws.another_function()) for _ in range(2)]
        for function in functions:
            function.send(PARTNER.create(aws.url))
        assert [function.result() for function in functions] == [None, None]
    assert [answer["Status"] for answer in aws.answers.arrived] == ["SUCCESS", "SUCCESS"]
    assert {answer["PhysicalResourceId"] for answer in aws.answers.arrived} == {f"{CLAIMED}|made"}
    assert len(aws.ses.policies()) == 1


@pytest.mark.parametrize("operation", ["CreateEmailIdentityPolicy", "UpdateEmailIdentityPolicy"])
@row(62, "the kernel ends the process in the middle of a call", "the event comes again and completes, with the same id")
def test_row_62_killed_and_replayed(aws: FakeAws, operation: str) -> None:
    aws.fail(operation, ending="hang", applied=True, seconds=30)
    event = PARTNER.create(aws.url)
    with aws.another_function() as victim:
        victim.send(event)
        _wait_for_call(aws, operation, victim)
        victim.kill()
    assert aws.answers.puts == []
    answer = aws.handle(event)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", f"{CLAIMED}|made")


def _wait_for_call(aws: FakeAws, operation: str, function: FunctionProcess) -> None:
    """Wait until SES has carried out the call, and is holding back its answer."""
    deadline = time.monotonic() + 30
    while operation not in [call.operation for call in aws.ses.calls()]:
        assert time.monotonic() < deadline, function.text
        time.sleep(0.02)
