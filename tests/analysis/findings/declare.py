"""Short words that the tests of the findings share."""

import json
from collections.abc import Iterator
from typing import Any

from ses_sending_policy.analysis.reading.calls import called_policies
from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from ses_sending_policy.analysis.reading.template import Template
from ses_sending_policy.rules.wire import RESOURCE_TYPE
from tests.analysis.reading.declared_policies import declared_policies

HERE = KnownEnvironment("aws", "eu-west-1", "111111111111")
ARN = "arn:aws:ses:eu-west-1:111111111111:identity/example.com"
REF = {"Ref": "Parameter"}
MACRO: dict[str, Any] = {"Fn::Transform": {"Name": "Who"}}
UNKNOWN_ARN = {"Fn::Join": [":", ["arn", {"Ref": "AWS::Partition"}, "ses:eu-west-1", {"Ref": "Identity"}]]}


def statement(**elements: Any) -> dict[str, Any]:
    """Return a statement in which no rule finds anything, with the given elements changed; None leaves one out."""
    whole = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::222222222222:user/sender"},
        "Action": "ses:SendEmail",
        "Resource": ARN,
    } | elements
    return {name: value for name, value in whole.items() if value is not None}


def resource(*statements: Any, **properties: Any) -> dict[str, Any]:
    """Return a resource as a template has it."""
    own = {
        "EmailIdentity": "example.com",
        "PolicyName": "Partner",
        "Policy": {"Version": "2012-10-17", "Statement": list(statements or [statement()])},
    }
    return {"Type": RESOURCE_TYPE, "Properties": own | properties}


def template(
    stack: str = "Mail", environment: KnownEnvironment = HERE, more: dict[str, Any] | None = None, **resources: Any
) -> list[Declared]:
    """Return the policies of a stack."""
    found = declared_policies({"Resources": resources | (more or {})}, stack=stack, environment=environment)
    return list(found)


def policy(*statements: Any, **properties: Any) -> list[Declared]:
    """Return the only policy of a stack whose account, region and partition are known."""
    return template(P=resource(*statements, **properties))


def unknown(*statements: Any, **properties: Any) -> list[Declared]:
    """Return the only policy of a stack that may be deployed anywhere."""
    return template(environment=KnownEnvironment(), P=resource(*statements, **properties))


def one(**elements: Any) -> list[Declared]:
    """Return a policy of one statement."""
    return policy(statement(**elements))


def when(operator: str, key: str, value: Any, **elements: Any) -> list[Declared]:
    """Return a policy of one statement with one condition."""
    return one(Condition={operator: {key: value}}, **elements)


def public(operator: str, key: str, value: Any) -> list[Declared]:
    """Return a policy that lets everybody send under one condition."""
    return when(operator, key, value, Principal="*")


def named(
    count: int, stack: str = "Mail", environment: KnownEnvironment = HERE, **properties: Any
) -> Iterator[Declared]:
    """Yield that many policies, each with another name."""
    resources = {f"{stack}{number}": resource(PolicyName=f"{stack}{number}", **properties) for number in range(count)}
    yield from template(stack, environment, resources)


def document(*statements: Any, **elements: Any) -> list[Declared]:
    """Return the only policy of a stack, with elements of its document changed; None leaves one out."""
    whole = {"Version": "2012-10-17", "Statement": list(statements or [statement()])} | elements
    return policy(Policy={name: value for name, value in whole.items() if value is not None})


def theirs(create: Any, update: Any = None) -> list[Declared]:
    """Return the policies of an `AwsCustomResource` that writes one document on Create and one on Update."""
    calls = {
        event: json.dumps({"service": "SESv2", "action": f"{action}EmailIdentityPolicy", "parameters": parameters})
        for event, action, policy in (("Create", "create", create), ("Update", "update", update or create))
        for parameters in ({"EmailIdentity": "example.com", "PolicyName": "p", "Policy": json.dumps(policy)},)
    }
    elements = {"Resources": {"P": {"Type": "Custom::AWS", "Properties": calls}}}
    return list(called_policies(Template("Mail.json", "Mail", HERE, elements), takes_defaults=True))
