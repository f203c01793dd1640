"""A Delete that Lambda delivers again or late: CloudFormation may have its answer, or still wait for it."""

from collections.abc import Iterable
from typing import Any, Final

import pytest

from provider.cloudformation import ResourceEvent, ResourceState
from tests.support.clocks import BEGIN
from tests.support.inside import DELETE, Ended, Inside
from tests.support.owners import CLAIMED, MADE, MARKER, OTHERS_MARKER, PARTNER, TOKEN, UNCLAIMED, parsed, text

INVENTED: Final = "Mail-Partner1A2B3C4D-1Q2W3E4R5T6Z"
RENAMED: Final = f"example.com|renamed|{TOKEN}|made"
LATE: Final = 60
OURS: Final = text(marker=MARKER)
ANSWERED: Final = "CloudFormation has its answer already, nothing done"


def state(status: str, physical_id: str = MADE, at: float = 0.0) -> ResourceState:
    """Return a state that began `at` seconds after the birth of an event that is a minute old."""
    return ResourceState(status, physical_id, BEGIN - LATE + at)


def deletes(
    aws: Inside,
    said: ResourceState | None,
    *,
    physical_id: str = MADE,
    happened: Iterable[ResourceEvent] = (),
    born: float = LATE,
    live: str = OURS,
    **properties: Any,
) -> bool:
    """Handle a Delete; return whether the policy is gone then."""
    aws.seed(live)
    aws.stack.says = lambda: said
    aws.stack.happened = lambda: list(happened)
    ended = aws.handle(PARTNER.delete("", physical_id, **properties), born=born)
    assert (ended.status, ended.physical_id) == ("SUCCESS", physical_id)
    return aws.live() is None


def event(status: str, physical_id: str = MADE, at: float = 1.0, **changes: Any) -> ResourceEvent:
    return ResourceEvent(status, physical_id, BEGIN - LATE + at, PARTNER.properties(**changes))


@pytest.mark.parametrize("status", ["DELETE_COMPLETE", "DELETE_FAILED", "DELETE_SKIPPED"])
@pytest.mark.parametrize(
    ("physical_id", "present"),
    [(MADE, MADE), (CLAIMED, CLAIMED), (INVENTED, ""), (INVENTED, INVENTED), (UNCLAIMED, UNCLAIMED)],
)
def test_the_resource_tells_that_it_was_answered(aws: Inside, status: str, physical_id: str, present: str) -> None:
    assert not deletes(aws, state(status, present, 0.0), physical_id=physical_id)
    assert aws.told == [ANSWERED, "policy left"]
    assert aws.log_lines[0]["of"] == "policy 'partner' on 'example.com'"


@pytest.mark.parametrize("born", [LATE, 1])
def test_it_tells_so_of_a_young_one_too(aws: Inside, born: float) -> None:
    """Lambda delivered it twice at once."""
    said = ResourceState("DELETE_COMPLETE", MADE, BEGIN - born)
    assert not deletes(aws, said, born=born)


@pytest.mark.parametrize(
    "said",
    [
        state("DELETE_COMPLETE", at=-0.25),
        state("DELETE_COMPLETE", RENAMED, 1.0),
        state("DELETE_IN_PROGRESS", at=1.0),
        state("DELETE_IN_PROGRESS", at=40.0),
        state("UPDATE_COMPLETE", RENAMED, 1.0),
        state("UPDATE_COMPLETE", at=1.0),
    ],
    ids=["of an earlier one", "of another name", "is wanted", "is wanted again", "an old name", "kept"],
)
def test_what_does_not_tell_so(aws: Inside, said: ResourceState) -> None:
    assert deletes(aws, said)


