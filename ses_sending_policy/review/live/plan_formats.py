"""Writes a plan in each format: the changes of grants as `diff` writes them, and the steps at SES."""

from collections.abc import Iterator, Sequence
from typing import Final

from ses_sending_policy.analysis.findings.services import COGNITO
from ses_sending_policy.review.comparison_formats import change_lines, change_texts, comparison_data, summary
from ses_sending_policy.review.json_text import json_text
from ses_sending_policy.review.live.declared_policies import places
from ses_sending_policy.review.live.forecast import Action
from ses_sending_policy.review.live.plan import Bystander, Plan, service_of
from ses_sending_policy.review.live.planned_steps import PlannedStep, without
from ses_sending_policy.review.live.steps import Step
from ses_sending_policy.review.markdown import code, comment, prose
from ses_sending_policy.review.text_output import TextOutput
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
_MOST_NAMES: Final = 5
"""How many policies are named in a list that may have hundreds."""
_MOST_GRANTS: Final = 3
_WRITES: Final = (Action.CREATE, Action.REPLACE, Action.UPDATE, Action.ADOPT, Action.OVERWRITE)

# For each state of a policy: what happened to it at SES since the last deploy, what a deploy that writes the policy
# does, and what one that does not write it leaves.
_DRIFT: Final = {
    State.MISSING: ("somebody deleted it at SES", "it is made again", "it stays away"),
    State.CHANGED: ("somebody changed it at SES", "that is written over", "it stays as it is"),
    State.FOREIGN: ("somebody else took it at SES", "it is taken back", "it stays theirs"),
}


def notes(planned: PlannedStep) -> Iterator[str]:
    """Yield sentences about a step."""
    step, outcome = planned.step, planned.step.outcome
    if outcome.why:
        yield f"{outcome.reason}: {outcome.why}" if outcome.reason else outcome.why
    if step.former:
        yield f"in place of {step.former}"
    yield from (f"the old name of policy {each.policy_name!r} on {each.identity!r}" for each in planned.successors)
    if outcome.action in (Action.ADOPT, Action.OVERWRITE):
        yield _whose(outcome.live)
    if outcome.action is Action.ADOPT:
        yield "it says the same, and gets the marker of this stack"
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
    if planned.rivals:
        yield f"stack {', '.join(planned.rivals)} has a step for it as well: which comes first decides"
    yield from (f"it goes on to say: {each}" for each in planned.remaining[:_MOST_GRANTS])
    if len(planned.remaining) > _MOST_GRANTS:
        yield f"and {len(planned.remaining) - _MOST_GRANTS} more grants"


def _whose(live: LivePolicy | None, *, is_one: bool = True) -> str:
    it, service, marker = "it" if is_one else "them", service_of(live), live.marker if live else None
    if service == COGNITO:
        # A person may write the same policy for Cognito, so Cognito's console is only a possible author.
        are = "it is" if is_one else "they are"
        return f"{are} for {service} alone, whose console may have put {it} there"
    if service:
        return f"{service} put {it} there for itself"
    if marker:
        return f"it belongs to {marker.owner}" if is_one else f"they belong to stack {marker.stack_name}"
    return f"nobody's marker is on {it}"


def _fails(plan: Plan) -> str:
    """Return which stacks fail, in a sentence."""
    if len(plan.failing) > 1:
        return f"the deploys of stacks {', '.join(plan.failing)} fail, and are rolled back"
    return f"the deploy of stack {plan.failing[0]} fails, and is rolled back"


def _unless(plan: Plan) -> str:
    """Return the heading for the grants that change only if these deploys, expected to fail, succeed after all."""
    if len(plan.failing) > 1:
        return f"if the deploys of stacks {', '.join(plan.failing)} did not fail"
    return f"if the deploy of stack {plan.failing[0]} did not fail"


def _meaning(plan: Plan) -> list[str]:
    """Return the verdict; if stacks are known to fail, that comes first."""
    told = summary(plan.comparison)
    it = "they" if len(plan.failing) > 1 else "it"
    if not plan.failing:
        return [told]
    return [_fails(plan), f"what comes all the same is {summary(plan.coming)}", f"if {it} did not fail, {told}"]


