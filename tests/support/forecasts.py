"""A state of SES and of two stacks: what `plan` says of a deploy, compared with what the function then does."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from ses_sending_policy.analysis.findings.at_deploy import AT_DEPLOY
from ses_sending_policy.review.assembly import reviewed
from ses_sending_policy.review.live.forecast import Action
from ses_sending_policy.review.live.plan import Plan
from ses_sending_policy.review.live.steps import Step
from ses_sending_policy.review.live.unknown import unknown_parts
from ses_sending_policy.rules.decisions import Found
from ses_sending_policy.rules.faults import CallError
from ses_sending_policy.rules.ownership import Target
from tests.support.async_invoker import Brings, Event
from tests.support.events import ACCOUNT, REGION
from tests.support.forecast_templates import EXPORTS, PARAMETER, Template, listed, resolved, written
from tests.support.inside import Ended
from tests.support.inside_staged import StagedInside
from tests.support.invoker_in_process import InvokerInProcess
from tests.support.stack import Stack

Policies = dict[tuple[str, str], str]

NAMES: Final = ("Mail", "Other")

# What the function's log says it did, for each action of a plan.
_SAYS: Final = {
    Action.CREATE: "policy created",
    Action.REPLACE: "policy created",
    Action.UPDATE: "policy written",
    Action.KEEP: "policy unchanged",
    Action.ADOPT: "policy adopted",
    Action.OVERWRITE: "policy overwritten",
    Action.DELETE: "policy deleted",
    Action.RELEASE: "policy released",
    Action.LEAVE: "policy left",
    Action.ABSENT: "policy absent",
}
_TOUCHES: Final = (
    *(Action.CREATE, Action.REPLACE, Action.UPDATE, Action.ADOPT, Action.OVERWRITE),
    *(Action.DELETE, Action.RELEASE, Action.UNDECIDED),
)


@dataclass(frozen=True)
class Heard:
    """An event, and how the function handled it.

    :param event: the event.
    :param status: the status of the answer.
    :param reason: why it failed; empty if it did not.
    :param said: the events in the function's log.
    """

    event: Event
    status: str
    reason: str
    said: list[str]

    @property
    def what(self) -> tuple[str, str]:
        """The logical id, and the request type."""
        return self.event["LogicalResourceId"], self.event["RequestType"]


@dataclass
class Scene:
    """SES and two stacks, with everything that can happen to them.

    :param invoker: delivers the stacks' events.
    :param policies: returns what SES holds.
    :param put: writes a policy by hand: identity, name and text.
    :param delete: deletes a policy by hand.
    :param gone: deletes an identity by hand.
    :param heard: the events since it was last cleared.
    """

    invoker: Brings
    policies: Callable[[], Policies]
    put: Callable[[str, str, str], object]
    delete: Callable[[str, str], object]
    gone: Callable[[str], object]
    heard: list[Heard] = field(default_factory=list)
    identities: set[str] = field(default_factory=lambda: {"example.com", "other.example"})
    stacks: dict[str, Stack] = field(default_factory=dict)
    region: str = REGION
    defaults: dict[str, str] = field(default_factory=lambda: dict.fromkeys(NAMES, "222222222222"))
    """By stack, the default of its parameter."""
    given: dict[str, str] = field(default_factory=dict)
    """By deployed stack, the value of its parameter."""
    former: dict[str, str] = field(default_factory=dict)
    """By deployed stack, the default of its parameter in the last deploy."""
    secret: set[str] = field(default_factory=set)
    """The stacks whose parameter is `NoEcho`."""

    @classmethod
    def staged(cls, aws: StagedInside) -> "Scene":
        """Return a new scene with the function of a staged asset."""
        aws.begin()
        heard: list[Heard] = []

        def hears(event: Event, ended: Ended) -> None:
            heard.append(Heard(event, ended.status, ended.reason, aws.told))
            aws.forget()

        return cls(
            InvokerInProcess(aws, hears),
            lambda: aws.policies,
            lambda identity, name, text: aws.seed(text, name, identity),
            aws.delete,
            aws.remove_identity,
            heard,
        )

    def remove(self, identity: str) -> None:
        """Delete an identity and its policies by hand."""
        if identity in self.identities:
            self.identities.discard(identity)
            self.gone(identity)

    def stack(self, name: str) -> Stack:
        """Return a stack; a new one of the same name if it was deleted."""
        if name not in self.stacks or self.stacks[name].status in {"DELETE_COMPLETE", "ROLLBACK_COMPLETE"}:
            self.stacks[name] = Stack(self.invoker, name)
        return self.stacks[name]

    def deploy(self, name: str, template: Template, *, given: str = "") -> str:
        """Deploy a stack as `cdk deploy` does; return its status.

        :param given: the value of its parameter. Default: - the one it has, or else the default.
        """
        stack = self.stack(name)
        if not stack.status:
            self.given.pop(name, None)
        value = given or self.given.get(name) or self.defaults[name]
        status = stack.deploy(resolved(template, value))
        if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            self.given[name], self.former[name] = value, self.defaults[name]
        return status

    def once(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """See `Calls.once`."""
        return self.call(service, operation, **parameters)

    def call(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """Answer as AWS does: see `Calls.call`."""
        match service, operation:
            case "sts", _:
                return {"Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/reviewer"}
            case "sesv2", _:
                return self._policies(parameters["EmailIdentity"])
            case _, "ListExports":
                return {"Exports": [{"Name": name, "Value": value} for name, value in EXPORTS.items()]}
        stack = self.stacks.get(parameters["StackName"])
        if stack is None or not stack.status or stack.status == "DELETE_COMPLETE":
            raise CallError("ValidationError", f"Stack with id {parameters['StackName']} does not exist")
        match operation:
            case "DescribeStacks":
                value = "****" if stack.name in self.secret else self.given.get(stack.name, "")
                parameter = {"ParameterKey": PARAMETER, "ParameterValue": value}
                return {"Stacks": [{"StackId": stack.id, "StackStatus": stack.status, "Parameters": [parameter]}]}
            case "GetTemplate":
                properties = {name: kept.properties for name, kept in stack.resources.items()}
                return {"TemplateBody": self._written(stack.name, properties, self.former)}
        return {"StackResourceSummaries": list(listed(stack))}

    def _written(self, name: str, template: Template, defaults: Mapping[str, str]) -> dict[str, Any]:
        default = defaults.get(name, "")
        return written(template, self.stack(name).retained, default, is_secret=name in self.secret)

    def _policies(self, identity: str) -> Mapping[str, Any]:
        if identity not in self.identities:
            raise CallError("NotFoundException", f"Email identity <{identity}> does not exist.")
        return {"Policies": {name: text for (own, name), text in self.policies().items() if own == identity}}

    def plan(self, folder: Path, templates: Mapping[str, Template]) -> Plan:
        """Return the plan for a deploy of some stacks."""
        artifacts = {}
        for name, template in templates.items():
            artifacts[name] = {
                "type": "aws:cloudformation:stack",
                "environment": f"aws://{ACCOUNT}/{REGION}",
                "properties": {"templateFile": f"{name}.template.json", "stackName": name},
            }
            content = json.dumps(self._written(name, template, self.defaults))
            (folder / f"{name}.template.json").write_text(content, encoding="utf-8")
        (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}), encoding="utf-8")
        return Plan.of(self, partial(reviewed, [folder], ()), {}, lambda _done, _total: None)


def deployable(stack: Stack) -> bool:
    """Return whether a stack is in a state that can be deployed as usual."""
    return stack.status in {"", "CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}


def faults(scene: Scene, plan: Plan, templates: Mapping[str, Template]) -> Iterator[str]:
    """Deploy, and yield a sentence for each way in which it differs from the plan."""
    before = scene.policies()
    touched = set()
    doubted = Counter(
        each.step.target
        for each in plan.planned
        if each.step.outcome.action is Action.UNDECIDED or unknown_parts(each.step.policy.document)
    )
    for name, template in templates.items():
        steps = [each.step for each in plan.planned if each.step.stack_name == name]
        scene.heard.clear()
        is_secret = name in scene.secret and name in scene.given and bool(scene.stack(name).status)
        status = scene.deploy(name, template)
        refused = [each for each in steps if each.outcome.action is Action.REFUSE]
        failed = [each for each in scene.heard if each.status == "FAILED"]
        may_fail = any(each.outcome.action is Action.UNDECIDED for each in steps)
        if "ROLLBACK" in status and not refused and not may_fail:
            yield f"{name} is in {status}, and was to be done: {failed}"
        if refused and "ROLLBACK" not in status:
            yield f"{name} was to fail, and is in {status}"
        yield from _differing(steps, doubted, scene.heard, is_done="ROLLBACK" not in status, is_secret=is_secret)
        touched |= {
            place
            for each in steps
            if each.outcome.action in _TOUCHES
            for place in ((each.identity, each.policy_name), *([_place(each)] if each.former else []))
        }
        if "ROLLBACK" in status:
            return
    after = scene.policies()
    for place in before.keys() | after.keys():
        if place not in touched and before.get(place) != after.get(place):
            yield f"{place} was to stay as it is"


def _place(step: Step) -> tuple[str, str]:
    assert step.former
    return step.former.identity.name, step.former.policy_name


def _differing(
    steps: list[Step], doubted: Counter[Target | None], heard: list[Heard], *, is_done: bool, is_secret: bool
) -> Iterator[str]:
    """Yield each way in which the events differ from the plan. After a failure, the plan's Deletes are not expected."""
    deploys = [each for each in steps if each.event and (is_done or each.event != "Delete")]
    came = list(heard)
    for step in deploys:
        wanted = (step.place[1], step.event)
        found = next((each for each in came if each.what == wanted), None)
        if found is None and step.event == "Delete" and step.outcome.action is Action.UNDECIDED:
            continue
        if found is None:
            yield f"{wanted} was to come: {step.outcome}"
            continue
        came.remove(found)
        properties = found.event["ResourceProperties"]
        is_hidden = "Hidden" in properties or ("Given" in properties and is_secret)
        yield from _wrong(step, found, is_doubtful=doubted[step.target] > 1, is_hidden=is_hidden)
    if is_done:
        yield from (f"{each.what} was not to come" for each in came)


