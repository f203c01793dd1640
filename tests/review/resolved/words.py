"""Short words for the templates of the cases."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tests.review.templates import template, write

PLACE: Final = "aws://111111111111/eu-west-1"
NOWHERE: Final = "aws://unknown-account/unknown-region"
RESOURCE: Final = "arn:aws:ses:eu-west-1:111111111111:identity/example.com"
OPEN: Final = {
    "Parameters": {"Open": {"Type": "String"}},
    "Conditions": {"IsOpen": {"Fn::Equals": [{"Ref": "Open"}, "yes"]}},
}
"""A condition that is unknown before the deploy."""
MORE: Final = ("broadened", "changed")
"""The verdicts if something may be newly allowed."""
NO_VALUE: Final = {"Ref": "AWS::NoValue"}
EXTENDED: Final = {"Transform": "AWS::LanguageExtensions"}

Json = dict[str, Any]
Input = Json | Callable[[Path], Path]
"""A template, an assembly under the key `assembly`, or a function that writes files and returns the path to name."""


def allow(principal: Any, sender: Any = "news@example.com", **more: Any) -> Json:
    """Return a statement that lets somebody send, as `sender`; None as the sender narrows nothing."""
    who = (
        "*"
        if principal == "*"
        else principal
        if isinstance(principal, dict) and "AWS" in principal
        else {"AWS": principal}
    )
    condition = {"Condition": {"StringLike": {"ses:FromAddress": sender}}} if sender else {}
    return (
        {
            "Effect": "Allow",
            "Principal": who,
            "Action": ["ses:SendEmail", "ses:SendRawEmail"],
            "Resource": RESOURCE,
        }
        | condition
        | more
    )


PARTNER: Final = allow("222222222222")
EVERYBODY: Final = allow("*", None)


def document(*statements: Any) -> Json:
    """Return a document."""
    return {"Version": "2012-10-17", "Statement": [*statements]}


def policy(*statements: Any, retained: bool = False, condition: str | None = None, **properties: Any) -> Json:
    """Return a resource of our construct."""
    own = {
        "ServiceToken": "arn:aws:lambda:eu-west-1:111111111111:function:handler",
        "EmailIdentity": "example.com",
        "PolicyName": "partner",
        "Policy": document(*statements),
        "WhenExists": "FAIL",
        "OnDelete": "DELETE",
        "Wire": "1",
    }
    kept = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"} if retained else {}
    guard = {"Condition": condition} if condition else {}
    return {"Type": "Custom::SendingPolicy", "Properties": own | properties} | kept | guard


def here(statement: Json) -> Json:
    """Return a statement about the identity in the stack's account and region, as the construct writes it."""
    names = ["arn:", {"Ref": "AWS::Partition"}, ":ses:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}]
    return statement | {"Resource": {"Fn::Join": ["", [*names, ":identity/example.com"]]}}


def whole(*statements: Any, sections: Json | None = None, **resources: Any) -> Json:
    """Return a template with a policy of these statements and other resources."""
    return (sections or {}) | template(P=policy(*statements), **resources)


def parameter(default: str | None, **more: Any) -> Json:
    """Return a section with the parameter `Who`."""
    given = {"Default": default} if default is not None else {}
    return {"Parameters": {"Who": {"Type": "String"} | given | more}}


def given(default: str | None, principal: Any = None, sender: Any = "news@example.com", **more: Any) -> Json:
    """Return a template whose principal comes from a parameter."""
    return whole(allow(principal or {"Ref": "Who"}, sender), sections=parameter(default, **more))


def picked(function: Any) -> Json:
    """Return a template whose principal is what a function gives."""
    return whole(allow(function))


def beside(resource: Any, **sections: Any) -> Json:
    """Return a template with a clean policy, and a further resource named `A`."""
    return whole(PARTNER, sections=sections, A=resource)


def call(
    text: Any,
    action: str = "putIdentityPolicy",
    *,
    deletes: str | None = None,
    kind: str = "Custom::AWS",
    service: str = "SES",
) -> Json:
    """Return an `AwsCustomResource` that writes a policy.

    :param text: the document as the call passes it.
    :param deletes: the name of the policy that its Delete deletes. Default: - it has no Delete.
    """
    named = {"Identity": "example.com", "PolicyName": "partner"}
    put = {"service": service, "action": action, "parameters": named | {"Policy": text}}
    properties: Json = {"Create": json.dumps(put), "Update": json.dumps(put)}
    if deletes:
        gone = {"service": "SES", "action": "deleteIdentityPolicy", "parameters": named | {"PolicyName": deletes}}
        properties["Delete"] = json.dumps(gone)
    return {
        "Type": kind,
        "Properties": {"ServiceToken": "arn:aws:lambda:eu-west-1:111111111111:function:calls"} | properties,
    }


def custom(kind: str, **properties: Any) -> Json:
    """Return somebody else's custom resource."""
    token = "arn:aws:lambda:eu-west-1:111111111111:function:theirs"
    return {"Type": kind, "Properties": {"ServiceToken": token} | properties}


def role(**properties: Any) -> Json:
    """Return a role that sends."""
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": document(trust)} | properties}


def stacks(environment: str = PLACE, **templates: Json) -> Json:
    """Return an assembly of stacks in one environment."""
    return {"assembly": {name: {"environment": environment, "template": each} for name, each in templates.items()}}


def written(folder: Path, name: str, given: Input) -> Path:
    """Write an input, and return its path."""
    if callable(given):
        (folder / name).mkdir(parents=True)
        return given(folder / name)
    if "assembly" not in given:
        return write(folder / f"{name}.json", given)
    artifacts = {
        stack: {
            "type": "aws:cloudformation:stack",
            "environment": each["environment"],
            "properties": {"templateFile": f"{stack}.template.json"},
            "displayName": stack,
        }
        for stack, each in given["assembly"].items()
    }
    write(folder / name / "manifest.json", {"version": "55.0.0", "artifacts": artifacts})
    for stack, each in given["assembly"].items():
        write(folder / name / f"{stack}.template.json", each["template"])
    return folder / name
