"""Badges of the review page: how alarming something is, as a word, a sign and a colour. Never a colour alone."""

from enum import StrEnum
from typing import Final

from ses_sending_policy.analysis.grants.change import Verdict
from ses_sending_policy.review.html.markup import Html, element


class Badge(StrEnum):
    """What a change allows, or how severe a finding is."""

    MORE = "more"
    """The change allows more than before, or the finding is an error."""
    OPEN = "open"
    """The change may allow more than before, and counts as if it did."""
    UNSURE = "unsure"
    """The finding is a warning, or something is not known completely."""
    LESS = "less"
    """The change allows less than before, or the finding is settled."""
    SAME = "same"
    """Nothing changes, and there is nothing to do."""


_SIGNS: Final = {Badge.MORE: "▲", Badge.OPEN: "◆", Badge.UNSURE: "◆", Badge.LESS: "▼", Badge.SAME: "="}
BADGES: Final = {
    Verdict.BROADENED: Badge.MORE,
    Verdict.CHANGED: Badge.OPEN,
    Verdict.NARROWED: Badge.LESS,
    Verdict.UNCHANGED: Badge.SAME,
}
"""The badge of each verdict."""


def sign(kind_of_badge: Badge) -> Html:
    """Return the sign of a badge, for readers who see no colours. Screen readers skip it and read the word."""
    return element("span", _SIGNS[kind_of_badge], aria_hidden="true")


def badge(kind_of_badge: Badge, *words: str) -> Html:
    """Return `words` in the colour of a badge."""
    return element("span", *words, class_=f"badge {kind_of_badge}")
