"""The drift state of a policy that SES has, and whose it is by its marker."""

import json

import pytest

from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.drift import DeclaredOwner, State, state_of
from ses_sending_policy.rules.ownership import Marker
from tests.support.events import document

TOKEN, OTHER_TOKEN = "a" * 16, "b" * 16
MINE = Marker("Mail", "Partner", TOKEN)


def test_the_names_of_the_states() -> None:
    assert [*State] == ["in-sync", "undecided", "changed", "missing", "foreign", "undeclared"]


@pytest.mark.parametrize(
    ("owner", "owns"),
    [
        (DeclaredOwner("Mail", "Partner", TOKEN), True),
        (DeclaredOwner("Other", "Other", TOKEN), True),
        (DeclaredOwner("Mail", "Partner", OTHER_TOKEN), False),
        (DeclaredOwner("Mail", "Partner"), True),
        (DeclaredOwner("", "Partner"), True),
        (DeclaredOwner("Other", "Partner"), False),
        (DeclaredOwner("Mail", "Other"), False),
        (DeclaredOwner("", "Other"), False),
    ],
)
def test_whose_a_marker_is(owner: DeclaredOwner, *, owns: bool) -> None:
    assert owner.owns(MINE) is owns


@pytest.mark.parametrize(
    ("marker", "owner", "differs", "is_unknown", "state"),
    [
        (MINE, DeclaredOwner("Mail", "Partner", TOKEN), False, False, State.IN_SYNC),
        (MINE, DeclaredOwner("Mail", "Partner", TOKEN), False, True, State.UNDECIDED),
        (MINE, DeclaredOwner("Mail", "Partner", TOKEN), True, True, State.CHANGED),
        (MINE, DeclaredOwner("Mail", "Partner", OTHER_TOKEN), True, True, State.FOREIGN),
        (MINE, None, False, False, State.FOREIGN),
        (None, None, False, False, State.IN_SYNC),
        (None, DeclaredOwner("Mail", "Partner", TOKEN), True, False, State.CHANGED),
    ],
)
def test_the_state(
    marker: Marker | None, owner: DeclaredOwner | None, state: State, *, differs: bool, is_unknown: bool
) -> None:
    live = LivePolicy(json.dumps(document() | ({"Id": str(marker)} if marker else {})))
    assert state_of(live, owner, differs=differs, is_unknown=is_unknown) is state
