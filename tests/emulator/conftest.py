"""Fixtures: a strict SES in memory, clients of it, documents for it, and a whole local AWS for the session."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from emulator import AccountRegion, Emulator, StrictSes

HERE = AccountRegion("111111111111", "eu-west-1")


class HandClock:
    """A clock that moves only when a test moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now

    def tick(self, seconds: float) -> None:
        """Move the clock on."""
        self.now += seconds


@pytest.fixture
def clock() -> HandClock:
    """Return a clock that stands still."""
    return HandClock()


@pytest.fixture
def ses(clock: HandClock) -> Iterator[StrictSes]:
    """Start a strict SES in memory that has example.com in every account and region."""
    with StrictSes({"example.com"}, account=HERE.account, clock=clock) as strict:
        yield strict


@pytest.fixture
def client(ses: StrictSes) -> Iterator[Any]:
    """Return a boto3 client that tries once."""
    made = ses.client(HERE, retries={"total_max_attempts": 1})
    yield made
    made.close()


@pytest.fixture
def document() -> Callable[..., str]:
    """Return a function that makes policy documents: valid ones, unless its arguments make them invalid."""

    def make(identity: str = "example.com", place: AccountRegion = HERE, drop: str = "", **changes: object) -> str:
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
            "Action": "ses:SendEmail",
            "Resource": f"arn:{place.partition}:ses:{place.region}:{place.account}:identity/{identity}",
        } | changes
        kept = {key: value for key, value in statement.items() if key != drop}
        return json.dumps({"Version": "2012-10-17", "Id": "owner", "Statement": [kept]}, separators=(",", ":"))

    return make


@pytest.fixture(scope="session")
def aws() -> Iterator[Emulator]:
    """Start a whole local AWS; each test uses identities and stacks of its own."""
    with Emulator() as running:
        yield running
