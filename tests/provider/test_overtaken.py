"""What an event does if CloudFormation went on without it, or if the resource has the policy again."""

from typing import Any, Final

import pytest

from provider.cloudformation import ResourceState
from provider.fence import STALE_SECONDS
from tests.support.clocks import BEGIN
from tests.support.events import document, statement
from tests.support.inside import CREATE, DELETE, READ, REFUSED, UPDATE, Ended, Inside
from tests.support.owners import ADOPTED, CLAIMED, MADE, MARKER, OTHERS_MARKER, PARTNER, TOKEN, UNCLAIMED, parsed, text

INVENTED: Final = "Mail-Partner1A2B3C4D-1Q2W3E4R5T6Z"
THROTTLED: Final[dict[str, Any]] = {"status": 429, "code": "TooManyRequestsException"}
WANTED: Final = ResourceState("CREATE_IN_PROGRESS", "", BEGIN - 60)
GONE: Final = ResourceState("DELETE_IN_PROGRESS", "", BEGIN)
NEWER: Final = ResourceState("UPDATE_IN_PROGRESS", "", BEGIN - 1)
WITHOUT_IT: Final = "Overtaken: CloudFormation went on without it, the resource is DELETE_IN_PROGRESS"


def says(aws: Inside, *states: ResourceState | None) -> None:
    """Let CloudFormation say these one after the other, and the last one from then on."""
    left = list(states)
    aws.stack.says = lambda: left.pop(0) if len(left) > 1 else left[0]


def test_a_create_that_waits_stops_when_its_delete_came(aws: Inside) -> None:
    aws.fail(CREATE, times=1000, **THROTTLED)
    says(aws, WANTED, GONE)
    assert aws.handle(PARTNER.create(""), born=0) == Ended("FAILED", UNCLAIMED, WITHOUT_IT)
    assert (aws.live(), set(aws.calls), len(aws.stack.asked)) == (None, {"Create"}, 2)


def test_a_create_is_asked_for_before_its_first_call_where_it_is_late(aws: Inside) -> None:
    says(aws, GONE)
    assert aws.handle(PARTNER.create(""), born=60) == Ended("FAILED", UNCLAIMED, WITHOUT_IT)
    assert aws.calls == []


def test_a_create_asks_once_more_when_it_has_written(aws: Inside) -> None:
    says(aws, WANTED, GONE)
    assert aws.handle(PARTNER.create(""), born=60) == Ended("FAILED", MADE, WITHOUT_IT)
    assert (aws.live(), aws.calls) == (None, ["Create", "Update", "Get", "Delete"])
    assert len(aws.stack.asked) == 2


def test_a_create_that_is_done_at_once_asks_nobody(aws: Inside) -> None:
    says(aws, GONE)
    assert aws.handle(PARTNER.create(""), born=2).status == "SUCCESS"
    assert aws.stack.asked == []


@pytest.mark.parametrize(("marker", "when"), [(None, "ADOPT"), (OTHERS_MARKER, "OVERWRITE")])
def test_what_a_create_took_over_is_put_back(aws: Inside, marker: str | None, when: str) -> None:
    theirs = aws.seed(text(marker=marker))
    says(aws, WANTED, WANTED, GONE)
    assert aws.handle(PARTNER.create("", WhenExists=when), born=60) == Ended("FAILED", ADOPTED, WITHOUT_IT)
    assert parsed(aws.live()) == parsed(theirs)


def test_what_was_made_stays_where_only_something_newer_began(aws: Inside) -> None:
    """It belongs to the newer event then."""
    says(aws, WANTED, NEWER)
    ended = aws.handle(PARTNER.create(""), born=60)
    assert ended == Ended(
        "FAILED",
        MADE,
        "Overtaken: CloudFormation began something newer with the resource, which is UPDATE_IN_PROGRESS",
    )
    assert (aws.live() is not None, aws.calls) == (True, ["Create", "Update"])


