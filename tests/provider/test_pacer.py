"""The pace of one event: how long a call is tried again after each fault of SES, and how the deploy fails then."""

import io
import json
from collections.abc import Mapping
from itertools import islice
from random import Random
from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
)

from provider.clients import NoAnswerError, NotSentError
from provider.failures import Failure, Reason
from provider.json_log import JsonLog
from provider.retry_policy import pacer, pauses
from provider.ses import SesPolicies
from ses_sending_policy.rules.clock import Deadline
from ses_sending_policy.rules.identity import Identity
from tests.support.clocks import BEGIN, HandClock

HERE = Identity("example.com")


def refusal(code: str = "TooManyRequestsException", status: int = 400, message: str = "m") -> ClientError:
    error = {"Code": code, "Message": message}
    return ClientError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": status}}, "GetEmailIdentityPolicies")


BUSY, DENIED, BROKEN = refusal(), refusal("AccessDenied", 403), refusal("Unheard", 500)
PRINCIPAL = refusal("BadRequestException", 400, "Principal")
LOST = ReadTimeoutError(endpoint_url="https://ses.example")
UNSENT = NotSentError(error="no way")


class OneSecond(Random):
    """Random numbers that are always one second."""

    def uniform(self, _a: float, _b: float) -> float:
        """Return a second."""
        return 1.0


class Ses:
    """boto3's client for SES, which raises the given errors one after the other, and then answers.

    :param refusals: the errors.
    """

    def __init__(self, *refusals: Exception) -> None:
        self._refusals = list(refusals)
        self.clock = HandClock()

    def get_email_identity_policies(self, *, EmailIdentity: str) -> Mapping[str, Any]:  # noqa: N803 - boto3's own name
        """Return no policies."""
        assert EmailIdentity == HERE.name
        if self._refusals:
            raise self._refusals.pop(0)
        return {"Policies": {}}


class Event:
    """An event that has `seconds`, and keeps 18 of them."""

    def __init__(self, ses: Ses, *, seconds: float = 900, to_delete: bool = False) -> None:
        self.pacer = pacer(Deadline(ses.clock, BEGIN + seconds), 18, OneSecond(0), to_delete=to_delete)
        self._policies = SesPolicies(ses, self.pacer)

    def read(self) -> None:
        """Read the policies."""
        assert self._policies.of(HERE) == {}

    def failure(self) -> Failure:
        """Return the failure of that."""
        with pytest.raises(Failure) as failed:
            self.read()
        return failed.value


def test_a_call_that_works_is_made_once() -> None:
    ses = Ses()
    event = Event(ses)
    event.read()
    assert (event.pacer.calls, ses.clock.slept) == (1, [])
    event.read()
    assert (event.pacer.calls, ses.clock.slept) == (2, [])


READ = "GetEmailIdentityPolicies"
IS_DENIED = f"AccessDenied: {READ}: AccessDenied: m; allow it to the function's role, and lift any deny"
NOT_SENT = f"SesUnavailable: {READ}: no way; no call left the function: check its role, network and proxy"
IS_BROKEN = f"SesUnavailable: {READ}: {{}}; deploy again when SES answers"
STAYS_BROKEN = f"SesUnavailable: {READ} until the time was up: {{}}; deploy again when SES answers"
NO_PRINCIPAL = (
    f"InvalidPrincipal: {READ}: BadRequestException: Principal; check that each principal exists, and that its "
    "account has this region enabled"
)
TOO_MANY = (
    f"Throttled: {READ} until the time was up: TooManyRequestsException: m; deploy again, with fewer policies at once"
)


@pytest.mark.parametrize(
    ("error", "to_delete", "tries", "reason", "doubtful"),
    [
        (BROKEN, False, 61, IS_BROKEN.format("Unheard: m"), True),
        (LOST, False, 61, IS_BROKEN.format(LOST), True),
        (BROKEN, True, 882, STAYS_BROKEN.format("Unheard: m"), True),
        (LOST, True, 882, STAYS_BROKEN.format(LOST), True),
        (UNSENT, False, 61, NOT_SENT, False),
        (UNSENT, True, 61, NOT_SENT, False),
        (NoCredentialsError(), True, 61, NOT_SENT.replace("no way", str(NoCredentialsError())), False),
        (DENIED, False, 61, IS_DENIED, False),
        (DENIED, True, 61, IS_DENIED, False),
        (PRINCIPAL, False, 121, NO_PRINCIPAL, False),
        (PRINCIPAL, True, 121, NO_PRINCIPAL, False),
        (BUSY, False, 882, TOO_MANY, False),
        (BUSY, True, 882, TOO_MANY, False),
    ],
    ids=str,
)
def test_patience_ends(error: Exception, to_delete: bool, tries: int, reason: str, doubtful: bool) -> None:
    """Near the end of its time no call is made that could outlast it: 18 of the 900 seconds are kept."""
    ses = Ses(*[error] * 2000)
    event = Event(ses, to_delete=to_delete)
    failure = event.failure()
    assert (str(failure), event.pacer.calls, failure.doubtful) == (reason, tries, doubtful)
    assert event.pacer.calls == len(ses.clock.slept) + (0 if "until the time" in reason else 1)


