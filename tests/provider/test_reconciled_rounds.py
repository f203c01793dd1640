"""An overtaken Update whose stack goes on once more, or whose resource is gone; and what it adopted in place."""

from typing import Any, Final

import pytest

from provider.cloudformation import ResourceState
from provider.fence import Look
from provider.json_log import JsonLog
from provider.undo import Trace, undo
from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.identity import Identity
from ses_sending_policy.rules.ownership import Target
from tests.support.clocks import BEGIN
from tests.support.events import document, statement
from tests.support.inside import DELETE, READ, REFUSED, UPDATE, Inside
from tests.support.owners import ADOPTED, CLAIMED, MADE, MARKER, OTHERS_MARKER, PARTNER, TOKEN, declared, parsed, text
from tests.support.rollbacks import Rollback, late, rolls_back

ELSE: Final = statement("333333333333")
CHANGED: Final[dict[str, Any]] = {"Policy": document(ELSE)}
LOUD: Final = "an overtaken event wrote last: look at what SES holds"
THROTTLED: Final[dict[str, Any]] = {"status": 429, "code": "TooManyRequestsException"}


RENAMED: Final = f"example.com|renamed|{TOKEN}|made"


def until_seconds(aws: Inside, operation: str, seconds: float) -> None:
    """Let SES throttle an operation until so many seconds after the beginning."""

    def throttle() -> None:
        if aws.clock.now() - BEGIN < seconds:
            aws.fail(operation, **THROTTLED)

    aws.before(operation, throttle, times=10_000)


def update(aws: Inside, physical_id: str = CLAIMED, live: str | None = None, **properties: Any) -> str:
    aws.seed(live or text(marker=MARKER))
    late(aws)
    return aws.handle(PARTNER.update("", physical_id, **properties), born=0).reason


def test_what_was_heard_of_is_heard_of_again_before_it_is_written(aws: Inside) -> None:
    """The repair waits for SES, and the next deploy comes first."""
    third = statement("444444444444")
    rollback = Rollback(aws, rolls_back())
    rollback.completes(PARTNER.properties())
    looked: list[str] = []

    def waits() -> None:
        looked.append(READ)
        if len(looked) == 2:
            aws.clock.time += 12
            rollback.steps.append((0, ResourceState("UPDATE_COMPLETE", CLAIMED, BEGIN + 45), lambda: None))
            rollback.completes(PARTNER.properties(Policy=document(third)), at=45)
            aws.seed(text(third, marker=MARKER))

    aws.before(READ, waits, times=9)
    assert update(aws, **CHANGED).startswith("Overtaken: CloudFormation began something newer")
    assert parsed(aws.live()) == declared(MARKER, third)


def test_a_repair_that_is_overtaken_says_so_and_goes_on(aws: Inside) -> None:
    rollback = Rollback(aws, rolls_back())
    rollback.completes(PARTNER.properties())
    updates: list[str] = []

    def waits() -> None:
        updates.append(UPDATE)
        if len(updates) == 2:
            aws.fail(UPDATE, **THROTTLED)
            aws.clock.time += 12
            rollback.steps.append((0, ResourceState("UPDATE_COMPLETE", CLAIMED, BEGIN + 45), lambda: None))
            rollback.completes(PARTNER.properties(), at=45)

    aws.before(UPDATE, waits, times=9)
    update(aws, **CHANGED)
    [line] = [each for each in aws.log_lines if each["event"] == "not reconciled yet"]
    assert line["error"] == "Overtaken: CloudFormation went on meanwhile, the resource is UPDATE_COMPLETE"
    assert parsed(aws.live()) == declared()
    assert LOUD not in aws.told


def test_a_repair_that_ses_refuses_is_told_once(aws: Inside) -> None:
    rollback = Rollback(aws, rolls_back())
    rollback.completes(PARTNER.properties())
    updates: list[str] = []

    def refuses() -> None:
        updates.append(UPDATE)
        if len(updates) > 1:
            aws.fail(UPDATE, **REFUSED)

    aws.before(UPDATE, refuses, times=9)
    assert update(aws, **CHANGED).endswith("; left behind: policy 'partner' on 'example.com'")
    told = [each for each in aws.log_lines if each["event"] in {"not reconciled", LOUD}]
    assert [each["event"] for each in told] == ["not reconciled", LOUD]
    assert told[0]["error"] == "RefusedBySes: UpdateEmailIdentityPolicy: BadRequestException: no such thing"
    assert told[1]["of"] == ["policy 'partner' on 'example.com'"]


