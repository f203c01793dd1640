"""What an Update undoes: its own work under a new name, and what an unanswered rename left behind."""

from typing import Any

import pytest

from provider.cloudformation import ResourceState
from tests.support.clocks import BEGIN
from tests.support.events import statement
from tests.support.inside import CREATE, DELETE, READ, REFUSED, UPDATE, Ended, Inside
from tests.support.owners import CLAIMED, MADE, MARKER, OTHERS_MARKER, PARTNER, TOKEN, UNCLAIMED, parsed, text

# A failed Update undoes its work under a new name


def renamed(aws: Inside, **properties: Any) -> Ended:
    aws.seed(text(marker=MARKER))
    return aws.handle(PARTNER.update("", CLAIMED, PolicyName="renamed", **properties))


def taken_and_lost(aws: Inside) -> None:
    """Let SES carry out a write but lose its answer, then refuse it, and then refuse reads."""
    aws.fail(UPDATE, ending="reset", applied=True)
    aws.fail(UPDATE, **REFUSED)
    tries: list[str] = []

    def then_refuse() -> None:
        tries.append(UPDATE)
        if len(tries) == 2:
            aws.fail(READ, **REFUSED)

    aws.before(UPDATE, then_refuse, times=2)


def test_half_a_rename_is_taken_back(aws: Inside) -> None:
    aws.fail(UPDATE, **REFUSED)
    ended = renamed(aws)
    assert ended == Ended("FAILED", CLAIMED, f"RefusedBySes: {UPDATE}: BadRequestException: no such thing")
    assert (aws.live("renamed"), aws.calls) == (None, ["Create", "Update", "Get", "Delete"])
    assert aws.told == ["taken back: deleted"]
    assert aws.log_lines[0]["of"] == "policy 'renamed' on 'example.com'"


def test_what_cannot_be_taken_back_is_named(aws: Inside) -> None:
    aws.fail(UPDATE, **REFUSED)
    aws.fail(DELETE, **REFUSED)
    ended = renamed(aws)
    assert ended.reason == (
        f"RefusedBySes: {UPDATE}: BadRequestException: no such thing; left behind: policy 'renamed' on 'example.com'"
    )
    [line] = aws.log_lines
    assert (line["event"], line["of"]) == ("not taken back", "policy 'renamed' on 'example.com'")
    assert line["error"] == f"RefusedBySes: {DELETE}: BadRequestException: no such thing"


def test_what_cannot_be_taken_back_is_named_once(aws: Inside) -> None:
    """Two things are to be undone, a create without an answer and an overwrite; the reason names their policy once."""
    aws.seed(text(statement("333333333333")), "renamed")
    aws.fail(CREATE, ending="reset")
    aws.fail(UPDATE, ending="reset", applied=True)
    aws.fail(UPDATE, **REFUSED, times=2)
    aws.before(READ, lambda: aws.fail(READ, **REFUSED, times=2) if "overwrites" in aws.told else None, times=9)
    ended = renamed(aws, WhenExists="OVERWRITE")
    assert ended.reason.endswith("no such thing; left behind: policy 'renamed' on 'example.com'")
    assert aws.told.count("not taken back") == 2


def test_the_last_that_was_done_is_taken_back_first(aws: Inside) -> None:
    """A create without an answer may have made the policy; but then it was overwritten, so it was there already."""
    theirs = aws.seed(text(statement("333333333333"), marker=OTHERS_MARKER), "renamed")
    aws.fail(CREATE, ending="reset")
    taken_and_lost(aws)
    assert renamed(aws, WhenExists="OVERWRITE").status == "FAILED"
    assert parsed(aws.live("renamed")) == parsed(theirs)
    assert aws.told == ["overwrites", "taken back: written as before", "taken back: not ours any more"]


