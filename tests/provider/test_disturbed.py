"""Somebody else changes something between two calls of one event, or SES refuses one."""

from typing import Any, Final

import pytest

from ses_sending_policy.rules.limits import POLICIES_PER_IDENTITY, POLICY_BYTES
from tests.support.events import document, statement
from tests.support.inside import CREATE, DELETE, READ, REFUSED, UPDATE, Ended, Inside
from tests.support.owners import CLAIMED, MARKER, OTHERS_MARKER, PARTNER, UNCLAIMED, declared, parsed, text

NO_IDENTITY: Final = (
    "IdentityNotFound: account 111111111111 has no identity 'example.com' in eu-west-1; "
    "make it there first, or deploy the policy where it is"
)
MADE: Final = "policy 'partner' on 'example.com'"


# A Create, and what it finds


def test_an_identity_that_is_not_there(aws: Inside) -> None:
    aws.remove_identity()
    assert aws.handle(PARTNER.create("")) == Ended("FAILED", UNCLAIMED, NO_IDENTITY)
    assert aws.calls == ["Create"]


def test_an_identity_that_goes_while_a_taken_name_is_looked_at(aws: Inside) -> None:
    aws.seed(text())
    aws.before(READ, aws.remove_identity)
    assert aws.handle(PARTNER.create("")) == Ended("FAILED", UNCLAIMED, NO_IDENTITY)
    assert aws.calls == ["Create", "Get"]


def test_an_update_without_the_identity(aws: Inside) -> None:
    aws.remove_identity()
    assert aws.handle(PARTNER.update("", CLAIMED)) == Ended("FAILED", CLAIMED, NO_IDENTITY)
    assert (aws.calls, aws.told) == (["Get"], [])


@pytest.mark.parametrize(
    ("marker", "owner"),
    [(OTHERS_MARKER, "belongs to stack Other (Theirs)"), (None, "was not made by a SendingPolicy")],
)
def test_a_taken_name_says_by_whom_and_what_to_do(aws: Inside, marker: str | None, owner: str) -> None:
    aws.seed(text(marker=marker))
    assert aws.handle(PARTNER.create("")) == Ended(
        "FAILED",
        UNCLAIMED,
        f"PolicyExists: {MADE} exists and {owner}; choose another policy_name, or say when_exists ADOPT or OVERWRITE",
    )


def test_a_policy_that_says_something_else_says_what(aws: Inside) -> None:
    aws.seed(text(statement("333333333333")))
    assert aws.handle(PARTNER.create("", WhenExists="ADOPT")) == Ended(
        "FAILED",
        UNCLAIMED,
        f"NotEquivalent: {MADE} cannot be adopted: "
        "statement for account 222222222222: "
        "Principal AWS is account 333333333333 live and account 222222222222 declared; "
        "declare what is there, or say when_exists OVERWRITE",
    )


def full(aws: Inside, number: int = POLICIES_PER_IDENTITY) -> None:
    for index in range(number):
        aws.seed(text(), f"other{index}")


def test_a_full_identity(aws: Inside) -> None:
    full(aws)
    assert aws.handle(PARTNER.create("")) == Ended(
        "FAILED",
        UNCLAIMED,
        "PolicyLimit: 'example.com' has 20 policies already, and SES allows no more; "
        "put 'partner' together with another, or delete one",
    )
    assert aws.calls == ["Create", "Get", "Get"]


def test_the_last_place_of_an_identity(aws: Inside) -> None:
    full(aws, POLICIES_PER_IDENTITY - 1)
    assert aws.handle(PARTNER.create("")).status == "SUCCESS"


@pytest.mark.parametrize("says", ["already-exists", "limit-exceeded"])
def test_our_own_policy_on_a_full_identity(says: str) -> None:
    aws = Inside(create_when_full=says)
    full(aws, POLICIES_PER_IDENTITY - 1)
    aws.seed(text(statement("333333333333"), marker=MARKER))
    assert aws.handle(PARTNER.create("")).status == "SUCCESS"
    assert aws.calls == ["Create", "Get", "Update"]
    assert parsed(aws.live()) == declared()


