"""Nothing is lost and nobody gets in: rows 26 to 46 of the fault table, in the order in which CloudFormation sends."""

import json
from itertools import product
from typing import Any

import pytest

from ses_sending_policy.rules.ownership import owner_token
from tests.support.cloudformation import Described
from tests.support.events import Resource, document, statement
from tests.support.rows import row
from tests.support.world import World

PARTNER = Resource()
TOKEN = owner_token(PARTNER.stack_id, PARTNER.logical_id)
CLAIMED = f"example.com|partner|{TOKEN}"
UNCLAIMED = "example.com|partner|unclaimed"
MARKER = f"Mail/Partner1A2B3C4D/{TOKEN}"

OTHER = Resource("Other", "Theirs")
OTHERS_MARKER = f"Other/Theirs/{owner_token(OTHER.stack_id, OTHER.logical_id)}"

# SES's own documentation and those who tried it do not agree; the function is right under each of these.
READINGS = [
    {"update_missing": update, "delete_missing": delete}
    for update, delete in product(("not-found", "upsert", "no-op"), ("not-found", "ok"))
]
every_reading = pytest.mark.parametrize("reading", READINGS, ids=lambda reading: "-".join(reading.values()))


def text(*statements: dict[str, Any], marker: str | None = None) -> str:
    whole = document(*statements)
    return json.dumps({"Version": whole["Version"]} | ({"Id": marker} if marker else {}) | whole)


def parsed(live: str | None) -> Any:
    assert live is not None
    return json.loads(live)


def declared(marker: str = MARKER, *statements: dict[str, Any]) -> Any:
    return json.loads(text(*statements, marker=marker))


@every_reading
@row(
    26,
    "a Create, and the policy is absent",
    "made, in two calls",
    note="no read-back: Create claims the name and Update writes what is there, which is right under every reading",
)
def test_row_26_create(aws: World, reading: dict[str, str]) -> None:
    aws.ses.change(**reading)
    answer = aws.handle(PARTNER.create(aws.url))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", CLAIMED)
    assert answer["Data"].keys() == {"PolicyName", "EmailIdentity", "PolicyHash"}
    assert parsed(aws.live()) == declared()
    assert aws.calls == ["Create", "Update"]


@pytest.mark.parametrize("marker", [None, OTHERS_MARKER, "my own Id"], ids=["unmarked", "foreign", "a user's Id"])
@row(27, "a Create, and the name is taken", "FAILED, says by whom; untouched")
def test_row_27_a_taken_name(aws: World, marker: str | None) -> None:
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
def test_row_28_the_rollback_leaves_it(aws: World, reading: dict[str, str], marker: str | None) -> None:
    aws.ses.change(**reading)
    theirs = aws.seed(text(statement("333333333333"), marker=marker))
    failed = aws.handle(PARTNER.create(aws.url))
    rolled_back = aws.handle(PARTNER.delete(aws.url, failed["PhysicalResourceId"]))
    assert (rolled_back["Status"], rolled_back["PhysicalResourceId"]) == ("SUCCESS", UNCLAIMED)
    assert aws.live() == theirs


@row(29, "a Create delivered twice", "SUCCESS twice with one id, one policy")
def test_row_29_create_twice(aws: World) -> None:
    event = PARTNER.create(aws.url)
    assert [aws.handle(event)["PhysicalResourceId"] for _ in range(2)] == [CLAIMED, CLAIMED]
    assert len(aws.ses.policies()) == 1
    assert parsed(aws.live()) == declared()


@row(30, "a Create that was done, its answer lost, and comes again", "SUCCESS with the same id")
def test_row_30_the_answer_is_lost(aws: World) -> None:
    event = PARTNER.create(aws.url)
    aws.answers.script.append(403)
    assert aws.function(event) is not None
    answer = aws.handle(event)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", CLAIMED)


@row(
    31,
    "a Create that made the policy and then failed",
    "FAILED with an id that says so; its Delete removes the policy",
    note="the second call is the Update, there is no read-back",
)
def test_row_31_half_a_create(aws: World) -> None:
    aws.fail("UpdateEmailIdentityPolicy", status=400, code="BadRequestException", message="no such thing")
    failed = aws.handle(PARTNER.create(aws.url))
    assert (failed["Status"], failed["PhysicalResourceId"]) == ("FAILED", CLAIMED)
    assert failed["Reason"] == "RefusedBySes: UpdateEmailIdentityPolicy: BadRequestException: no such thing"
    assert aws.live() is not None
    aws.handle(PARTNER.delete(aws.url, failed["PhysicalResourceId"]))
    assert aws.live() is None


