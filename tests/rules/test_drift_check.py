"""The event that a scheduled check gets, and what it logs."""

from collections import Counter
from typing import Any

import pytest

from ses_sending_policy.rules.drift import DeclaredOwner, State
from ses_sending_policy.rules.drift_check import (
    DIMENSION,
    METRICS,
    NAMESPACE,
    DeployedPolicy,
    DriftCheckEvent,
    look_seconds,
    rotated,
    write,
)
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.ownership import PhysicalId, StackId
from tests.support.owners import CLAIMED, PARTNER, TOKEN, UNCLAIMED


def event(**changes: Any) -> dict[str, Any]:
    """Return the event that the construct writes for a check, with `changes`."""
    return write("Mail", PARTNER.stack_id, [(CLAIMED, "d1"), (UNCLAIMED, "d2")], ignore_undeclared=True) | changes


def test_what_a_check_is_handed() -> None:
    assert event() == {
        "name": "Mail",
        "stack": PARTNER.stack_id,
        "ignore_undeclared": True,
        "interval": 86400,
        "policies": [[CLAIMED, "d1"], [UNCLAIMED, "d2"]],
    }
    assert write("Mail", PARTNER.stack_id, [])["ignore_undeclared"] is False


def test_what_is_written_is_read() -> None:
    claimed, unclaimed = (PhysicalId.parse(text) for text in (CLAIMED, UNCLAIMED))
    assert claimed
    assert unclaimed
    check = DriftCheckEvent.read(event())
    assert check == DriftCheckEvent(
        "Mail",
        StackId.parse(PARTNER.stack_id),
        (DeployedPolicy(claimed, "d1"), DeployedPolicy(unclaimed, "d2")),
        True,  # noqa: FBT003 - as it is read
    )
    assert [each.owner for each in check.policies] == [DeclaredOwner("", "", TOKEN), DeclaredOwner("", "", "")]


def test_a_check_with_a_topic_is_handed_where_it_tells_and_where_it_told() -> None:
    whole = write("Mail", PARTNER.stack_id, [], interval=300, topic="arn:aws:sns:eu-west-1:1:T", log_group="Log")
    check = DriftCheckEvent.read(whole)
    assert (check.interval, check.topic, check.log_group) == (300, "arn:aws:sns:eu-west-1:1:T", "Log")
    alone = write("Mail", PARTNER.stack_id, [], log_group="Log")
    assert not alone.keys() & {"topic", "log_group"}


def test_a_schedule_that_was_deployed_before_is_read() -> None:
    """A deploy updates the function first, and its schedule after that."""
    before = event()
    del before["interval"]
    assert DriftCheckEvent.read(before) == DriftCheckEvent.read(event())


@pytest.mark.parametrize("interval", [300, 3600, 86400])
def test_each_look_begins_where_the_one_before_may_have_ended(interval: int) -> None:
    names = [*range(500)]
    surely = int((look_seconds(interval) - 30) / 3)
    for look in range(20):
        before, after = (rotated(names, 1e9 + interval * each, interval) for each in (look, look + 1))
        assert sorted(after) == names
        assert after[0] in before[: surely + 1]
        assert before.index(after[0]) > surely * 0.8


def test_each_look_goes_on_by_nine_tenths_of_what_the_one_before_surely_read() -> None:
    assert [rotated(range(1000), 300 * look, 300)[0] for look in (0, 1, 2)] == [0, 81, 162]
    assert rotated(range(1000), 3600, 3600)[0] == 261


def test_nothing_is_rotated_where_nothing_is() -> None:
    assert rotated([], 1e9, 300) == []


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"policies": [["Mail-1A2B", "d"]]}, "DeclarationError: 'Mail-1A2B' is not the physical id of a SendingPolicy"),
        ({"policies": None}, "TypeError: 'NoneType' object is not iterable"),
        ({"policies": [["one"]]}, "ValueError: not enough values to unpack (expected 2, got 1)"),
        ({"stack": "Mail"}, "DeclarationError: StackId 'Mail' is not the ARN of a stack"),
    ],
)
def test_what_is_no_check(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(DeclarationError) as refusal:
        DriftCheckEvent.read(event(**changes))
    assert str(refusal.value) == f"the event is not that of a drift check: {fault}"


@pytest.mark.parametrize("missing", ["name", "stack", "policies", "ignore_undeclared"])
def test_a_check_needs_everything(missing: str) -> None:
    broken = event()
    del broken[missing]
    with pytest.raises(DeclarationError) as refusal:
        DriftCheckEvent.read(broken)
    assert str(refusal.value) == f"the event is not that of a drift check: KeyError: {missing!r}"


@pytest.mark.parametrize(("ignores", "drift"), [(False, 2 + 3 + 4 + 5 + 6), (True, 2 + 3 + 4 + 6)])
def test_what_a_check_tells(drift: int, *, ignores: bool) -> None:
    """The alarms look at these names, which nobody but a person can change there."""
    counts: Counter[State | None] = Counter(
        {State.IN_SYNC: 1, State.CHANGED: 2, State.MISSING: 3, State.FOREIGN: 4, State.UNDECLARED: 5, None: 6}
    )
    assert DriftCheckEvent.read(event(ignore_undeclared=ignores)).metrics(counts) == {
        "InSync": 1,
        "Changed": 2,
        "Missing": 3,
        "Foreign": 4,
        "Undeclared": 5,
        "Unread": 6,
        "Drift": drift,
    }


def test_where_the_metrics_are() -> None:
    assert (NAMESPACE, DIMENSION) == ("SendingPolicy", "Check")


def test_a_check_tells_every_metric_even_of_nothing() -> None:
    metrics = DriftCheckEvent.read(event()).metrics(Counter())
    assert metrics.keys() == {*METRICS.values(), "Unread", "Drift"}
    assert set(metrics.values()) == {0}
