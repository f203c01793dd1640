"""One local AWS for the tests of what asks a live account, and the account as the commands reach it."""

import os
from collections.abc import Iterator
from random import Random

import pytest

from emulator import Emulator
from ses_sending_policy.review.live.account import SesAccount
from ses_sending_policy.review.live.aws import Aws
from ses_sending_policy.review.live.pace import Pacer


class Hurried:
    """A clock on which waiting takes no time."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        """Return the present second."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Put the clock forward."""
        self.time += seconds
        self.slept.append(seconds)


@pytest.fixture(scope="session")
def local_aws() -> Iterator[Emulator]:
    """Start a whole local AWS; tests use identities of their own."""
    with Emulator() as running:
        yield running


@pytest.fixture
def aws(local_aws: Emulator) -> Iterator[Emulator]:
    """Return it as everything here that asks boto3 finds it, with nothing that another test left to go wrong."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(local_aws.shell(before))
    local_aws.ses.change(quota=None)
    local_aws.ses.clear_faults()
    local_aws.ses.clear_calls()
    yield local_aws
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def account(aws: Emulator) -> SesAccount:
    """Return the account, whose pace takes no time."""
    aws.ses.clear_calls()
    return SesAccount(Aws(pacer=Pacer(Hurried(), Random(1))))  # noqa: S311 - it keeps no secret
