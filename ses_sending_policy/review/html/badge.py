"""Badges of the review page: how alarming something is, as a word, a sign and a colour. Never a colour alone."""

from enum import StrEnum
from typing import Final

from ses_sending_policy.review.html.markup import Html, element
from ses_sending_policy.review.html.page_json import ChangeJson, grants_of


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
_OF_VERDICT: Final = {"broadened": Badge.MORE, "changed": Badge.OPEN, "narrowed": Badge.LESS, "unchanged": Badge.SAME}
_OF_KIND: Final = {"added": Badge.MORE, "widened": Badge.MORE, "narrowed": Badge.LESS, "removed": Badge.LESS}
# A Deny that denies less allows more.
_OPPOSITE: Final = {Badge.MORE: Badge.LESS, Badge.OPEN: Badge.OPEN, Badge.LESS: Badge.MORE}


def badge_of_verdict(verdict: str) -> Badge:
    """Return the badge of a verdict; that of an unknown verdict is `OPEN`."""
    return _OF_VERDICT.get(verdict, Badge.OPEN)


def badge_of(change: ChangeJson) -> Badge:
    """Return the badge of a change; `OPEN` if only the deploy knows its effect."""
    if "verdict" in change:
        return badge_of_verdict(change["verdict"])
    kind_of_badge = _OF_KIND.get(change["kind"], Badge.OPEN)
    return {"Allow": kind_of_badge, "Deny": _OPPOSITE[kind_of_badge]}.get(effect_of(change), Badge.OPEN)


def effect_of(change: ChangeJson) -> str:
    """Return the effect of a change's grants, which is the same on both sides."""
    return next((grant["effect"] for side in ("after", "before") for grant in grants_of(change[side])), "")


def sign(kind_of_badge: Badge) -> Html:
    """Return the sign of a badge, for readers who see no colours. Screen readers skip it and read the word."""
    return element("span", _SIGNS[kind_of_badge], aria_hidden="true")


def badge(kind_of_badge: Badge, *words: str) -> Html:
    """Return `words` in the colour of a badge."""
    return element("span", *words, class_=f"badge {kind_of_badge}")
