"""What became of a policy, and what a scheduled check is handed and tells."""

import json
from collections import Counter
from typing import Any

import pytest

from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.drift import Expected, Found, Owner, State, compared, state_of
from ses_sending_policy.rules.drift_check import METRICS, Check, Deployed, write
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.ownership import Marker, PhysicalId, StackId
from tests.support.events import document, statement
from tests.support.owners import CLAIMED, PARTNER, TOKEN, UNCLAIMED

OURS = Marker("Mail", "Partner1A2B3C4D", TOKEN)
THEIRS = Marker("Other", "Theirs", "0123456789abcdef")
OWNER = Owner("Mail", "Partner1A2B3C4D")


def live(marker: Marker | None = None, **elements: Any) -> LivePolicy:
    """Return a policy at SES."""
    whole = document(statement(**elements))
    return LivePolicy(json.dumps(whole | {"Id": str(marker)} if marker else whole))


@pytest.mark.parametrize(
    ("owner", "owns"),
    [
        (Owner("Mail", "Partner1A2B3C4D"), True),
        (Owner("", "Partner1A2B3C4D"), True),
        (Owner("Other", "Partner1A2B3C4D"), False),
        (Owner("Mail", "Other"), False),
        (Owner("", "Other"), False),
        (Owner("Other", "Other", TOKEN), True),
        (Owner("Mail", "Partner1A2B3C4D", THEIRS.token), False),
    ],
    ids=repr,
)
def test_whose_marker_it_is(owner: Owner, *, owns: bool) -> None:
    assert owner.owns(OURS) == owns


@pytest.mark.parametrize(
    ("marker", "owner", "differs", "is_unknown", "state"),
    [
        (OURS, OWNER, False, False, State.IN_SYNC),
        (None, OWNER, False, False, State.IN_SYNC),
        (None, None, False, False, State.IN_SYNC),
        (None, None, False, True, State.UNDECIDED),
        (OURS, OWNER, True, False, State.CHANGED),
        (OURS, OWNER, True, True, State.CHANGED),
        (THEIRS, OWNER, False, False, State.FOREIGN),
        (THEIRS, OWNER, True, True, State.FOREIGN),
        (OURS, None, False, False, State.FOREIGN),
    ],
)
def test_what_became_of_it(
    marker: Marker | None, owner: Owner | None, state: State, *, differs: bool, is_unknown: bool
) -> None:
    assert state_of(live(marker), owner, differs=differs, is_unknown=is_unknown) is state
    if not is_unknown:
        assert state_of(live(marker), owner, differs=differs) is state


DIFFERENT = ("live statement 'Partner' is not declared", "declared statement 'Partner' is not live")


@pytest.mark.parametrize(
    ("expected", "there", "found"),
    [
        (None, None, Found(State.MISSING)),
        (Expected(document()), None, Found(State.MISSING)),
        (None, live(), Found(State.UNDECLARED)),
        (None, live(OURS), Found(State.UNDECLARED, OURS)),
        (Expected(document(), OWNER), live(OURS), Found(State.IN_SYNC, OURS)),
        (Expected(document(), OWNER), live(OURS, Action="ses:*"), Found(State.CHANGED, OURS, DIFFERENT)),
        (Expected(document(), OWNER, ["Principal"]), live(OURS), Found(State.UNDECIDED, OURS)),
        (Expected(document()), live(THEIRS), Found(State.FOREIGN, THEIRS)),
    ],
    ids=lambda value: value.state.value if isinstance(value, Found) else "",
)
def test_a_policy_beside_what_is_declared(expected: Expected | None, there: LivePolicy | None, found: Found) -> None:
    assert compared(expected, there, "aws") == found


def test_a_root_is_looked_for_in_its_partition() -> None:
    declared = Expected(document(statement("arn:aws-us-gov:iam::222222222222:root")))
    assert compared(declared, live(), "aws-us-gov").state is State.IN_SYNC


# A scheduled check


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
        ({"policies": [["Mail-1A2B", "d"]]}, "DeclarationError: 'Mail-1A2B' is no physical id of a SendingPolicy"),
        ({"policies": None}, "TypeError: 'NoneType' object is not iterable"),
        ({"policies": [["one"]]}, "ValueError: not enough values to unpack (expected 2, got 1)"),
        ({"stack": "Mail"}, "DeclarationError: StackId 'Mail' is not the ARN of a stack"),
    ],
)
def test_what_is_no_check(changes: dict[str, Any], fault: str) -> None:
    with pytest.raises(DeclarationError) as refusal:
        Check.read(event(**changes))
    assert str(refusal.value) == f"the event is none of a drift check: {fault}"


@pytest.mark.parametrize("missing", ["name", "stack", "policies", "ignore_undeclared"])
def test_a_check_needs_everything(missing: str) -> None:
    broken = event()
    del broken[missing]
    with pytest.raises(DeclarationError) as refusal:
        Check.read(broken)
    assert str(refusal.value) == f"the event is none of a drift check: KeyError: {missing!r}"


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


def test_a_check_tells_every_metric_even_of_nothing() -> None:
    metrics = Check.read(event()).metrics(Counter())
    assert metrics.keys() == {*METRICS.values(), "Unread", "Drift"}
    assert set(metrics.values()) == {0}


def test_the_words_of_states() -> None:
    assert [state.value for state in State] == ["in-sync", "undecided", "changed", "missing", "foreign", "undeclared"]
