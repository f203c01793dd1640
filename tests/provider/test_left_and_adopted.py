"""The promises about policies that are retained, moved by a refactoring, or adopted and given back."""

import json
from typing import Any, Final

import pytest

from provider.cloudformation import ResourceEvent, ResourceState, UnheardError
from provider.fence import STALE_SECONDS
from tests.support.clocks import BEGIN
from tests.support.events import document, statement
from tests.support.inside import Inside
from tests.support.owners import ADOPTED, CLAIMED, MADE, MARKER, PARTNER, UNCLAIMED, parsed, text

ADOPTS: Final[dict[str, Any]] = {"WhenExists": "ADOPT", "OnDelete": "RELEASE"}
ELSE: Final[dict[str, Any]] = {"Policy": document(statement("333333333333"))}
ROLLBACK: Final = "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS"
CLEAN_UP: Final = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"


def deleted(aws: Inside, status: str, physical_id: str, **properties: Any) -> None:
    """Handle a Delete while the stack has this status."""
    aws.stack.stack = lambda: status
    assert aws.handle(PARTNER.delete("", physical_id, **properties), born=1).status == "SUCCESS"


def happened(aws: Inside, *events: tuple[str, str]) -> None:
    """Let these events be the resource's an hour ago, the newest first: status and physical id."""
    aws.stack.happened = lambda: [ResourceEvent(status, each, BEGIN - 3600, None) for status, each in events]


def retained(aws: Inside) -> str:
    """Create a policy that leaves its stack with `RETAIN`, so that no Delete comes; return its text."""
    assert aws.handle(PARTNER.create("")).physical_id == MADE
    happened(aws, ("DELETE_SKIPPED", MADE), ("CREATE_COMPLETE", MADE), ("CREATE_IN_PROGRESS", ""))
    return str(aws.live())


def unheard() -> list[ResourceEvent]:
    raise UnheardError("not allowed")


# A resource has the same token as an earlier one with its stack and logical id.


def test_a_retained_policy_belongs_to_who_retained_it(aws: Inside) -> None:
    theirs = retained(aws)
    again = aws.handle(PARTNER.create("", **ELSE), born=1)
    assert (again.status, again.physical_id) == ("FAILED", UNCLAIMED)
    assert again.reason.startswith("PolicyExists: policy 'partner' on 'example.com' exists and belongs to stack Mail ")
    deleted(aws, "ROLLBACK_IN_PROGRESS", again.physical_id)
    assert aws.live() == theirs


@pytest.mark.parametrize("since", [[], [("UPDATE_COMPLETE", MADE.replace("partner", "other")), ("UPDATE_FAILED", "")]])
def test_a_rename_back_to_a_retained_name_is_refused(aws: Inside, since: list[tuple[str, str]]) -> None:
    theirs = retained(aws)
    happened(aws, *since, ("DELETE_SKIPPED", MADE))
    renamed = PARTNER.update("", MADE.replace("partner", "other"), old={"PolicyName": "other"})
    assert aws.handle(renamed, born=1).reason.startswith("PolicyExists: ")
    assert aws.live() == theirs


def test_the_rollback_of_a_rename_that_was_refused_leaves_what_was_retained(aws: Inside) -> None:
    """lifecycle.md: "a deploy that fails deletes nothing that was there before it"."""
    theirs = retained(aws)
    back = PARTNER.update("", MADE.replace("partner", "other"), old={}, PolicyName="other")
    assert aws.handle(back, born=1).status == "SUCCESS"
    assert aws.live() == theirs


def test_a_deploy_that_fails_leaves_a_policy_that_its_stack_retained_before(aws: Inside) -> None:
    """lifecycle.md: "a deploy that fails deletes nothing that was there before it"."""
    theirs = retained(aws)
    again = aws.handle(PARTNER.create("", **ADOPTS), born=1)
    assert again.physical_id == f"{ADOPTED}={MARKER}"
    deleted(aws, ROLLBACK, again.physical_id, **ADOPTS)
    assert parsed(aws.live()) == parsed(theirs)


def test_a_retained_policy_can_be_adopted_once_more_and_released(aws: Inside) -> None:
    """hand-over-a-policy.md, "What remains: the marker". The stack that retained it is one of "any"."""
    retained(aws)
    again = aws.handle(PARTNER.create("", **ADOPTS), born=1)
    deleted(aws, CLEAN_UP, again.physical_id, **ADOPTS)
    assert parsed(aws.live()) == parsed(text())


