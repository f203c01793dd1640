"""Which identity a name refers to, in each reading."""

from collections.abc import Callable
from typing import Any

import pytest

from emulator import StrictSes
from tests.emulator.conftest import HERE

ADDRESS = "a@example.com"


@pytest.fixture
def ses(ses: StrictSes) -> StrictSes:
    """Return a strict SES that has an address as well."""
    ses.add_identity(ADDRESS, HERE)
    return ses


def test_a_domain_with_capitals_is_another_identity(client: Any) -> None:
    with pytest.raises(client.exceptions.NotFoundException, match=r"Email identity <EXAMPLE\.com> does not exist\.$"):
        client.get_email_identity_policies(EmailIdentity="EXAMPLE.com")


def test_or_the_same_in_each_operation(ses: StrictSes, client: Any, document: Callable[..., str]) -> None:
    ses.change(name_case="same")
    upper, lower = {"EmailIdentity": "Example.COM"}, {"EmailIdentity": "example.com"}
    client.create_email_identity_policy(**upper, PolicyName="p", Policy=document())
    client.update_email_identity_policy(**upper, PolicyName="p", Policy=document(Effect="Deny"))
    assert client.get_email_identity_policies(**upper) | {"ResponseMetadata": 0} == (
        client.get_email_identity_policies(**lower) | {"ResponseMetadata": 0}
    )
    assert [policy.identity for policy in ses.policies()] == ["example.com"]
    client.delete_email_identity_policy(**upper, PolicyName="p")
    assert client.get_email_identity_policies(**lower)["Policies"] == {}


def test_an_identity_that_was_made_with_capitals_is_found_by_its_name(ses: StrictSes, client: Any) -> None:
    ses.change(name_case="same")
    ses.add_identity("Made.example", HERE)
    assert client.get_email_identity_policies(EmailIdentity="Made.example")["Policies"] == {}


@pytest.mark.parametrize("name", ["a@EXAMPLE.com", "A@example.com"])
def test_an_address_with_capitals_is_another_in_each_reading(ses: StrictSes, client: Any, name: str) -> None:
    ses.change(name_case="same")
    with pytest.raises(client.exceptions.NotFoundException):
        client.get_email_identity_policies(EmailIdentity=name)


@pytest.mark.parametrize(
    ("reading", "code"), [("not-found", "NotFoundException"), ("bad-request", "BadRequestException")]
)
def test_a_name_that_is_no_ascii(ses: StrictSes, client: Any, reading: str, code: str) -> None:
    ses.change(name_unicode=reading)
    with pytest.raises(client.exceptions.ClientError) as refusal:
        client.get_email_identity_policies(EmailIdentity="b\u00fccher.example")
    assert refusal.value.response["Error"]["Code"] == code
    assert client.get_email_identity_policies(EmailIdentity="example.com")["Policies"] == {}
