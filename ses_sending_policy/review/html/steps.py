"""The section of the review page with what a deploy does with each policy at SES, and what it leaves as it is."""

from collections.abc import Sequence
from typing import Final

from ses_sending_policy.review.html.badge import Badge, badge, sign
from ses_sending_policy.review.html.layout import counted, disclosure, muted, row, rows, section
from ses_sending_policy.review.html.markup import Html, element
from ses_sending_policy.review.html.page_json import DifferenceJson, PlanJson, StepJson, UnchangedJson
from ses_sending_policy.review.html.policy_labels import named
from ses_sending_policy.review.live.forecast import Action

_BADGES: Final = {
    **dict.fromkeys((Action.REFUSE, Action.OVERWRITE), Badge.MORE),
    **dict.fromkeys((Action.CREATE, Action.REPLACE, Action.UPDATE, Action.ADOPT), Badge.OPEN),
    Action.UNDECIDED: Badge.UNSURE,
    **dict.fromkeys((Action.DELETE, Action.RELEASE), Badge.LESS),
    **dict.fromkeys((Action.KEEP, Action.ABSENT, Action.NOTHING, Action.LEAVE), Badge.SAME),
}


def plan_of(difference: DifferenceJson | PlanJson | None) -> PlanJson | None:
    """Return `difference` if it is the JSON of a plan, which also has steps; else None."""
    return difference if difference and "steps" in difference else None


def steps(told: Sequence[StepJson], unchanged: Sequence[UnchangedJson], parameters: Sequence[str]) -> Html:
    """Return the section: the steps, those that fail first; the unchanged policies; the assumed parameter values."""
    ordered = sorted(told, key=lambda each: each["action"] != Action.REFUSE)
    entries = [*map(_entry, ordered), *([_unchanged(unchanged)] if unchanged else [])]
    rest = [muted(*parameters)] if parameters else []
    return section("steps", "What the deploy does at SES", rows(*entries), *rest)


def _unchanged(told: Sequence[UnchangedJson]) -> Html:
    margin = element("p", badge(Badge.SAME, sign(Badge.SAME), " Unchanged"))
    names = [element("li", f"policy {each['policy_name']} on {each['identity']}") for each in told]
    title = counted(len(told), "policy stays as it is", "policies stay as they are")
    return row(margin, disclosure(title, element("ul", *names)))


def _entry(step: StepJson) -> Html:
    kind_of_badge = _BADGES[step["action"]]
    margin = element("p", badge(kind_of_badge, sign(kind_of_badge), f" {step['action'].capitalize()}"))
    return row(
        margin,
        element("p", f"policy {step['policy_name']} on {step['identity']}", class_="clause lead"),
        *(element("p", each, class_="clause") for each in step["sentences"]),
        muted(f"stack {step['stack']}", named(step)),
    )
