"""Fixtures: a strict SES on a hurried clock, with the probe on it; and the command on a local AWS."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

import pytest

from emulator import Emulator, StrictSes
from emulator.environment import merged
from emulator.settings import Settings
from probe import validation
from probe.catalogue import QUESTIONS, USUAL
from probe.port import ProbeTarget
from probe.probe_run import Probe, ProbeRun, probe
from probe.scratch import Names
from ses_sending_policy.review.live.aws import Aws
from ses_sending_policy.review.live.calls import Calls
from tests.conftest import ROOT
from tests.review.live.looking import Hurried

COMMAND: Final = [sys.executable, "-m", "probe"]
"""The command, run in the folder of the checkout."""

SCHEMA: Final[Any] = json.loads((ROOT / "probe" / "probe.schema.json").read_text(encoding="utf-8"))

SIZES: Final = frozenset(
    subject.name for subject in (validation.LARGEST, validation.TOO_LARGE, validation.SPACIOUS, validation.CHARACTERS)
)
"""The subjects to which the strict SES answers by a number of its own; only test_limits.py is about them."""

HERE = ProbeTarget("111111111111", "eu-west-1", "aws")
NAMES = Names("5ca1ab1e0ddba115")
IDENTITY, OTHER = NAMES.identities

Ask = Callable[..., Probe]
"""Asks the named questions, or the usual ones; for `is_interrupted` see `ProbeRun`."""


@pytest.fixture(scope="module")
def clock() -> Hurried:
    """Return the clock of both SES and the probe."""
    return Hurried()


@pytest.fixture(scope="module")
def strict(clock: Hurried) -> Iterator[StrictSes]:
    """Start a strict SES, and make it the only one that boto3 finds."""
    before = dict(os.environ)
    with StrictSes(account=HERE.account, clock=clock.now) as started:
        ours = {
            "AWS_ENDPOINT_URL_SESV2": started.url,
            "AWS_ACCESS_KEY_ID": HERE.account,
            "AWS_SECRET_ACCESS_KEY": started.secret,
            "AWS_REGION": HERE.region,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        os.environ.clear()
        os.environ.update(merged(before, ours))
        yield started
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(scope="module")
def aws(strict: StrictSes) -> Calls:
    """Return the probe's calls to the strict SES, by boto3."""
    del strict
    return Aws()


@pytest.fixture
def ses(strict: StrictSes) -> StrictSes:
    """Return the strict SES in its initial state."""
    strict.change(**asdict(Settings()))
    strict.clear_faults()
    strict.clear_calls()
    return strict


@pytest.fixture
def ask(ses: StrictSes, aws: Calls, clock: Hurried) -> Ask:
    """Return a function that asks the strict SES."""
    del ses

    def ask(*names: str, is_interrupted: Callable[[], bool] = lambda: False) -> Probe:
        bench = ProbeRun(aws, HERE, clock, is_interrupted, NAMES, lambda *_: None)
        return probe(bench, [QUESTIONS[name] for name in names or USUAL])

    return ask


def answers(found: Probe) -> dict[str, str]:
    """Return the answers by the name of their subject."""
    return {each.subject.name: each.answer for each in found.readings}


def is_there(ses: StrictSes, identity: str) -> bool:
    """Return whether the account has an identity, without faults or a quota."""
    ses.change(quota=None)
    ses.clear_faults()
    client = ses.client()
    try:
        client.get_email_identity_policies(EmailIdentity=identity)
    except client.exceptions.NotFoundException:
        return False
    return True


@pytest.fixture(scope="session")
def local_aws() -> Iterator[Emulator]:
    """Start a whole local AWS, for processes with its environment."""
    with Emulator() as running:
        yield running


@pytest.fixture
def nobody(local_aws: Emulator) -> Emulator:
    """Return the local AWS, without the faults and calls of other tests."""
    local_aws.ses.change(quota=None, delete_missing="not-found")
    local_aws.ses.clear_faults()
    local_aws.ses.clear_calls()
    return local_aws


def asked(*arguments: str, environment: Mapping[str, str] = os.environ) -> subprocess.CompletedProcess[str]:
    """Run the command without an input.

    :param environment: its whole environment. Default: - that of the tests.
    """
    return subprocess.run(
        [*COMMAND, *arguments],
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
        env=environment,
    )


def running(aws: Emulator, *command: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[str]:
    """Start a command on the local AWS."""
    return subprocess.Popen(
        command,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        cwd=ROOT,
        env=aws.shell(),
        start_new_session=True,
    )


def wait_for(aws: Emulator, operation: str) -> None:
    """Wait until SES got a call of an operation."""
    for _ in range(600):
        if aws.ses.calls(operation):
            return
        time.sleep(0.05)
    pytest.fail(f"{operation} was never called")


def left(aws: Emulator) -> list[str]:
    """Return the identities of any probe that still exist."""
    found = aws.client("sesv2").list_email_identities()["EmailIdentities"]
    return [each["IdentityName"] for each in found if each["IdentityName"].startswith("sending-policy-probe-")]
