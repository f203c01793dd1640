"""The identities, and who may send as each."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Final

from ses_sending_policy.review.html.grants import exact, said
from ses_sending_policy.review.html.layout import counted, disclosure, muted, row, rows, section
from ses_sending_policy.review.html.markup import Html, element, joined
from ses_sending_policy.review.html.places import environment, owner
from ses_sending_policy.review.html.shapes import Policy

_EFFECTS: Final = {"Allow": "Allowed", "Deny": "Denied"}
_UNKNOWN: Final = "Known to the deploy alone"


def anchors(policies: Sequence[Policy]) -> dict[str, str]:
    """Return what links call the policy of each owner."""
    return {owner(policy): f"policy-{number}" for number, policy in enumerate(_sorted(policies), start=1)}


def identities(policies: Sequence[Policy], title: str) -> Html:
    """Return each identity with who may send as it, or that there is none.

    :param title: the heading.
    """
    if not policies:
        return section("who", title, element("p", "No sending policy is declared: nobody is let in by one."))
    names = anchors(policies)
    groups = [list(group) for _, group in groupby(_sorted(policies), key=_identity)]
    return section("who", title, rows(*(_entry(group, names) for group in groups)))


def _sorted(policies: Sequence[Policy]) -> list[Policy]:
    return sorted(policies, key=lambda policy: (_identity(policy), policy["policy_name"], owner(policy)))


def _identity(policy: Policy) -> tuple[str, str]:
    return policy["identity"], environment(policy)


def _entry(policies: Sequence[Policy], names: Mapping[str, str]) -> Html:
    identity, place = _identity(policies[0])
    margin = joined(element("h3", identity), muted(place or "account and region unknown"))
    told = [
        (grant["effect"], joined(said(grant), *([muted(f"by {policy['policy_name']}")] if len(policies) > 1 else [])))
        for policy in policies
        for grant in policy["grants"]
    ]
    groups = [
        _group(heading, [each for effect, each in told if _EFFECTS.get(effect, _UNKNOWN) == heading])
        for heading in (*_EFFECTS.values(), _UNKNOWN)
    ]
    nothing = [] if told else [element("p", "Nobody: its policies have no statements.")]
    return row("", margin, *nothing, *groups, *(_policy(policy, names[owner(policy)]) for policy in policies))


def _group(heading: str, lines: Sequence[Html]) -> Html:
    if not lines:
        return joined()
    return joined(
        element("h4", heading), element("ul", *(element("li", line) for line in sorted(lines)), class_="grants")
    )


def _policy(policy: Policy, name: str) -> Html:
    title = f"Policy {policy['policy_name']}, {counted(len(policy['grants']), 'grant')}"
    return disclosure(title, muted(owner(policy), policy["path"]), exact(policy["grants"]), name=name)
