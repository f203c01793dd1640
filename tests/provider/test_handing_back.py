"""Who gets an adopted policy back when it is released, and what its creator deletes in any case."""

import json
from typing import Any, Final

import pytest

from provider.cloudformation import ResourceEvent, ResourceState, UnheardError
from ses_sending_policy.rules.document import compact
from tests.support.clocks import BEGIN
from tests.support.events import document, statement
from tests.support.inside import READ, Inside
from tests.support.owners import ADOPTED, MADE, MARKER, OTHERS_MARKER, PARTNER, parsed, text

ADOPTS: Final[dict[str, Any]] = {"WhenExists": "ADOPT", "OnDelete": "RELEASE"}

# As people write: another order, their own `Id` and `Sid`, a root ARN, lists of one.
BY_HAND: Final = (
    '{"Id":"mail team, 2021","Version":"2012-10-17","Statement":[{"Sid":"for Jane","Effect":"Allow","Resource":'
    '["arn:aws:ses:eu-west-1:111111111111:identity/example.com"],"Principal":{"AWS":["arn:aws:iam::222222222222:root"]},'
    '"Action":["ses:SendRawEmail","SES:SendEmail"]}]}'
)


def adopted(aws: Inside, theirs: str, **properties: Any) -> str:
    """Adopt a policy, and return the physical id."""
    aws.seed(theirs)
    ended = aws.handle(PARTNER.create("", **ADOPTS | properties))
    assert ended.status == "SUCCESS"
    return ended.physical_id


def test_an_adopted_policy_keeps_every_word_but_its_id(aws: Inside) -> None:
    physical_id = adopted(aws, BY_HAND)
    assert aws.live() == BY_HAND.replace("mail team, 2021", f"{MARKER}/adopted")
    assert physical_id == f"{ADOPTED}=mail%20team%2C%202021"


def test_it_keeps_them_as_long_as_what_is_declared_means_the_same(aws: Inside) -> None:
    physical_id = adopted(aws, BY_HAND)
    before = aws.live()
    assert aws.handle(PARTNER.update("", physical_id, **ADOPTS)).status == "SUCCESS"
    assert aws.live() == before


