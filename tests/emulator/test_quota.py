"""The quota: which calls are let through, on a clock that only a test moves."""

from collections.abc import Callable
from typing import Any, Protocol

import botocore.exceptions
import pytest

from emulator import AccountRegion, Quota, StrictSes

# boto3 makes its classes at run time.
Client = Any
HERE, THERE = AccountRegion("111111111111", "eu-west-1"), AccountRegion("111111111111", "us-east-1")


class Clock(Protocol):
    """A clock that only a test moves."""

    def tick(self, seconds: float) -> None:
        """Move the clock on."""


def admitted(call: Callable[[], object]) -> bool:
    """Return whether a call was let through, whatever else SES answers."""
    try:
        call()
    except botocore.exceptions.ClientError as error:
        refusal = error
    else:
        return True
    answer = refusal.response
    if answer["Error"]["Code"] != "TooManyRequestsException":
        return True
    assert type(refusal).__name__ == "TooManyRequestsException"
    assert (answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Message"]) == (429, "Rate exceeded")
    return False


def read(client: Client) -> bool:
    return admitted(lambda: client.get_email_identity_policies(EmailIdentity="example.com"))


def delete(client: Client) -> bool:
    return admitted(lambda: client.delete_email_identity_policy(EmailIdentity="example.com", PolicyName="p"))


def test_without_a_quota_everybody_passes(client: Client) -> None:
    assert [read(client) for _ in range(5)] == [True] * 5


def test_one_call_a_second_passes_and_a_refused_one_costs_nothing(ses: StrictSes, client: Client, clock: Clock) -> None:
    ses.change(quota=Quota())
    assert [read(client), read(client)] == [True, False]
    clock.tick(0.999)
    assert [read(client), read(client), read(client)] == [False, False, False]
    clock.tick(0.001)
    assert [read(client), read(client)] == [True, False]
    assert [call.status for call in ses.calls()] == [200, 429, 429, 429, 429, 200, 429]


def test_a_refused_call_changes_nothing(ses: StrictSes, client: Client, document: Callable[..., str]) -> None:
    ses.change(quota=Quota())
    assert read(client)
    assert not admitted(
        lambda: client.create_email_identity_policy(EmailIdentity="example.com", PolicyName="p", Policy=document())
    )
    assert ses.policies() == []
    assert (ses.calls()[-1].applied, ses.calls()[-1].document) == (False, document())


@pytest.mark.parametrize(("scope", "passes"), [("over_all", False), ("each", True)])
def test_operations_share_their_second_or_not(ses: StrictSes, client: Client, scope: str, *, passes: bool) -> None:
    ses.change(quota={"per_second": 1, "scope": scope})
    assert [read(client), delete(client)] == [True, passes]
    assert [read(client), delete(client)] == [False, False]


def test_accounts_and_regions_have_quotas_of_their_own(ses: StrictSes) -> None:
    ses.change(quota=Quota())
    config = {"retries": {"total_max_attempts": 1}}
    here, there = ses.client(HERE, **config), ses.client(THERE, **config)
    assert [read(here), read(there), read(here), read(there)] == [True, True, False, False]
    here.close()
    there.close()


def test_a_burst_passes_after_a_quiet_time_and_no_more(ses: StrictSes, client: Client, clock: Clock) -> None:
    ses.change(quota=Quota(per_second=2, burst=3))
    assert [read(client) for _ in range(4)] == [True, True, True, False]
    clock.tick(0.5)
    assert [read(client), read(client)] == [True, False]
    clock.tick(60)
    assert [read(client) for _ in range(4)] == [True, True, True, False]


def test_tenths_of_a_second_add_up(ses: StrictSes, client: Client, clock: Clock) -> None:
    ses.change(quota=Quota())
    passed = []
    for _ in range(31):
        passed.append(read(client))
        clock.tick(0.1)
    assert [index for index, let in enumerate(passed) if let] == [0, 10, 20, 30]


def test_a_new_quota_starts_with_a_quiet_second(ses: StrictSes, client: Client) -> None:
    ses.change(quota=Quota())
    assert [read(client), read(client)] == [True, False]
    ses.change(quota=Quota())
    assert read(client)
    ses.change(quota=None)
    assert [read(client), read(client)] == [True, True]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"per_second": 0}, "quota per_second 0 must be more than 0; no quota is None"),
        ({"scope": "both"}, "quota scope 'both' must be one of over_all, each"),
        ({"burst": 0}, "quota burst 0 must be 1 or more"),
    ],
)
def test_a_wrong_quota_is_refused_with_a_sentence(ses: StrictSes, values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the whole sentence is compared below
        ses.change(quota=values)
    assert str(caught.value) == sentence
