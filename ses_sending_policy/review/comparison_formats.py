"""Writes a comparison as text, Markdown and JSON. The review page is written from that JSON."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from ses_sending_policy.analysis.grants.change import Change, ComparedGrant, Verdict
from ses_sending_policy.analysis.grants.request_sentence import request_sentence
from ses_sending_policy.analysis.grants.staying import Staying
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.intrinsics import name_of, text_of, unknown_functions
from ses_sending_policy.review.comparison import Comparison
from ses_sending_policy.review.explanation_formats import grant_json
from ses_sending_policy.review.json_text import json_text
from ses_sending_policy.review.markdown import code, comment, prose
from ses_sending_policy.review.text_output import TextOutput
from ses_sending_policy.review.unread import Unread
from ses_sending_policy.review.unread_formats import (
    counted_unread,
    part_json,
    unread_json,
    unread_markdown,
    unread_text,
)
from ses_sending_policy.rules.document import Json

_STYLES: Final = {Verdict.BROADENED: "error", Verdict.CHANGED: "error", Verdict.NARROWED: "acknowledged"}
_FROM: Final = "ses:fromaddress"
_REFERENCE: Final = re.compile(r"\$\{[^}]*\}")
_BULLETS: Final = {"before": "- ", "after": "+ "}
_WHAT: Final = {"Allow": "grant", "Deny": "denial"}
_WHICH: Final = {False: "policy no longer declared", True: "policy declared, and deleted by a call"}
# Added to the title of a grant that may not be new: two stacks may be in the same account, or a policy may stay.
_OR: Final = {"Allow": ", or there already", "Deny": ", or still there"}
_MEANING: Final = {
    Verdict.BROADENED: "something is allowed that was not before",
    Verdict.CHANGED: "something else is allowed than before, and it may be more",
    Verdict.NARROWED: "less is allowed than before, and nothing else",
    Verdict.UNCHANGED: "the same is allowed as before",
}


def summary(comparison: Comparison) -> str:
    """Return the verdict of all changes, and how many changes there are of each verdict."""
    told = [f"{count} {verdict}" for verdict, count in comparison.counts]
    for verb, count in Counter(each.verb for each in comparison.stays).items():
        told.append(
            f"{count} {'policy' if count == 1 else 'policies'} {verb if count == 1 else verb.removesuffix('s')}"
        )
    counts = ", ".join(filter(None, (*told, counted_unread(_parts(comparison)))))
    meaning = f"{comparison.verdict}: {_MEANING[comparison.verdict]}"
    return f"{meaning} ({counts})" if counts else meaning


def _parts(comparison: Comparison) -> list[Unread]:
    return [each.unread for each in comparison.unread]


def title(change: Change) -> str:
    """Return the title of a change, for instance "grant added"; if the grant may not be new, the title says so."""
    is_open = change.verdict is Verdict.CHANGED and change.may_be_there
    return f"{_WHAT.get(change.effect, 'statement')} {change.kind}{_OR.get(change.effect, '') if is_open else ''}"


def so(change: Change) -> str:
    """Return the words before a change's example request: "for example" if other From addresses pass too, else "so"."""
    keys = {key.lower(): value for key, value in change.witness.keys.items()} if change.witness else {}
    sender = keys.get(_FROM)
    before, after = (_addresses(each) for each in (change.grants_before, change.grants_after))
    more, less = (before, after) if change.effect == "Deny" else (after, before)
    return "so " if sender is None or {sender} in (more, more - less) else "for example "


def _addresses(grants: Sequence[ComparedGrant]) -> set[str]:
    """Return the From addresses and patterns in conditions of grants, else the identities that are email addresses."""
    conditions = (condition for each in grants for condition in each.grant.conditions)
    named = {value for each in conditions if each.key.lower() == _FROM for value in each.values}
    return named or {each.grant.identity for each in grants if "@" in each.grant.identity}


def _open(comparison: Comparison) -> str:
    """Return a line with the references in the listed grants that only the deploy can resolve; empty if none."""
    told: set[str] = set()
    for change in comparison.difference.changes:
        sentences = [entry.sentence for _, entry, _ in comparison.compared_grants(change)]
        witness = [request_sentence(change.witness, is_new=True)] if change.witness else []
        told.update(_REFERENCE.findall(" ".join([change.identity, *sentences, *witness])))
    policies = [*comparison.old.policies, *comparison.new.policies] if told else []
    # A policy variable such as `${aws:username}` looks like a reference, so references are looked up in the policies.
    names = {
        name_of(each)
        for policy in policies
        for each in unknown_functions([policy.document, policy.identity])
        if text_of(each) in told
    }
    return f"known only at the deploy: {', '.join(sorted(names))}" if names else ""


def comparison_text(comparison: Comparison, output: TextOutput) -> str:
    """Return each change with its grants before and after, and the verdict."""
    return "\n\n".join([*change_texts(comparison, output), output.lines(summary(comparison))]) + "\n"


def change_texts(comparison: Comparison, output: TextOutput) -> Iterator[str]:
    """Yield a block of text for each identity, and for each part that was not read."""
    yield from _text(comparison, output)
    yield from unread_text(_parts(comparison), output)


