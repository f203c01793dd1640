"""Policies keep their owner, and no access is lost or given; rows 27, 28, 35, 40 and 43 to 46 of the fault table."""

import json
from typing import Any

import pytest

from tests.support.cloudformation import Described
from tests.support.events import document, statement
from tests.support.fake_aws import FakeAws
from tests.support.owners import ADOPTED, MADE, MARKER, OTHER, OTHERS_MARKER, PARTNER, UNCLAIMED, declared, parsed, text
from tests.support.readings import every_reading
from tests.support.rows import row


@pytest.mark.parametrize("marker", [None, OTHERS_MARKER, "my own Id"], ids=["unmarked", "foreign", "a user's Id"])
@row(27, "a Create, and the name is taken", "FAILED, says by whom; untouched")
def test_row_27_a_taken_name(aws: FakeAws, marker: str | None) -> None:
    theirs = aws.seed(text(statement("333333333333"), marker=marker))
    answer = aws.handle(PARTNER.create(aws.url))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", UNCLAIMED)
    owner = "belongs to stack Other (Theirs)" if marker == OTHERS_MARKER else "was not made by a SendingPolicy"
    assert answer["Reason"] == (
        f"PolicyExists: policy 'partner' on 'example.com' exists and {owner}; "
        "choose another policy_name, or say when_exists ADOPT or OVERWRITE"
    )
    assert aws.live() == theirs


@every_reading
@pytest.mark.parametrize("marker", [None, OTHERS_MARKER], ids=["unmarked", "foreign"])
@row(28, "the Delete that rolls row 27 back", "SUCCESS, and the policy is as it was")
def test_row_28_the_rollback_leaves_it(aws: FakeAws, reading: dict[str, str], marker: str | None) -> None:
    aws.ses.change(**reading)
    theirs = aws.seed(text(statement("333333333333"), marker=marker))
    failed = aws.handle(PARTNER.create(aws.url))
    rolled_back = aws.handle(PARTNER.delete(aws.url, failed["PhysicalResourceId"]))
    assert (rolled_back["Status"], rolled_back["PhysicalResourceId"]) == ("SUCCESS", UNCLAIMED)
    assert aws.live() == theirs


@row(35, "an Update to a name that somebody else has", "FAILED with the event's id; both are as they were")
def test_row_35_rename_to_a_taken_name(aws: FakeAws) -> None:
    aws.handle(PARTNER.create(aws.url))
    theirs = aws.seed(text(marker=OTHERS_MARKER), "renamed")
    answer = aws.handle(PARTNER.update(aws.url, MADE, PolicyName="renamed"))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", MADE)
    assert parsed(aws.live()) == declared()
    assert aws.live("renamed") == theirs


@pytest.mark.parametrize("when_exists", ["ADOPT", "OVERWRITE"])
def test_half_a_rename_puts_back_what_was_there_before(aws: FakeAws, when_exists: str) -> None:
    aws.handle(PARTNER.create(aws.url))
    theirs = aws.seed(text(marker=OTHERS_MARKER), "renamed")
    # The write is carried out but its answer lost; then SES refuses it, and the policy cannot be read.
    aws.fail("UpdateEmailIdentityPolicy", ending="reset", applied=True)
    aws.fail("UpdateEmailIdentityPolicy", status=400, code="BadRequestException")
    aws.fail("GetEmailIdentityPolicies", ending="answer", times=2)
    aws.fail("GetEmailIdentityPolicies", status=400, code="BadRequestException")
    answer = aws.handle(PARTNER.update(aws.url, MADE, PolicyName="renamed", WhenExists=when_exists))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", MADE)
    assert parsed(aws.live("renamed")) == json.loads(theirs)


@pytest.mark.parametrize(
    ("marker", "stays"), [(MARKER, False), (OTHERS_MARKER, True), (None, True)], ids=["ours", "foreign", "unmarked"]
)
@row(40, "a Delete with an id that CloudFormation made up", "ours is removed, anybody else's stays")
def test_row_40_an_invented_id(aws: FakeAws, marker: str | None, stays: bool) -> None:
    aws.seed(text(marker=marker))
    answer = aws.handle(PARTNER.delete(aws.url, "Mail-Partner1A2B3C4D-1Q2W3E4R5T6Z"))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", "Mail-Partner1A2B3C4D-1Q2W3E4R5T6Z")
    assert (aws.live() is not None) == stays


@pytest.mark.parametrize("physical_id", ["Mail-Partner1A2B3C4D-1Q2W3E4R5T6Z", UNCLAIMED], ids=["invented", "unclaimed"])
def test_the_clean_up_of_a_redeploy_without_rollback_leaves_the_policy(aws: FakeAws, physical_id: str) -> None:
    """The resource was created again under a claimed id; the Delete is for the id of its failed Create."""
    aws.handle(PARTNER.create(aws.url))
    aws.cloudformation.says = lambda _: Described("UPDATE_COMPLETE", MADE)
    assert aws.handle(PARTNER.delete(aws.url, physical_id))["Status"] == "SUCCESS"
    assert parsed(aws.live()) == declared()
    assert aws.cloudformation.asked == [PARTNER.logical_id]


@row(43, "a construct gets another logical id in its stack", "the new one is refused; the policy is never lost")
def test_row_43_a_new_logical_id(aws: FakeAws) -> None:
    aws.handle(PARTNER.create(aws.url))
    moved = PARTNER.renamed("Moved5E6F7A8B")
    refused = aws.handle(moved.create(aws.url))
    assert "belongs to stack Mail (Partner1A2B3C4D)" in refused["Reason"]
    assert parsed(aws.live()) == declared()


