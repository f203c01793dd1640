"""What a deploy does, as text, Markdown and JSON: the change of grants as `diff` writes it, and the steps at SES."""

from collections.abc import Iterator
from typing import Final

from ses_sending_policy.analysis.findings.services import COGNITO
from ses_sending_policy.review.comparison_formats import change_lines, change_texts, comparison_value, summary
from ses_sending_policy.review.json_text import json_text
from ses_sending_policy.review.live.declaration import places
from ses_sending_policy.review.live.forecast import Action
from ses_sending_policy.review.live.plan import Bystander, Plan, service_of
from ses_sending_policy.review.live.planned import Planned
from ses_sending_policy.review.markdown import code, comment, prose
from ses_sending_policy.review.paper import Paper
from ses_sending_policy.rules.document import Json, LivePolicy
from ses_sending_policy.rules.drift import State

_STYLES: Final = {
    Action.REFUSE: "error",
    Action.OVERWRITE: "error",
    Action.UNDECIDED: "warning",
    Action.LEAVE: "warning",
    Action.KEEP: "dim",
    Action.NOTHING: "warning",
}
_WRITES: Final = (Action.CREATE, Action.REPLACE, Action.UPDATE, Action.ADOPT, Action.OVERWRITE)

# What somebody did since the last deploy, and what the next one does about that, where it writes and where not.
_DRIFT: Final = {
    State.MISSING: ("somebody deleted it at SES", "it is made again", "it stays away"),
    State.CHANGED: ("somebody changed it at SES", "that is written over", "it stays as it is"),
    State.FOREIGN: ("somebody else took it at SES", "it is taken back", "it stays theirs"),
}


def notes(plan: Plan, planned: Planned) -> Iterator[str]:
    """Yield what is to be said of a step, a sentence each."""
    step, outcome = planned.step, planned.step.outcome
    if outcome.why:
        yield f"{outcome.reason}: {outcome.why}" if outcome.reason else outcome.why
    if step.former:
        yield f"in place of {step.former}"
    if outcome.action in (Action.ADOPT, Action.OVERWRITE):
        yield _whose(outcome.live)
    if outcome.action is Action.OVERWRITE:
        yield "its whole text goes to the function's log, and is written over"
    if outcome.action is Action.KEEP:
        yield "SES holds it already, and nothing is written"
    if planned.drifted and planned.has_drifted and outcome.action not in (Action.REFUSE, Action.UNDECIDED):
        did, written, left = _DRIFT[planned.drifted.state]
        different = ", ".join(planned.drifted.found.differences)
        comes = written if outcome.action in _WRITES else left
        comes = f"no event comes, and {left}" if outcome.action is Action.NOTHING else comes
        comes = "it goes all the same" if outcome.action is Action.DELETE else comes
        yield f"{did} since the last deploy: {comes}" + (f": {different}" if different else "")
    others = {each.step.stack_name for each in plan.told if each.step.target and each.step.target == step.target} - {
        step.stack_name
    }
    if others:
        yield f"stack {', '.join(sorted(others))} has a step for it as well: which comes first decides"


def _whose(live: LivePolicy | None) -> str:
    service = service_of(live)
    if service == COGNITO:
        # It asks for nothing that a person would not write for it as well.
        return f"it is for {service} alone, whose console may have put it there"
    if service:
        return f"{service} put it there for itself"
    return f"it belongs to {live.owner}" if live and live.owner else "nobody's marker is on it"


def forecast_summary(plan: Plan) -> str:
    """Return how many steps there are of each kind, and which stacks fail."""
    counts = ", ".join(f"{count} {action}" for action, count in plan.counts) or "nothing to do"
    refused = dict.fromkeys(each.step.stack_name for each in plan.planned if each.step.outcome.action is Action.REFUSE)
    fails = f": the deploy of stack {', '.join(refused)} fails, and is rolled back" if refused else ""
    looked = len(plan.reading.policies)
    return f"at SES: {counts}{fails}; {looked} {'identity' if looked == 1 else 'identities'} looked at"


def _stacks(plan: Plan) -> Iterator[tuple[str, list[Planned]]]:
    """Yield the steps of each stack, under what people call it."""
    found: dict[str, list[Planned]] = {}
    for each in plan.told:
        found.setdefault(each.step.stack_name, []).append(each)
    for name, told in found.items():
        stack = plan.deployed.stacks.get((name, ""))
        yield f"stack {name}, {stack.status if stack else 'not deployed yet'}, at SES", told


def _title(planned: Planned) -> str:
    step = planned.step
    return f"policy {step.policy_name} on {step.identity}, {planned.origin}"


