"""The section of the review page with the changes of grants: before and after, side by side."""

from collections.abc import Sequence
from typing import Final

from ses_sending_policy.review.html.badge import BADGES, Badge, badge, sign
from ses_sending_policy.review.html.grants import compared, exact, said
from ses_sending_policy.review.html.layout import disclosure, muted, row, rows, section
from ses_sending_policy.review.html.markup import Html, element, joined
from ses_sending_policy.review.html.page_json import ChangeJson, GrantJson
from ses_sending_policy.review.html.policy_labels import environment, named, owner

_ORDER: Final = list(Badge)
# An effect other than these is a reference that only the deploy can resolve.
_NOUNS: Final = {"Allow": "Grant", "Deny": "Denial"}


def changes(told: Sequence[ChangeJson]) -> Html:
    """Return the section: the changes, those that allow more first; or a sentence that no grant changes."""
    if not told:
        return section("changes", "What changes", element("p", "No grant is added, removed or changed."))
    return section("changes", "What changes", rows(*(_entry(change) for change in sorted(told, key=_order))))


def _order(change: ChangeJson) -> tuple[int, str, str, str, str]:
    place = change["policy"]
    rank = _ORDER.index(BADGES[change["verdict"]])
    return rank, place["identity"], environment(change, place["stack"]), owner(place), change["sentence"]


def _entry(change: ChangeJson) -> Html:
    before, after, witness = change["before"], change["after"], change["witness"]
    kind_of_badge = BADGES[change["verdict"]]
    # All grants of a change have the same effect.
    title = f" {_NOUNS.get([*after, *before][0]['effect'], 'Statement')} {change['kind']}"
    margin = joined(
        element("p", badge(kind_of_badge, sign(kind_of_badge), title)),
        element("h3", change["policy"]["identity"]),
        muted(environment(change, change["policy"]["stack"]), named(change["policy"])),
    )
    return row(
        margin,
        # The rest of the sentence is left out: the page shows these grants below it.
        element("p", change["sentence"].partition(": ")[0], class_="clause lead"),
        _pair(_side(before, after, "del"), _side(after, before, "ins")),
        *([element("p", f"So {witness['sentence']}.", class_="clause witness")] if witness else []),
        disclosure("Exact grants", _pair(_exact(before), _exact(after))),
    )


def _side(grants: Sequence[GrantJson], others: Sequence[GrantJson], mark: str) -> Html:
    if not grants:
        return muted("none")
    return element("ul", *(element("li", _told(grant, grants, others, mark)) for grant in grants), class_="grants")


def _told(grant: GrantJson, grants: Sequence[GrantJson], others: Sequence[GrantJson], mark: str) -> Html:
    """Return a grant as HTML. If one grant of the other side clearly matches it, words that differ are marked."""
    if len(grants) == len(others) == 1:
        return compared(grant, others[0], mark)
    own, theirs = ([each for each in side if each["principals"] == grant["principals"]] for side in (grants, others))
    return compared(grant, theirs[0], mark) if len(own) == len(theirs) == 1 else said(grant)


def _exact(grants: Sequence[GrantJson]) -> Html:
    return exact(grants) if grants else muted("none")


def _pair(before: Html, after: Html) -> Html:
    sides = (("Before", before), ("After", after))
    return element("div", *(element("div", element("h4", name), side) for name, side in sides), class_="pair")
