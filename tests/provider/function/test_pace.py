"""SES is slow, busy or refuses; rows 47 to 53 of the fault table."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

import pytest

from emulator import AccountRegion
from emulator.quota import Quota, QuotaScope, Turnstile
from provider.retry_policy import pacer
from ses_sending_policy.rules.clock import Deadline
from ses_sending_policy.rules.faults import CallError, Fault
from ses_sending_policy.rules.limits import POLICIES_PER_IDENTITY
from tests.support.events import ACCOUNT, REGION, Resource
from tests.support.fake_aws import FakeAws
from tests.support.rows import row

PARTNER = Resource()
CREATE, UPDATE, READ, DELETE = (
    f"{verb}EmailIdentityPolic{ending}"
    for verb, ending in (("Create", "y"), ("Update", "y"), ("Get", "ies"), ("Delete", "y"))
)


@pytest.mark.parametrize("code", ["TooManyRequestsException", "ThrottlingException", "Throttling", "Unheard"])
@row(47, "429 n times, then it works", "SUCCESS within the time that is left")
def test_row_47_throttled_for_a_while(aws: FakeAws, code: str) -> None:
    aws.fail(CREATE, status=429, code=code, message="Rate exceeded", times=50)
    assert aws.handle_hurried(PARTNER.create(aws.url))["Status"] == "SUCCESS"
    assert aws.calls == ["Create"] * 51 + ["Update"]


@row(48, "20 resources at once under one call a second", "all succeed")
def test_row_48_many_at_once(aws: FakeAws) -> None:
    resources = [Resource(logical_id=f"Partner{number}") for number in range(20)]
    aws.ses.change(quota=Quota(per_second=1, scope="each"))
    with ExitStack() as stack:
        functions = [stack.enter_context(aws.another_function()) for _ in resources]
        for function, resource in zip(functions, resources, strict=True):
            function.send(resource.create(aws.url, PolicyName=resource.logical_id))
        assert [function.result() for function in functions] == [None] * 20
    assert {answer["Status"] for answer in aws.answers.arrived} == {"SUCCESS"}
    assert len(aws.ses.policies()) == 20


@pytest.mark.parametrize(
    "fault",
    [{"status": 500}, {"status": 503}, {"ending": "reset"}, {"ending": "reset", "applied": True}],
    ids=["500", "503", "reset", "reset after it was done"],
)
@pytest.mark.parametrize("operation", [CREATE, UPDATE])
@row(50, "SES answers 500 or 503, or breaks the connection", "tried again")
def test_row_50_a_passing_fault(aws: FakeAws, operation: str, fault: dict[str, Any]) -> None:
    aws.ses.clear_faults()
    aws.fail(operation, times=3, **fault)
    answer = aws.handle_hurried(PARTNER.create(aws.url))
    assert (answer["Status"], answer["PhysicalResourceId"].endswith("unclaimed")) == ("SUCCESS", False)


@row(49, "SES accepts a call and hangs", "bounded by the call's own limits; FAILED with a reason in time")
def test_row_49_ses_hangs(aws: FakeAws) -> None:
    aws.fail(CREATE, ending="hang", seconds=60, times=9)
    # Time for one call and not for two, whatever a busy machine takes besides.
    assert aws.function(PARTNER.create(aws.url), seconds=25) is None
    answer = aws.answers.arrived[0]
    assert answer["Status"] == "FAILED"
    assert answer["Reason"] == (
        "SesUnavailable: CreateEmailIdentityPolicy until the time was up: 127.0.0.1: no answer within 13 s; "
        "deploy again when SES answers"
    )
    assert answer["PhysicalResourceId"] == "example.com|partner|unclaimed"


@row(51, "the 21st policy of an identity", "FAILED at once, and says 20")
def test_row_51_the_limit(aws: FakeAws) -> None:
    for number in range(POLICIES_PER_IDENTITY):
        aws.seed('{"Statement":[]}', f"other{number}")
    answer = aws.handle(PARTNER.create(aws.url))
    assert answer["Reason"] == (
        "PolicyLimit: 'example.com' has 20 policies already, and SES allows no more; "
        "put 'partner' together with another, or delete one"
    )
    assert aws.calls == ["Create", "Get", "Get"]


@pytest.mark.parametrize(("times", "status"), [(3, "SUCCESS"), (1000, "FAILED")], ids=["for a while", "for good"])
@row(52, "access is denied, as while a new role is not known everywhere", "tried for a short while, then a clear error")
def test_row_52_access_denied(aws: FakeAws, times: int, status: str) -> None:
    aws.fail(CREATE, status=403, code="AccessDeniedException", message="not authorized", times=times)
    answer = aws.handle_hurried(PARTNER.create(aws.url))
    assert answer["Status"] == status
    if status == "FAILED":
        assert answer["Reason"].startswith("AccessDenied: CreateEmailIdentityPolicy: ")
        assert answer["Reason"].endswith("allow it to the function's role, and lift any deny")
        assert len(aws.calls) < 200, "a minute of tries, not all the time that is left"


def test_access_denied_on_a_delete_fails_and_does_not_claim_it_is_gone(aws: FakeAws) -> None:
    physical_id = aws.handle(PARTNER.create(aws.url))["PhysicalResourceId"]
    aws.fail(DELETE, status=403, code="AccessDeniedException", message="not authorized", times=1000)
    answer = aws.handle_hurried(PARTNER.delete(aws.url, physical_id))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", physical_id)
    assert answer["Reason"].startswith("AccessDenied: DeleteEmailIdentityPolicy")
    assert len(aws.calls) < 200, "a minute of tries, not all the time that is left"


@pytest.mark.parametrize(("times", "status"), [(20, "SUCCESS"), (1000, "FAILED")], ids=["just made", "not there"])
@row(53, "a principal that was just made is not known yet", "tried for one to two minutes, then a clear error")
def test_row_53_invalid_principal(aws: FakeAws, times: int, status: str) -> None:
    aws.fail(CREATE, status=400, code="BadRequestException", message="Invalid principal in policy", times=times)
    answer = aws.handle_hurried(PARTNER.create(aws.url))
    assert answer["Status"] == status
    if status == "FAILED":
        assert answer["Reason"].startswith("InvalidPrincipal: CreateEmailIdentityPolicy: ")
        assert "check that each principal exists" in answer["Reason"]


def test_a_delete_waits_for_ses_as_long_as_it_can(aws: FakeAws) -> None:
    """CloudFormation gives up on a Delete that fails during an update of the stack, which would leave access behind."""
    physical_id = aws.handle(PARTNER.create(aws.url))["PhysicalResourceId"]
    aws.fail(DELETE, status=503, times=150)
    assert aws.handle_hurried(PARTNER.delete(aws.url, physical_id))["Status"] == "SUCCESS"
    assert aws.live() is None


class Largest(Random):
    """Random numbers that are always the largest possible."""

    def uniform(self, a: float, b: float) -> float:  # noqa: ARG002 - as Random declares it
        """Return the end of the range."""
        return b


@dataclass
class Still:
    """A clock that moves only during sleeps, and records them."""

    seconds: float = 0.0
    naps: list[float] = field(default_factory=list)

    def now(self) -> float:
        """Return the seconds since the beginning."""
        return self.seconds

    def sleep(self, seconds: float) -> None:
        """Move the clock on, and return at once."""
        self.seconds += seconds
        self.naps.append(seconds)


@dataclass
class QuotaAlone:
    """SES as one event sees it: each call takes some time, and is within the quota or refused."""

    clock: Still
    quota: Quota
    answers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._turnstile = Turnstile(self.clock.now)

    def answer(self, operation: str) -> None:
        """Carry the operation out, or refuse it."""
        self.clock.seconds += 0.1875
        admitted = self._turnstile.admits(self.quota, AccountRegion(ACCOUNT, REGION), operation)
        self.answers.append(operation if admitted else "refused")
        self.clock.seconds += 0.1875
        if not admitted:
            raise CallError("TooManyRequestsException", "Rate exceeded", Fault.THROTTLED)


@pytest.mark.parametrize(
    ("scope", "answers", "naps"),
    # The first call ends at 0.375 s, so its second is over at 1.375 s; the next is refused by 0.75 s.
    [("over_all", ["Create", "refused", "Update"], [0.625]), ("each", ["Create", "Update"], [])],
)
def test_a_call_that_its_own_predecessor_hinders_waits_for_the_end_of_that_second(
    scope: QuotaScope, answers: list[str], naps: list[float]
) -> None:
    """The wait is known, so it is not random; if each operation has its own quota, there is none."""
    clock = Still()
    ses = QuotaAlone(clock, Quota(scope=scope))
    paced = pacer(Deadline(clock, 900), 15, Largest())
    for operation in ("Create", "Update"):
        paced.call(operation, partial(ses.answer, operation))
    assert (ses.answers, clock.naps, paced.calls) == (answers, naps, len(answers))