def test_a_failed_create_whose_delete_came_takes_back(aws: Inside) -> None:
    aws.fail(UPDATE, **REFUSED)
    says(aws, WANTED, GONE)
    assert aws.handle(PARTNER.create(""), born=60).reason == WITHOUT_IT
    assert aws.live() is None


def test_a_failed_create_that_is_wanted_keeps_its_reason(aws: Inside) -> None:
    aws.fail(UPDATE, **REFUSED)
    says(aws, WANTED)
    assert aws.handle(PARTNER.create(""), born=60).reason.startswith("RefusedBySes: ")
    assert (aws.live() is not None, len(aws.stack.asked)) == (True, 2)


def test_what_an_overtaken_create_cannot_take_back_is_named(aws: Inside) -> None:
    aws.fail(DELETE, **REFUSED)
    says(aws, WANTED, GONE)
    assert aws.handle(PARTNER.create(""), born=60).reason == (
        f"{WITHOUT_IT}; left behind: policy 'partner' on 'example.com'"
    )


def test_an_undo_never_stops(aws: Inside) -> None:
    """It does not ask CloudFormation, because what it does is wanted in any case."""
    aws.fail(READ, times=50, **THROTTLED)
    says(aws, WANTED, GONE)
    assert aws.handle(PARTNER.create(""), born=60).reason == WITHOUT_IT
    assert (aws.live(), len(aws.stack.asked)) == (None, 2)


def test_nor_does_the_undo_of_a_rename_that_was_refused(aws: Inside) -> None:
    aws.fail(UPDATE, **REFUSED)
    aws.fail(READ, times=50, **THROTTLED)
    begun = ResourceState("UPDATE_IN_PROGRESS", CLAIMED, BEGIN - 60)
    says(aws, begun, begun, ResourceState("UPDATE_IN_PROGRESS", CLAIMED, BEGIN))
    reason = aws.handle(PARTNER.update("", CLAIMED, PolicyName="renamed"), born=60).reason
    assert (reason.partition(":")[0], aws.live("renamed")) == ("RefusedBySes", None)


@pytest.mark.parametrize("target", [{}, {"PolicyName": "renamed"}], ids=["in place", "renamed"])
@pytest.mark.parametrize("state", [GONE, NEWER], ids=["gone", "newer"])
def test_an_update_asks_right_before_it_writes(aws: Inside, target: dict[str, Any], state: ResourceState) -> None:
    ours = aws.seed(text(marker=MARKER))
    says(aws, state)
    event = PARTNER.update("", CLAIMED, Policy=document(statement("333333333333")), **target)
    ended = aws.handle(event, born=4 if state is GONE else 10)
    assert (ended.status, ended.physical_id, ended.reason.partition(":")[0]) == ("FAILED", CLAIMED, "Overtaken")
    assert (aws.live(), aws.live("renamed")) == (ours, None)
    assert len(aws.stack.asked) == 1


@pytest.mark.parametrize("renames", [False, True], ids=["in place", "renamed"])
def test_an_update_asks_once_more_when_it_has_written(aws: Inside, *, renames: bool) -> None:
    aws.seed(text(marker=MARKER))
    says(aws, WANTED, GONE)
    new: dict[str, Any] = {"PolicyName": "renamed"} if renames else {"Policy": document(statement("333333333333"))}
    ended = aws.handle(PARTNER.update("", CLAIMED, **new), born=60)
    # In place, it waits for the end of the Delete, which never comes in this test.
    rest = "" if renames else "; left behind: policy 'partner' on 'example.com'"
    assert ended == Ended("FAILED", CLAIMED, WITHOUT_IT + rest)
    assert aws.live("renamed") is None
    assert (len(aws.stack.asked) == 2) == renames


def test_an_update_of_what_is_as_it_should_be_asks_all_the_same(aws: Inside) -> None:
    aws.seed(text(marker=MARKER))
    says(aws, WANTED, GONE)
    assert aws.handle(PARTNER.update("", CLAIMED), born=60).reason == WITHOUT_IT