@row(32, "an Update of the document alone", "written in place, with the same id")
def test_row_32_update_in_place(aws: World) -> None:
    created = aws.handle(PARTNER.create(aws.url))
    aws.ses.clear_calls()
    updated = aws.handle(
        PARTNER.update(aws.url, created["PhysicalResourceId"], Policy=document(statement("333333333333")))
    )
    assert (updated["Status"], updated["PhysicalResourceId"]) == ("SUCCESS", CLAIMED)
    assert parsed(aws.live()) == declared(MARKER, statement("333333333333"))
    assert updated["Data"]["PolicyHash"] != created["Data"]["PolicyHash"]
    assert aws.calls == ["Get", "Update"]


def test_an_update_that_changes_nothing_writes_nothing(aws: World) -> None:
    aws.handle(PARTNER.create(aws.url))
    aws.ses.clear_calls()
    aws.handle(PARTNER.update(aws.url, CLAIMED))
    assert aws.calls == ["Get"]


@every_reading
@row(33, "an Update, and somebody deleted the policy by hand", "made again")
def test_row_33_update_of_what_is_gone(aws: World, reading: dict[str, str]) -> None:
    aws.ses.change(**reading)
    answer = aws.handle(PARTNER.update(aws.url, CLAIMED))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", CLAIMED)
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
def test_row_34_rename(aws: World, change: dict[str, Any], there: tuple[str, str]) -> None:
    aws.handle(PARTNER.create(aws.url))
    updated = aws.handle(PARTNER.update(aws.url, CLAIMED, **change))
    assert updated["PhysicalResourceId"] == f"{there[1]}|{there[0]}|{TOKEN}"
    assert aws.live() is not None
    cleaned = aws.handle(PARTNER.delete(aws.url, CLAIMED))
    assert cleaned["Status"] == "SUCCESS"
    assert (aws.live(), aws.live(*there) is not None) == (None, True)


@row(35, "an Update to a name that somebody else has", "FAILED with the event's id; both are as they were")
def test_row_35_rename_to_a_taken_name(aws: World) -> None:
    aws.handle(PARTNER.create(aws.url))
    theirs = aws.seed(text(marker=OTHERS_MARKER), "renamed")
    answer = aws.handle(PARTNER.update(aws.url, CLAIMED, PolicyName="renamed"))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", CLAIMED)
    assert parsed(aws.live()) == declared()
    assert aws.live("renamed") == theirs


@row(36, "an Update that made the new name and then failed", "the new one is gone, FAILED with the event's id")
def test_row_36_half_a_rename(aws: World) -> None:
    aws.handle(PARTNER.create(aws.url))
    aws.fail("UpdateEmailIdentityPolicy", status=400, code="BadRequestException")
    answer = aws.handle(PARTNER.update(aws.url, CLAIMED, PolicyName="renamed"))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", CLAIMED)
    assert parsed(aws.live()) == declared()
    assert aws.live("renamed") is None


def test_half_a_rename_that_cannot_be_undone_says_what_is_left(aws: World) -> None:
    aws.handle(PARTNER.create(aws.url))
    aws.fail("UpdateEmailIdentityPolicy", status=400, code="BadRequestException")
    aws.fail("DeleteEmailIdentityPolicy", status=400, code="BadRequestException")
    answer = aws.handle(PARTNER.update(aws.url, CLAIMED, PolicyName="renamed"))
    assert answer["Reason"].endswith("; left behind: policy 'renamed' on 'example.com'")


def test_a_rename_of_which_nobody_knows_how_far_it_went_is_undone(aws: World) -> None:
    """SES carries the Create out, its answer is lost, and then SES refuses it for good."""
    aws.handle(PARTNER.create(aws.url))
    aws.fail("CreateEmailIdentityPolicy", ending="reset", applied=True)
    aws.fail("CreateEmailIdentityPolicy", status=400, code="BadRequestException")
    answer = aws.handle(PARTNER.update(aws.url, CLAIMED, PolicyName="renamed"))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", CLAIMED)
    assert aws.live("renamed") is None


