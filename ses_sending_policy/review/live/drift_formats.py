"""Writes the result of `drift` as text, Markdown, JSON and JUnit XML."""

from collections.abc import Iterator, Sequence
from typing import Final
from xml.etree import ElementTree as ET

from ses_sending_policy.analysis.grants.change import Change, ComparedGrant
from ses_sending_policy.analysis.grants.request_sentence import request_sentence
from ses_sending_policy.review.comparison_formats import so, title, verdict_json
from ses_sending_policy.review.explanation_formats import grant_json
from ses_sending_policy.review.json_text import json_text
from ses_sending_policy.review.junit import element, written
from ses_sending_policy.review.live.declared_policies import DeclaredPolicy, places
from ses_sending_policy.review.live.drift import Drifted, DriftResult
from ses_sending_policy.review.markdown import code, comment, prose
from ses_sending_policy.review.text_output import TextOutput, shown
from ses_sending_policy.rules.document import Json
from ses_sending_policy.rules.drift import State

_STYLES: Final = {
    State.IN_SYNC: "acknowledged",
    State.UNDECIDED: "warning",
    State.CHANGED: "error",
    State.MISSING: "error",
    State.FOREIGN: "error",
    State.UNDECLARED: "warning",
}
_BULLETS: Final = {"declared": "- ", "live": "+ "}
_NOTHING: Final = "no sending policy is declared"


def summary(drift: DriftResult) -> str:
    """Return how many policies have each state, and how many identities were read."""
    counts = ", ".join(f"{count} {state}" for state, count in drift.counts)
    looked = f"{drift.identities} {'identity' if drift.identities == 1 else 'identities'} looked at"
    looked += f", {len(drift.unread)} not" if drift.unread else ""
    return f"{counts}; {looked}" if counts else f"{_NOTHING}; {looked}"


def notes(drifted: Drifted) -> Iterator[str]:
    """Yield sentences about a policy, besides its grants."""
    marker = drifted.found.marker
    if not drifted.has_identity:
        yield "there is no such identity"
    if drifted.lacks_marker:
        yield "its owner's marker is gone: the next deploy that changes it writes it anew"
    if drifted.state is State.UNDECIDED:
        yield f"only the deploy knows {', '.join(drifted.unknown)}{_advice(drifted)}"
        yield from (f"it may be that {sentence}" for sentence in drifted.taken)
    if drifted.state is State.FOREIGN and marker:
        same = "says something else" if drifted.found.differences else "says the same"
        yield f"it belongs to {marker.owner}, and {same}"
    if drifted.state is State.UNDECLARED:
        yield f"it belongs to {marker.owner}" if marker else "nobody's marker is on it"
    if drifted.state is State.CHANGED and not drifted.changes:
        yield "the same is allowed in other words: " + ", ".join(drifted.found.differences)


def _advice(drifted: Drifted) -> str:
    declaration = drifted.declaration
    # A policy with an owner token comes from a deployed stack, which was asked already.
    if declaration is None or declaration.token:
        return ""
    return f": ask the deployed stack with --stack {declaration.policy.stack_name}".rstrip()


def _title(drifted: Drifted) -> str:
    origin = f", {drifted.declaration.origin}" if drifted.declaration else ""
    return f"policy {drifted.policy_name}{origin}"


def _compared_grants(change: Change) -> Iterator[tuple[str, ComparedGrant]]:
    """Yield each grant of a change: `declared` or `live`, and the grant."""
    for side, grants in (("declared", change.grants_before), ("live", change.grants_after)):
        for entry in grants:
            yield side, entry


def _elsewhere(drift: DriftResult) -> Iterator[str]:
    """Yield a sentence for each other account and region that policies are declared for."""
    by_place: dict[str, list[DeclaredPolicy]] = {}
    for each in drift.elsewhere:
        by_place.setdefault(places([each])[0], []).append(each)
    for place, declarations in sorted(by_place.items()):
        count = f"{len(declarations)} {'policy is' if len(declarations) == 1 else 'policies are'}"
        yield f"{count} declared for {place}, and not looked at"


def drift_text(drift: DriftResult, output: TextOutput) -> str:
    """Return the policies that are not in sync, and how many policies have each state."""
    end = [output.lines(each) for each in (*_elsewhere(drift), summary(drift))]
    return "\n\n".join([*_text(drift, output), "\n".join(end)]) + "\n"


def _text(drift: DriftResult, output: TextOutput) -> Iterator[str]:
    for identity, policies in drift.by_identity():
        lines = [output.lines(identity, style="bold")]
        for each in policies:
            told = output.lines(_title(each), indent=2, bullet=f"{each.state}: ")
            lines.append(told.replace(each.state, output.styled(each.state, _STYLES[each.state]), 1))
            lines += [output.lines(note, indent=4, style="dim") for note in notes(each)]
            for change in each.changes:
                lines.append(f"    {change.verdict}: {title(change)}")
                lines += [
                    output.lines(entry.sentence, indent=4, bullet=_BULLETS[side])
                    for side, entry in _compared_grants(change)
                ]
                if change.witness:
                    witness = request_sentence(change.witness, is_new=False)
                    lines.append(output.lines(witness, indent=4, bullet=so(change)))
        yield "\n".join(lines)


