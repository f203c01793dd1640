"""Writes an explanation as text, Markdown, JSON and the HTML review page."""

from collections.abc import Iterator, Mapping
from typing import cast

from ses_sending_policy.analysis.grants.grant import Grant
from ses_sending_policy.review.check import CheckResult
from ses_sending_policy.review.check_formats import check_data
from ses_sending_policy.review.explanation import Explained, Explanation
from ses_sending_policy.review.heading import Heading
from ses_sending_policy.review.html.page import page
from ses_sending_policy.review.html.page_json import DifferenceJson, ExplainedJson, FindingsJson, PlanJson
from ses_sending_policy.review.json_text import json_text
from ses_sending_policy.review.markdown import code, comment, prose
from ses_sending_policy.review.text_output import TextOutput
from ses_sending_policy.review.unread_formats import unread_json, unread_markdown, unread_text
from ses_sending_policy.rules.document import Json

_NOTHING = "no sending policy is declared"
_NO_GRANT = "nothing is allowed or denied"


def explanation_text(explanation: Explanation, output: TextOutput) -> str:
    """Return the sentences of each policy, under its identity."""
    found = list(_text(explanation, output)) if explanation.policies else [_NOTHING]
    return "\n\n".join([*found, *unread_text(explanation.reviewed.unread, output)]) + "\n"


def _text(explanation: Explanation, output: TextOutput) -> Iterator[str]:
    for identity, policies in explanation.by_identity():
        lines = [output.lines(identity, style="bold")]
        for each in policies:
            title = ", ".join([each.name, each.origin, *each.policy.provisos])
            lines.append(output.lines(title, indent=2, bullet="policy ", style="dim"))
            lines += [output.lines(sentence, indent=4, bullet="- ") for sentence in _sentences(each)]
        yield "\n".join(lines)


def explanation_markdown(explanation: Explanation) -> str:
    """Return the sentences of each policy as a comment on a pull request."""
    return comment("explain", _markdown(explanation))


def _markdown(explanation: Explanation) -> Iterator[str]:
    yield "### Who may send as what"
    if not explanation.policies:
        yield from ("", _NOTHING)
    for identity, policies in explanation.by_identity():
        yield from ("", f"**{prose(identity)}**", "")
        for each in policies:
            yield ", ".join([f"- policy {code(each.name)}", code(each.origin), *map(prose, each.policy.provisos)])
            yield from (f"  - {prose(sentence)}" for sentence in _sentences(each))
    yield from unread_markdown(explanation.reviewed.unread)


def _sentences(explained: Explained) -> list[str]:
    return [sentence for sentence, *_ in explained.grants] or [_NO_GRANT]


def explanation_json(explanation: Explanation) -> str:
    """Return the explanation as `schemas/explain.schema.json` describes it."""
    return json_text(explanation_data(explanation))


def explanation_data(explanation: Explanation) -> dict[str, Json]:
    """Return the explanation as the object that the JSON of `explanation_json` is written from."""
    policies = [_policy(each) for each in explanation.policies]
    return {"version": 1, "policies": policies} | unread_json(explanation.reviewed.unread)


def review_page(
    explanation: Explanation, check: CheckResult, difference: Mapping[str, Json] | None, heading: Heading
) -> str:
    """Return the review page. It is made from the JSON of the commands, so everything on it is in the JSON too.

    :param difference: the object of the JSON of `diff` or `plan`; None for a page that compares nothing.
    """
    return page(
        cast("ExplainedJson", explanation_data(explanation)),
        cast("FindingsJson", check_data(check)),
        cast("DifferenceJson | PlanJson | None", difference),
        heading,
    )


def _policy(explained: Explained) -> Json:
    policy = explained.policy
    return {
        "stack": policy.stack,
        "logical_id": policy.logical_id,
        "path": explained.path or None,
        "account": policy.environment.account,
        "region": policy.environment.region,
        "identity": policy.identity_text,
        "policy_name": explained.name,
        "conditional": policy.is_conditional,
        "condition": policy.condition or None,
        "defaults": dict(policy.defaults),
        "grants": [
            grant_json(grant)
            | {
                "sentence": sentence,
                "hidden_for": [{"identity": each.identity, "conditional": not each.is_sure} for each in hidden],
            }
            for sentence, grant, hidden in explained.grants
        ],
    }


def grant_json(grant: Grant) -> dict[str, Json]:
    """Return a grant as the schemas describe it, without its sentence."""
    return {
        "effect": grant.effect,
        "principals": [{"kind": kind, "value": name} for kind, name in grant.principals],
        "actions": list(grant.actions),
        "conditions": [
            {"operator": each.operator, "key": each.key, "values": list(each.values)} for each in grant.conditions
        ],
        "unknown_conditions": grant.is_open,
    }