@row(44, "row 43 and its rollback", "the policy is as it was")
def test_row_44_a_new_logical_id_rolled_back(aws: FakeAws) -> None:
    aws.handle(PARTNER.create(aws.url))
    moved = PARTNER.renamed("Moved5E6F7A8B")
    refused = aws.handle(moved.create(aws.url))
    assert aws.handle(moved.delete(aws.url, refused["PhysicalResourceId"]))["Status"] == "SUCCESS"
    assert parsed(aws.live()) == declared()


@row(45, "a second stack declares the same policy, and is deleted", "the first stack's policy is as it was")
def test_row_45_a_second_stack(aws: FakeAws) -> None:
    aws.handle(PARTNER.create(aws.url))
    refused = aws.handle(OTHER.create(aws.url))
    assert refused["Status"] == "FAILED"
    for physical_id in (refused["PhysicalResourceId"], f"example.com|partner|{OTHERS_MARKER[-16:]}"):
        assert aws.handle(OTHER.delete(aws.url, physical_id))["Status"] == "SUCCESS"
        assert parsed(aws.live()) == declared()


@row(46, "a policy moves to another stack", "works with an explicit ADOPT, and is there all the while")
def test_row_46_a_move(aws: FakeAws) -> None:
    aws.handle(PARTNER.create(aws.url))
    adopted = aws.handle(OTHER.create(aws.url, WhenExists="ADOPT", OnDelete="RELEASE"))
    assert adopted["Status"] == "SUCCESS"
    assert parsed(aws.live()) == declared(f"{OTHERS_MARKER}/adopted")
    aws.handle(PARTNER.delete(aws.url, MADE))
    assert parsed(aws.live()) == declared(f"{OTHERS_MARKER}/adopted")


@pytest.mark.parametrize("marker", [None, OTHERS_MARKER], ids=["unmarked", "foreign"])
def test_adopt_takes_what_says_the_same_and_releases_it(aws: FakeAws, marker: str | None) -> None:
    same = statement(["arn:aws:iam::222222222222:root"], Action=["SES:sendrawemail", "ses:SendEmail"], Sid="Else")
    same |= {"Principal": "arn:aws:iam::222222222222:root", "Condition": {}}
    aws.seed(text(same, marker=marker))
    adopt: dict[str, Any] = {"WhenExists": "ADOPT", "OnDelete": "RELEASE"}
    created = aws.handle(PARTNER.create(aws.url, **adopt))
    former = f"={marker}" if marker else ""
    assert (created["Status"], created["PhysicalResourceId"]) == ("SUCCESS", ADOPTED + former)
    assert parsed(aws.live()) == declared(f"{MARKER}/adopted", same)
    aws.handle(PARTNER.update(aws.url, ADOPTED + former, Policy=document(statement("333333333333")), **adopt))
    assert parsed(aws.live()) == declared(f"{MARKER}/adopted", statement("333333333333"))
    aws.handle(PARTNER.delete(aws.url, ADOPTED + former, **adopt))
    assert parsed(aws.live()) == json.loads(text(statement("333333333333")))


def test_adopt_refuses_what_says_something_else_and_tells_what(aws: FakeAws) -> None:
    theirs = aws.seed(text(statement("333333333333")))
    answer = aws.handle(PARTNER.create(aws.url, WhenExists="ADOPT"))
    assert answer["Reason"] == (
        "NotEquivalent: policy 'partner' on 'example.com' cannot be adopted: "
        "statement for account 222222222222: "
        "Principal AWS is account 333333333333 live and account 222222222222 declared; "
        "declare what is there, or say when_exists OVERWRITE"
    )
    assert aws.live() == theirs


@pytest.mark.parametrize("marker", [None, OTHERS_MARKER], ids=["unmarked", "foreign"])
def test_overwrite_logs_the_whole_old_document(aws: FakeAws, marker: str | None) -> None:
    theirs = aws.seed(text(statement("333333333333"), marker=marker))
    created = aws.handle(PARTNER.create(aws.url, WhenExists="OVERWRITE"))
    assert (created["Status"], created["PhysicalResourceId"]) == ("SUCCESS", ADOPTED)
    assert parsed(aws.live()) == declared(f"{MARKER}/adopted")
    [line] = [line for line in aws.hurried.log_lines if line["event"] == "overwrites"]
    assert line["document"] == theirs
    aws.handle(PARTNER.delete(aws.url, ADOPTED, WhenExists="OVERWRITE"))
    assert aws.live() is None


def test_a_foreign_policy_in_our_place_is_not_updated(aws: FakeAws) -> None:
    theirs = aws.seed(text(marker=OTHERS_MARKER))
    answer = aws.handle(PARTNER.update(aws.url, MADE))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", MADE)
    assert aws.live() == theirs


def test_a_foreign_policy_in_our_place_is_not_deleted(aws: FakeAws) -> None:
    theirs = aws.seed(text(marker=OTHERS_MARKER))
    assert aws.handle(PARTNER.delete(aws.url, MADE))["Status"] == "SUCCESS"
    assert aws.live() == theirs


def test_an_ses_that_forgets_the_id_still_deploys_and_cleans_up(aws: FakeAws) -> None:
    """All that rests on the marker is that a second owner is told whose policy it is."""
    aws.ses.change(drops_id=True)
    assert aws.handle(PARTNER.create(aws.url))["PhysicalResourceId"] == MADE
    aws.handle(PARTNER.update(aws.url, MADE, Policy=document(statement("333333333333"))))
    assert parsed(aws.live()) == json.loads(text(statement("333333333333")))
    assert aws.handle(OTHER.create(aws.url))["Status"] == "FAILED"
    aws.handle(PARTNER.delete(aws.url, MADE))
    assert aws.live() is None
