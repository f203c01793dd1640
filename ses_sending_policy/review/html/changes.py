"""What becomes of the grants: before and after, side by side."""

from collections.abc import Sequence
from typing import Final

from ses_sending_policy.review.html.grants import compared, exact, said
from ses_sending_policy.review.html.layout import disclosure, muted, row, rows, section
from ses_sending_policy.review.html.markup import Html, element, joined
from ses_sending_policy.review.html.places import environment, owner
from ses_sending_policy.review.html.shapes import Change, Grant
from ses_sending_policy.review.html.tone import Tone, badge, sign, tone_of

_ORDER: Final = list(Tone)


def changes(told: Sequence[Change]) -> Html:
    """Return each change, those first that let more through, or that there is none."""
    if not told:
        return section("changes", "What changes", element("p", "No grant is added, removed or changed."))
    return section("changes", "What changes", rows(*(_entry(change) for change in sorted(told, key=_order))))


def _order(change: Change) -> tuple[int, str, str, str, str]:
    place = change["policy"]
    return _ORDER.index(tone_of(change)), place["identity"], environment(place), owner(place), change["sentence"]


def _entry(change: Change) -> Html:
    place, before, after = change["policy"], change["before"], change["after"]
    tone = tone_of(change)
    margin = joined(
        element("p", badge(tone, sign(tone), f" {change['kind'].capitalize()}")),
        element("h3", place["identity"]),
        muted(environment(place), owner(place)),
    )
    sides = compared(before, after) if before and after else (_side(before), _side(after))
    return row(
        margin,
        element("p", _lead(change), class_="clause lead"),
        _pair(*sides),
        disclosure("Exact grants", _pair(_exact(before), _exact(after))),
    )


def _lead(change: Change) -> str:
    """Return the sentence as far as it is not what stands below it as before and after."""
    told = change["sentence"]
    found = [told.find(grant["sentence"]) for grant in (change["before"], change["after"]) if grant]
    return told[: min((place for place in found if place > 0), default=len(told))].rstrip(" :")


def _pair(before: Html, after: Html) -> Html:
    sides = (("Before", before), ("After", after))
    return element("div", *(element("div", element("h4", name), side) for name, side in sides), class_="pair")


def _side(grant: Grant | None) -> Html:
    return said(grant) if grant else muted("no such grant")


def _exact(grant: Grant | None) -> Html:
    return exact([grant]) if grant else muted("none")