@pytest.mark.parametrize(
    "status", ["DELETE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "ROLLBACK_IN_PROGRESS"]
)
def test_it_is_released_with_the_very_text_that_it_had(aws: Inside, status: str) -> None:
    physical_id = adopted(aws, BY_HAND)
    aws.stack.stack = lambda: status
    assert aws.handle(PARTNER.delete("", physical_id, **ADOPTS)).status == "SUCCESS"
    assert aws.live() == BY_HAND


def test_a_second_delivery_does_not_know_the_id(aws: Inside) -> None:
    """The id is in the log of the first one."""
    adopted(aws, BY_HAND)
    assert aws.handle(PARTNER.create("", **ADOPTS)).physical_id == ADOPTED


def test_an_id_that_does_not_fit_is_left_out(aws: Inside) -> None:
    theirs = BY_HAND.replace("mail team, 2021", "x" * 1000)
    physical_id = adopted(aws, theirs)
    assert physical_id == ADOPTED
    aws.handle(PARTNER.delete("", physical_id, **ADOPTS))
    assert "Id" not in parsed(aws.live())


def test_what_would_be_too_large_with_the_marker_is_written_as_declared(aws: Inside) -> None:
    large = [f"arn:aws:iam::{number:012}:root" for number in range(100, 208)]
    declared = document(statement([f"{number:012}" for number in range(100, 208)]))
    bare = len(compact(json.loads(text(statement(large, Sid="")))))
    theirs = text(statement(large, Sid="s" * (4090 - bare)))
    physical_id = adopted(aws, theirs, Policy=declared)
    assert physical_id == ADOPTED
    assert parsed(aws.live())["Statement"] == declared["Statement"]


ROLLBACKS: Final = (
    "ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
)
STATUSES: Final = (
    *((status, True) for status in ROLLBACKS),
    ("DELETE_IN_PROGRESS", False),
    ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", False),
    ("ROLLBACK_FAILED", False),
    ("", False),
)


@pytest.mark.parametrize(("status", "back"), STATUSES)
def test_an_owner_gets_its_policy_back_where_the_adoption_is_rolled_back(
    aws: Inside, status: str, *, back: bool
) -> None:
    theirs = text(marker=OTHERS_MARKER)
    physical_id = adopted(aws, theirs)
    aws.stack.stack = lambda: status
    assert aws.handle(PARTNER.delete("", physical_id, **ADOPTS)).status == "SUCCESS"
    assert parsed(aws.live()) == parsed(theirs if back else text())
    said = "released without the marker of its former owner"
    former = [line["former"] for line in aws.log_lines if line["event"] == said]
    assert former == ([] if back else [OTHERS_MARKER])


def test_it_does_not_get_back_what_says_something_else_by_now(aws: Inside) -> None:
    physical_id = adopted(aws, text(marker=OTHERS_MARKER))
    changed = text(statement("333333333333"), marker=f"{MARKER}/adopted")
    aws.seed(changed)
    aws.stack.stack = lambda: "ROLLBACK_IN_PROGRESS"
    aws.handle(PARTNER.delete("", physical_id, **ADOPTS))
    assert parsed(aws.live()) == parsed(text(statement("333333333333")))


@pytest.mark.parametrize(("status", "back"), STATUSES)
def test_an_aborted_adoption_never_deletes(aws: Inside, status: str, *, back: bool) -> None:
    """A teardown would delete it; after a failed deploy, what was there before is there again."""
    theirs = text(marker=OTHERS_MARKER)
    physical_id = adopted(aws, theirs, OnDelete="DELETE")
    aws.stack.stack = lambda: status
    ended = aws.handle(PARTNER.delete("", physical_id, WhenExists="ADOPT", OnDelete="DELETE"))
    assert (aws.live() is not None) == (back or not status)
    assert ended.status == ("SUCCESS" if status else "FAILED")


def test_where_nobody_tells_whether_it_is_aborted_the_reason_has_both_ways_on(aws: Inside) -> None:
    physical_id = adopted(aws, text(marker=OTHERS_MARKER), OnDelete="DELETE")
    aws.stack.stack = lambda: ""
    ended = aws.handle(PARTNER.delete("", physical_id, WhenExists="ADOPT", OnDelete="DELETE"))
    assert ended.reason == (
        "AccessDenied: policy 'partner' on 'example.com' was adopted, and CloudFormation cannot be asked whether a "
        "rollback gives it back; allow cloudformation:DescribeStacks and DescribeStackEvents to the function's role, "
        "or keep it: aws cloudformation delete-stack --stack-name Mail --retain-resources Partner1A2B3C4D"
    )


def test_where_nobody_tells_what_the_stack_was_before_its_deletion_it_is_not_deleted(aws: Inside) -> None:
    theirs = text(marker=OTHERS_MARKER)
    physical_id = adopted(aws, theirs, OnDelete="DELETE")

    def unheard() -> list[ResourceEvent]:
        raise UnheardError("not allowed")

    aws.stack.stack, aws.stack.happened = lambda: "DELETE_IN_PROGRESS", unheard
    ended = aws.handle(PARTNER.delete("", physical_id, WhenExists="ADOPT", OnDelete="DELETE"))
    assert ended.reason.startswith("AccessDenied: ")
    assert aws.live() is not None


@pytest.mark.parametrize(("before", "back"), [("ROLLBACK_FAILED", True), ("ROLLBACK_COMPLETE", False), (None, False)])
def test_who_deletes_a_stack_whose_rollback_failed_goes_on_with_it(
    aws: Inside, before: str | None, *, back: bool
) -> None:
    theirs = text(marker=OTHERS_MARKER)
    physical_id = adopted(aws, theirs, OnDelete="DELETE")
    stack = PARTNER.create("")["StackId"]
    own = [ResourceEvent(each, stack, BEGIN, None) for each in ("DELETE_IN_PROGRESS", before) if each]
    of_it = [ResourceEvent("ROLLBACK_FAILED", physical_id, BEGIN, None)]
    aws.stack.stack, aws.stack.happened = lambda: "DELETE_IN_PROGRESS", lambda: of_it + own
    aws.handle(PARTNER.delete("", physical_id, WhenExists="ADOPT", OnDelete="DELETE"))
    assert (aws.live() is not None and parsed(aws.live()) == parsed(theirs)) == back


def test_an_overwritten_policy_is_not_given_back(aws: Inside) -> None:
    """Its old text is only in the log."""
    aws.seed(text(statement("333333333333"), marker=OTHERS_MARKER))
    physical_id = aws.handle(PARTNER.create("", WhenExists="OVERWRITE")).physical_id
    assert physical_id == ADOPTED
    aws.stack.stack = lambda: "ROLLBACK_IN_PROGRESS"
    aws.handle(PARTNER.delete("", physical_id, WhenExists="OVERWRITE"))
    assert aws.live() is None


# Who created a policy


@pytest.mark.parametrize("on_delete", ["DELETE", "RELEASE", "KEEP"])
def test_its_maker_deletes_it_whoever_let_it_go_without_a_marker(aws: Inside, on_delete: str) -> None:
    made = aws.handle(PARTNER.create("", WhenExists="ADOPT", OnDelete="RELEASE"))
    assert made.physical_id == MADE
    aws.seed(text())
    assert aws.handle(PARTNER.delete("", MADE, OnDelete=on_delete)).status == "SUCCESS"
    assert aws.live() is None


def test_its_maker_writes_its_own_marker_again(aws: Inside) -> None:
    aws.seed(text())
    aws.handle(PARTNER.update("", MADE, OnDelete="RELEASE"))
    assert parsed(aws.live())["Id"] == MARKER


def test_a_cancelled_adoption_restores_the_id_that_its_delete_could_not_know(aws: Inside) -> None:
    """The Delete has an id that CloudFormation made up, and comes while the adoption waits for its second look."""
    aws.seed(BY_HAND)
    released = BY_HAND.replace('"Id":"mail team, 2021",', "")
    aws.before(READ, lambda: aws.seed(released) if "Update" in aws.calls else None, times=3)
    states = [ResourceState("CREATE_IN_PROGRESS", "", BEGIN), ResourceState("DELETE_COMPLETE", "", BEGIN)]
    aws.stack.says = lambda: states.pop(0) if len(states) > 1 else states[0]
    assert aws.handle(PARTNER.create("", **ADOPTS), born=0).status == "FAILED"
    assert aws.live() == BY_HAND