def test_what_somebody_else_took_meanwhile_is_theirs(aws: Inside) -> None:
    aws.fail(UPDATE, **REFUSED)
    aws.before(READ, lambda: aws.seed(text(marker=OTHERS_MARKER), "renamed"))
    assert renamed(aws).status == "FAILED"
    assert aws.live("renamed") == text(marker=OTHERS_MARKER)
    assert aws.told == ["taken back: not ours any more"]
    assert aws.log_lines[0]["of"] == "policy 'renamed' on 'example.com'"


def test_where_the_identity_goes_nothing_is_left(aws: Inside) -> None:
    aws.fail(UPDATE, **REFUSED)
    aws.before(READ, aws.remove_identity)
    assert "left behind" not in renamed(aws).reason
    assert aws.told == ["taken back: nothing there"]
    assert aws.log_lines[0]["of"] == "policy 'renamed' on 'example.com'"


@pytest.mark.parametrize("when_exists", ["ADOPT", "OVERWRITE"])
def test_what_was_taken_over_is_put_back(aws: Inside, when_exists: str) -> None:
    theirs = aws.seed(text(marker=OTHERS_MARKER), "renamed")
    taken_and_lost(aws)
    assert renamed(aws, WhenExists=when_exists).status == "FAILED"
    assert parsed(aws.live("renamed")) == parsed(theirs)
    assert aws.told[-1] == "taken back: written as before"
    assert aws.log_lines[-1]["of"] == "policy 'renamed' on 'example.com'"


def test_ours_under_the_new_name_is_not_taken_back(aws: Inside) -> None:
    """It was there before this run: from an earlier delivery of a Create, or an earlier try of the rename."""
    ours = aws.seed(text(statement("333333333333"), marker=MARKER), "renamed")
    aws.fail(UPDATE, **REFUSED)
    assert renamed(aws).status == "FAILED"
    assert (aws.live("renamed"), aws.calls) == (ours, ["Create", "Get", "Update", "Get"])


@pytest.mark.parametrize("ending", ["reset", "hang"])
def test_a_create_of_which_nobody_knows_is_taken_back(aws: Inside, ending: Any) -> None:
    """SES carries it out, its answer is lost, and then SES refuses it permanently."""
    aws.fail(CREATE, ending=ending, applied=True)
    aws.fail(CREATE, **REFUSED)
    assert renamed(aws).status == "FAILED"
    assert (aws.live("renamed"), aws.told) == (None, ["taken back: deleted"])


def test_a_create_that_was_refused_leaves_nothing_to_take_back(aws: Inside) -> None:
    aws.fail(CREATE, **REFUSED)
    assert renamed(aws).status == "FAILED"
    assert (aws.calls, aws.told) == (["Create"], [])


@pytest.mark.parametrize("ending", ["reset", "hang"])
def test_a_name_that_an_earlier_try_took_may_be_ours(aws: Inside, ending: Any) -> None:
    """The answer to the first try is lost; the second one finds the name taken: by the first, as the marker says."""
    aws.fail(CREATE, ending=ending, applied=True)
    aws.fail(READ, **REFUSED)
    assert renamed(aws).status == "FAILED"
    assert (aws.live("renamed"), aws.told) == (None, ["taken back: deleted"])


def test_a_name_that_somebody_else_has_is_not_taken_back(aws: Inside) -> None:
    theirs = aws.seed(text(marker=OTHERS_MARKER), "renamed")
    assert renamed(aws).reason.startswith("PolicyExists: policy 'renamed' on 'example.com' exists and belongs to ")
    assert (aws.live("renamed"), aws.calls) == (theirs, ["Create", "Get"])


def test_a_failed_create_is_left_for_its_delete(aws: Inside) -> None:
    aws.fail(UPDATE, **REFUSED)
    ended = aws.handle(PARTNER.create(""))
    assert ended == Ended("FAILED", MADE, f"RefusedBySes: {UPDATE}: BadRequestException: no such thing")
    assert aws.calls == ["Create", "Update"]


