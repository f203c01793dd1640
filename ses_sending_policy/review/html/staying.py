"""The section of the review page with policies that stay at SES undeclared, and declared ones that may be deleted."""

from collections.abc import Sequence

from ses_sending_policy.review.html.badge import Badge, badge, sign
from ses_sending_policy.review.html.grants import exact, said
from ses_sending_policy.review.html.layout import disclosure, muted, row, rows, section
from ses_sending_policy.review.html.markup import Html, element, joined
from ses_sending_policy.review.html.page_json import StayingJson
from ses_sending_policy.review.html.policy_labels import environment, named, owner


def staying(told: Sequence[StayingJson]) -> Html:
    """Return the section: for each policy, whether it stays, may stay or may be deleted, and why."""
    return section("stays", "What stays at SES", rows(*(_entry(each) for each in sorted(told, key=_order))))


def _order(each: StayingJson) -> tuple[str, str, str, str]:
    return each["policy"]["identity"], environment(each, each["policy"]["stack"]), owner(each["policy"]), each["reason"]


def _entry(each: StayingJson) -> Html:
    verb, kind_of_badge = ("stays", Badge.SAME) if each["sure"] else ("may stay", Badge.UNSURE)
    margin = joined(
        element("p", badge(kind_of_badge, sign(kind_of_badge), f" Policy {verb}")),
        element("h3", each["policy"]["identity"]),
        muted(environment(each, each["policy"]["stack"]), named(each["policy"])),
    )
    grants = [element("li", said(grant)) for grant in each["grants"]]
    return row(
        margin,
        element("p", f"{verb}, for {each['reason']}", class_="clause lead"),
        element("ul", *grants, class_="grants") if grants else muted("none"),
        *([disclosure("Exact grants", exact(each["grants"]))] if grants else []),
    )