@pytest.mark.parametrize("physical_id", [None, CLAIMED, UNCLAIMED], ids=["create", "in place", "unclaimed"])
def test_what_ses_could_not_hold_is_refused_before_any_call(aws: Inside, physical_id: str | None) -> None:
    large: dict[str, Any] = {"Policy": document(statement(Sid="x" * POLICY_BYTES))}
    event = PARTNER.create("", **large) if physical_id is None else PARTNER.update("", physical_id, **large)
    ended = aws.handle(event)
    assert (ended.status, ended.physical_id) == ("FAILED", physical_id or UNCLAIMED)
    assert ended.reason.startswith("policy document is too large: ")
    assert aws.calls == []


# A policy that comes and goes


def test_a_taken_name_that_is_free_when_it_is_looked_at(aws: Inside) -> None:
    aws.seed(text())
    aws.before(READ, aws.remove)
    assert aws.handle(PARTNER.create("")).status == "SUCCESS"
    assert aws.calls == ["Create", "Get", "Get", "Create", "Update"]
    assert parsed(aws.live()) == declared()


@pytest.mark.parametrize(("rounds", "status"), [(2, "SUCCESS"), (3, "FAILED")])
def test_a_name_that_comes_and_goes(aws: Inside, rounds: int, status: str) -> None:
    aws.before(CREATE, lambda: aws.seed(text()), times=rounds)

    def goes() -> None:
        if aws.live():
            aws.remove()

    aws.before(READ, goes, times=rounds * 2)
    ended = aws.handle(PARTNER.create(""))
    assert ended.status == status
    assert aws.calls.count("Create") == 3
    if status == "FAILED":
        assert ended == Ended(
            "FAILED", UNCLAIMED, f"PolicyVanished: {MADE} came and went 3 times; see who else deploys it"
        )


def test_a_policy_that_goes_before_it_is_written(aws: Inside) -> None:
    aws.seed(text(marker=f"{MARKER}"))
    aws.before(UPDATE, aws.remove)
    assert aws.handle(PARTNER.create("", Policy=document(statement("333333333333")))).status == "SUCCESS"
    assert aws.calls == ["Create", "Get", "Update", "Create", "Update"]
    assert parsed(aws.live()) == declared(MARKER, statement("333333333333"))


def test_a_policy_that_goes_before_it_is_written_in_place(aws: Inside) -> None:
    aws.seed(text(statement("333333333333"), marker=MARKER))
    aws.before(UPDATE, aws.remove)
    assert aws.handle(PARTNER.update("", CLAIMED)).status == "SUCCESS"
    assert aws.calls == ["Get", "Update", "Create", "Update"]
    assert aws.told == ["policy is gone, made again", "policy created"]


def test_a_policy_that_goes_as_soon_as_it_is_made(aws: Inside) -> None:
    aws.before(UPDATE, aws.remove)
    assert aws.handle(PARTNER.create("")) == Ended(
        "FAILED", f"{CLAIMED}|made", f"PolicyVanished: {MADE} was deleted by somebody else right after it was made"
    )


# Delete


def test_a_policy_that_goes_before_it_is_deleted(aws: Inside) -> None:
    aws.seed(text(marker=MARKER))
    aws.before(DELETE, aws.remove)
    assert aws.handle(PARTNER.delete("", CLAIMED)) == Ended("SUCCESS", CLAIMED)
    assert aws.told == ["policy absent"]


def test_a_policy_that_goes_before_it_is_released(aws: Inside) -> None:
    aws.seed(text(marker=f"{MARKER}/adopted"))
    aws.before(UPDATE, aws.remove)
    assert aws.handle(PARTNER.delete("", CLAIMED, OnDelete="RELEASE")) == Ended("SUCCESS", CLAIMED)
    assert aws.told == ["policy absent"]


def test_a_release_that_ses_refuses(aws: Inside) -> None:
    ours = aws.seed(text(marker=f"{MARKER}/adopted"))
    aws.fail(UPDATE, **REFUSED)
    assert aws.handle(PARTNER.delete("", CLAIMED, OnDelete="RELEASE")) == Ended("SUCCESS", CLAIMED)
    assert (aws.live(), aws.told) == (ours, ["release refused", "policy left"])
    refused = aws.log_lines[0]
    assert refused["error"] == f"RefusedBySes: {UPDATE}: BadRequestException: no such thing"
    assert refused["of"] == "policy 'partner' on 'example.com'"


def test_a_delete_without_the_identity(aws: Inside) -> None:
    aws.remove_identity()
    assert aws.handle(PARTNER.delete("", CLAIMED)) == Ended("SUCCESS", CLAIMED)
    assert (aws.calls, aws.told) == (["Get"], ["policy absent"])