def _bystander(each: Bystander) -> str:
    return f"policy {each.policy_name} on {each.identity}: {_whose(each.live)}"


def _parameters(plan: Plan) -> Iterator[str]:
    for (stack, name), is_kept in plan.parameters.items():
        what = "keeps the value that it has" if is_kept else "has its default"
        yield f"parameter {name} of stack {stack} {what}, unless --parameters gives another"


def _elsewhere(plan: Plan) -> Iterator[str]:
    for place in places(plan.elsewhere):
        yield f"what is declared for {place} is not looked at"


_LEFT_ALONE: Final = "on the same identities, and left alone"


def plan_text(plan: Plan, paper: Paper) -> str:
    """Return what becomes of each grant, what the deploy does at SES, and what both mean."""
    said = (*_elsewhere(plan), *_parameters(plan), summary(plan.comparison), forecast_summary(plan))
    end = [paper.lines(each) for each in said]
    return "\n\n".join([*change_texts(plan.comparison, paper), *_text(plan, paper), "\n".join(end)]) + "\n"


def _text(plan: Plan, paper: Paper) -> Iterator[str]:
    for heading, told in _stacks(plan):
        lines = [paper.lines(heading, style="bold")]
        for each in told:
            action = each.step.outcome.action
            line = paper.lines(_title(each), indent=2, bullet=f"{action}: ")
            lines.append(line.replace(action, paper.styled(action, _STYLES.get(action, "")), 1))
            lines += [paper.lines(note, indent=4, style="dim") for note in notes(plan, each)]
        yield "\n".join(lines)
    if plan.bystanders:
        lines = [paper.lines(_bystander(each), indent=2) for each in plan.bystanders]
        yield "\n".join([paper.lines(_LEFT_ALONE, style="bold"), *lines])


def plan_markdown(plan: Plan) -> str:
    """Return the same as a comment on a pull request, or a page of a build."""
    return comment("plan", _markdown(plan))


def _markdown(plan: Plan) -> Iterator[str]:
    yield f"### Deploy to account {plan.account} in {plan.region}: {summary(plan.comparison)}"
    said = (*plan.unseen, *_elsewhere(plan), *_parameters(plan), forecast_summary(plan))
    yield from ("", *(f"- {prose(each)}" for each in said))
    yield from change_lines(plan.comparison)
    for heading, told in _stacks(plan):
        yield from ("", f"**{prose(heading)}**", "")
        for each in told:
            step = each.step
            name, identity = code(step.policy_name), code(step.identity)
            yield f"- **{step.outcome.action}**: policy {name} on {identity}, {code(each.origin)}"
            yield from (f"  - {prose(note)}" for note in notes(plan, each))
    if plan.bystanders:
        yield from ("", f"**{_LEFT_ALONE}**", "", *(f"- {prose(_bystander(each))}" for each in plan.bystanders))


def plan_json(plan: Plan) -> str:
    """Return the plan as `schemas/plan.schema.json` describes it."""
    found: dict[str, Json] = {"account": plan.account, "region": plan.region, **comparison_value(plan.comparison)}
    found |= {
        "complete": found["complete"] and not plan.unseen,
        "refused": plan.is_refused,
        "steps": [_step(plan, each) for each in plan.told],
        "bystanders": [
            {"identity": each.identity, "policy_name": each.policy_name, **_owner(each.live)}
            for each in plan.bystanders
        ],
        "unseen": plan.unseen,
        "elsewhere": list(_elsewhere(plan)),
        "parameters": list(_parameters(plan)),
        "seen": plan.fingerprint.as_json(),
    }
    return json_text(found)


def _step(plan: Plan, planned: Planned) -> Json:
    step, outcome = planned.step, planned.step.outcome
    former = step.former
    return {
        "action": outcome.action,
        "event": step.event or None,
        "stack": step.stack_name,
        "logical_id": step.place[1],
        "path": planned.path or None,
        "identity": step.identity,
        "policy_name": step.policy_name,
        "former": former and {"identity": former.identity.name, "policy_name": former.policy_name},
        "reason": outcome.reason or None,
        **_owner(outcome.live),
        "drift": planned.drifted.state if planned.drifted else None,
        "sentences": list(notes(plan, planned)),
    }


def _owner(live: LivePolicy | None) -> dict[str, Json]:
    marker = live.marker if live else None
    owner = marker and {"stack": marker.stack_name, "logical_id": marker.logical_id, "adopted": marker.adopted}
    return {"owner": owner, "service": service_of(live) or None}
