"""Identities over HTTP without ministack behind: they are created, and deleted with their policies."""

from collections.abc import Callable
from typing import Any

import pytest

from emulator import AccountRegion, ScriptedFault, StrictSes
from tests.emulator.conftest import HERE

CREATE, DELETE = "CreateEmailIdentity", "DeleteEmailIdentity"


def test_an_identity_is_made_and_removed_with_its_policies(
    ses: StrictSes, client: Any, document: Callable[..., str]
) -> None:
    name = "new+one@example.com"
    for _ in range(2):
        client.create_email_identity(EmailIdentity=name, Tags=[{"Key": "made-by", "Value": "a test"}])
        assert client.get_email_identity_policies(EmailIdentity=name)["Policies"] == {}
        client.create_email_identity_policy(EmailIdentity=name, PolicyName="p", Policy=document(name))
        client.delete_email_identity(EmailIdentity=name)
    assert ses.policies() == []


def test_it_is_made_in_one_place(ses: StrictSes, client: Any) -> None:
    client.create_email_identity(EmailIdentity="new.example")
    there = ses.client(AccountRegion(HERE.account, "us-east-1"))
    with pytest.raises(there.exceptions.NotFoundException):
        there.get_email_identity_policies(EmailIdentity="new.example")


@pytest.mark.parametrize("name", ["new.example", "example.com"])
def test_what_is_there_is_not_made_again(ses: StrictSes, client: Any, name: str) -> None:
    ses.add_identity("new.example", HERE)
    with pytest.raises(client.exceptions.AlreadyExistsException, match=r"Email identity \S+ already exist\.$"):
        client.create_email_identity(EmailIdentity=name)


def test_what_is_not_there_is_not_removed(client: Any) -> None:
    client.delete_email_identity(EmailIdentity="example.com")
    with pytest.raises(client.exceptions.NotFoundException, match=r"Email identity <example.com> does not exist\.$"):
        client.delete_email_identity(EmailIdentity="example.com")


@pytest.mark.parametrize("applied", [False, True])
def test_both_go_wrong_by_script(ses: StrictSes, client: Any, *, applied: bool) -> None:
    for operation, call in ((CREATE, client.create_email_identity), (DELETE, client.delete_email_identity)):
        ses.fail(ScriptedFault("refusal", applied=applied, operation=operation))
        with pytest.raises(client.exceptions.ClientError, match="InternalServiceError"):
            call(EmailIdentity="new.example")
        if not applied:
            call(EmailIdentity="new.example")
    with pytest.raises(client.exceptions.NotFoundException):
        client.get_email_identity_policies(EmailIdentity="new.example")


def test_a_fault_of_any_policy_operation_is_none_of_theirs(ses: StrictSes, client: Any) -> None:
    ses.fail(ScriptedFault("reset"))
    client.create_email_identity(EmailIdentity="new.example")
    assert ses.faults_left == 1
