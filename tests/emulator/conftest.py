"""A strict SES in memory, clients on it, documents for it, and one whole local AWS for the session."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from emulator import AccountRegion, Emulator, StrictSes

HERE = AccountRegion("111111111111", "eu-west-1")


class HandClock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the present second."""
        return self.now

    def tick(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.now += seconds


@pytest.fixture
def clock() -> HandClock:
    """Return a clock that stands still."""
    return HandClock()


@pytest.fixture
def ses(clock: HandClock) -> Iterator[StrictSes]:
    """Start a strict SES in memory that knows example.com everywhere."""
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
    """Return a maker of policy documents: right by itself, and wrong where it is told to be."""

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
    """Start a whole local AWS; tests use identities and stacks of their own."""
    with Emulator() as running:
        yield running