@pytest.mark.parametrize(
    ("happened", "gone"),
    [
        ([event("DELETE_COMPLETE")], False),
        ([event("DELETE_COMPLETE", at=0.0)], False),
        ([event("DELETE_COMPLETE", at=-1.0)], True),
        ([event("DELETE_COMPLETE", RENAMED)], True),
        ([event("DELETE_FAILED")], False),
        ([event("UPDATE_COMPLETE", RENAMED), event("DELETE_COMPLETE")], False),
        ([], True),
    ],
    ids=["answered", "in its second", "of before", "of another", "failed", "among others", "none"],
)
def test_of_an_old_name_the_events_tell_it(aws: Inside, happened: list[ResourceEvent], *, gone: bool) -> None:
    """By now the resource is another policy."""
    assert deletes(aws, state("UPDATE_COMPLETE", RENAMED, 1.0), happened=happened) == gone


def test_of_a_young_one_no_events_are_asked_for(aws: Inside) -> None:
    """This is what CloudFormation said a moment ago."""
    said = ResourceState("UPDATE_COMPLETE", RENAMED, BEGIN - 1)
    assert deletes(aws, said, happened=[event("DELETE_COMPLETE", at=LATE)], born=1)


def test_a_clock_that_is_behind_does_not_make_it_young(aws: Inside) -> None:
    said = ResourceState("UPDATE_COMPLETE", RENAMED, BEGIN + 400)
    happened = [ResourceEvent("DELETE_COMPLETE", MADE, BEGIN + 350, None)]
    assert not deletes(aws, said, happened=happened, born=-300)


# The resource has the policy again, or is getting it


def test_the_resource_has_the_policy_under_another_id(aws: Inside) -> None:
    """For instance, a rename was rolled back, and adopted what it had created before."""
    assert not deletes(aws, state("UPDATE_COMPLETE", f"{CLAIMED}|adopted", -1.0))
    assert aws.told == ["policy left"]


@pytest.mark.parametrize(
    ("happened", "gone"),
    [
        ([event("UPDATE_IN_PROGRESS", RENAMED, 30.0)], False),
        ([event("UPDATE_IN_PROGRESS", RENAMED, 30.0, PolicyName="third")], True),
        ([event("UPDATE_COMPLETE", RENAMED, 30.0, PolicyName="third")], False),
        ([event("UPDATE_IN_PROGRESS", RENAMED, 30.0, PolicyName="a b")], False),
        ([ResourceEvent("UPDATE_IN_PROGRESS", RENAMED, BEGIN - 30, None)], False),
        ([], False),
    ],
    ids=["this one", "another", "not begun", "nonsense", "unread", "unknown"],
)
@pytest.mark.parametrize("status", ["UPDATE_IN_PROGRESS", "CREATE_IN_PROGRESS"])
def test_the_resource_is_getting_it_again(
    aws: Inside, status: str, happened: list[ResourceEvent], *, gone: bool
) -> None:
    """Its physical id proves nothing during an operation."""
    events = [
        ResourceEvent(each.status.replace("UPDATE_IN_PROGRESS", status), each.physical_id, each.at, each.properties)
        for each in happened
    ]
    assert deletes(aws, state(status, RENAMED, 30.0), happened=events) == gone


def test_at_work_since_before_is_nothing_newer(aws: Inside) -> None:
    assert deletes(aws, state("UPDATE_IN_PROGRESS", RENAMED, 5.0))


# How old CloudFormation's answer may be


def test_it_is_asked_once_where_it_is_done_at_once(aws: Inside) -> None:
    assert deletes(aws, state("DELETE_IN_PROGRESS"))
    assert aws.stack.asked == [0.0]


def test_it_is_asked_once_about_both_names_of_a_rename(aws: Inside) -> None:
    for name in ("partner", "renamed"):
        aws.seed(text(marker=MARKER), name)
    aws.stack.says = lambda: ResourceState("DELETE_IN_PROGRESS", CLAIMED, BEGIN)
    assert aws.handle(PARTNER.delete("", CLAIMED, PolicyName="renamed"), born=0).status == "SUCCESS"
    assert (aws.policies, aws.stack.asked) == ({}, [0.0])


