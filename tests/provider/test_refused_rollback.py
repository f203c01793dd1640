"""A rollback that SES refuses: if there is nothing left for it to do, the stack must not be stuck."""

from typing import Any, Final

import pytest

from provider.cloudformation import ResourceEvent, ResourceState
from provider.failures import REASON_LENGTH, Reason
from provider.fence import STALE_SECONDS
from tests.support.clocks import BEGIN
from tests.support.events import document, statement
from tests.support.inside import CREATE, READ, REFUSED, UPDATE, Ended, Inside
from tests.support.owners import ADOPTED, CLAIMED, MADE, MARKER, OTHERS_MARKER, PARTNER, text

ELSE: Final = statement("333333333333")
THEIRS: Final = text(ELSE, marker=OTHERS_MARKER)
DENIED: Final[dict[str, Any]] = {"status": 403, "code": "AccessDeniedException", "times": 1000}
OTHER_NAME: Final = MADE.replace("partner", "renamed")
WAY_OUT: Final = (
    "in a rollback: aws cloudformation continue-update-rollback --stack-name Mail --resources-to-skip Partner1A2B3C4D"
)


def rolls_back(aws: Inside, status: str = "UPDATE_ROLLBACK_IN_PROGRESS", **properties: Any) -> Ended:
    aws.stack.stack = lambda: status
    return aws.handle(PARTNER.update("", CLAIMED, old={"Policy": document(ELSE)}, **properties))


def test_somebody_else_has_the_policy(aws: Inside) -> None:
    aws.seed(THEIRS)
    ended = rolls_back(aws)
    assert (ended.status, ended.physical_id, ended.reason) == ("SUCCESS", CLAIMED, "")
    assert aws.live() == THEIRS
    assert (aws.calls, aws.clock.slept) == (["Get", "Get", "Get"], [STALE_SECONDS])
    [line] = aws.log_lines
    assert line["event"] == "the rollback is refused, and has nothing to do"
    assert line["error"].startswith("PolicyExists: ")


def test_it_cannot_be_adopted_either(aws: Inside) -> None:
    aws.seed(THEIRS)
    assert rolls_back(aws, WhenExists="ADOPT").status == "SUCCESS"
    assert aws.live() == THEIRS


@pytest.mark.parametrize(
    "fault",
    [REFUSED, DENIED, {"status": 400, "code": "BadRequestException", "message": "bad principal", "times": 1000}],
)
def test_ses_holds_what_is_to_be_there_and_lost_its_marker(aws: Inside, fault: dict[str, Any]) -> None:
    aws.seed(text())
    aws.fail(UPDATE, **fault)
    assert rolls_back(aws).status == "SUCCESS"
    assert aws.live() == text()


@pytest.mark.parametrize(
    "status", ["UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_ROLLBACK_FAILED", "ROLLBACK_IN_PROGRESS"]
)
def test_a_forward_update_is_refused_as_ever(aws: Inside, status: str) -> None:
    aws.seed(THEIRS)
    ended = rolls_back(aws, status)
    assert (ended.status, ended.reason.partition(":")[0]) == ("FAILED", "PolicyExists")
    assert "in a rollback" not in ended.reason


def test_our_new_text_is_never_left_for_the_old_one(aws: Inside) -> None:
    aws.seed(text(ELSE, marker=MARKER))
    aws.fail(UPDATE, **REFUSED, times=9)
    assert rolls_back(aws).reason.startswith("RefusedBySes: ")


@pytest.mark.parametrize("now", [text(ELSE, marker=MARKER), text(ELSE), None], ids=["ours", "nobody's", "gone"])
def test_both_looks_have_to_show_it(aws: Inside, now: str | None) -> None:
    aws.seed(THEIRS)
    looked: list[str] = []

    def changes() -> None:
        looked.append(READ)
        if len(looked) == 3:
            aws.seed(now) if now else aws.remove()

    aws.before(READ, changes, times=3)
    assert rolls_back(aws).status == "FAILED"


def test_what_has_nothing_to_do_with_the_text_fails(aws: Inside) -> None:
    aws.remove_identity()
    assert rolls_back(aws).reason.startswith("IdentityNotFound: ")
    assert aws.calls == ["Get"]


def test_a_function_that_is_overtaken_does_not_take_itself_for_the_rollback(aws: Inside) -> None:
    aws.seed(THEIRS)
    aws.stack.says = lambda: ResourceState("UPDATE_IN_PROGRESS", CLAIMED, BEGIN + 100)
    aws.stack.stack = lambda: "UPDATE_ROLLBACK_IN_PROGRESS"
    ended = aws.handle(PARTNER.update("", CLAIMED, Policy=document(ELSE)), born=1)
    assert ended.reason.startswith("Overtaken: ")