@pytest.mark.parametrize("when_exists", ["FAIL", "OVERWRITE"])
def test_a_create_says_that_it_owns_once_ses_took_a_write(aws: Inside, when_exists: str) -> None:
    aws.seed(text(statement("333333333333"), marker=MARKER if when_exists == "FAIL" else None))
    aws.stack.says = lambda: None
    aws.fail(UPDATE, **REFUSED)
    assert aws.handle(PARTNER.create("", WhenExists=when_exists)).physical_id == UNCLAIMED


# An unanswered rename, rolled back


def rolled_back(aws: Inside, *, old: dict[str, Any] | None = None) -> Ended:
    aws.seed(text(marker=MARKER))
    return aws.handle(PARTNER.update("", CLAIMED, old={"PolicyName": "renamed"} | (old or {})))


@pytest.mark.parametrize(
    ("marker", "on_delete", "left"),
    [
        (MARKER, "DELETE", None),
        (MARKER, "RELEASE", None),
        (f"{MARKER}/adopted", "DELETE", None),
        (f"{MARKER}/adopted", "RELEASE", text()),
        (OTHERS_MARKER, "DELETE", text(marker=OTHERS_MARKER)),
        (None, "DELETE", text()),
    ],
)
def test_the_other_name_of_a_rename(aws: Inside, marker: str | None, on_delete: str, left: str | None) -> None:
    aws.seed(text(marker=marker), "renamed")
    assert rolled_back(aws, old={"OnDelete": on_delete}).status == "SUCCESS"
    live = aws.live("renamed")
    assert (live and parsed(live)) == (left and parsed(left))


@pytest.mark.parametrize("old", [{"PolicyName": None}, {"PolicyName": "a b"}, {"PolicyName": "partner"}])
def test_without_another_name_nothing_else_is_looked_at(aws: Inside, old: dict[str, Any]) -> None:
    assert rolled_back(aws, old=old).status == "SUCCESS"
    assert aws.calls == ["Get", "Get"]


def test_where_the_other_name_is_on_an_identity_that_is_gone(aws: Inside) -> None:
    aws.remove_identity("other.example")
    assert rolled_back(aws, old={"EmailIdentity": "other.example"}).status == "SUCCESS"
    assert aws.calls == ["Get", "Get", "Get"]


def test_where_the_other_name_is_gone(aws: Inside) -> None:
    assert rolled_back(aws).status == "SUCCESS"
    assert (aws.calls, aws.told) == (["Get", "Get", "Get"], ["policy unchanged", "policy absent"])


@pytest.mark.parametrize("marker", [MARKER, f"{MARKER}/adopted"], ids=["ours", "adopted"])
def test_what_cannot_be_read_of_its_teardown_deletes_nothing_that_was_there_before(aws: Inside, marker: str) -> None:
    aws.seed(text(marker=marker), "renamed")
    assert rolled_back(aws, old={"OnDelete": "KEEP"}).status == "SUCCESS"
    live = aws.live("renamed")
    assert (live and parsed(live)) == (None if marker == MARKER else parsed(text()))
    [line] = [each for each in aws.log_lines if each["event"] == "OnDelete cannot be read, releases what was adopted"]
    assert line["fault"] == "OnDelete is 'KEEP': allowed are DELETE, RELEASE"


def test_it_goes_where_the_old_one_cannot_be_kept_too(aws: Inside) -> None:
    """Another owner has the old name by now, so the rollback fails, and nothing else would delete the new name."""
    aws.seed(text(marker=MARKER), "renamed")
    theirs = aws.seed(text(marker=OTHERS_MARKER))
    ended = aws.handle(PARTNER.update("", CLAIMED, old={"PolicyName": "renamed"}))
    assert (ended.status, ended.reason.partition(":")[0]) == ("FAILED", "PolicyExists")
    assert "left behind" not in ended.reason
    assert (aws.live(), aws.live("renamed")) == (theirs, None)


