"""A comparison as text, Markdown and JSON."""

import json
from collections.abc import Iterator
from typing import Final

from ses_sending_policy.analysis.grants.change import Change, Standing, Verdict
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.review.comparison import Comparison
from ses_sending_policy.review.explanation_formats import grant_json
from ses_sending_policy.review.markdown import code, comment, prose
from ses_sending_policy.review.paper import Paper
from ses_sending_policy.rules.document import Json

_STYLES: Final = {Verdict.BROADENED: "error", Verdict.CHANGED: "warning", Verdict.NARROWED: "acknowledged"}
_BULLETS: Final = {"before": "- ", "after": "+ "}
_WHAT: Final = {"Allow": "grant", "Deny": "denial"}
_MEANING: Final = {
    Verdict.BROADENED: "something is allowed that was not before",
    Verdict.CHANGED: "something else is allowed than before, and it may be more",
    Verdict.NARROWED: "less is allowed than before, and nothing else",
    Verdict.UNCHANGED: "the same is allowed as before",
}


def summary(comparison: Comparison) -> str:
    """Return what the changes mean together, and how many there are of each verdict."""
    counts = ", ".join(f"{count} {verdict}" for verdict, count in comparison.counts)
    meaning = f"{comparison.verdict}: {_MEANING[comparison.verdict]}"
    return f"{meaning} ({counts})" if counts else meaning


def title(change: Change) -> str:
    """Return what a change is of, and of which kind."""
    return f"{_WHAT.get(change.effect, 'statement')} {change.kind}"


def comparison_text(comparison: Comparison, paper: Paper) -> str:
    """Return each change with what there was and what there is, and what they mean together."""
    return "\n\n".join([*_text(comparison, paper), paper.lines(summary(comparison))]) + "\n"


def _text(comparison: Comparison, paper: Paper) -> Iterator[str]:
    for identity, changes in comparison.by_identity():
        lines = [paper.lines(identity, style="bold")]
        for change in changes:
            verdict = paper.styled(change.verdict, _STYLES[change.verdict])
            origin = f"policy {change.policy.name}, {comparison.origin(change)}"
            lines.append(f"  {verdict}: {title(change)}")
            lines.append(paper.lines(origin, indent=4, style="dim"))
            lines += [
                paper.lines(standing.sentence, indent=4, bullet=_BULLETS[side])
                for side, standing, _ in comparison.sides(change)
            ]
        yield "\n".join(lines)


def comparison_markdown(comparison: Comparison) -> str:
    """Return each change with what there was and what there is, as a comment on a pull request."""
    return comment("diff", _markdown(comparison))


def _markdown(comparison: Comparison) -> Iterator[str]:
    yield f"### Sending policies: {summary(comparison)}"
    for identity, changes in comparison.by_identity():
        yield from ("", f"**{prose(identity)}**", "")
        for change in changes:
            name = code(change.policy.name)
            yield f"- **{change.verdict}**: {title(change)}, policy {name}, {code(comparison.origin(change))}"
            yield from (f"  - {side}: {prose(standing.sentence)}" for side, standing, _ in comparison.sides(change))


def comparison_json(comparison: Comparison) -> str:
    """Return the comparison as `schemas/diff.schema.json` describes it."""
    changes = [_change(comparison, change) for change in comparison.difference.changes]
    found = {"version": 1, "verdict": comparison.verdict, "changes": changes}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _change(comparison: Comparison, change: Change) -> Json:
    sides = list(comparison.sides(change))
    return {
        "kind": change.kind,
        "verdict": change.verdict,
        "account": change.place.account or None,
        "region": change.place.region or None,
        "identity": change.identity,
        "policy": _policy(change.policy, comparison.path(change)),
        "before": [_grant(standing, path) for side, standing, path in sides if side == "before"],
        "after": [_grant(standing, path) for side, standing, path in sides if side == "after"],
        "sentence": change.sentence,
    }


def _policy(policy: Declared, path: str) -> Json:
    return {
        "stack": policy.stack,
        "logical_id": policy.logical_id,
        "path": path or None,
        "identity": policy.identity_text,
        "policy_name": policy.name,
        "conditional": policy.is_conditional,
        "condition": policy.condition or None,
        "defaults": dict(policy.defaults),
    }


def _grant(standing: Standing, path: str) -> Json:
    return grant_json(standing.grant) | {"sentence": standing.sentence, "policy": _policy(standing.policy, path)}
