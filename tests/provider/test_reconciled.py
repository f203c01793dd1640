"""What becomes of the writes of an Update if CloudFormation gave up on it while its function was running."""

from typing import Any, Final

import pytest

from provider.cloudformation import ResourceEvent, ResourceState
from provider.overtaken import is_masked
from tests.support.clocks import BEGIN
from tests.support.events import document, statement
from tests.support.inside import DELETE, READ, REFUSED, UPDATE, Inside
from tests.support.owners import CLAIMED, MADE, MARKER, OTHERS_MARKER, PARTNER, TOKEN, declared, parsed, text
from tests.support.rollbacks import Rollback, late, rolls_back

ELSE: Final = statement("333333333333")
HIDDEN: Final = statement("222222222222") | {"Condition": {"StringLike": {"ses:FromAddress": "****"}}}
CHANGED: Final[dict[str, Any]] = {"Policy": document(ELSE)}
RENAMED: Final = f"example.com|renamed|{TOKEN}|made"


def update(aws: Inside, **properties: Any) -> str:
    aws.seed(text(marker=MARKER))
    late(aws)
    return aws.handle(PARTNER.update("", CLAIMED, **properties), born=0).reason


def test_it_waits_for_the_end_and_makes_ses_hold_what_was_completed(aws: Inside) -> None:
    rollback = Rollback(aws, rolls_back())
    rollback.completes(PARTNER.properties())
    assert update(aws, **CHANGED).startswith("Overtaken: ")
    assert parsed(aws.live()) == declared()
    assert aws.clock.now() - BEGIN >= 38
    assert aws.told == ["policy written", "reconciles with what CloudFormation completed", "policy written"]
    assert {line["of"] for line in aws.log_lines} == {"policy 'partner' on 'example.com'"}


def test_what_a_newer_deploy_declares_is_not_put_back(aws: Inside) -> None:
    """The function never writes back what it read itself."""
    newest = statement("444444444444")
    rollback = Rollback(aws, rolls_back())
    rollback.completes(PARTNER.properties(Policy=document(newest)))
    update(aws, **CHANGED)
    assert parsed(aws.live()) == declared(MARKER, newest)


def test_where_it_is_held_already_nothing_is_written(aws: Inside) -> None:
    rollback = Rollback(aws, rolls_back())
    rollback.completes(PARTNER.properties())
    rollback.steps[1] = (*rollback.steps[1][:2], lambda: aws.seed(text(marker=MARKER)))
    update(aws, **CHANGED)
    assert aws.calls.count("Update") == 1


def test_an_update_that_wrote_nothing_has_nothing_to_reconcile(aws: Inside) -> None:
    aws.seed(text(marker=MARKER))
    aws.stack.says = lambda: ResourceState("UPDATE_IN_PROGRESS", CLAIMED, BEGIN + 6)
    assert aws.handle(PARTNER.update("", CLAIMED, **CHANGED), born=0).reason.startswith("Overtaken: ")
    assert (aws.calls, aws.clock.slept) == (["Get"], [])


@pytest.mark.parametrize(
    "properties",
    [None, PARTNER.properties(Policy={}), PARTNER.properties(Policy=document(HIDDEN)), PARTNER.properties()],
    ids=["unread", "broken", "masked", "of an earlier deploy"],
)
def test_where_it_is_not_known_what_was_completed_it_says_so_loudly(
    aws: Inside, properties: dict[str, Any] | None
) -> None:
    rollback = Rollback(aws, rolls_back())
    if properties == PARTNER.properties():
        rollback.happened.append(ResourceEvent("UPDATE_COMPLETE", CLAIMED, BEGIN - 100, properties))
    elif properties is not None:
        rollback.completes(properties)
    assert update(aws, **CHANGED).endswith("; left behind: policy 'partner' on 'example.com'")
    assert aws.told[-1] == "an overtaken event wrote last: look at what SES holds"
    assert parsed(aws.live()) == declared(MARKER, ELSE)


def test_a_stack_that_may_not_be_asked_is_told_loudly_as_well(aws: Inside) -> None:
    rollback = Rollback(aws, rolls_back())
    says = [rollback.says] * 2
    aws.stack.says = lambda: says.pop()() if says else None
    reason = update(aws, **CHANGED)
    assert reason.endswith("; left behind: policy 'partner' on 'example.com'; CloudFormation could not be asked")


def test_it_gives_up_waiting_when_its_time_is_up(aws: Inside) -> None:
    Rollback(aws, rolls_back()[:1])
    assert "left behind" in update(aws, **CHANGED)
    assert aws.clock.now() - BEGIN < 900


def test_it_looks_again_where_the_stack_went_on_meanwhile_three_times_at_most(aws: Inside) -> None:
    rollback = Rollback(aws, rolls_back())
    rollback.completes(PARTNER.properties())
    asked: list[float] = []

    def goes_on() -> ResourceState:
        asked.append(aws.clock.now())
        if len(asked) < 3:
            return rollback.says()
        aws.clock.time = max(aws.clock.time, BEGIN + 40)
        return ResourceState("UPDATE_COMPLETE", CLAIMED, BEGIN + 38 + len(asked) / 4)

    aws.stack.says = goes_on
    assert "left behind" in update(aws, **CHANGED)
    assert aws.told.count("reconciles with what CloudFormation completed") == 3


# A rename


def rename(aws: Inside, **properties: Any) -> str:
    return update(aws, PolicyName="renamed", **properties)


