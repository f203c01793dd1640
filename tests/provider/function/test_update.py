"""An Update in place or to another name, and its rollback; rows 32 to 34, 36 and 37 of the fault table."""

from typing import Any

import pytest

from tests.support.events import document, statement
from tests.support.fake_aws import FakeAws
from tests.support.owners import MADE, MARKER, PARTNER, TOKEN, declared, parsed, text
from tests.support.readings import every_reading
from tests.support.rows import row


@row(32, "an Update of the document alone", "written in place, with the same id")
def test_row_32_update_in_place(aws: FakeAws) -> None:
    created = aws.handle(PARTNER.create(aws.url))
    aws.ses.clear_calls()
    updated = aws.handle(
        PARTNER.update(aws.url, created["PhysicalResourceId"], Policy=document(statement("333333333333")))
    )
    assert (updated["Status"], updated["PhysicalResourceId"]) == ("SUCCESS", MADE)
    assert parsed(aws.live()) == declared(MARKER, statement("333333333333"))
    assert updated["Data"]["PolicyHash"] != created["Data"]["PolicyHash"]
    assert aws.calls == ["Get", "Update"]


def test_a_policy_that_was_edited_by_hand_is_written_again(aws: FakeAws) -> None:
    aws.handle(PARTNER.create(aws.url))
    aws.seed(text(statement("333333333333")))
    aws.handle(PARTNER.update(aws.url, MADE))
    assert parsed(aws.live()) == declared()


@every_reading
@row(33, "an Update, and somebody deleted the policy by hand", "made again")
def test_row_33_update_of_what_is_gone(aws: FakeAws, reading: dict[str, str]) -> None:
    aws.ses.change(**reading)
    answer = aws.handle(PARTNER.update(aws.url, MADE))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", MADE)
    assert parsed(aws.live()) == declared()


@pytest.mark.parametrize(
    ("change", "there"),
    [
        ({"PolicyName": "renamed"}, ("renamed", "example.com")),
        (
            {"EmailIdentity": "other.example", "Policy": document(statement(identity="other.example"))},
            ("partner", "other.example"),
        ),
    ],
    ids=["name", "identity"],
)
@row(34, "an Update that changes the name, or the identity", "the new one is made, and only the old one is cleaned up")
def test_row_34_rename(aws: FakeAws, change: dict[str, Any], there: tuple[str, str]) -> None:
    aws.handle(PARTNER.create(aws.url))
    updated = aws.handle(PARTNER.update(aws.url, MADE, **change))
    assert updated["PhysicalResourceId"] == f"{there[1]}|{there[0]}|{TOKEN}|made"
    assert aws.live() is not None
    cleaned = aws.handle(PARTNER.delete(aws.url, MADE))
    assert cleaned["Status"] == "SUCCESS"
    assert (aws.live(), aws.live(*there) is not None) == (None, True)


@row(36, "an Update that made the new name and then failed", "the new one is gone, FAILED with the event's id")
def test_row_36_half_a_rename(aws: FakeAws) -> None:
    aws.handle(PARTNER.create(aws.url))
    aws.fail("UpdateEmailIdentityPolicy", status=400, code="BadRequestException")
    answer = aws.handle(PARTNER.update(aws.url, MADE, PolicyName="renamed"))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", MADE)
    assert parsed(aws.live()) == declared()
    assert aws.live("renamed") is None


def test_a_rename_of_which_nobody_knows_how_far_it_went_is_undone(aws: FakeAws) -> None:
    """SES carries out the Create, its answer is lost, and then SES refuses it permanently."""
    aws.handle(PARTNER.create(aws.url))
    aws.fail("CreateEmailIdentityPolicy", ending="reset", applied=True)
    aws.fail("CreateEmailIdentityPolicy", status=400, code="BadRequestException")
    answer = aws.handle(PARTNER.update(aws.url, MADE, PolicyName="renamed"))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", MADE)
    assert aws.live("renamed") is None


@row(37, "the Update that rolls an Update back", "exactly the old document again")
def test_row_37_rollback_of_an_update(aws: FakeAws) -> None:
    aws.handle(PARTNER.create(aws.url))
    before = aws.live()
    new: dict[str, Any] = {"Policy": document(statement("333333333333"))}
    aws.handle(PARTNER.update(aws.url, MADE, **new))
    assert aws.live() != before
    aws.handle(PARTNER.update(aws.url, MADE, old=new))
    assert aws.live() == before