def _wrong(step: Step, found: Heard, *, is_doubtful: bool, is_hidden: bool) -> Iterator[str]:
    outcome = step.outcome
    if outcome.action is Action.UNDECIDED:
        # A plan must not say "undecided" of what can be told.
        if outcome.found is not Found.OURS and not is_hidden and not is_doubtful and step.event != "Delete":
            yield f"{found.what} could have been told: {outcome}"
        if "a rule of the deploy" in outcome.why and not _is_judged(found.event["ResourceProperties"]):
            yield f"{found.what} is judged by no rule: {outcome}"
    elif outcome.action is Action.REFUSE:
        # The lifecycle alone, without the handler around it, gives no reason code for an invalid declaration.
        words = outcome.why.partition(":")[0]
        is_told = found.reason.startswith((f"{outcome.reason}:", words))
        if outcome.why.startswith("SES"):
            is_told = found.reason == f"{outcome.reason}: {outcome.why}"
        # A rule may refuse the hidden value before SES is read.
        is_told = is_told or (is_hidden and found.reason.startswith("InvalidDeclaration: "))
        if found.status != "FAILED" or not is_told:
            yield f"{found.what} was to fail with {outcome.reason}: {found.status} {found.reason}"
    elif outcome.action is Action.UPDATE and is_hidden and "policy unchanged" in found.said:
        return
    elif found.status != "SUCCESS" or _SAYS[outcome.action] not in found.said:
        yield f"{found.what} was to {outcome.action}: {found.status} {found.reason} {found.said}"


def _is_judged(properties: Mapping[str, Any]) -> bool:
    return "Unknown" in properties and not set(properties.get("Acknowledged", ())) >= AT_DEPLOY
