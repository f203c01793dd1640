"""The verdict at the top of the review page: whether more is allowed than before, or without that, the findings."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from ses_sending_policy.analysis.findings.finding import Severity
from ses_sending_policy.analysis.grants.change import Kind, Verdict
from ses_sending_policy.review.html.badge import BADGES, Badge, sign
from ses_sending_policy.review.html.findings import unacknowledged
from ses_sending_policy.review.html.layout import counted
from ses_sending_policy.review.html.markup import Html, element, joined, text
from ses_sending_policy.review.html.page_json import (
    ChangeJson,
    DifferenceJson,
    FindingJson,
    PlanJson,
    PolicyJson,
    StayingJson,
    StepJson,
)
from ses_sending_policy.review.html.policy_labels import environment
from ses_sending_policy.review.html.steps import plan_of
from ses_sending_policy.review.html.unread import UnreadPartsJson, counted_parts, open_parts

_MEANING: Final = {
    Verdict.BROADENED: "Somebody may do what was not allowed before.",
    Verdict.CHANGED: "Whether somebody may do what was not allowed before cannot be told: treat it as broadened.",
    Verdict.NARROWED: "Nobody may do what was not allowed before, and somebody may no longer do what was.",
    Verdict.UNCHANGED: "The same is allowed as before.",
}
_INCOMPLETE: Final = "Not everything was read that may carry a policy: look at that first."
_KINDS: Final = (Kind.ADDED, Kind.WIDENED, Kind.CHANGED, Kind.NARROWED, Kind.REMOVED)


def verdict(
    policies: Sequence[PolicyJson],
    found: Sequence[FindingJson],
    difference: DifferenceJson | PlanJson | None,
    missing: UnreadPartsJson,
) -> Html:
    """Return the verdict and links to the sections. The verdict is that of `difference`; without one, of the findings.

    :param missing: the parts that may contain a policy and were not read.
    """
    if difference:
        told = difference["verdict"]
        kind_of_badge, words = BADGES[told], _MEANING[told]
        title = text(told.capitalize())
        plan = plan_of(difference)
        if plan and plan["refused"]:
            title = text(f"The deploy fails; if it did not: {told}")
            words = f"A stack is known to fail, and is rolled back. If it did not fail: {words}"
    else:
        kind_of_badge, title, words = _of_findings(found)
    if open_parts(missing):
        words = f"{words} {_INCOMPLETE}"
        if kind_of_badge in (Badge.LESS, Badge.SAME):
            kind_of_badge, title = Badge.UNSURE, joined(title, ", as far as it was read")
    if difference:
        title = joined(sign(kind_of_badge), " ", title)
    return element(
        "div",
        element("p", title, class_="word"),
        element("p", words),
        _contents(policies, found, difference, missing),
        class_=f"verdict {kind_of_badge}",
    )


def _of_findings(found: Sequence[FindingJson]) -> tuple[Badge, Html, str]:
    if unacknowledged(found, Severity.ERROR):
        return Badge.MORE, text("Errors"), "There are errors that nobody acknowledged."
    if unacknowledged(found):
        return Badge.UNSURE, text("Warnings"), "There are warnings that nobody acknowledged, and no such errors."
    return Badge.LESS, text("Nothing to settle"), "No finding is left that nobody acknowledged."


def _contents(
    policies: Sequence[PolicyJson],
    found: Sequence[FindingJson],
    difference: DifferenceJson | PlanJson | None,
    missing: UnreadPartsJson,
) -> Html:
    plan = plan_of(difference)
    entries = [
        *([("unread", [counted_parts(missing)])] if missing else []),
        *([("changes", _changes(difference["changes"]))] if difference else []),
        *([("stays", _stays(difference["stays"]))] if difference and difference["stays"] else []),
        *([("steps", _steps(plan["steps"]))] if plan and plan["steps"] else []),
        ("findings", _findings(found)),
        ("who", _extent(policies)),
    ]
    links = [element("li", element("a", ", ".join(facts), href=f"#{name}")) for name, facts in entries]
    return element("nav", element("ul", *links), aria_label="On this page")


def _changes(changes: Sequence[ChangeJson]) -> list[str]:
    kinds = Counter(change["kind"] for change in changes)
    return [f"{kinds[kind]} {kind}" for kind in _KINDS if kinds[kind]] or ["no change"]


def _stays(told: Sequence[StayingJson]) -> list[str]:
    sure = sum(each["sure"] for each in told)
    return [
        *([f"{counted(sure, 'policy stays', 'policies stay')}"] if sure else []),
        *([f"{counted(len(told) - sure, 'policy may stay', 'policies may stay')}"] if sure < len(told) else []),
    ]


def _steps(told: Sequence[StepJson]) -> list[str]:
    return [f"{count} {action}" for action, count in Counter(each["action"] for each in told).items()]


def _findings(found: Sequence[FindingJson]) -> list[str]:
    open_ones = [counted(len(unacknowledged(found, severity)), severity) for severity in Severity]
    settled = len(found) - len(unacknowledged(found))
    return [*open_ones, f"{settled} acknowledged"] if settled else open_ones


def _extent(policies: Sequence[PolicyJson]) -> list[str]:
    places = {(policy["identity"], environment(policy, policy["stack"])) for policy in policies}
    effects = Counter(grant["effect"] for policy in policies for grant in policy["grants"])
    unknown = effects.total() - effects["Allow"] - effects["Deny"]
    return [
        counted(len(places), "identity", "identities"),
        counted(len(policies), "policy", "policies"),
        f"{effects['Allow']} allowed",
        f"{effects['Deny']} denied",
        *([f"{unknown} known to the deploy alone"] if unknown else []),
    ]