def test_the_new_name_of_a_rename_goes_all_the_same(aws: Inside) -> None:
    aws.seed(THEIRS)
    aws.seed(text(marker=MARKER), "renamed")
    aws.stack.stack = lambda: "UPDATE_ROLLBACK_IN_PROGRESS"
    assert aws.handle(PARTNER.update("", CLAIMED, old={"PolicyName": "renamed"})).status == "SUCCESS"
    assert (aws.live(), aws.live("renamed")) == (THEIRS, None)


def renames_back(aws: Inside, *had: str) -> Ended:
    """Roll back a rename of a resource that had these physical ids, the newest first."""
    aws.stack.stack = lambda: "UPDATE_ROLLBACK_IN_PROGRESS"
    aws.stack.happened = lambda: [ResourceEvent("UPDATE_COMPLETE", each, BEGIN - 60, None) for each in had]
    return aws.handle(PARTNER.update("", OTHER_NAME, old={"PolicyName": "renamed"}))


@pytest.mark.parametrize("before", [MADE, CLAIMED, f"{ADOPTED}=mail%20team"])
def test_somebody_else_has_the_old_name_of_a_rename(aws: Inside, before: str) -> None:
    """The resource gets its former id back, which claims the policy; a teardown leaves another owner's policy."""
    aws.seed(THEIRS)
    ended = renames_back(aws, OTHER_NAME, before)
    assert (ended.status, ended.physical_id, aws.live()) == ("SUCCESS", before, THEIRS)


def test_a_name_that_it_never_had_is_refused_as_ever(aws: Inside) -> None:
    aws.seed(THEIRS)
    assert renames_back(aws, OTHER_NAME).reason.startswith("PolicyExists: ")


def test_what_may_have_been_made_meanwhile_is_taken_back(aws: Inside) -> None:
    aws.fail(CREATE, ending="reset")
    aws.before(CREATE, lambda: aws.seed(THEIRS), times=2)
    assert renames_back(aws, OTHER_NAME, MADE).reason.startswith("PolicyExists: ")


# If the function is not allowed to ask


def test_the_reason_has_the_command_that_leads_out(aws: Inside) -> None:
    aws.seed(text(ELSE, marker=MARKER))
    aws.fail(UPDATE, **REFUSED, times=9)
    reason = rolls_back(aws, "").reason
    assert reason.startswith("RefusedBySes: UpdateEmailIdentityPolicy: BadRequestException: no such thing; ")
    assert WAY_OUT in reason
    assert len(reason) <= REASON_LENGTH


def test_where_there_is_no_room_for_it_what_ses_says_goes_first(aws: Inside) -> None:
    aws.seed(text(ELSE, marker=MARKER))
    words = "a principal is invalid: arn:aws:iam::222222222222:role/" + "long" * 30
    aws.fail(UPDATE, status=400, code="BadRequestException", message=words, times=1000)
    reason = rolls_back(aws, "").reason
    assert "role/longlong" in reason
    assert "; check that each principal" in reason
    assert "continue-update-rollback" not in reason
    assert len(reason) <= REASON_LENGTH


# The token


OTHER: Final = "example.com|partner|0123456789abcdef"


@pytest.mark.parametrize("present", ["", CLAIMED])
def test_an_update_with_another_resource_s_id_is_refused(aws: Inside, present: str) -> None:
    theirs = aws.seed(text(marker="Mail/Other/0123456789abcdef"))
    aws.stack.says = lambda: ResourceState("UPDATE_IN_PROGRESS", present, 0.0)
    ended = aws.handle(PARTNER.update("", OTHER))
    assert ended == Ended(
        "FAILED",
        OTHER,
        f"{Reason.INVALID_DECLARATION.value}: the physical id {OTHER!r} is not that of Partner1A2B3C4D in this stack: "
        "see who sent the event",
    )
    assert (aws.live(), aws.calls) == (theirs, [])


@pytest.mark.parametrize(
    ("marker", "status", "calls"),
    [
        (MARKER, "SUCCESS", ["Get", "Get", "Delete"]),
        (f"{MARKER}/adopted", "SUCCESS", ["Get", "Get", "Delete"]),
        ("Mail/Other/0123456789abcdef", "FAILED", ["Get"]),
        (None, "FAILED", ["Get"]),
    ],
    ids=["ours", "adopted", "that of the id", "nobody's"],
)
def test_a_delete_with_another_resource_s_id_takes_what_is_ours(
    aws: Inside, marker: str | None, status: str, calls: list[str]
) -> None:
    aws.seed(text(marker=marker))
    ended = aws.handle(PARTNER.delete("", OTHER))
    assert (ended.status, ended.physical_id, aws.calls) == (status, OTHER, calls)
    assert (aws.live() is None) == (status == "SUCCESS")
    if status == "FAILED":
        assert "aws cloudformation delete-stack --stack-name Mail --retain-resources Partner1A2B3C4D" in ended.reason


def test_a_delete_with_another_resource_s_id_of_nothing(aws: Inside) -> None:
    assert aws.handle(PARTNER.delete("", OTHER)).status == "SUCCESS"
    assert aws.calls == ["Get", "Get"]