def test_a_rollback_that_fails_and_is_overtaken_drops_nothing(aws: Inside) -> None:
    """The resource may have the new name again."""
    renamed = aws.seed(text(marker=MARKER), "renamed")
    aws.seed(text(marker=OTHERS_MARKER))
    aws.fail(DELETE, times=50, **THROTTLED)
    says(aws, WANTED, NEWER)
    ended = aws.handle(PARTNER.update("", CLAIMED, old={"PolicyName": "renamed"}), born=60)
    assert ended.reason.startswith("PolicyExists: ")
    assert ended.reason.endswith("; left behind: policy 'renamed' on 'example.com'")
    assert (aws.live("renamed"), len(aws.stack.asked)) == (renamed, 2)


@pytest.mark.parametrize("ask", [None, ResourceState("CREATE_IN_PROGRESS", "", 0)], ids=["cannot", "wanted"])
def test_an_event_that_is_wanted_goes_on(aws: Inside, ask: ResourceState | None) -> None:
    aws.fail(CREATE, times=30, **THROTTLED)
    says(aws, ask)
    assert aws.handle(PARTNER.create(""), born=60).status == "SUCCESS"


def test_a_delete_never_stops(aws: Inside) -> None:
    aws.seed(text(marker=MARKER))
    aws.fail(DELETE, times=50, **THROTTLED)
    says(aws, GONE)
    assert aws.handle(PARTNER.delete("", CLAIMED)).status == "SUCCESS"
    assert aws.live() is None


# A Delete of a policy that the resource has again

AGAIN: Final = ResourceState("UPDATE_COMPLETE", CLAIMED, BEGIN)


@pytest.mark.parametrize("physical_id", [INVENTED, UNCLAIMED], ids=["invented", "unclaimed"])
@pytest.mark.parametrize(
    ("state", "stays"),
    [
        (AGAIN, True),
        (ResourceState("DELETE_IN_PROGRESS", CLAIMED, BEGIN), True),
        (None, False),
        (ResourceState("UPDATE_COMPLETE", "", BEGIN), False),
        (ResourceState("UPDATE_COMPLETE", INVENTED, BEGIN), False),
        (ResourceState("UPDATE_COMPLETE", UNCLAIMED, BEGIN), False),
        (ResourceState("UPDATE_COMPLETE", f"example.com|renamed|{TOKEN}", BEGIN), False),
    ],
    ids=["has it", "is deleted with it", "cannot be asked", "has none", "has an invented one", "unclaimed", "another"],
)
def test_a_redeploy_without_rollback(
    aws: Inside, physical_id: str, state: ResourceState | None, *, stays: bool
) -> None:
    aws.seed(text(marker=MARKER))
    says(aws, state)
    assert aws.handle(PARTNER.delete("", physical_id)) == Ended("SUCCESS", physical_id)
    assert (aws.live() is not None, len(aws.stack.asked)) == (stays, 1)
    assert aws.told[-1] == ("policy left" if stays else "policy deleted")


@pytest.mark.parametrize(
    ("born", "state", "stays"),
    [
        (5, ResourceState("CREATE_COMPLETE", CLAIMED, BEGIN + 60), True),
        (6, ResourceState("CREATE_COMPLETE", CLAIMED, BEGIN + 60), True),
        (60, ResourceState("CREATE_COMPLETE", CLAIMED, BEGIN - 30), True),
        (60, ResourceState("CREATE_COMPLETE", CLAIMED, BEGIN - 60), False),
        (60, ResourceState("DELETE_IN_PROGRESS", CLAIMED, BEGIN - 30), False),
        (60, ResourceState("CREATE_COMPLETE", f"example.com|renamed|{TOKEN}", BEGIN - 30), False),
        (60, ResourceState("CREATE_COMPLETE", UNCLAIMED, BEGIN - 30), False),
        (60, None, False),
    ],
    ids=["in time", "late", "came again", "nothing newer", "is deleted", "another", "unclaimed", "cannot be asked"],
)
def test_a_late_delete(aws: Inside, born: float, state: ResourceState | None, *, stays: bool) -> None:
    aws.seed(text(marker=MARKER))
    says(aws, state)
    assert aws.handle(PARTNER.delete("", CLAIMED), born=born) == Ended("SUCCESS", CLAIMED)
    assert (aws.live() is not None, aws.stack.asked) == (stays, [0.0])


