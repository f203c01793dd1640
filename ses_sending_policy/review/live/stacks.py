"""Reads deployed stacks from CloudFormation: the policies that they declare, with the values of the deploy."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from ses_sending_policy.analysis.reading.calls import called_policies
from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from ses_sending_policy.analysis.reading.files import UnreadableError
from ses_sending_policy.analysis.reading.foreign import foreign_policies
from ses_sending_policy.analysis.reading.intrinsics import text_of
from ses_sending_policy.analysis.reading.scope import at
from ses_sending_policy.analysis.reading.template import Template
from ses_sending_policy.analysis.reading.template_policies import resources
from ses_sending_policy.analysis.reading.unread import UnreadPart, unread_parts
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.calls import Calls, pages
from ses_sending_policy.review.live.declared_policies import DeclaredPolicy
from ses_sending_policy.rules.document import Json, as_text
from ses_sending_policy.rules.faults import CallError
from ses_sending_policy.rules.ownership import PhysicalId, StackId, owner_token

_STACK: Final = "AWS::CloudFormation::Stack"
_GONE: Final = "DELETE_COMPLETE"

# Part of the message "Stack with id Mail does not exist". The code, ValidationError, has other causes too.
_NO_SUCH_STACK: Final = "does not exist"

# The states of a stack without deployed resources: a rolled-back first deploy, which the CDK replaces, or only a
# change set.
_UNDEPLOYED: Final = ("REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", _GONE)

# The ARNs of resources of which CloudFormation tells only the name: the stack's ARN and the template tell the rest.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html
_ARNS: Final[Mapping[str, str]] = {
    "AWS::IAM::Role": "arn:{partition}:iam::{account}:role{path}{id}",
    "AWS::IAM::User": "arn:{partition}:iam::{account}:user{path}{id}",
    "AWS::Cognito::UserPool": "arn:{partition}:cognito-idp:{region}:{account}:userpool/{id}",
}


@dataclass(frozen=True, slots=True)
class DeployedStack:
    """A deployed stack.

    :param id: its ARN.
    :param template: the template that it was deployed with.
    :param physical_ids: the physical ids of its resources, by logical id.
    :param known: the values of references in the template, as far as CloudFormation tells them.
    :param status: for instance `UPDATE_COMPLETE`.
    :param parameters: the values of the parameters, without secret ones and those from the Systems Manager.
    """

    id: StackId
    template: Mapping[str, Json]
    physical_ids: Mapping[str, str]
    known: Mapping[str, str]
    status: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)

    def read(self) -> tuple[list[DeclaredPolicy], list[UnreadPart]]:
        """Return the policies that the stack declares, and the parts that may contain one and cannot be read."""
        environment = KnownEnvironment(self.id.partition, self.id.region, self.id.account)
        name = self.id.stack_name
        template = Template("", name, environment, self.template, name, self.known)
        # Defaults of parameters are not assumed: CloudFormation tells the values that the deploy used.
        kinds = (template.policies, partial(called_policies, template), partial(foreign_policies, template))
        policies = [policy for kind in kinds for policy in kind(takes_defaults=False)]
        parts = unread_parts(template, policies, takes_defaults=False)
        # Resources that a condition left out have no physical id, so they are skipped. Nested stacks do not count as
        # unread: their templates are read too.
        nested = dict(self.nested())
        return (
            [self._placed(each) for each in policies if each.logical_id in self.physical_ids],
            [each for each in parts if each.logical_id in self.physical_ids.keys() - nested.keys()],
        )

    def _placed(self, policy: Declared) -> DeclaredPolicy:
        """Return the policy with the identity and name from its physical id, so that these are known."""
        path = at(self.template, "Resources", policy.logical_id, "Metadata", "aws:cdk:path")
        there = None if policy.call else PhysicalId.parse(self.physical_ids[policy.logical_id])
        placed = replace(policy, condition="")
        if there:
            placed = replace(placed, identity=there.target.identity.name, policy_name=there.target.policy_name)
        # A resource that was moved here from another stack keeps the owner token that it got there.
        token = (there and there.token) or owner_token(self.id.text, policy.logical_id)
        return DeclaredPolicy(placed, path if isinstance(path, str) else "", token)

    def nested(self) -> Iterator[tuple[str, str]]:
        """Yield the logical id and ARN of each stack that is nested in this one."""
        for logical_id, resource in resources(self.template):
            # A nested stack that failed before it was created has no ARN.
            if resource.get("Type") == _STACK and self.physical_ids.get(logical_id):
                yield logical_id, self.physical_ids[logical_id]


def deployed(calls: Calls, names: Iterable[str]) -> tuple[list[DeclaredPolicy], list[UnreadPart]]:
    """Return the policies that deployed stacks declare and their unread parts, or raise `ReviewError`.

    Nested stacks are read as well.

    :param names: the names or ARNs of stacks.
    """
    declarations: list[DeclaredPolicy] = []
    unread: list[UnreadPart] = []
    looked: set[str] = set()
    left = list(names)
    while left:
        stack = _stack(calls, left.pop(0))
        # A nested stack may be named in addition to the stack around it.
        if stack.id.text not in looked:
            looked.add(stack.id.text)
            left += [arn for _, arn in stack.nested()]
            try:
                declared, unseen = stack.read()
            except UnreadableError as fault:
                raise ReviewError([str(fault)]) from fault
            declarations += declared
            unread += unseen
    return declarations, unread


def written_stack(calls: Calls, name: str) -> DeployedStack | None:
    """Return a stack, with its template as before macros changed it, or None if the stack is not deployed.

    Raises `ReviewError` if it cannot be read.
    """
    try:
        described = calls.call("cloudformation", "DescribeStacks", StackName=name)["Stacks"][0]
    except CallError as refusal:
        if _NO_SUCH_STACK in refusal.message:
            return None
        raise _unseen(name, refusal) from refusal
    return None if described["StackStatus"] in _UNDEPLOYED else _told(calls, name, described, "Original")


def _stack(calls: Calls, name: str) -> DeployedStack:
    try:
        described = calls.call("cloudformation", "DescribeStacks", StackName=name)["Stacks"][0]
    except CallError as refusal:
        raise _unseen(name, refusal) from refusal
    return _told(calls, name, described, "Processed")


def _unseen(name: str, refusal: CallError) -> ReviewError:
    return ReviewError([f"stack {name!r} could not be looked at: {refusal}"])


def _told(calls: Calls, name: str, described: Mapping[str, Any], stage: str) -> DeployedStack:
    try:
        body = calls.call("cloudformation", "GetTemplate", StackName=name, TemplateStage=stage)["TemplateBody"]
        listed = list(_pages(calls, "ListStackResources", "StackResourceSummaries", StackName=name))
        if not isinstance(body, Mapping):
            advice = "name a JSON file of it in place of --stack"
            raise ReviewError([f"the template of stack {name!r} is YAML, and templates are read as JSON: {advice}"])
        exports = list(_pages(calls, "ListExports", "Exports")) if "Fn::ImportValue" in str(body) else []
        there = {each["LogicalResourceId"]: each for each in listed if each["ResourceStatus"] != _GONE}
        physical_ids = {logical_id: each.get("PhysicalResourceId", "") for logical_id, each in there.items()}
        outputs = [_outputs(calls, logical_id, each) for logical_id, each in there.items()]
    except CallError as refusal:
        raise _unseen(name, refusal) from refusal
    stack_id = StackId.parse(described["StackId"])
    known = _known(stack_id, described, physical_ids, body)
    known |= {f"Fn::ImportValue {each['Name']}": each["Value"] for each in exports}
    for each in outputs:
        known |= each
    by_path = {each["ParameterKey"] for each in described.get("Parameters", ()) if "ResolvedValue" in each}
    parameters = {name: known[name] for name in at(body, "Parameters") or () if name in known and name not in by_path}
    return DeployedStack(stack_id, body, physical_ids, known, described.get("StackStatus", ""), parameters)


def _known(
    stack_id: StackId, described: Mapping[str, Any], physical_ids: Mapping[str, str], body: Mapping[str, Json]
) -> dict[str, str]:
    known = {"AWS::StackId": stack_id.text, "AWS::StackName": stack_id.stack_name}
    for each in described.get("Parameters", ()):
        # "For SSM parameters, [...] the value that's used in the stack definition"
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Parameter.html
        value = each.get("ResolvedValue", each.get("ParameterValue", ""))
        # "NoEcho: Whether to mask the parameter value": such a one is shown by stars only, and `*` may be a value.
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
        if as_text(at(body, "Parameters", each["ParameterKey"], "NoEcho")) != "true":
            known[each["ParameterKey"]] = value
    for logical_id, resource in resources(body):
        physical_id = physical_ids.get(logical_id)
        if physical_id:
            known[logical_id] = physical_id
            arn = _ARNS.get(str(resource.get("Type")))
            path = text_of(at(resource, "Properties", "Path") or "/")
            if arn and "${" not in path:
                place = {"partition": stack_id.partition, "account": stack_id.account, "region": stack_id.region}
                known[f"{logical_id}.Arn"] = arn.format(**place, path=path, id=physical_id)
    return known


def _outputs(calls: Calls, logical_id: str, listed: Mapping[str, Any]) -> dict[str, str]:
    """Return the value of each output of a nested stack, by the reference to it; empty for another resource."""
    if listed["ResourceType"] != _STACK or not listed.get("PhysicalResourceId"):
        return {}
    described = calls.call("cloudformation", "DescribeStacks", StackName=listed["PhysicalResourceId"])["Stacks"][0]
    return {f"{logical_id}.Outputs.{each['OutputKey']}": each["OutputValue"] for each in described.get("Outputs", ())}


def _pages(calls: Calls, operation: str, name: str, **parameters: str) -> Iterator[Mapping[str, Any]]:
    for answer in pages(partial(calls.call, "cloudformation", operation), **parameters):
        yield from answer.get(name, ())