@pytest.mark.parametrize("present", ["", "Mail-Partner1A2B3C4D-1Q2W3E4R5T6Z", f"example.com|third|{TOKEN}|made"])
def test_an_id_that_does_not_name_what_was_completed_is_loud(aws: Inside, present: str) -> None:
    rollback = Rollback(aws, rolls_back(physical_id=present))
    rollback.completes(PARTNER.properties())
    reason = update(aws, **CHANGED)
    is_other = "third" in present
    assert ("left behind" in reason) != is_other
    assert (LOUD in aws.told) != is_other


def test_what_was_completed_under_another_name_is_loud(aws: Inside) -> None:
    rollback = Rollback(aws, rolls_back())
    rollback.completes(PARTNER.properties(PolicyName="third"))
    assert "left behind" in update(aws, **CHANGED)


@pytest.mark.parametrize("status", ["CREATE_COMPLETE", "UPDATE_COMPLETE"])
def test_both_ways_to_complete_count(aws: Inside, status: str) -> None:
    rollback = Rollback(aws, rolls_back(end=status))
    rollback.completes(PARTNER.properties(), status=status)
    update(aws, **CHANGED)
    assert parsed(aws.live()) == declared()


def test_what_was_adopted_in_place_stays_where_that_is_what_was_completed(aws: Inside) -> None:
    rollback = Rollback(aws, rolls_back(20))
    rollback.completes(PARTNER.properties(WhenExists="ADOPT"), at=50)
    reason = update(aws, live=text(marker=OTHERS_MARKER), WhenExists="ADOPT")
    assert reason.startswith("Overtaken: ")
    assert parsed(aws.live())["Id"] == f"{MARKER}/adopted"


# The resource is gone by then


@pytest.mark.parametrize(
    ("physical_id", "marker", "on_delete", "left"),
    [
        (CLAIMED, MARKER, "DELETE", None),
        (ADOPTED, f"{MARKER}/adopted", "RELEASE", text(ELSE)),
        (MADE, None, "RELEASE", None),
        (CLAIMED, None, "RELEASE", text(ELSE)),
    ],
    ids=["ours", "adopted", "made, and lost its marker", "nobody's"],
)
def test_what_it_wrote_goes_as_a_delete_would_have_it(
    physical_id: str, marker: str | None, on_delete: str, left: str | None
) -> None:
    aws = Inside()
    gone = ResourceState("DELETE_COMPLETE", physical_id, BEGIN + 38)
    # By then somebody has changed the policy to this.
    Rollback(
        aws,
        [
            (8, ResourceState("UPDATE_IN_PROGRESS", physical_id, BEGIN + 8), lambda: None),
            (38, gone, lambda: aws.seed(text(ELSE, marker=marker))),
        ],
    )
    reason = update(aws, physical_id, OnDelete=on_delete, **CHANGED)
    assert reason.startswith("Overtaken: ")
    assert "left behind" not in reason
    live = aws.live()
    assert (live and parsed(live)) == (left and parsed(left))


def test_a_new_name_is_let_go_of_once(aws: Inside) -> None:
    Rollback(
        aws,
        [
            (8, ResourceState("UPDATE_IN_PROGRESS", CLAIMED, BEGIN + 8), lambda: None),
            (38, ResourceState("DELETE_COMPLETE", CLAIMED, BEGIN + 38), lambda: None),
        ],
    )
    assert update(aws, PolicyName="renamed") == (
        "Overtaken: CloudFormation began something newer with the resource, which is UPDATE_IN_PROGRESS"
    )
    assert (aws.live("renamed"), aws.calls.count("Delete")) == (None, 1)
    assert parsed(aws.live()) == declared()