@pytest.mark.parametrize("live", [None, text(marker=OTHERS_MARKER)], ids=["absent", "foreign"])
def test_where_nothing_is_deleted_nobody_is_asked(aws: Inside, live: str | None) -> None:
    if live is not None:
        aws.seed(live)
    says(aws, AGAIN)
    assert aws.handle(PARTNER.delete("", UNCLAIMED)).status == "SUCCESS"
    assert aws.stack.asked == []


def test_a_released_policy_is_asked_for_as_well(aws: Inside) -> None:
    ours = aws.seed(text(marker=f"{MARKER}/adopted"))
    says(aws, AGAIN)
    aws.handle(PARTNER.delete("", UNCLAIMED, OnDelete="RELEASE"))
    assert aws.live() == ours


def test_what_a_create_wrote_meanwhile_goes_though_its_id_is_invented(aws: Inside) -> None:
    """A Create may be in the middle of its write."""
    aws.clock.meanwhile = lambda: aws.seed(text(marker=MARKER))
    assert aws.handle(PARTNER.delete("", INVENTED)) == Ended("SUCCESS", INVENTED)
    assert (aws.live(), aws.calls, aws.clock.slept) == (None, ["Get", "Get", "Delete"], [STALE_SECONDS])


def test_an_invented_id_is_looked_at_for_ten_seconds_more(aws: Inside) -> None:
    assert aws.handle(PARTNER.delete("", INVENTED)) == Ended("SUCCESS", INVENTED)
    assert (aws.calls, aws.clock.slept) == (["Get", "Get", "Get"], [3.0, 10.0])


@pytest.mark.parametrize("physical_id", [CLAIMED, UNCLAIMED])
def test_that_there_is_none_is_believed_after_three_seconds(aws: Inside, physical_id: str) -> None:
    assert aws.handle(PARTNER.delete("", physical_id)) == Ended("SUCCESS", physical_id)
    assert (aws.calls, aws.clock.slept) == (["Get", "Get"], [3.0])


def test_of_the_three_seconds_only_the_rest_is_waited(aws: Inside) -> None:
    aws.before(READ, lambda: setattr(aws.clock, "time", BEGIN + 2.5))
    assert aws.handle(PARTNER.delete("", CLAIMED)) == Ended("SUCCESS", CLAIMED)
    assert aws.clock.slept == [0.5]


def test_an_invented_id_without_properties_names_nothing(aws: Inside) -> None:
    assert aws.handle(PARTNER.delete("", INVENTED, PolicyName=None)) == Ended("SUCCESS", INVENTED)
    assert aws.calls == []
    assert aws.log_lines[-1]["event"] == "the properties name no policy"
    assert aws.log_lines[-1]["fault"] == "PolicyName is missing"


def test_a_claimed_id_needs_no_properties(aws: Inside) -> None:
    aws.seed(text(marker=MARKER))
    event = PARTNER.delete("", CLAIMED) | {"ResourceProperties": None}
    assert aws.handle(event) == Ended("SUCCESS", CLAIMED)
    assert aws.live() is None


def test_the_token_of_the_physical_id_counts(aws: Inside) -> None:
    """A stack refactoring changes the computed token, but not whose the policy is."""
    other = "0123456789abcdef"
    says(aws, ResourceState("UPDATE_IN_PROGRESS", f"example.com|partner|{other}", 0.0))
    aws.seed(text(marker=f"Old/Name/{other}"))
    assert aws.handle(PARTNER.update("", f"example.com|partner|{other}")).status == "SUCCESS"
    assert parsed(aws.live())["Id"] == f"Mail/Partner1A2B3C4D/{other}"
    aws.handle(PARTNER.delete("", f"example.com|partner|{other}"))
    assert aws.live() is None
