"""What the review page says of what was not read."""

import pytest

from ses_sending_policy.analysis.grants.change import Verdict
from ses_sending_policy.review.html.page_json import (
    ComparedPartJson,
    DifferenceJson,
    ExplainedJson,
    UnreadPartJson,
)
from tests.support.outline import outline, section
from tests.support.reviewed import EXPLAINED, FINDINGS, UNCHANGED, difference, explained, page_of

PART: UnreadPartJson = {
    "stack": "Prod/Mail",
    "logical_id": "Others",
    "path": None,
    "what": "a <b>loop</b>",
    "why": "what it goes over is not known before the deploy",
    "acknowledged": None,
}
ACCEPTED: UnreadPartJson = PART | {
    "logical_id": "Accepted",
    "acknowledged": {"reason": "looked at in MAIL-7", "at": "Prod"},
}


def compared(part: UnreadPartJson, *, before: bool, after: bool) -> ComparedPartJson:
    """Return a part as it stands in a difference."""
    return {**part, "before": before, "after": after}


def verdict(written: str) -> tuple[str, str]:
    """Return the verdict's word and its CSS class."""
    found = outline(written).one("p", class_="word").text
    return found, written.partition('class="verdict ')[2].partition('"')[0]


def test_it_comes_before_the_rest_and_in_the_verdict() -> None:
    written = page_of(EXPLAINED | {"unread": [ACCEPTED, PART]}, FINDINGS)
    assert written.index('id="unread"') < written.index('id="findings"')
    assert '<a href="#unread">1 part not read</a>' in written
    assert "a &lt;b&gt;loop&lt;/b&gt; may carry a sending policy" in written
    told = section(written, "unread").text
    assert told.index("Prod/Mail/Others") < told.index("looked at in MAIL-7") < told.index("Prod/Mail/Accepted")
    assert "Not everything was read that may carry a policy" in written


@pytest.mark.parametrize(
    ("state", "changed", "told"),
    [
        (explained(unread=[PART]), None, ("Nothing to settle, as far as it was read", "unsure")),
        (explained(unread=[ACCEPTED]), None, ("Nothing to settle", "less")),
        (
            explained(unread=[PART]),
            difference(Verdict.UNCHANGED, unread=[compared(PART, before=True, after=True)]),
            ("◆ Unchanged, as far as it was read", "unsure"),
        ),
        (explained(unread=[PART]), UNCHANGED, ("= Unchanged", "same")),
    ],
    ids=["unread", "accepted", "a difference", "a difference that has read all"],
)
def test_nothing_is_called_settled_that_was_not_read(
    state: ExplainedJson, changed: DifferenceJson | None, told: tuple[str, str]
) -> None:
    assert verdict(page_of(state, changed=changed)) == told


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [(True, True, ""), (True, False, "only before"), (False, True, "only after, or not as before")],
)
def test_a_difference_tells_the_side(before: bool, after: bool, told: str) -> None:
    unread = [compared(PART, before=before, after=after)]
    written = page_of(changed=difference(Verdict.UNCHANGED, unread=unread))
    assert ("only" in section(written, "unread").text) is bool(told)
    assert told in written


def test_a_page_without_such_a_part_has_no_word_of_it() -> None:
    assert "unread" not in page_of(EXPLAINED, FINDINGS)