def forecast_summary(plan: Plan) -> str:
    """Return how many steps there are of each action, how many policies stay, and how many identities were read."""
    unchanged = len(plan.unchanged)
    steps = [f"{count} {action}" for action, count in plan.counts] or ["nothing to do"]
    counts = ", ".join([*steps, *([f"{unchanged} unchanged"] if unchanged else [])])
    looked = len(plan.reading.policies)
    return f"at SES: {counts}; {looked} {'identity' if looked == 1 else 'identities'} looked at"


def _stacks(plan: Plan) -> Iterator[tuple[str, list[PlannedStep], str]]:
    """Yield for each stack a heading, its steps, and the names of the policies that stay as they are."""
    found: dict[str, tuple[list[PlannedStep], list[PlannedStep]]] = {}
    for number, every in enumerate((plan.told, plan.unchanged)):
        for each in every:
            found.setdefault(each.step.stack_name, ([], []))[number].append(each)
    for name, (told, unchanged) in found.items():
        stack = plan.deployed.stacks.get((name, ""))
        place = f"stack {name}, {stack.status if stack else 'not deployed yet'}, at SES"
        heading = f"{place}; what is done is rolled back" if name in plan.failing else place
        yield heading, told, _named([each.step for each in unchanged])


def _named(policies: Sequence[Step | Bystander]) -> str:
    """Return a text with the names of the first policies and the number of the others; empty if there are none."""
    named: dict[str, list[str]] = {}
    for each in policies[:_MOST_NAMES]:
        named.setdefault(each.identity, []).append(each.policy_name)
    told = [f"{', '.join(names)} on {identity}" for identity, names in named.items()]
    more = [f"and {len(policies) - _MOST_NAMES} more"] if len(policies) > _MOST_NAMES else []
    return f"{'policy' if len(policies) == 1 else 'policies'} {', '.join([*told, *more])}" if told else ""


def _title(planned: PlannedStep) -> str:
    step = planned.step
    return f"policy {step.policy_name} on {step.identity}, {planned.origin}"


def _bystanders(plan: Plan) -> Iterator[str]:
    """Yield a sentence about policies that no step is about, for each identity and each owner or AWS service."""
    groups: dict[tuple[str, str], list[Bystander]] = {}
    for each in plan.bystanders:
        stack = each.live.marker.stack_name if each.live.marker else ""
        groups.setdefault((each.identity, each.service or stack), []).append(each)
    for group in groups.values():
        yield f"{_named(group)}: {_whose(group[0].live, is_one=len(group) == 1)}"


def _parameters(plan: Plan) -> Iterator[str]:
    for (stack, name), is_kept in plan.parameters.items():
        what = "keeps the value that it has" if is_kept else "has its default"
        yield f"parameter {name} of stack {stack} {what}, unless --parameters gives another"


def _elsewhere(plan: Plan) -> Iterator[str]:
    for place in places(plan.elsewhere):
        yield f"what is declared for {place} is not looked at"


_LEFT_ALONE: Final = "on the same identities, and left alone"


def plan_text(plan: Plan, output: TextOutput) -> str:
    """Return the changes of grants, the steps at SES, and the verdict."""
    said = (*_elsewhere(plan), *_parameters(plan), *_meaning(plan), forecast_summary(plan))
    end = [output.lines(each) for each in said]
    texts = [*change_texts(without(plan.comparison, plan.coming), output)]
    texts = [output.lines(_unless(plan), style="error"), *texts] if texts else []
    return "\n\n".join([*change_texts(plan.coming, output), *texts, *_text(plan, output), "\n".join(end)]) + "\n"