@pytest.mark.parametrize("when_exists", ["ADOPT", "OVERWRITE"])
def test_half_a_rename_puts_back_what_was_there_before(aws: World, when_exists: str) -> None:
    aws.handle(PARTNER.create(aws.url))
    theirs = aws.seed(text(marker=OTHERS_MARKER), "renamed")
    # The write was carried out and its answer lost, and so were all the answers after it.
    aws.fail("UpdateEmailIdentityPolicy", ending="reset", applied=True)
    aws.fail("UpdateEmailIdentityPolicy", status=400, code="BadRequestException")
    answer = aws.handle(PARTNER.update(aws.url, CLAIMED, PolicyName="renamed", WhenExists=when_exists))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", CLAIMED)
    assert parsed(aws.live("renamed")) == json.loads(theirs)


@row(37, "the Update that rolls an Update back", "exactly the old document again")
def test_row_37_rollback_of_an_update(aws: World) -> None:
    aws.handle(PARTNER.create(aws.url))
    before = aws.live()
    new: dict[str, Any] = {"Policy": document(statement("333333333333"))}
    aws.handle(PARTNER.update(aws.url, CLAIMED, **new))
    assert aws.live() != before
    aws.handle(PARTNER.update(aws.url, CLAIMED, old=new))
    assert aws.live() == before


def test_rollback_of_a_rename_after_its_answer(aws: World) -> None:
    """CloudFormation has the new id: it sends an Update with that, and cleans up the new name afterwards."""
    aws.handle(PARTNER.create(aws.url))
    renamed = aws.handle(PARTNER.update(aws.url, CLAIMED, PolicyName="renamed"))["PhysicalResourceId"]
    back = aws.handle(PARTNER.update(aws.url, renamed, old={"PolicyName": "renamed"}))["PhysicalResourceId"]
    assert back == CLAIMED
    aws.handle(PARTNER.delete(aws.url, renamed, PolicyName="renamed"))
    assert (parsed(aws.live()), aws.live("renamed")) == (declared(), None)


def test_rollback_of_a_rename_before_its_answer(aws: World) -> None:
    """The new name is in no id that CloudFormation has, only in the old properties of the Update that goes back."""
    aws.handle(PARTNER.create(aws.url))
    aws.answers.script.append(403)
    assert aws.function(PARTNER.update(aws.url, CLAIMED, PolicyName="renamed")) is not None
    assert aws.live("renamed") is not None
    back = aws.handle(PARTNER.update(aws.url, CLAIMED, old={"PolicyName": "renamed"}))
    assert back["PhysicalResourceId"] == CLAIMED
    assert (parsed(aws.live()), aws.live("renamed")) == (declared(), None)


@every_reading
@row(38, "a Delete, and the policy is gone", "SUCCESS")
def test_row_38_delete_of_what_is_gone(aws: World, reading: dict[str, str]) -> None:
    aws.ses.change(**reading)
    answer = aws.handle(PARTNER.delete(aws.url, CLAIMED))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", CLAIMED)


@row(39, "a Delete, and the identity is gone", "SUCCESS")
def test_row_39_delete_without_the_identity(aws: World) -> None:
    aws.handle(PARTNER.create(aws.url))
    aws.ses.remove_identity("example.com")
    assert aws.handle(PARTNER.delete(aws.url, CLAIMED))["Status"] == "SUCCESS"


@pytest.mark.parametrize("request_type", ["create", "update"])
def test_an_identity_that_is_not_there_is_named_with_its_place(aws: World, request_type: str) -> None:
    aws.ses.remove_identity("example.com")
    event = PARTNER.create(aws.url) if request_type == "create" else PARTNER.update(aws.url, CLAIMED)
    answer = aws.handle(event)
    assert answer["Reason"] == (
        "IdentityNotFound: account 111111111111 has no identity 'example.com' in eu-west-1; "
        "make it there first, or deploy the policy where it is"
    )


@pytest.mark.parametrize(
    ("marker", "stays"), [(MARKER, False), (OTHERS_MARKER, True), (None, True)], ids=["ours", "foreign", "unmarked"]
)
@row(40, "a Delete with an id that CloudFormation made up", "ours is removed, anybody else's stays")
def test_row_40_an_invented_id(aws: World, marker: str | None, stays: bool) -> None:  # noqa: FBT001 - a column of the table
    aws.seed(text(marker=marker))
    answer = aws.handle(PARTNER.delete(aws.url, "Mail-Partner1A2B3C4D-1Q2W3E4R5T6Z"))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", "Mail-Partner1A2B3C4D-1Q2W3E4R5T6Z")
    assert (aws.live() is not None) == stays


