"""Badges of the review page: each shows how alarming a change or finding is, by a word, a sign and a colour."""

from enum import StrEnum
from typing import Final

from ses_sending_policy.analysis.grants.change import Verdict
from ses_sending_policy.review.html.markup import Html, element


class Badge(StrEnum):
    """How alarming a change, a step or a finding is."""

    MORE = "more"
    """The change allows more than before, the finding is an error, or the step fails or overwrites a policy."""
    OPEN = "open"
    """The change may allow more than before, and counts as if it did; or the step writes a policy."""
    UNSURE = "unsure"
    """The finding is a warning, or something is not known: what a step does, whether a policy stays, an unread part."""
    LESS = "less"
    """The change allows less than before, the step removes a policy or its marker, or all findings are acknowledged."""
    SAME = "same"
    """Nothing changes, or the finding is acknowledged: there is nothing to do."""


_SIGNS: Final = {Badge.MORE: "▲", Badge.OPEN: "◆", Badge.UNSURE: "◆", Badge.LESS: "▼", Badge.SAME: "="}
BADGES: Final = {
    Verdict.BROADENED: Badge.MORE,
    Verdict.CHANGED: Badge.OPEN,
    Verdict.NARROWED: Badge.LESS,
    Verdict.UNCHANGED: Badge.SAME,
}
"""The badge of each verdict."""


def sign(kind_of_badge: Badge) -> Html:
    """Return the sign of a badge, for readers who see no colours. Screen readers skip the sign and read the word."""
    return element("span", _SIGNS[kind_of_badge], aria_hidden="true")


def badge(kind_of_badge: Badge, *words: str) -> Html:
    """Return `words` in the colour of a badge."""
    return element("span", *words, class_=f"badge {kind_of_badge}")