def test_a_new_name_that_cloudformation_does_not_know_goes(aws: Inside) -> None:
    Rollback(aws, rolls_back())
    assert rename(aws).startswith("Overtaken: ")
    assert (aws.live("renamed"), parsed(aws.live())) == (None, declared())


def test_a_new_name_that_the_resource_has_by_then_stays(aws: Inside) -> None:
    """A later deploy renamed it again."""
    rollback = Rollback(aws, rolls_back(physical_id=RENAMED))
    rollback.completes(PARTNER.properties(PolicyName="renamed"), RENAMED)
    rename(aws)
    assert parsed(aws.live("renamed")) == declared()


def test_while_the_resource_is_at_work_no_new_name_goes(aws: Inside) -> None:
    Rollback(aws, rolls_back()[:1])
    assert "left behind: policy 'renamed'" in rename(aws)
    assert aws.live("renamed") is not None


def test_a_policy_that_was_taken_over_under_the_new_name_goes_back(aws: Inside) -> None:
    theirs = aws.seed(text(marker=OTHERS_MARKER), "renamed")
    Rollback(aws, rolls_back(20))
    assert rename(aws, WhenExists="ADOPT").startswith("Overtaken: ")
    assert parsed(aws.live("renamed")) == parsed(theirs)


def test_what_cannot_go_is_named(aws: Inside) -> None:
    Rollback(aws, rolls_back())
    aws.fail(DELETE, **REFUSED)
    assert rename(aws).endswith("; left behind: policy 'renamed' on 'example.com'")


# A resource that is deleted


@pytest.mark.parametrize("physical_id", [CLAIMED, MADE])
def test_what_an_update_wrote_after_the_delete_goes(physical_id: str) -> None:
    """In one reading of SES, an Update creates a policy that does not exist."""
    aws = Inside(update_missing="upsert")
    Rollback(aws, rolls_back(end="DELETE_COMPLETE"))
    aws.before(UPDATE, aws.remove)
    aws.seed(text(marker=MARKER))
    late(aws)
    aws.handle(PARTNER.update("", physical_id, **CHANGED), born=0)
    assert aws.live() is None


@pytest.mark.parametrize(("physical_id", "goes"), [(MADE, True), (CLAIMED, False), (RENAMED, False)])
def test_what_lost_its_marker_goes_only_where_it_was_made(aws: Inside, physical_id: str, *, goes: bool) -> None:
    """Only under the known name; a policy under another name is somebody else's."""
    rollback = Rollback(aws, rolls_back(end="DELETE_COMPLETE"))
    rollback.steps[1] = (*rollback.steps[1][:2], lambda: aws.seed(text()))
    aws.seed(text(marker=MARKER))
    late(aws)
    aws.handle(PARTNER.update("", physical_id, OnDelete="RELEASE", **CHANGED), born=0)
    assert (aws.live() is None) == goes


def test_the_new_name_of_a_resource_that_is_being_deleted_goes_at_once(aws: Inside) -> None:
    Rollback(aws, [(8, ResourceState("DELETE_IN_PROGRESS", CLAIMED, BEGIN + 8), lambda: None)])
    assert rename(aws).startswith("Overtaken: CloudFormation went on without it")
    assert aws.live("renamed") is None
    assert aws.clock.now() - BEGIN < 30


# A rollback within five seconds of the Update's birth


@pytest.mark.parametrize("at", [0.2, 4.9], ids=["in the same second", "within five"])
@pytest.mark.parametrize("when", ["before the write", "after it"])
def test_a_rollback_within_five_seconds_is_known_by_what_it_declares(aws: Inside, at: float, when: str) -> None:
    """No timestamp distinguishes it from the Update itself."""
    begun = ResourceEvent("UPDATE_IN_PROGRESS", CLAIMED, BEGIN, PARTNER.properties(**CHANGED))
    back = ResourceEvent("UPDATE_IN_PROGRESS", CLAIMED, BEGIN + at, PARTNER.properties())
    rollback = Rollback(aws, [(at, ResourceState("UPDATE_IN_PROGRESS", CLAIMED, BEGIN + at), lambda: None)])
    rollback.happened.append(begun)
    rollback.steps[0] = (*rollback.steps[0][:2], lambda: rollback.happened.append(back))
    aws.seed(text(marker=MARKER))
    if when == "before the write":
        aws.before(READ, lambda: setattr(aws.clock, "time", BEGIN + at))
    else:
        late(aws)
    ended = aws.handle(PARTNER.update("", CLAIMED, old={}, **CHANGED), born=0)
    assert ended.reason.startswith("Overtaken: CloudFormation began something newer with the resource")
    assert ("Update" in aws.calls) == (when == "after it")


def test_the_newest_event_of_a_deploy_before_tells_nothing(aws: Inside) -> None:
    """The list of events may be behind."""
    Rollback(aws, []).happened.append(ResourceEvent("UPDATE_COMPLETE", CLAIMED, BEGIN - 1, PARTNER.properties()))
    aws.seed(text(marker=MARKER))
    assert aws.handle(PARTNER.update("", CLAIMED, **CHANGED), born=0).status == "SUCCESS"


@pytest.mark.parametrize(
    ("value", "masked"),
    [("****", True), ({"a": ["b", "x*****y"]}, True), ("*", False), ({"a": ["**", 4, None]}, False)],
)
def test_what_cloudformation_hides(value: object, *, masked: bool) -> None:
    assert is_masked(value) == masked
