"""Finds what the function has to check: a document's values unknown to synth, but not for acknowledged findings."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from constructs import Construct

from ses_sending_policy.analysis.findings.catalogue import PLUGIN
from ses_sending_policy.rules.document import Json, as_list, is_intrinsic

# The metadata in which `Validations.acknowledge` of the CDK keeps the ids of acknowledged findings.
_ACKNOWLEDGED: Final = "aws:cdk:acknowledged-rules"

# Pseudo parameters, whose values are AWS's, and cannot be chosen by a user.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
_PSEUDO: Final = ("AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::StackId", "AWS::StackName", "AWS::URLSuffix")

# "To write a dollar sign and curly braces literally, add an exclamation point".
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-sub.html
_REFERENCE: Final = re.compile(r"\$\{([^!}][^}]*)\}")

# "{{resolve:service-name:reference-key}}", which may be joined of several parts; nothing else has two braces.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
_DYNAMIC: Final = "{{"


def unknown_places(document: Json) -> Iterator[str]:
    """Yield each place in a document whose value only the deploy knows, as `Statement/0/Principal/AWS`.

    For an unknown item, the place is that of its list, because the list's length is not known. Resources are left out:
    SES refuses every Resource that is not the identity itself.
    """
    statements = as_list(document.get("Statement", []))
    if any(is_intrinsic(statement) or not isinstance(statement, Mapping) for statement in statements):
        yield "Statement"
        return
    for number, statement in enumerate(statements):
        for element, value in statement.items():
            if element not in ("Resource", "Sid"):
                yield from _places(f"Statement/{number}/{element}", value)


def _places(path: str, value: Json) -> Iterator[str]:
    if isinstance(value, Mapping) and not is_intrinsic(value):
        for name, inner in value.items():
            yield from _places(f"{path}/{name}", inner)
    elif any(map(_is_unknown, as_list(value))):
        yield path


def _is_unknown(value: Json) -> bool:
    match value:
        case str():
            return _DYNAMIC in value
        case {"Ref": str(name)} if name in _PSEUDO:
            return False
        case {"Fn::Sub": str(text)}:
            return _DYNAMIC in text or any(name not in _PSEUDO for name in _REFERENCE.findall(text))
        case {"Fn::Join": [str(), [*parts]]}:
            return any(map(_is_unknown, parts))
    return is_intrinsic(value) or isinstance(value, list)


def acknowledged(construct: Construct) -> set[str]:
    """Return the ids of the findings that the user has acknowledged on `construct` or on one of its parents."""
    entries = (entry for scope in construct.node.scopes for entry in scope.node.metadata)
    said = (each.data for each in entries if each.type == _ACKNOWLEDGED and isinstance(each.data, Mapping))
    found = (rule.partition("::") for data in said for rule in data)
    return {rule_id for plugin, _, rule_id in found if plugin == PLUGIN}
