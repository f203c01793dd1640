"""Scripted faults: what the client sees, whether the call was carried out, and that later calls work."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import botocore.exceptions
import pytest

from emulator import AccountRegion, ScriptedFault, StrictSes
from emulator.faults import Ending
from emulator.signature import Signer

Document = Callable[..., str]
# boto3 makes its classes at run time.
Client = Any
HERE = AccountRegion("111111111111", "eu-west-1")
EXAMPLE = {"EmailIdentity": "example.com", "PolicyName": "partner"}
LONG = 600.0


@contextmanager
def impatient(ses: StrictSes) -> Iterator[Client]:
    """Yield a client that tries once, and hardly waits for an answer."""
    client = ses.client(HERE, retries={"total_max_attempts": 1}, read_timeout=0.3)
    yield client
    client.close()


def wait_until(done: Callable[[], bool]) -> None:
    """Wait until another thread has done something."""
    deadline = time.monotonic() + 60
    while not done():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


def settled(ses: StrictSes, operation: str = "CreateEmailIdentityPolicy") -> list[tuple[int, str | None, bool]]:
    """Wait for the end of the call; return its status, its code, and whether it was carried out."""
    wait_until(lambda: bool(ses.calls(operation)))
    return [(call.status, call.code, call.applied) for call in ses.calls(operation)]


@pytest.mark.parametrize("applied", [False, True])
def test_a_refusal_by_script(ses: StrictSes, client: Client, document: Document, *, applied: bool) -> None:
    ses.fail(ScriptedFault("refusal", applied=applied, times=2, status=503, code="ServiceUnavailable", message="later"))
    for _ in range(2):
        with pytest.raises(botocore.exceptions.ClientError) as caught:
            client.create_email_identity_policy(**EXAMPLE, Policy=document())
        answer = caught.value.response
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 503
        assert (answer["Error"]["Code"], answer["Error"]["Message"]) == ("ServiceUnavailable", "later")
    assert len(ses.policies()) == applied
    assert settled(ses) == [(503, "ServiceUnavailable", applied), (503, "ServiceUnavailable", False)]
    assert client.get_email_identity_policies(EmailIdentity="example.com")["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize("ending", ["answer", "refusal", "hang", "reset"])
@pytest.mark.parametrize("applied", [False, True])
def test_a_late_ending_finds_nobody_waiting(
    ses: StrictSes,
    document: Document,
    ending: Ending,
    *,
    applied: bool,
) -> None:
    ses.fail(ScriptedFault(ending, applied=applied, seconds=LONG))
    with impatient(ses) as client, pytest.raises(botocore.exceptions.ReadTimeoutError):
        client.create_email_identity_policy(**EXAMPLE, Policy=document())
    if ending == "answer" and not applied:
        # It waits before it is carried out: nothing is decided until the server stops, and then nothing is done.
        wait_until(lambda: ses.faults_left == 0)
        assert ses.calls() == []
        ses.stop()
        assert settled(ses) == [(0, "hang", False)]
    else:
        expected = {"answer": (200, None), "refusal": (500, "InternalServiceError")}.get(ending, (0, ending))
        assert settled(ses) == [(*expected, applied)]
    assert len(ses.policies()) == applied


@pytest.mark.parametrize("applied", [False, True])
def test_a_late_answer_is_the_true_answer(ses: StrictSes, client: Client, document: Document, *, applied: bool) -> None:
    ses.fail(ScriptedFault("answer", applied=applied, seconds=0.2, times=2))
    begun = time.monotonic()
    client.create_email_identity_policy(**EXAMPLE, Policy=document())
    assert time.monotonic() - begun > 0.19
    with pytest.raises(client.exceptions.AlreadyExistsException, match="Policy <partner> already exists"):
        client.create_email_identity_policy(**EXAMPLE, Policy=document())
    assert settled(ses) == [(200, None, True), (400, "AlreadyExistsException", False)]


@pytest.mark.parametrize("ending", ["hang", "reset"])
@pytest.mark.parametrize("applied", [False, True])
def test_a_connection_that_ends_without_an_answer(
    ses: StrictSes,
    client: Client,
    document: Document,
    ending: Ending,
    *,
    applied: bool,
) -> None:
    ses.fail(ScriptedFault(ending, applied=applied, seconds=0.05))
    with pytest.raises(botocore.exceptions.ConnectionClosedError):
        client.create_email_identity_policy(**EXAMPLE, Policy=document())
    assert settled(ses) == [(0, ending, applied)]
    assert len(ses.policies()) == applied


@pytest.mark.parametrize(("ending", "rude"), [("hang", False), ("reset", True)])
def test_a_reset_is_a_reset_and_a_hang_ends_in_good_order(ses: StrictSes, ending: Ending, *, rude: bool) -> None:
    ses.fail(ScriptedFault(ending))
    address = urlsplit(ses.url)
    target = "/v2/email/identities/example.com/policies"
    signed = Signer(HERE.account, ses.secret, HERE.region).headers("ses", "GET", f"http://localhost{target}")
    lines = [f"GET {target} HTTP/1.1", "Host: localhost", *(f"{name}: {value}" for name, value in signed.items())]
    head = "\r\n".join([*lines, "", ""])
    with socket.create_connection((str(address.hostname), address.port or 0), timeout=30) as connection:
        connection.sendall(head.encode())
        if rude:
            with pytest.raises(ConnectionResetError):
                connection.recv(1)
        else:
            assert connection.recv(1) == b""


def test_a_fault_meets_only_the_calls_that_it_names(ses: StrictSes, client: Client, document: Document) -> None:
    ses.add_identity("other.com")
    ses.fail(
        ScriptedFault("refusal", operation="DeleteEmailIdentityPolicy"),
        ScriptedFault("refusal", identity="other.com", times=2),
        ScriptedFault("refusal", policy_name="second"),
    )

    def outcome(call: Callable[[], object]) -> str:
        try:
            call()
        except botocore.exceptions.ClientError as error:
            return str(error.response["Error"]["Code"])
        return "done"

    def create(name: str) -> str:
        return outcome(
            lambda: client.create_email_identity_policy(EmailIdentity="example.com", PolicyName=name, Policy=document())
        )

    def read(identity: str) -> str:
        return outcome(lambda: client.get_email_identity_policies(EmailIdentity=identity))

    def delete() -> str:
        return outcome(lambda: client.delete_email_identity_policy(**EXAMPLE))

    assert [create("partner"), create("second"), create("second")] == ["done", "InternalServiceError", "done"]
    assert [read("example.com")] + [read("other.com") for _ in range(3)] == [
        "done",
        "InternalServiceError",
        "InternalServiceError",
        "done",
    ]
    assert ses.faults_left == 1
    assert [delete(), delete()] == ["InternalServiceError", "done"]


def test_faults_can_be_cleared(ses: StrictSes, client: Client) -> None:
    ses.fail(ScriptedFault("reset", times=5))
    ses.clear_faults()
    assert ses.faults_left == 0
    assert client.get_email_identity_policies(EmailIdentity="example.com")["Policies"] == {}


def test_a_call_over_the_quota_uses_up_no_fault(ses: StrictSes, client: Client) -> None:
    ses.change(quota={"per_second": 1})
    client.get_email_identity_policies(EmailIdentity="example.com")
    ses.fail(ScriptedFault("reset"))
    with pytest.raises(client.exceptions.TooManyRequestsException):
        client.get_email_identity_policies(EmailIdentity="example.com")
    assert ses.faults_left == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"ending": "smoke"}, "fault ending 'smoke' must be one of answer, refusal, hang, reset"),
        ({"ending": "hang", "seconds": -1}, "fault seconds -1 must be 0 or more"),
        ({"ending": "hang", "times": 0}, "fault times 0 must be 1 or more"),
        ({"ending": "refusal", "status": 200}, "fault status 200 must be an error, 400 to 599"),
        (
            {"ending": "hang", "operation": "PutIdentityPolicy"},
            "fault operation 'PutIdentityPolicy' must be one of "
            + ", ".join(f"{verb}EmailIdentityPolicy" for verb in ("Create", "Update", "Delete"))
            + ", GetEmailIdentityPolicies, CreateEmailIdentity, DeleteEmailIdentity",
        ),
    ],
)
def test_a_wrong_fault_is_refused_with_a_sentence(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole sentence is compared below
        ScriptedFault(**values)
    assert str(caught.value) == sentence
