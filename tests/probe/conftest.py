"""A strict SES on a clock on which waiting takes no time, with the probe on it; and the command on a local AWS."""

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
"""The command, in the folder of the checkout."""

SCHEMA: Final[Any] = json.loads((ROOT / "probe" / "probe.schema.json").read_text(encoding="utf-8"))

SIZES: Final = frozenset(
    subject.name for subject in (validation.LARGEST, validation.TOO_LARGE, validation.SPACIOUS, validation.CHARACTERS)
)
"""What the strict SES answers to by a number of its own, which is the subject of test_limits.py alone."""

HERE = ProbeTarget("111111111111", "eu-west-1", "aws")
NAMES = Names("5ca1ab1e0ddba115")
IDENTITY, OTHER = NAMES.identities

Ask = Callable[..., Probe]
"""Asks the questions that are named, or the usual ones; `is_interrupted` as `ProbeRun` has it."""


@pytest.fixture(scope="module")
def clock() -> Hurried:
    """Return the clock of both, SES and the probe."""
    return Hurried()


@pytest.fixture(scope="module")
def strict(clock: Hurried) -> Iterator[StrictSes]:
    """Start a strict SES, and let boto3 find it and nothing else."""
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
    """Return what reaches it, by boto3."""
    del strict
    return Aws()


@pytest.fixture
def ses(strict: StrictSes) -> StrictSes:
    """Return it as it was at first."""
    strict.change(**asdict(Settings()))
    strict.clear_faults()
    strict.clear_calls()
    return strict


@pytest.fixture
def ask(ses: StrictSes, aws: Calls, clock: Hurried) -> Ask:
    """Return what asks the strict SES."""
    del ses

    def ask(*names: str, is_interrupted: Callable[[], bool] = lambda: False) -> Probe:
        bench = ProbeRun(aws, HERE, clock, is_interrupted, NAMES, lambda *_: None)
        return probe(bench, [QUESTIONS[name] for name in names or USUAL])

    return ask


def answers(found: Probe) -> dict[str, str]:
    """Return the answers by what they are about."""
    return {each.subject.name: each.answer for each in found.readings}


def is_there(ses: StrictSes, identity: str) -> bool:
    """Return whether the account has an identity, once all is over."""
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
    """Start a whole local AWS, which a process finds by its environment."""
    with Emulator() as running:
        yield running


@pytest.fixture
def nobody(local_aws: Emulator) -> Emulator:
    """Return the local AWS, with nothing that another test left to go wrong."""
    local_aws.ses.change(quota=None, delete_missing="not-found")
    local_aws.ses.clear_faults()
    local_aws.ses.clear_calls()
    return local_aws


def asked(*arguments: str, environment: Mapping[str, str] = os.environ) -> subprocess.CompletedProcess[str]:
    """Run the command, with nobody to answer it.

    :param environment: all that it has. Default: - that of the tests.
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
    """Come back once SES was asked for an operation."""
    for _ in range(600):
        if aws.ses.calls(operation):
            return
        time.sleep(0.05)
    pytest.fail(f"{operation} was never called")


def left(aws: Emulator) -> list[str]:
    """Return the identities of any probe that are there."""
    found = aws.client("sesv2").list_email_identities()["EmailIdentities"]
    return [each["IdentityName"] for each in found if each["IdentityName"].startswith("sending-policy-probe-")]