@pytest.mark.parametrize("physical_id", ["Mail-Partner1A2B3C4D-1Q2W3E4R5T6Z", UNCLAIMED], ids=["invented", "unclaimed"])
def test_the_clean_up_of_a_redeploy_without_rollback_leaves_the_policy(aws: World, physical_id: str) -> None:
    """The resource was made again under a claimed id; the Delete is for the id that its failed Create had."""
    aws.handle(PARTNER.create(aws.url))
    aws.cloudformation.says = lambda _: Described("UPDATE_COMPLETE", CLAIMED)
    assert aws.handle(PARTNER.delete(aws.url, physical_id))["Status"] == "SUCCESS"
    assert parsed(aws.live()) == declared()
    assert aws.cloudformation.asked == [PARTNER.logical_id]


@row(41, "a Delete for a Create that never ran", "SUCCESS, nothing is written; looked at twice")
def test_row_41_delete_before_create(aws: World) -> None:
    assert aws.handle_hurried(PARTNER.delete(aws.url, "Mail-Partner1A2B3C4D-1Q2W3E4R5T6Z"))["Status"] == "SUCCESS"
    assert aws.calls == ["Get", "Get"]


@every_reading
@row(42, "a Delete twice, or a late duplicate", "SUCCESS twice")
def test_row_42_delete_twice(aws: World, reading: dict[str, str]) -> None:
    aws.ses.change(**reading)
    aws.handle(PARTNER.create(aws.url))
    event = PARTNER.delete(aws.url, CLAIMED)
    assert [aws.handle(event)["Status"] for _ in range(2)] == ["SUCCESS", "SUCCESS"]
    assert aws.live() is None


@row(43, "a construct gets another logical id in its stack", "the new one is refused; the policy is never lost")
def test_row_43_a_new_logical_id(aws: World) -> None:
    aws.handle(PARTNER.create(aws.url))
    moved = PARTNER.renamed("Moved5E6F7A8B")
    refused = aws.handle(moved.create(aws.url))
    assert "belongs to stack Mail (Partner1A2B3C4D)" in refused["Reason"]
    assert parsed(aws.live()) == declared()


@row(44, "row 43 and its rollback", "the policy is as it was")
def test_row_44_a_new_logical_id_rolled_back(aws: World) -> None:
    aws.handle(PARTNER.create(aws.url))
    moved = PARTNER.renamed("Moved5E6F7A8B")
    refused = aws.handle(moved.create(aws.url))
    assert aws.handle(moved.delete(aws.url, refused["PhysicalResourceId"]))["Status"] == "SUCCESS"
    assert parsed(aws.live()) == declared()


@row(45, "a second stack declares the same policy, and is deleted", "the first stack's policy is as it was")
def test_row_45_a_second_stack(aws: World) -> None:
    aws.handle(PARTNER.create(aws.url))
    refused = aws.handle(OTHER.create(aws.url))
    assert refused["Status"] == "FAILED"
    for physical_id in (refused["PhysicalResourceId"], f"example.com|partner|{OTHERS_MARKER[-16:]}"):
        assert aws.handle(OTHER.delete(aws.url, physical_id))["Status"] == "SUCCESS"
        assert parsed(aws.live()) == declared()


@row(46, "a policy moves to another stack", "works with an explicit ADOPT, and is there all the while")
def test_row_46_a_move(aws: World) -> None:
    aws.handle(PARTNER.create(aws.url))
    adopted = aws.handle(OTHER.create(aws.url, WhenExists="ADOPT", OnDelete="RELEASE"))
    assert adopted["Status"] == "SUCCESS"
    assert parsed(aws.live()) == declared(f"{OTHERS_MARKER}/adopted")
    aws.handle(PARTNER.delete(aws.url, CLAIMED))
    assert parsed(aws.live()) == declared(f"{OTHERS_MARKER}/adopted")


@pytest.mark.parametrize("marker", [None, OTHERS_MARKER], ids=["unmarked", "foreign"])
def test_adopt_takes_what_says_the_same_and_releases_it(aws: World, marker: str | None) -> None:
    same = statement(["arn:aws:iam::222222222222:root"], Action=["SES:sendrawemail", "ses:SendEmail"], Sid="Else")
    aws.seed(text(same, marker=marker))
    adopt: dict[str, Any] = {"WhenExists": "ADOPT", "OnDelete": "RELEASE"}
    created = aws.handle(PARTNER.create(aws.url, **adopt))
    assert created["Status"] == "SUCCESS"
    assert parsed(aws.live()) == declared(f"{MARKER}/adopted")
    aws.handle(PARTNER.update(aws.url, CLAIMED, Policy=document(statement("333333333333")), **adopt))
    assert parsed(aws.live()) == declared(f"{MARKER}/adopted", statement("333333333333"))
    aws.handle(PARTNER.delete(aws.url, CLAIMED, **adopt))
    assert parsed(aws.live()) == json.loads(text(statement("333333333333")))