def _text(comparison: Comparison, output: TextOutput) -> Iterator[str]:
    for identity, changes in comparison.by_identity():
        lines = [output.lines(identity, style="bold")]
        for change in changes:
            verdict = output.styled(change.verdict, _STYLES[change.verdict])
            origin = f"policy {change.policy.name}, {comparison.origin(change)}"
            lines.append(f"  {verdict}: {title(change)}")
            lines.append(output.lines(origin, indent=4, style="dim"))
            lines += [
                output.lines(entry.sentence, indent=4, bullet=_BULLETS[side])
                for side, entry, _ in comparison.compared_grants(change)
            ]
            if change.witness:
                witness = request_sentence(change.witness, is_new=True)
                lines.append(output.lines(witness, indent=4, bullet=so(change)))
        yield "\n".join(lines)
    if _open(comparison):
        yield output.lines(_open(comparison))
    for identity, staying in comparison.staying_by_identity():
        lines = [output.lines(identity, style="bold")]
        for each in staying:
            origin = f"policy {each.policy.name}, {comparison.origin_of(each)}, for {each.stay.reason}"
            lines.append(f"  {output.styled(each.verb, 'warning')}: {_WHICH[each.is_declared]}")
            lines.append(output.lines(origin, indent=4, style="dim"))
            lines += [output.lines(told, indent=4, bullet="= ") for told, _ in each.grants]
        yield "\n".join(lines)


def comparison_markdown(comparison: Comparison) -> str:
    """Return each change with its grants before and after, as a comment on a pull request."""
    return comment("diff", [f"### Sending policies: {summary(comparison)}", *change_lines(comparison)])


def change_lines(comparison: Comparison) -> Iterator[str]:
    """Yield the changes as lines of Markdown, without the verdict."""
    for identity, changes in comparison.by_identity():
        yield from ("", f"**{prose(identity)}**", "")
        for change in changes:
            name = code(change.policy.name)
            yield f"- **{change.verdict}**: {title(change)}, policy {name}, {code(comparison.origin(change))}"
            yield from (f"  - {side}: {prose(entry.sentence)}" for side, entry, _ in comparison.compared_grants(change))
            if change.witness:
                yield f"  - {so(change)}{prose(request_sentence(change.witness, is_new=True))}"
    if _open(comparison):
        yield from ("", prose(_open(comparison)))
    for identity, staying in comparison.staying_by_identity():
        yield from ("", f"**{prose(identity)}**", "")
        for each in staying:
            name = code(each.policy.name)
            origin = code(comparison.origin_of(each))
            yield f"- **{each.verb}**: {_WHICH[each.is_declared]}, {name}, {origin}, for {prose(each.stay.reason)}"
            yield from (f"  - {prose(told)}" for told, _ in each.grants)
    yield from unread_markdown(_parts(comparison))


def comparison_json(comparison: Comparison) -> str:
    """Return the comparison as `schemas/diff.schema.json` describes it."""
    return json_text(comparison_data(comparison))


def comparison_data(comparison: Comparison) -> dict[str, Json]:
    """Return the comparison as the object that its JSON is written from."""
    changes = [_change(comparison, change) for change in comparison.difference.changes]
    stays = [_staying(comparison, each) for each in comparison.stays]
    unread = [part_json(each.unread) | {"before": each.before, "after": each.after} for each in comparison.unread]
    verdict = comparison.verdict
    found: dict[str, Json] = {
        "version": 1,
        "verdict": verdict,
        "may_allow_more": verdict.may_allow_more,
        "changes": changes,
    }
    found |= {"stays": stays}
    return found | unread_json(_parts(comparison)) | {"unread": unread}


def verdict_json(change: Change, *, is_new: bool = True) -> dict[str, Json]:
    """Return the verdict of a change, with an example request that shows what changes.

    :param is_new: whether the request was refused before the change. `drift` knows only that no declared policy allows
        it. Default: - it was refused.
    """
    request = change.witness
    witness = request and {**request.as_json(), "sentence": request_sentence(request, is_new=is_new)}
    return {"verdict": change.verdict, "may_allow_more": change.verdict.may_allow_more, "witness": witness}


def _change(comparison: Comparison, change: Change) -> Json:
    sides = list(comparison.compared_grants(change))
    return {
        "kind": change.kind,
        **verdict_json(change),
        "account": change.place.account or None,
        "region": change.place.region or None,
        "identity": change.identity,
        "policy": _policy(change.policy, comparison.path(change)),
        "before": [_grant(entry, path) for side, entry, path in sides if side == "before"],
        "after": [_grant(entry, path) for side, entry, path in sides if side == "after"],
        "sentence": change.sentence,
    }


def _staying(comparison: Comparison, staying: Staying) -> Json:
    policy = staying.policy
    told = _policy(policy, comparison.path_of(staying))
    return {
        "account": policy.environment.account,
        "region": policy.environment.region,
        "identity": policy.identity_text,
        "policy": told,
        "reason": staying.stay.reason,
        "sure": staying.stay.is_sure,
        "grants": [grant_json(grant) | {"sentence": words, "policy": told} for words, grant in staying.grants],
        "sentence": staying.sentence,
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


def _grant(entry: ComparedGrant, path: str) -> Json:
    return grant_json(entry.grant) | {"sentence": entry.sentence, "policy": _policy(entry.policy, path)}
