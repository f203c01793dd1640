"""What a scheduled check is handed, and what it tells."""

from collections import Counter
from typing import Any

import pytest

from ses_sending_policy.rules.drift import Owner, State
from ses_sending_policy.rules.drift_check import DIMENSION, METRICS, NAMESPACE, Check, Deployed, write
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.ownership import PhysicalId, StackId
from tests.support.owners import CLAIMED, PARTNER, TOKEN, UNCLAIMED


def event(**changes: Any) -> dict[str, Any]:
    """Return what the construct hands to a check, with `changes`."""
    return write("Mail", PARTNER.stack_id, [(CLAIMED, "d1"), (UNCLAIMED, "d2")], ignore_undeclared=True) | changes


def test_what_a_check_is_handed() -> None:
    assert event() == {
        "name": "Mail",
        "stack": PARTNER.stack_id,
        "ignore_undeclared": True,
        "policies": [[CLAIMED, "d1"], [UNCLAIMED, "d2"]],
    }
    assert write("Mail", PARTNER.stack_id, [])["ignore_undeclared"] is False


def test_what_is_written_is_read() -> None:
    claimed, unclaimed = (PhysicalId.parse(text) for text in (CLAIMED, UNCLAIMED))
    assert claimed
    assert unclaimed
    check = Check.read(event())
    assert check == Check(
        "Mail",
        StackId.parse(PARTNER.stack_id),
        (Deployed(claimed, "d1"), Deployed(unclaimed, "d2")),
        True,  # noqa: FBT003 - as it is read
    )
    assert [each.owner for each in check.policies] == [Owner("", "", TOKEN), Owner("", "", "")]


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
        Check.read(event(**changes))
    assert str(refusal.value) == f"the event is not that of a drift check: {fault}"


@pytest.mark.parametrize("missing", ["name", "stack", "policies", "ignore_undeclared"])
def test_a_check_needs_everything(missing: str) -> None:
    broken = event()
    del broken[missing]
    with pytest.raises(DeclarationError) as refusal:
        Check.read(broken)
    assert str(refusal.value) == f"the event is not that of a drift check: KeyError: {missing!r}"


@pytest.mark.parametrize(("ignores", "drift"), [(False, 2 + 3 + 4 + 5 + 6), (True, 2 + 3 + 4 + 6)])
def test_what_a_check_tells(drift: int, *, ignores: bool) -> None:
    """An alarm looks at one of these, and nobody but a person can rename it there."""
    counts: Counter[State | None] = Counter(
        {State.IN_SYNC: 1, State.CHANGED: 2, State.MISSING: 3, State.FOREIGN: 4, State.UNDECLARED: 5, None: 6}
    )
    assert Check.read(event(ignore_undeclared=ignores)).metrics(counts) == {
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
    metrics = Check.read(event()).metrics(Counter())
    assert metrics.keys() == {*METRICS.values(), "Unread", "Drift"}
    assert set(metrics.values()) == {0}