def test_adopt_refuses_what_says_something_else_and_tells_what(aws: World) -> None:
    theirs = aws.seed(text(statement("333333333333")))
    answer = aws.handle(PARTNER.create(aws.url, WhenExists="ADOPT"))
    assert answer["Reason"] == (
        "NotEquivalent: policy 'partner' on 'example.com' cannot be adopted: "
        "live statement 'Partner' is not declared; declared statement 'Partner' is not live"
    )
    assert aws.live() == theirs


@pytest.mark.parametrize("marker", [None, OTHERS_MARKER], ids=["unmarked", "foreign"])
def test_overwrite_logs_the_whole_old_document(aws: World, marker: str | None) -> None:
    theirs = aws.seed(text(statement("333333333333"), marker=marker))
    assert aws.handle(PARTNER.create(aws.url, WhenExists="OVERWRITE"))["Status"] == "SUCCESS"
    assert parsed(aws.live()) == declared(f"{MARKER}/adopted")
    [line] = [line for line in aws.function.journal if line["message"] == "overwrites"]
    assert line["document"] == theirs
    aws.handle(PARTNER.delete(aws.url, CLAIMED, WhenExists="OVERWRITE"))
    assert aws.live() is None


@pytest.mark.parametrize(("on_delete", "stays"), [("DELETE", False), ("RELEASE", True)])
def test_a_policy_that_was_edited_by_hand_goes_with_its_stack(aws: World, on_delete: str, stays: bool) -> None:  # noqa: FBT001 - a column of the table
    aws.handle(PARTNER.create(aws.url))
    aws.seed(text(statement("333333333333")))
    assert aws.handle(PARTNER.delete(aws.url, CLAIMED, OnDelete=on_delete))["Status"] == "SUCCESS"
    assert (aws.live() is not None) == stays


def test_a_policy_that_was_edited_by_hand_is_written_again(aws: World) -> None:
    aws.handle(PARTNER.create(aws.url))
    aws.seed(text(statement("333333333333")))
    aws.handle(PARTNER.update(aws.url, CLAIMED))
    assert parsed(aws.live()) == declared()


def test_a_foreign_policy_in_our_place_is_not_updated(aws: World) -> None:
    theirs = aws.seed(text(marker=OTHERS_MARKER))
    answer = aws.handle(PARTNER.update(aws.url, CLAIMED))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", CLAIMED)
    assert aws.live() == theirs


def test_a_foreign_policy_in_our_place_is_not_deleted(aws: World) -> None:
    theirs = aws.seed(text(marker=OTHERS_MARKER))
    assert aws.handle(PARTNER.delete(aws.url, CLAIMED))["Status"] == "SUCCESS"
    assert aws.live() == theirs


def test_a_refused_release_leaves_the_policy_and_succeeds(aws: World) -> None:
    ours = aws.seed(text(marker=f"{MARKER}/adopted"))
    aws.fail("UpdateEmailIdentityPolicy", status=400, code="BadRequestException")
    assert aws.handle(PARTNER.delete(aws.url, CLAIMED, OnDelete="RELEASE"))["Status"] == "SUCCESS"
    assert aws.live() == ours


def test_an_ses_that_forgets_the_id_still_deploys_and_cleans_up(aws: World) -> None:
    """What rests on the marker alone: that a second owner of an unmarked policy is told whose it is."""
    aws.ses.change(drops_id=True)
    assert aws.handle(PARTNER.create(aws.url))["PhysicalResourceId"] == CLAIMED
    aws.handle(PARTNER.update(aws.url, CLAIMED, Policy=document(statement("333333333333"))))
    assert parsed(aws.live()) == json.loads(text(statement("333333333333")))
    assert aws.handle(OTHER.create(aws.url))["Status"] == "FAILED"
    aws.handle(PARTNER.delete(aws.url, CLAIMED))
    assert aws.live() is None


@pytest.mark.parametrize("full", ["already-exists", "limit-exceeded"])
def test_our_own_policy_is_found_on_a_full_identity(aws: World, full: str) -> None:
    aws.handle(PARTNER.create(aws.url))
    for number in range(19):
        aws.seed(text(), f"other{number}")
    aws.ses.change(create_when_full=full)
    assert aws.handle(PARTNER.create(aws.url))["Status"] == "SUCCESS"