@pytest.mark.parametrize(
    "before",
    [
        [],
        [("CREATE_FAILED", MADE)],
        [("DELETE_COMPLETE", MADE), ("DELETE_SKIPPED", MADE)],
        [("DELETE_SKIPPED", MADE.replace("partner", "other"))],
        [("DELETE_SKIPPED", "example.com|partner|0123456789abcdef|made")],
    ],
    ids=["delivered again", "failed before", "deleted since", "another name", "another resource"],
)
def test_what_the_resource_made_itself_is_its_own(aws: Inside, before: list[tuple[str, str]]) -> None:
    aws.seed(text(marker=MARKER))
    happened(aws, *before)
    assert aws.handle(PARTNER.create("", **ELSE), born=1).status == "SUCCESS"


@pytest.mark.parametrize("status", ["DELETE_IN_PROGRESS", "DELETE_COMPLETE", "DELETE_FAILED"])
def test_what_was_made_again_within_seconds_of_its_delete_is_its_own(aws: Inside, status: str) -> None:
    """No timestamp distinguishes that Delete from the present one; its physical id does."""
    aws.seed(text(marker=MARKER))
    events = [ResourceEvent(status, MADE, BEGIN - 3, None), ResourceEvent("CREATE_COMPLETE", MADE, BEGIN - 3600, None)]
    aws.stack.happened = lambda: events
    deleted(aws, ROLLBACK, "Mail-Partner-1ABC")
    assert aws.live() is None


def test_what_was_retained_seconds_ago_is_not_its_own(aws: Inside) -> None:
    aws.seed(text(marker=MARKER))
    events = [
        ResourceEvent("DELETE_SKIPPED", MADE, BEGIN - 3, None),
        ResourceEvent("CREATE_COMPLETE", MADE, BEGIN - 3600, None),
    ]
    aws.stack.happened = lambda: events
    assert aws.handle(PARTNER.create("", **ELSE), born=1).reason.startswith("PolicyExists: ")


@pytest.mark.parametrize("born", [None, 3601], ids=["without a birth", "at the same time"])
def test_what_happened_not_before_the_event_is_not_left(aws: Inside, born: float | None) -> None:
    aws.seed(text(marker=MARKER))
    aws.stack.says = lambda: ResourceState("CREATE_IN_PROGRESS", "", BEGIN - 3601)
    happened(aws, ("DELETE_SKIPPED", MADE))
    assert aws.handle(PARTNER.create(""), born=born).status == "SUCCESS"


def test_a_rename_that_is_rolled_back_has_its_own_policy_again(aws: Inside) -> None:
    """It was complete under that name, and no Delete came: it is the same resource."""
    aws.seed(text(marker=MARKER))
    happened(aws, ("UPDATE_COMPLETE", MADE))
    renamed = PARTNER.update("", MADE.replace("partner", "other"), old={"PolicyName": "other"})
    assert aws.handle(renamed, born=1).physical_id == MADE


def test_a_policy_that_a_refactoring_moved_is_not_taken_by_the_next_resource_of_its_old_name(aws: Inside) -> None:
    """security.md: "a taken name is left as it is, and its owner named"."""
    physical_id = aws.handle(PARTNER.create("")).physical_id
    happened(aws, ("CREATE_COMPLETE", physical_id))
    theirs = aws.live()
    ended = aws.handle(PARTNER.create("", **ELSE), born=1)
    assert (ended.status, ended.reason.partition(":")[0]) == ("FAILED", "PolicyExists")
    deleted(aws, ROLLBACK, ended.physical_id)
    assert aws.live() == theirs


def test_where_the_events_cannot_be_read_the_marker_counts(aws: Inside) -> None:
    retained(aws)
    aws.stack.happened = unheard
    assert aws.handle(PARTNER.create(""), born=1).status == "SUCCESS"


# What is given back


@pytest.mark.parametrize("given", ["x" * 1000, "", 7], ids=["too long for the physical id", "empty", "a number"])
def test_an_id_that_the_physical_id_cannot_have_is_lost(aws: Inside, given: object) -> None:
    aws.seed(json.dumps(document() | {"Id": given}))
    physical_id = aws.handle(PARTNER.create("", **ADOPTS)).physical_id
    deleted(aws, "ROLLBACK_IN_PROGRESS", physical_id, **ADOPTS)
    assert parsed(aws.live()) == document()


