"""What a reviewer should make of something, as a word, a sign and a colour: never a colour alone."""

from enum import StrEnum
from typing import Final

from ses_sending_policy.review.html.markup import Html, element
from ses_sending_policy.review.html.shapes import Change


class Tone(StrEnum):
    """What becomes of who may send, or how much a finding counts."""

    MORE = "more"
    """It lets more through than before, or is an error."""
    UNSURE = "unsure"
    """It may let more through, or is a warning."""
    LESS = "less"
    """It lets less through than before, or is settled."""
    SAME = "same"
    """There is nothing to do."""


_SIGNS: Final = {Tone.MORE: "▲", Tone.UNSURE: "◆", Tone.LESS: "▼", Tone.SAME: "="}
_OF_ALLOWS: Final = {
    "added": Tone.MORE,
    "widened": Tone.MORE,
    "changed": Tone.UNSURE,
    "narrowed": Tone.LESS,
    "removed": Tone.LESS,
}
# Who is denied less may do more.
_OPPOSITE: Final = {Tone.MORE: Tone.LESS, Tone.UNSURE: Tone.UNSURE, Tone.LESS: Tone.MORE}


def tone_of(change: Change) -> Tone:
    """Return what a change does to who may send; what only the deploy knows may do anything."""
    grant = change["after"] or change["before"]
    tone = _OF_ALLOWS.get(change["kind"], Tone.UNSURE)
    tones = {"Allow": tone, "Deny": _OPPOSITE[tone]}
    return tones.get(grant["effect"], Tone.UNSURE) if grant else Tone.UNSURE


def sign(tone: Tone) -> Html:
    """Return the sign of a tone, for who sees no colours; who hears the page has the word."""
    return element("span", _SIGNS[tone], aria_hidden="true")


def badge(tone: Tone, *words: str) -> Html:
    """Return `words` in the colour of their tone."""
    return element("span", *words, class_=f"badge {tone}")
