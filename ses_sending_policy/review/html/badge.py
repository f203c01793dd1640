"""What a reviewer should make of something, as a word, a sign and a colour: never a colour alone."""

from enum import StrEnum
from typing import Final

from ses_sending_policy.review.html.markup import Html, element
from ses_sending_policy.review.html.page_json import ChangeJson, grants_of


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
_OF_VERDICT: Final = {"broadened": Badge.MORE, "changed": Badge.OPEN, "narrowed": Badge.LESS, "unchanged": Badge.SAME}
_OF_KIND: Final = {"added": Badge.MORE, "widened": Badge.MORE, "narrowed": Badge.LESS, "removed": Badge.LESS}
# Who is denied less may do more.
_OPPOSITE: Final = {Badge.MORE: Badge.LESS, Badge.OPEN: Badge.OPEN, Badge.LESS: Badge.MORE}


def badge_of_verdict(verdict: str) -> Badge:
    """Return what a verdict means; one that nobody knows here is doubtful."""
    return _OF_VERDICT.get(verdict, Badge.OPEN)


def badge_of(change: ChangeJson) -> Badge:
    """Return what a change does to who may send; what only the deploy knows may do anything."""
    if "verdict" in change:
        return badge_of_verdict(change["verdict"])
    kind_of_badge = _OF_KIND.get(change["kind"], Badge.OPEN)
    return {"Allow": kind_of_badge, "Deny": _OPPOSITE[kind_of_badge]}.get(effect_of(change), Badge.OPEN)


def effect_of(change: ChangeJson) -> str:
    """Return the effect of the grants of a change: those of both sides have the same."""
    return next((grant["effect"] for side in ("after", "before") for grant in grants_of(change[side])), "")


def sign(kind_of_badge: Badge) -> Html:
    """Return the sign of a badge, for who sees no colours; who hears the page has the word."""
    return element("span", _SIGNS[kind_of_badge], aria_hidden="true")


def badge(kind_of_badge: Badge, *words: str) -> Html:
    """Return `words` in the colour of a badge."""
    return element("span", *words, class_=f"badge {kind_of_badge}")
