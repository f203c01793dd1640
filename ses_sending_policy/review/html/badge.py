"""What a reviewer should make of something, as a word, a sign and a colour: never a colour alone."""

from enum import StrEnum
from typing import Final

from ses_sending_policy.analysis.grants.change import Verdict
from ses_sending_policy.review.html.markup import Html, element


class Badge(StrEnum):
    """What becomes of who may send, or how much a finding counts."""

    MORE = "more"
    """It lets more through than before, or is an error."""
    OPEN = "open"
    """Nobody can tell whether it lets more through than before: it counts as if it did."""
    UNSURE = "unsure"
    """It is a warning, or not known to the end."""
    LESS = "less"
    """It lets less through than before, or is settled."""
    SAME = "same"
    """There is nothing to do."""


_SIGNS: Final = {Badge.MORE: "▲", Badge.OPEN: "◆", Badge.UNSURE: "◆", Badge.LESS: "▼", Badge.SAME: "="}
BADGES: Final = {
    Verdict.BROADENED: Badge.MORE,
    Verdict.CHANGED: Badge.OPEN,
    Verdict.NARROWED: Badge.LESS,
    Verdict.UNCHANGED: Badge.SAME,
}
"""The badge of each verdict."""


def sign(kind_of_badge: Badge) -> Html:
    """Return the sign of a badge, for who sees no colours; who hears the page has the word."""
    return element("span", _SIGNS[kind_of_badge], aria_hidden="true")


def badge(kind_of_badge: Badge, *words: str) -> Html:
    """Return `words` in the colour of a badge."""
    return element("span", *words, class_=f"badge {kind_of_badge}")