@pytest.mark.parametrize("on_delete", ["RELEASE", "DELETE"])
def test_an_adoption_that_is_rolled_back_gives_the_id_back(aws: Inside, on_delete: str) -> None:
    adopts = ADOPTS | {"OnDelete": on_delete}
    aws.seed(json.dumps(document() | {"Id": "mail team"}))
    physical_id = aws.handle(PARTNER.create("", **adopts)).physical_id
    deleted(aws, "ROLLBACK_IN_PROGRESS", physical_id, **adopts)
    assert parsed(aws.live()) == document() | {"Id": "mail team"}


@pytest.mark.parametrize("physical_id", [UNCLAIMED, "Mail-Partner-1ABC"])
def test_what_was_made_with_adopt_and_not_heard_of_is_deleted(aws: Inside, physical_id: str) -> None:
    assert aws.handle(PARTNER.create("", **ADOPTS)).physical_id == MADE
    deleted(aws, "ROLLBACK_IN_PROGRESS", physical_id, **ADOPTS)
    assert aws.live() is None


def test_what_was_overwritten_is_released_where_that_is_declared_by_then(aws: Inside) -> None:
    aws.seed(text(statement("333333333333")))
    physical_id = aws.handle(PARTNER.create("", WhenExists="OVERWRITE")).physical_id
    assert aws.handle(PARTNER.update("", physical_id, **ADOPTS)).status == "SUCCESS"
    deleted(aws, "DELETE_IN_PROGRESS", physical_id, **ADOPTS)
    assert parsed(aws.live()) == document()


@pytest.mark.parametrize(
    ("born", "slept"), [(1, [STALE_SECONDS]), (30, [STALE_SECONDS, *[10.0] * 4, STALE_SECONDS])], ids=["first", "again"]
)
def test_a_delivery_that_finds_the_adoption_done_lets_the_first_one_answer(
    aws: Inside, born: float, slept: list[float]
) -> None:
    aws.seed(text(marker=f"{MARKER}/adopted"))
    aws.stack.says = lambda: ResourceState("CREATE_IN_PROGRESS", "", BEGIN - 30)
    assert aws.handle(PARTNER.create("", **ADOPTS), born=born).physical_id == ADOPTED
    assert aws.clock.slept == slept


def test_what_was_made_and_adopted_back_is_deleted_in_a_rollback_too(aws: Inside) -> None:
    aws.seed(text(marker=f"{MARKER}/adopted"))
    deleted(aws, ROLLBACK, MADE, WhenExists="ADOPT", OnDelete="DELETE")
    assert aws.live() is None


# In place, and by name


def test_an_adopted_policy_that_changes_its_text_and_back_is_released_with_its_id(aws: Inside) -> None:
    aws.seed(json.dumps(document() | {"Id": "mail team"}))
    physical_id = aws.handle(PARTNER.create("", **ADOPTS)).physical_id
    aws.handle(PARTNER.update("", physical_id, **ADOPTS, **ELSE))
    aws.handle(PARTNER.update("", physical_id, **ADOPTS))
    deleted(aws, "DELETE_IN_PROGRESS", physical_id, **ADOPTS)
    assert parsed(aws.live()) == document() | {"Id": "mail team"}


@pytest.mark.parametrize("identity", ["EXAMPLE.com", "arn:aws:ses:eu-west-1:111111111111:identity/Example.com"])
def test_another_spelling_of_the_identity_is_no_other_identity(aws: Inside, identity: str) -> None:
    made = aws.handle(PARTNER.create(""))
    assert aws.handle(PARTNER.update("", made.physical_id, EmailIdentity=identity)).physical_id == made.physical_id
    assert parsed(aws.live())["Id"] == MARKER


def test_an_adopted_policy_that_was_deleted_and_made_again_is_deleted(aws: Inside) -> None:
    """Only what was there before is released, and this was not."""
    aws.seed(json.dumps(document() | {"Id": "mail team"}))
    physical_id = aws.handle(PARTNER.create("", **ADOPTS)).physical_id
    assert physical_id == f"{ADOPTED}=mail%20team"
    aws.remove()
    assert aws.handle(PARTNER.update("", physical_id, **ADOPTS)).physical_id == physical_id
    deleted(aws, "DELETE_IN_PROGRESS", physical_id, **ADOPTS)
    assert aws.live() is None


def test_an_id_of_an_earlier_release_stays_as_it_is_in_place(aws: Inside) -> None:
    """Otherwise CloudFormation would treat the Update as a replacement, and delete the policy."""
    aws.seed(text(marker=MARKER))
    assert aws.handle(PARTNER.update("", CLAIMED, **ELSE)).physical_id == CLAIMED
    deleted(aws, "DELETE_IN_PROGRESS", CLAIMED, **ELSE)
    assert aws.live() is None
