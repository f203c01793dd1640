"""The state of a policy: a table over what is declared, what SES holds and whose marker it has."""

import json
from typing import Any

import pytest

from ses_sending_policy.review.live.compared_policy import ComparedPolicy, Expected, compared
from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.drift import DeclaredOwner, State, state_of
from ses_sending_policy.rules.ownership import Marker

TOKEN = "0123456789abcdef"
OURS = Marker("Mail", "Partner", TOKEN)
ANOTHER = Marker("Other", "Theirs", "fedcba9876543210")
SAME_NAMES = Marker("Mail", "Partner", "fedcba9876543210")
OWNER = DeclaredOwner("Mail", "Partner", TOKEN)
BY_NAME = DeclaredOwner("Mail", "Partner")
BY_LOGICAL_ID = DeclaredOwner("", "Partner")
DOCUMENT: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Action": "ses:SendEmail", "Resource": "r"},
}


def live(marker: Marker | None = None, **changes: Any) -> LivePolicy:
    """Return a policy as SES holds it."""
    return LivePolicy(json.dumps(({"Id": str(marker)} if marker else {}) | DOCUMENT | changes))


OLD: dict[str, Any] = {"Version": "2008-10-17"}


@pytest.mark.parametrize(
    ("owner", "held", "state"),
    [
        (OWNER, None, State.MISSING),
        (OWNER, live(OURS), State.IN_SYNC),
        (OWNER, live(OURS.as_adopted()), State.IN_SYNC),
        (OWNER, live(), State.IN_SYNC),
        (OWNER, live(SAME_NAMES), State.FOREIGN),
        (OWNER, live(ANOTHER), State.FOREIGN),
        (OWNER, live(OURS, **OLD), State.CHANGED),
        (OWNER, live(**OLD), State.CHANGED),
        (OWNER, live(ANOTHER, **OLD), State.FOREIGN),
        (BY_NAME, live(SAME_NAMES), State.IN_SYNC),
        (BY_NAME, live(ANOTHER), State.FOREIGN),
        (BY_LOGICAL_ID, live(SAME_NAMES), State.IN_SYNC),
        (BY_LOGICAL_ID, live(ANOTHER), State.FOREIGN),
        (DeclaredOwner("Other", "Partner"), live(OURS), State.FOREIGN),
        (DeclaredOwner("", "Other"), live(OURS), State.FOREIGN),
        (DeclaredOwner("Another", "Name", TOKEN), live(OURS), State.IN_SYNC),
        (None, live(), State.IN_SYNC),
        (None, live(OURS), State.FOREIGN),
        (OWNER, LivePolicy("no JSON"), State.CHANGED),
    ],
)
def test_what_is_declared(owner: DeclaredOwner | None, held: LivePolicy | None, state: State) -> None:
    found = compared(Expected(DOCUMENT, owner), held, "aws")
    assert (found.state, found.marker) == (state, held.marker if held else None)
    unknown = compared(Expected(DOCUMENT, owner, ["${Role.Arn}"]), held, "aws")
    assert unknown.state == (State.UNDECIDED if state is State.IN_SYNC else state)


@pytest.mark.parametrize("marker", [None, OURS])
def test_what_nobody_declares(marker: Marker | None) -> None:
    assert compared(None, live(marker), "aws") == ComparedPolicy(State.UNDECLARED, marker)


def test_what_differs_is_told() -> None:
    differences = ("Version is '2008-10-17' live and '2012-10-17' declared",)
    assert compared(Expected(DOCUMENT, OWNER), live(OURS, **OLD), "aws").differences == differences
    assert compared(Expected(DOCUMENT, OWNER), live(ANOTHER, **OLD), "aws").differences == differences


def test_the_least_that_can_be_asked() -> None:
    assert state_of(live(), None, differs=False) is State.IN_SYNC


def test_a_root_is_looked_for_in_its_partition() -> None:
    gov = DOCUMENT | {
        "Statement": DOCUMENT["Statement"] | {"Principal": {"AWS": "arn:aws-us-gov:iam::222222222222:root"}}
    }
    assert compared(Expected(gov), live(), "aws-us-gov").state is State.IN_SYNC
    assert compared(Expected(gov), live(), "aws").state is State.CHANGED


def test_the_words_of_states() -> None:
    assert [state.value for state in State] == ["in-sync", "undecided", "changed", "missing", "foreign", "undeclared"]
