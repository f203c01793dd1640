"""The scheduled check on a clock of its own: it comes to its end within the function's time, whatever SES says."""

import io
import json
from random import Random
from typing import Any, Final, NoReturn

import pytest
from botocore.exceptions import ClientError

from provider.drift import INTERVAL_SECONDS, KEPT_SECONDS, DriftCheck
from provider.journal import Journal
from provider.pace import pacer
from provider.ses import SesPolicies
from ses_sending_policy.rules.clock import Deadline
from ses_sending_policy.rules.drift_check import Check, write
from tests.support.clocks import BEGIN, HandClock
from tests.support.events import ACCOUNT, REGION

MANY: Final = 400
FUNCTION_SECONDS: Final = 900.0


class Denied:
    """A client for SES in an account that lets nobody read; each refusal takes its time."""

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock

    def get_email_identity_policies(self, **_: str) -> NoReturn:
        """Refuse it."""
        self._clock.time += 0.1
        error = {"Code": "AccessDeniedException", "Message": "not authorized to perform ses:GetEmailIdentityPolicies"}
        raise ClientError({"Error": error, "ResponseMetadata": {"HTTPStatusCode": 403}}, "GetEmailIdentityPolicies")


def test_a_look_that_may_read_nothing_ends_in_time_and_tells_of_every_policy() -> None:
    """Each identity is met with a minute of patience: of many, most are not even asked for."""
    clock, log = HandClock(), io.StringIO()
    end = BEGIN + FUNCTION_SECONDS
    deployed = [(f"domain{number}.example|partner|0123456789abcdef", "0") for number in range(MANY)]
    stack_id = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/Mail/1"
    paced = pacer(Deadline(clock, end), KEPT_SECONDS, Random(0))  # noqa: S311 - lots, not secrets
    check = Check.read(write("Mail-Drift", stack_id, deployed))
    look = DriftCheck(check, SesPolicies(Denied(clock), paced, INTERVAL_SECONDS), Journal(log))
    assert look.run() == {None: MANY}
    assert clock.now() < end, f"Lambda ended it {clock.now() - end:.0f} seconds before it could tell anything"
    lines: list[dict[str, Any]] = [json.loads(line) for line in log.getvalue().splitlines()]
    assert len({line["identity"] for line in lines}) == MANY
    assert {line["reason"].partition(":")[0] for line in lines} == {"AccessDenied", "OutOfTime"}


class Empty:
    """A client for SES in an account whose identities have no policies."""

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        self.asked: list[float] = []

    def get_email_identity_policies(self, **_: str) -> dict[str, Any]:
        """Tell so at once."""
        self.asked.append(self._clock.now() - BEGIN)
        return {"Policies": {}}


def test_it_leaves_to_a_deploy_a_part_of_what_ses_allows() -> None:
    clock = HandClock()
    client = Empty(clock)
    deployed = [(f"domain{number}.example|partner|0123456789abcdef", "0") for number in range(4)]
    check = Check.read(write("Mail-Drift", f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/Mail/1", deployed))
    paced = pacer(Deadline(clock, BEGIN + FUNCTION_SECONDS), KEPT_SECONDS, Random(0))  # noqa: S311 - lots, not secrets
    DriftCheck(check, SesPolicies(client, paced, INTERVAL_SECONDS), Journal(io.StringIO())).run()
    assert client.asked == pytest.approx([0, 1.1, 2.2, 3.3])