def test_it_is_named_where_it_cannot_go_either(aws: Inside) -> None:
    aws.seed(text(marker=MARKER), "renamed")
    aws.seed(text(marker=OTHERS_MARKER))
    aws.fail(DELETE, **REFUSED)
    ended = aws.handle(PARTNER.update("", CLAIMED, old={"PolicyName": "renamed"}))
    assert ended.reason.startswith("PolicyExists: ")
    assert ended.reason.endswith("; left behind: policy 'renamed' on 'example.com'")
    line = aws.log_lines[-1]
    assert (line["event"], line["of"]) == ("not taken back", "policy 'renamed' on 'example.com'")
    assert line["error"].startswith("RefusedBySes: DeleteEmailIdentityPolicy: ")


# Deleted with its resource, which CloudFormation knows by the old name


def deleted(
    aws: Inside, state: ResourceState | None, *, physical_id: str = CLAIMED, marker: str | None = MARKER
) -> Ended:
    aws.seed(text(marker=MARKER))
    aws.seed(text(marker=marker), "renamed")
    aws.stack.says = lambda: state
    return aws.handle(PARTNER.delete("", physical_id, PolicyName="renamed"))


@pytest.mark.parametrize("physical_id", [CLAIMED, UNCLAIMED], ids=["claimed", "unclaimed"])
@pytest.mark.parametrize("status", ["DELETE_IN_PROGRESS", "DELETE_COMPLETE", "DELETE_FAILED"])
def test_both_names_are_deleted(aws: Inside, physical_id: str, status: str) -> None:
    state = ResourceState(status, physical_id, BEGIN)
    assert deleted(aws, state, physical_id=physical_id) == Ended("SUCCESS", physical_id)
    assert (aws.live(), aws.live("renamed")) == (None, None)
    assert aws.told == ["policy deleted", "policy deleted"]


@pytest.mark.parametrize("marker", [OTHERS_MARKER, None], ids=["foreign", "unmarked"])
def test_what_is_not_ours_under_the_other_name_stays(aws: Inside, marker: str | None) -> None:
    assert deleted(aws, ResourceState("DELETE_IN_PROGRESS", CLAIMED, BEGIN), marker=marker).status == "SUCCESS"
    assert aws.live("renamed") == text(marker=marker)


@pytest.mark.parametrize(
    "state",
    [
        ResourceState("UPDATE_COMPLETE", CLAIMED, BEGIN),
        ResourceState("UPDATE_COMPLETE", f"example.com|renamed|{TOKEN}", BEGIN),
        ResourceState("DELETE_IN_PROGRESS", f"example.com|renamed|{TOKEN}", BEGIN),
        ResourceState("CREATE_IN_PROGRESS", "", BEGIN),
        ResourceState("DELETE_COMPLETE", "", 0.0),
        None,
    ],
    ids=["is there", "has it", "is deleted with it", "is made again", "is not known", "cannot be asked"],
)
def test_only_the_old_name_is_deleted_where_the_new_one_may_be_wanted(aws: Inside, state: ResourceState | None) -> None:
    assert deleted(aws, state).status == "SUCCESS"
    assert (aws.live(), aws.live("renamed")) == (None, text(marker=MARKER))


def test_a_delete_that_leaves_the_other_name_says_so(aws: Inside) -> None:
    """CloudFormation sends it again when the deletion is tried again."""
    aws.fail(DELETE, **REFUSED, policy_name="renamed")
    ended = deleted(aws, ResourceState("DELETE_IN_PROGRESS", CLAIMED, BEGIN))
    assert (ended.status, aws.live(), aws.live("renamed")) == ("FAILED", None, text(marker=MARKER))


def test_a_delete_asks_once(aws: Inside) -> None:
    aws.seed(text(marker=MARKER))
    aws.stack.says = lambda: ResourceState("DELETE_IN_PROGRESS", CLAIMED, BEGIN)
    assert aws.handle(PARTNER.delete("", CLAIMED)).status == "SUCCESS"
    assert aws.stack.asked == [0.0]
