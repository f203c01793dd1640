"""What somebody gains who is allowed to write policies at SES, and puts a marker or nonsense into one by hand.

`docs/security.md` describes the consequences.
"""

import pytest

from tests.support.fake_aws import FakeAws
from tests.support.owners import MADE, MARKER, OTHERS_MARKER, PARTNER, UNCLAIMED, text

NONSENSE = ["", "no JSON", "[]", "[" * 2000 + "]" * 2000, '{"Id":"\\ud800"}', '{"Id":{"a":["b"]},"Statement":"x"}']


def test_our_marker_on_another_policy_draws_nobody_to_it(aws: FakeAws) -> None:
    """A resource looks at the policy that its physical id names, and at no other."""
    theirs = aws.seed(text(marker=MARKER), "theirs")
    aws.handle(PARTNER.create(aws.url))
    aws.handle(PARTNER.update(aws.url, MADE))
    aws.handle(PARTNER.delete(aws.url, MADE))
    assert (aws.live(), aws.live("theirs")) == (None, theirs)


def test_another_s_marker_on_ours_keeps_the_access_and_the_log_says_so(aws: FakeAws) -> None:
    aws.handle(PARTNER.create(aws.url))
    forged = aws.seed(text(marker=OTHERS_MARKER))
    assert aws.handle(PARTNER.delete(aws.url, MADE))["Status"] == "SUCCESS"
    assert aws.live() == forged
    assert "stack Other (Theirs)" in aws.hurried.text


@pytest.mark.parametrize(("on_delete", "stays"), [("DELETE", False), ("RELEASE", True)])
def test_a_forged_adopted_keeps_the_access_only_where_release_is_declared(
    aws: FakeAws, *, on_delete: str, stays: bool
) -> None:
    aws.handle(PARTNER.create(aws.url, OnDelete=on_delete))
    aws.seed(text(marker=f"{MARKER}/adopted"))
    assert aws.handle(PARTNER.delete(aws.url, MADE, OnDelete=on_delete))["Status"] == "SUCCESS"
    assert (aws.live() is not None) is stays


@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda nonsense: nonsense[:20])
@pytest.mark.parametrize("when_exists", ["FAIL", "ADOPT"])
def test_a_live_policy_that_cannot_be_read_is_nobody_s(aws: FakeAws, nonsense: str, when_exists: str) -> None:
    aws.seed(nonsense)
    answer = aws.handle(PARTNER.create(aws.url, WhenExists=when_exists))
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith(("PolicyExists: ", "NotEquivalent: "))
    aws.handle(PARTNER.delete(aws.url, UNCLAIMED, WhenExists=when_exists))
    assert aws.live() == nonsense


@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda nonsense: nonsense[:20])
def test_in_the_place_of_ours_it_is_written_over_and_goes_with_its_stack(aws: FakeAws, nonsense: str) -> None:
    aws.handle(PARTNER.create(aws.url))
    aws.seed(nonsense)
    assert aws.handle(PARTNER.update(aws.url, MADE))["Status"] == "SUCCESS"
    assert aws.live() != nonsense
    aws.seed(nonsense)
    assert aws.handle(PARTNER.delete(aws.url, MADE))["Status"] == "SUCCESS"
    assert aws.live() is None