@pytest.mark.parametrize("status", ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"])
def test_a_new_name_that_cannot_go_is_named(aws: Inside, status: str) -> None:
    Rollback(aws, [(8, ResourceState(status, CLAIMED, BEGIN + 8), lambda: None)])
    aws.fail(DELETE, **REFUSED, times=9)
    reason = update(aws, PolicyName="renamed")
    assert reason.endswith("the resource is " + status + "; left behind: policy 'renamed' on 'example.com'")


# What an undo recognises as released


@pytest.mark.parametrize(
    ("before", "live", "written"),
    [
        ('{"Id":"a","Statement":[]}', '{"Statement":[]}', True),
        ('{"Id":"a","Statement":[]}', '{"Statement":[1]}', False),
        ('{"Id":"a","Statement":[]}', '{"Id":"b","Statement":[]}', False),
        ('{"Statement":[]}', '{"Statement":[]}', False),
        ('{"Id":"a","Statement":[]}', None, False),
    ],
    ids=["let go", "changed", "somebody's", "had none", "gone"],
)
def test_it_restores_what_its_own_delete_let_go(before: str, live: str | None, *, written: bool) -> None:
    target = Target(Identity("example.com"), "partner")
    updates: list[str] = []

    class Fence:
        """SES, with one policy."""

        def sure_look(self, _target: Target) -> Look:
            """Return the policy."""
            return Look(None if live is None else LivePolicy(live), 0.0)

        def update(self, _target: Target, text_: str, _look: Look) -> None:
            """Record the text."""
            updates.append(text_)

    fence: Any = Fence()
    assert undo([Trace(target, before)], fence, lambda _: False, JsonLog()) == []
    assert updates == ([before] if written else [])


# Undoing


def test_what_the_resource_has_by_then_is_not_taken_back(aws: Inside) -> None:
    """A newer deploy gives the resource the new name while the undo waits for SES."""
    rollback = Rollback(aws, rolls_back())
    rollback.steps.append((60, ResourceState("UPDATE_COMPLETE", RENAMED, BEGIN + 60), lambda: None))
    rollback.completes(PARTNER.properties(PolicyName="renamed"), RENAMED, at=60)
    until_seconds(aws, DELETE, 72)
    update(aws, PolicyName="renamed")
    assert parsed(aws.live("renamed")) == declared()
    assert "not reconciled yet" in aws.told


def test_what_waits_too_long_to_be_taken_back_is_looked_at_again(aws: Inside) -> None:
    Rollback(aws, rolls_back())
    until_seconds(aws, DELETE, 80)
    update(aws, PolicyName="renamed")
    assert (aws.live("renamed"), aws.told[-1]) == (None, "taken back: deleted")


def test_what_was_completed_and_released_since_is_not_put_back(aws: Inside) -> None:
    """It was released as it is, because its former owner may be gone as well."""
    aws.seed(text(marker=OTHERS_MARKER), "renamed")
    rollback = Rollback(aws, rolls_back(20, physical_id=RENAMED))
    adopts = PARTNER.properties(PolicyName="renamed", WhenExists="ADOPT", OnDelete="RELEASE")
    rollback.completes(adopts, RENAMED, at=50)
    gone = ResourceState("DELETE_COMPLETE", RENAMED, BEGIN + 54)
    rollback.steps.append((52, gone, lambda: aws.seed(text(), "renamed")))
    update(aws, PolicyName="renamed", WhenExists="ADOPT", OnDelete="RELEASE")
    assert parsed(aws.live("renamed")) == parsed(text())


def test_what_only_an_earlier_deploy_completed_is_put_back(aws: Inside) -> None:
    theirs = aws.seed(text(marker=OTHERS_MARKER), "renamed")
    rollback = Rollback(aws, rolls_back(20, end="DELETE_COMPLETE"))
    adopts = PARTNER.properties(PolicyName="renamed", WhenExists="ADOPT", OnDelete="RELEASE")
    rollback.completes(adopts, RENAMED, at=-100)
    update(aws, PolicyName="renamed", WhenExists="ADOPT", OnDelete="RELEASE")
    assert parsed(aws.live("renamed")) == parsed(theirs)


def test_what_was_taken_over_stays_where_what_is_declared_is_hidden(aws: Inside) -> None:
    """Another delivery was answered, so that the resource has the name by then."""
    aws.seed(text(marker=OTHERS_MARKER), "renamed")
    rollback = Rollback(aws, rolls_back(20, physical_id=RENAMED))
    hidden = PARTNER.properties(PolicyName="renamed", WhenExists="ADOPT", Policy=document(statement("****")))
    rollback.completes(hidden, RENAMED, at=50)
    update(aws, PolicyName="renamed", WhenExists="ADOPT")
    assert parsed(aws.live("renamed")) == declared(f"{MARKER}/adopted")
