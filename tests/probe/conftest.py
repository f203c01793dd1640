"""A strict SES without identities on a clock on which waiting takes no time, and the probe as the command makes it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import asdict

import pytest

from emulator import StrictSes
from emulator.environment import merged
from emulator.settings import Settings
from ses_sending_policy.review.live.aws import Aws
from ses_sending_policy.review.live.calls import Calls
from ses_sending_policy.review.probe.catalogue import QUESTIONS, USUAL
from ses_sending_policy.review.probe.port import Place
from ses_sending_policy.review.probe.probe import Bench, Probe, probe
from ses_sending_policy.review.probe.scratch import Names
from tests.review.live.looking import Hurried

HERE = Place("111111111111", "eu-west-1", "aws")
NAMES = Names("5ca1ab1e0ddba115")
IDENTITY, OTHER = NAMES.identities

Ask = Callable[..., Probe]
"""Asks the questions that are named, or the usual ones; `is_interrupted` as `Bench` has it."""


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
            "AWS_SECRET_ACCESS_KEY": "local",
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
        bench = Bench(aws, HERE, clock, is_interrupted, NAMES, lambda *_: None)
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