@pytest.mark.parametrize(
    ("error", "doubtful"),
    [
        (UNSENT, False),
        (NoCredentialsError(), False),
        (ConnectTimeoutError(endpoint_url="https://s"), False),
        (EndpointConnectionError(endpoint_url="https://s"), False),
        (ProxyConnectionError(proxy_url="http://p"), False),
        (SSLError(endpoint_url="https://s", error="e"), False),
        (NoAnswerError(error="no answer"), True),
        (LOST, True),
        (ConnectionClosedError(endpoint_url="https://s"), True),
        (HTTPClientError(error="e"), True),
    ],
    ids=lambda error: type(error).__name__,
)
def test_what_never_left_the_machine_is_not_doubtful(error: BotoCoreError, *, doubtful: bool) -> None:
    """Also those of botocore's own transport, which is used for a proxy over TLS."""
    failure = Event(Ses(error, refusal("Unheard"))).failure()
    assert failure.doubtful is doubtful


@pytest.mark.parametrize(("seconds", "works"), [(18, False), (18.25, True)])
def test_no_call_starts_that_could_outlast_its_time(seconds: float, *, works: bool) -> None:
    event = Event(Ses(), seconds=seconds)
    if works:
        event.read()
        return
    failure = event.failure()
    assert str(failure) == f"OutOfTime: {READ} would not end within the function's time; deploy again"
    assert (event.pacer.calls, failure.doubtful) == (0, False)


@pytest.mark.parametrize("code", ["NotFoundException", "AlreadyExistsException", "LimitExceededException"])
def test_what_ses_says_while_it_is_ill_is_no_answer(code: str) -> None:
    """A Delete would take the first one for success, and leave the access."""
    failure = Event(Ses(*[refusal(code, 503)] * 100)).failure()
    assert (str(failure), failure.doubtful) == (IS_BROKEN.format(f"{code}: m"), True)


def test_a_refusal_without_words() -> None:
    assert str(Event(Ses(ClientError({"Error": {}}, "Call"))).failure()) == f"RefusedBySes: {READ}: Unknown: "


@pytest.mark.parametrize(("errors", "doubtful"), [([BUSY], False), ([LOST], True)])
def test_what_is_asked_before_a_try_can_end_the_call(errors: list[Exception], *, doubtful: bool) -> None:
    ses = Ses(*errors * 9)
    asked: list[float] = []

    def before() -> None:
        asked.append(ses.clock.now() - BEGIN)
        if len(asked) == 3:
            raise Failure(Reason.OVERTAKEN, "no")

    paced = pacer(Deadline(ses.clock, BEGIN + 900), 18, OneSecond(0), before)
    with pytest.raises(Failure, match="Overtaken: no") as failed:
        SesPolicies(ses, paced).of(HERE)
    assert (asked, paced.calls, failed.value.doubtful) == ([0, 1, 2], 2, doubtful)


class End(Random):
    """Random numbers that are always one end of the range: the first or the second."""

    def __init__(self, number: int) -> None:
        super().__init__(0)
        self._number = number

    def uniform(self, a: float, b: float) -> float:
        """Return that end."""
        return (a, b)[self._number]


def test_a_pause_is_any_moment_between_a_share_of_a_bound_that_grows_and_the_bound() -> None:
    grown = [0.6 * 1.2**number for number in range(7)]
    assert list(islice(pauses(End(1)), 10)) == pytest.approx([*grown, 2.1, 2.1, 2.1])
    assert list(islice(pauses(End(0)), 10)) == pytest.approx([0.35 * bound for bound in (*grown, 2.1, 2.1, 2.1)])


def test_unless_told_otherwise_it_is_no_delete_and_nothing_is_asked() -> None:
    ses = Ses(*[LOST] * 100)
    paced = pacer(Deadline(ses.clock, BEGIN + 900), 18, OneSecond(0))
    with pytest.raises(Failure, match="SesUnavailable: "):
        SesPolicies(ses, paced).of(HERE)


def test_each_fault_that_a_call_meets_is_told_once() -> None:
    ses, log = Ses(refusal(), refusal(), refusal("ServiceUnavailable", 503, "ill"), refusal()), io.StringIO()
    SesPolicies(ses, pacer(Deadline(ses.clock, BEGIN + 900), 18, OneSecond(0), log=JsonLog(log))).of(HERE)
    told = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [(line["event"], line["operation"], line["fault"], line["error"]) for line in told] == [
        ("call failed, tried again", "GetEmailIdentityPolicies", "throttled", "TooManyRequestsException: m"),
        ("call failed, tried again", "GetEmailIdentityPolicies", "unavailable", "ServiceUnavailable: ill"),
    ]