def _text(plan: Plan, output: TextOutput) -> Iterator[str]:
    for heading, told, unchanged in _stacks(plan):
        lines = [output.lines(heading, style="bold")]
        for each in told:
            action = each.step.outcome.action
            line = output.lines(_title(each), indent=2, bullet=f"{action}: ")
            lines.append(line.replace(action, output.styled(action, _STYLES.get(action, "")), 1))
            lines += [output.lines(note, indent=4, style="dim") for note in notes(each)]
        lines += [output.lines(unchanged, indent=2, bullet="unchanged: ")] if unchanged else []
        yield "\n".join(lines)
    if plan.bystanders:
        lines = [output.lines(each, indent=2) for each in _bystanders(plan)]
        yield "\n".join([output.lines(_LEFT_ALONE, style="bold"), *lines])


def plan_markdown(plan: Plan) -> str:
    """Return the changes of grants, the steps at SES, and the verdict as Markdown for a comment or build summary."""
    return comment("plan", _markdown(plan))


def _markdown(plan: Plan) -> Iterator[str]:
    first, *others = _meaning(plan)
    yield f"### Deploy to account {plan.account} in {plan.region}: {prose(first) if others else first}"
    yield from ("", *(f"- {each}" for each in others))
    said = (*plan.unseen, *_elsewhere(plan), *_parameters(plan), forecast_summary(plan))
    yield from (f"- {prose(each)}" for each in said)
    yield from change_lines(plan.coming)
    lines = [*change_lines(without(plan.comparison, plan.coming))]
    yield from ["", f"#### {prose(_unless(plan))}", *lines] if lines else []
    for heading, told, unchanged in _stacks(plan):
        yield from ("", f"**{prose(heading)}**", "")
        for each in told:
            step = each.step
            name, identity = code(step.policy_name), code(step.identity)
            yield f"- **{step.outcome.action}**: policy {name} on {identity}, {code(each.origin)}"
            yield from (f"  - {prose(note)}" for note in notes(each))
        yield from [f"- **unchanged**: {prose(unchanged)}"] if unchanged else []
    if plan.bystanders:
        yield from ("", f"**{_LEFT_ALONE}**", "", *(f"- {prose(each)}" for each in _bystanders(plan)))


def plan_json(plan: Plan) -> str:
    """Return the plan as `schemas/plan.schema.json` describes it."""
    return json_text(plan_data(plan))


def plan_data(plan: Plan) -> dict[str, Json]:
    """Return the plan as the object that the JSON of `plan_json` is written from."""
    found: dict[str, Json] = {"account": plan.account, "region": plan.region, **comparison_data(plan.every)}
    found |= {
        "complete": found["complete"] and not plan.unseen,
        "refused": plan.is_refused,
        "steps": [_step(each) for each in plan.told],
        "unchanged": [_place(each) for each in plan.unchanged],
        "bystanders": [
            {"identity": each.identity, "policy_name": each.policy_name, **_owner(each.live)}
            for each in plan.bystanders
        ],
        "unseen": plan.unseen,
        "elsewhere": list(_elsewhere(plan)),
        "parameters": list(_parameters(plan)),
        "seen": plan.fingerprint.as_json(),
    }
    return found


def _step(planned: PlannedStep) -> Json:
    step, outcome = planned.step, planned.step.outcome
    former = step.former
    return {
        "action": outcome.action,
        "event": step.event or None,
        **_place(planned),
        "former": former and {"identity": former.identity.name, "policy_name": former.policy_name},
        "reason": outcome.reason or None,
        **_owner(outcome.live),
        "drift": planned.drifted.state if planned.drifted else None,
        "stays": planned.remaining,
        "sentences": list(notes(planned)),
    }


def _place(planned: PlannedStep) -> dict[str, Json]:
    step = planned.step
    return {
        "stack": step.stack_name,
        "logical_id": step.place[1],
        "path": planned.path or None,
        "identity": step.identity,
        "policy_name": step.policy_name,
    }


def _owner(live: LivePolicy | None) -> dict[str, Json]:
    marker = live.marker if live else None
    owner = marker and {"stack": marker.stack_name, "logical_id": marker.logical_id, "adopted": marker.adopted}
    return {"owner": owner, "service": service_of(live) or None}
