"""The section of the review page with the identities, and who may send as each."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from ses_sending_policy.review.html.grants import exact, said
from ses_sending_policy.review.html.layout import counted, disclosure, muted, row, rows, section
from ses_sending_policy.review.html.markup import Html, element, joined
from ses_sending_policy.review.html.page_json import GrantJson, PolicyJson
from ses_sending_policy.review.html.policy_labels import environment, named, owner

_EFFECTS: Final = {"Allow": "Allowed", "Deny": "Denied"}
_UNKNOWN: Final = "Known to the deploy alone"


def anchors(policies: Sequence[PolicyJson]) -> dict[str, str]:
    """Return the link target of each policy, by its stack and logical id; for a policy with variants, the last one."""
    return {owner(policy): name for name, policy in _named(policies)}


def identities(policies: Sequence[PolicyJson], title: str) -> Html:
    """Return the section: each identity with who may send as it, or a sentence that no policy is declared.

    :param title: the heading of the section.
    """
    if not policies:
        return section("who", title, element("p", "No sending policy is declared: nobody is let in by one."))
    groups = groupby(_named(policies), key=lambda each: _identity(each[1]))
    return section("who", title, rows(*(_entry(*identity, list(group)) for identity, group in groups)))


def _named(policies: Sequence[PolicyJson]) -> Iterator[tuple[str, PolicyJson]]:
    ordered = sorted(policies, key=lambda policy: (_identity(policy), policy["policy_name"], owner(policy)))
    return ((f"policy-{number}", policy) for number, policy in enumerate(ordered, start=1))


def _identity(policy: PolicyJson) -> tuple[str, str]:
    return policy["identity"], environment(policy, policy["stack"])


def _entry(identity: str, place: str, policies: Sequence[tuple[str, PolicyJson]]) -> Html:
    lines = sorted((_heading(grant), _line(grant, policy)) for _, policy in policies for grant in policy["grants"])
    groups = [
        _group(heading, [line for _, line in group]) for heading, group in groupby(lines, key=lambda each: each[0])
    ]
    return row(
        joined(element("h3", identity), muted(place)),
        *(groups or [element("p", "Nobody: its policies have no statements.")]),
        *(_disclosure(name, policy) for name, policy in policies),
    )


def _heading(grant: GrantJson) -> str:
    # The page sorts grants by their headings: "Allowed", "Denied", "Known to the deploy alone".
    return _EFFECTS.get(grant["effect"], _UNKNOWN)


def _line(grant: GrantJson, policy: PolicyJson) -> Html:
    told = policy["condition"]
    condition = f"only where {told} {'are' if ' and ' in told else 'is'} true" if told else ""
    defaults = [f"with the default {value} of parameter {name}" for name, value in policy["defaults"].items()]
    return element("li", said(grant), muted(f"policy {policy['policy_name']}", condition, *defaults))


def _group(heading: str, lines: Sequence[Html]) -> Html:
    return joined(element("h4", heading), element("ul", *lines, class_="grants"))


def _disclosure(name: str, policy: PolicyJson) -> Html:
    title = f"Policy {policy['policy_name']}, {counted(len(policy['grants']), 'grant')}"
    return disclosure(title, muted(named(policy)), exact(policy["grants"]), name=name)
