"""What counts as one change and what as two, if only the deploy knows a part of it."""

from dataclasses import replace

import pytest

from tests.analysis.findings.declare import policy
from tests.analysis.grants.changes import BOTH, A, B, like, one
from tests.analysis.grants.test_difference import EVERYBODY, NO_CHANGE, between, read

ONE, OTHER = {"Ref": "A"}, {"Ref": "B"}
# What is before and after, and whether that counts as one change or two.
APART = {
    "an effect that only the deploy knows now": (
        like(A),
        like(B, Effect=ONE),
        ["added, changed", "removed, narrowed"],
    ),
    "a denial that only the deploy knows now": (
        [EVERYBODY, like(A, Effect="Deny")],
        [EVERYBODY, like(B, Effect=ONE)],
        ["removed, broadened", "added, changed"],
    ),
    "a denial now": (like(A), like(B, Effect="Deny", Action=BOTH), ["added, narrowed", "removed, narrowed"]),
    "somebody else whom only the deploy knows": (
        one(Principal=ONE),
        one(Principal=OTHER),
        ["added, broadened", "removed, narrowed"],
    ),
    "perhaps somebody else": (
        one(Effect=ONE, Principal={"AWS": ONE}),
        one(Effect=ONE, Principal={"AWS": OTHER}),
        ["removed, changed", "added, changed"],
    ),
    "perhaps somebody whom only the deploy knows": (
        one(Effect=ONE, Principal=ONE),
        one(Effect=ONE, Principal=OTHER),
        ["changed, changed"],
    ),
}


@pytest.mark.parametrize("name", APART)
def test_what_is_one_change_and_what_is_two(name: str) -> None:
    before, after, expected = APART[name]
    assert between(before, after)[1:] == expected


def test_the_same_words_for_another_identity_are_one_change() -> None:
    [before] = policy(one(), EmailIdentity=ONE)
    [was, now] = (replace(before, unknowns={"A": each}) for each in ("1", "2"))
    assert read([was], [now]) == ["broadened", "changed, broadened"]
    assert read([was], [was]) == NO_CHANGE