def test_it_is_asked_again_while_it_waits(aws: Inside) -> None:
    aws.fail(DELETE, times=20, status=429, code="TooManyRequestsException")
    assert deletes(aws, state("DELETE_IN_PROGRESS"))
    gaps = [later - earlier for earlier, later in zip(aws.stack.asked, aws.stack.asked[1:], strict=False)]
    assert gaps
    assert all(gap >= 10 for gap in gaps)


def test_what_it_hears_then_counts(aws: Inside) -> None:
    aws.seed(OURS)
    aws.fail(DELETE, times=25, status=429, code="TooManyRequestsException")
    said = [state("DELETE_IN_PROGRESS"), state("DELETE_COMPLETE", at=61)]
    aws.stack.says = lambda: said.pop(0) if len(said) > 1 else said[0]
    assert aws.handle(PARTNER.delete("", MADE), born=LATE) == Ended("SUCCESS", MADE)
    assert (aws.live(), aws.told[-2:]) == (OURS, [ANSWERED, "policy left"])


# CloudFormation cannot be asked


@pytest.mark.parametrize("born", [LATE, 1])
@pytest.mark.parametrize("marker", [MARKER, f"{MARKER}/adopted"])
def test_what_has_our_marker_goes(aws: Inside, marker: str, born: float) -> None:
    assert deletes(aws, None, live=text(marker=marker), born=born)


def test_what_has_none_goes_where_the_event_is_young(aws: Inside) -> None:
    assert deletes(aws, None, live=text(), born=1)


def test_what_has_none_stays_where_it_is_late_and_the_reason_leads_out(aws: Inside) -> None:
    aws.seed(text())
    aws.stack.says = lambda: None
    ended = aws.handle(PARTNER.delete("", MADE), born=LATE)
    assert ended.reason == (
        "AccessDenied: policy 'partner' on 'example.com' has no marker any more, and CloudFormation cannot be asked "
        "whether it is to go; allow cloudformation:DescribeStackResource to the function's role, or keep it: aws "
        "cloudformation delete-stack --stack-name Mail --retain-resources Partner1A2B3C4D"
    )
    assert aws.live() == text()


def test_that_is_said_and_nothing_is_asked_of_a_foreign_one(aws: Inside) -> None:
    assert not deletes(aws, None, live=text(marker=OTHERS_MARKER))
    assert (aws.stack.asked, aws.told) == ([], ["policy left"])


# An adoption that CloudFormation never heard of


@pytest.mark.parametrize("physical_id", [INVENTED, UNCLAIMED])
@pytest.mark.parametrize(
    ("when", "changed", "gone"),
    [("ADOPT", False, False), ("ADOPT", True, True), ("OVERWRITE", False, True), ("FAIL", False, True)],
)
def test_it_is_given_up_and_not_deleted(aws: Inside, physical_id: str, when: str, *, changed: bool, gone: bool) -> None:
    policy: dict[str, Any] = {"Policy": {"Version": "2012-10-17", "Statement": []}} if changed else {}
    live = text(marker=f"{MARKER}/adopted")
    said = state("DELETE_IN_PROGRESS", "")
    assert deletes(aws, said, physical_id=physical_id, live=live, WhenExists=when, **policy) == gone
    if not gone:
        assert parsed(aws.live()) == parsed(text())


def test_a_rename_that_adopted_and_was_never_heard_of_gives_it_back(aws: Inside) -> None:
    aws.seed(OURS)
    aws.seed(text(marker=f"{MARKER}/adopted"), "renamed")
    old = {"PolicyName": "renamed", "WhenExists": "ADOPT", "OnDelete": "DELETE"}
    assert aws.handle(PARTNER.update("", MADE, old=old)).status == "SUCCESS"
    assert parsed(aws.live("renamed")) == parsed(text())
