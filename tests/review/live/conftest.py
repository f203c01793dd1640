"""One local AWS for the tests of the live commands, and the account as the commands reach it."""

import os
from collections.abc import Iterator

import pytest

from emulator import Emulator
from ses_sending_policy.review.live.account import SesAccount
from tests.review.live.looking import hurried


@pytest.fixture(scope="session")
def local_aws() -> Iterator[Emulator]:
    """Start a whole local AWS; tests use identities of their own."""
    with Emulator() as running:
        yield running


@pytest.fixture
def aws(local_aws: Emulator) -> Iterator[Emulator]:
    """Give it as boto3 finds it here, without the faults that another test set."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(local_aws.shell(before))
    local_aws.ses.change(quota=None, canonical=False)
    local_aws.ses.clear_faults()
    local_aws.ses.clear_calls()
    yield local_aws
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def account(aws: Emulator) -> SesAccount:
    """Give the account; its pace takes no time."""
    aws.ses.clear_calls()
    return SesAccount(hurried())