def drift_markdown(drift: DriftResult) -> str:
    """Return the policies that are not in sync, and the number of policies per state, as Markdown for a comment."""
    return comment("drift", _markdown(drift))


def _markdown(drift: DriftResult) -> Iterator[str]:
    yield f"### Sending policies of account {drift.account} in {drift.region}: {summary(drift)}"
    yield from _items((*drift.reasons, *_elsewhere(drift)))
    for identity, policies in drift.by_identity():
        yield from ("", f"**{prose(identity)}**", "")
        for each in policies:
            origin = f", {code(each.declaration.origin)}" if each.declaration else ""
            yield f"- **{each.state}**: policy {code(each.policy_name)}{origin}"
            yield from (f"  - {prose(note)}" for note in notes(each))
            for change in each.changes:
                yield f"  - **{change.verdict}**: {title(change)}"
                yield from (f"    - {side}: {prose(entry.sentence)}" for side, entry in _compared_grants(change))
                if change.witness:
                    yield f"    - {so(change)}{prose(request_sentence(change.witness, is_new=False))}"


def _items(sentences: Sequence[str]) -> Iterator[str]:
    if sentences:
        yield ""
        yield from (f"- {prose(each)}" for each in sentences)


def drift_json(drift: DriftResult) -> str:
    """Return the result for all policies as `schemas/drift.schema.json` describes it."""
    found = {
        "version": 1,
        "account": drift.account,
        "region": drift.region,
        "complete": not drift.unread,
        "policies": [_policy(each) for each in drift.policies],
        "unread": [{"identity": identity, "reason": reason} for identity, reason in drift.unread.items()],
        "elsewhere": [
            {
                "account": each.policy.environment.account,
                "region": each.policy.environment.region,
                "identity": each.policy.identity_text,
                **_declaration(each),
            }
            for each in drift.elsewhere
        ],
    }
    return json_text(found)


def _declaration(declaration: DeclaredPolicy) -> dict[str, Json]:
    policy = declaration.policy
    return {"stack": policy.stack, "logical_id": policy.logical_id, "path": declaration.path or None}


def _policy(drifted: Drifted) -> Json:
    marker = drifted.found.marker
    owner = marker and {"stack": marker.stack_name, "logical_id": marker.logical_id, "adopted": marker.adopted}
    return {
        "identity": drifted.identity,
        "policy_name": drifted.policy_name,
        "state": drifted.state,
        "declared": _declaration(drifted.declaration) if drifted.declaration else None,
        "owner": owner,
        "lacks_marker": drifted.lacks_marker,
        "unknown": list(drifted.unknown),
        "taken": list(drifted.taken),
        "differences": list(drifted.found.differences),
        "changes": [_change(each) for each in drifted.changes],
    }


def _change(change: Change) -> Json:
    sides = list(_compared_grants(change))
    return {
        "kind": change.kind,
        **verdict_json(change, is_new=False),
        "before": [_grant(entry) for side, entry in sides if side == "declared"],
        "after": [_grant(entry) for side, entry in sides if side == "live"],
        "sentence": change.sentence,
    }


def _grant(entry: ComparedGrant) -> Json:
    return grant_json(entry.grant) | {"sentence": entry.sentence}


def drift_junit(drift: DriftResult) -> str:
    """Return a test for each policy, and one with an error for each identity that was not read.

    A policy that makes `drift` fail is a failure. Any other passes; if it is not in sync, its state is the output.
    """
    suite = ET.Element("testsuite", name=f"sending-policy drift {drift.account} {drift.region}")
    for each in drift.policies:
        _add_case(suite, each, fails=drift.fails_for(each))
    for identity, reason in drift.unread.items():
        case = element(suite, "testcase", classname=identity, name="policies")
        element(case, "error", type="unread", message=reason)
    failures = sum(map(drift.fails_for, drift.policies))
    return written(suite, failures=failures, errors=len(drift.unread), skipped=0)


def _add_case(suite: ET.Element, drifted: Drifted, *, fails: bool) -> None:
    case = element(suite, "testcase", classname=drifted.identity, name=f"policy {drifted.policy_name}")
    told = "; ".join(_sentences(drifted))
    if fails:
        failure = element(case, "failure", type=drifted.state, message=told)
        failure.text = shown(drifted.declaration.origin) if drifted.declaration else ""
    elif drifted.state is not State.IN_SYNC or drifted.lacks_marker:
        element(case, "system-out").text = shown(told)


def _sentences(drifted: Drifted) -> Iterator[str]:
    yield drifted.state
    yield from notes(drifted)
    for change in drifted.changes:
        yield change.sentence
        yield from [f"{so(change)}{request_sentence(change.witness, is_new=False)}"] if change.witness else []
