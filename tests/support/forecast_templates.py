"""The templates of random stacks. In a document, the value of an export or a parameter is written as a function."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from ses_sending_policy.rules.wire import RESOURCE_TYPE
from tests.support.kept import Properties
from tests.support.stack import Stack

Template = Mapping[str, Properties]

PARAMETER: Final = "Partner"
"""The parameter that each stack has."""

PRINCIPAL: Final = "Statement/0/Principal/AWS"
ORGANIZATION: Final = "Statement/0/Condition/StringEquals/aws:PrincipalOrgID"

EXPORTS: Final = {
    "one": "222222222222",
    "two": "333333333333",
    "anybody": "*",
    "short": "arn:aws:iam::12345:root",
    "organization": "o-a1b2c3d4e5",
}
"""The exports of other stacks, by name."""

# The property `Hidden` of a resource names the place of a value that is an export, `Given` that of the parameter.
_EXPORTED: Final = {value: {"Fn::ImportValue": name} for name, value in EXPORTS.items()}


def resolved(template: Template, value: str) -> dict[str, Properties]:
    """Return a template as CloudFormation resolves it if the parameter is `value`."""
    return {name: _with(each, each["Given"], value) if "Given" in each else each for name, each in template.items()}


def written(template: Template, retained: frozenset[str], default: str, *, is_secret: bool) -> dict[str, Any]:
    """Return a template as the app declares it.

    :param retained: the resources with `Retain` as their policies.
    :param default: the default of the parameter.
    :param is_secret: whether the parameter is `NoEcho`, so that CloudFormation does not show its value.
    """
    resources: dict[str, Any] = {}
    for name, each in template.items():
        properties = _with(each, each["Given"], {"Ref": PARAMETER}) if "Given" in each else each
        if "Hidden" in each:
            properties = _with(each, each["Hidden"], _exported(_at(each, each["Hidden"])))
        kept = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"} if name in retained else {}
        resources[name] = {"Type": RESOURCE_TYPE, "Properties": properties, **kept}
    parameter = {"Type": "String", "Default": default, **({"NoEcho": True} if is_secret else {})}
    return {"Parameters": {PARAMETER: parameter}, "Resources": resources}


def _exported(value: Any) -> Any:
    return _EXPORTED.get(value, value) if isinstance(value, str) else value


def _at(properties: Properties, place: str) -> Any:
    found: Any = properties["Policy"]
    for each in place.split("/"):
        found = found[int(each)] if isinstance(found, list) else found[each]
    return found


def _with(properties: Properties, place: str, value: Any) -> Properties:
    changed: Properties = json.loads(json.dumps(properties))
    *around, last = place.split("/")
    found: Any = changed["Policy"]
    for each in around:
        found = found[int(each)] if isinstance(found, list) else found[each]
    found[last] = value
    return changed


def listed(stack: Stack) -> Iterator[dict[str, str]]:
    """Yield the resources of a stack as CloudFormation lists them."""
    for name, kept in stack.resources.items():
        yield {
            "LogicalResourceId": name,
            "PhysicalResourceId": kept.physical_id,
            "ResourceType": RESOURCE_TYPE,
            "ResourceStatus": kept.status,
        }
