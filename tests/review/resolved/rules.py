"""How a text, a list and an object can be rewritten."""

import json
import re
from collections.abc import Callable
from typing import Any, Final

from tests.review.resolved.literal import ACCOUNT, IDENTITIES
from tests.review.resolved.scope import NO_VALUE, OTHERS
from tests.review.resolved.spot import Spot

_VARIABLE: Final = re.compile(r"\$\{[^}]*\}")
_DELIMITERS: Final = ("|", "##", ";", " ")
_OWN: Final = {"role": "Role", "user": "User"}


def join(spot: Spot, text: str) -> Any:
    """Join the parts of a text, cut at a character of it, or anywhere."""
    found = [each for each in ":@./," if each in text]
    delimiter = spot.random.choice([*found, "", ""])
    parts = text.split(delimiter) if delimiter else _cut(spot, text)
    return {"Fn::Join": [delimiter, [spot.again(part, str(place)) for place, part in enumerate(parts)]]}


def join_of_split(spot: Spot, text: str) -> Any:
    """Replace a delimiter by a join of a split."""
    found = [each for each in ":@./" if each in text]
    delimiter = spot.random.choice(_DELIMITERS)
    if not found or delimiter in text:
        return None
    real = spot.random.choice(found)
    return {"Fn::Join": [real, {"Fn::Split": [delimiter, spot.again(text.replace(real, delimiter))]}]}


def join_of_list(spot: Spot, text: str) -> Any:
    """Join a list that a function gives."""
    found = [each for each in ":@./" if each in text]
    if not found:
        return None
    delimiter = spot.random.choice(found)
    parts = text.split(delimiter)
    if spot.random.random() < 0.5:
        return {"Fn::Join": [delimiter, spot.scope.mapped(spot.random, parts)]}
    return {"Fn::Join": [delimiter, spot.branch([spot.again(part, part) for part in parts], [*OTHERS])]}


def _cut(spot: Spot, text: str) -> list[str]:
    """Return one to three parts of a text; no policy variable is cut."""
    inside = {place for each in _VARIABLE.finditer(text) for place in range(each.start() + 1, each.end())}
    may_cut = [place for place in range(1, len(text)) if place not in inside]
    places = sorted(spot.random.sample(may_cut, min(len(may_cut), spot.random.randrange(3))))
    return [text[start:end] for start, end in zip([0, *places], [*places, len(text)], strict=True)]


def sub(spot: Spot, text: str) -> Any:
    """Put variables for parts of a text: from the Sub's own map, or pseudo parameters."""
    # "To write a dollar sign and curly braces (${}) literally, add an exclamation point (!) after the open curly brace,
    # such as ${!Literal}. AWS CloudFormation resolves this text as ${Literal}."
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
    if "${" in _VARIABLE.sub("", text):
        # Part of a policy variable: AWS does not document what Fn::Sub makes of it.
        return None
    known = {value: name for name, value in spot.scope.pseudo.items()}
    # A policy variable stays one, also if its name contains part of an ARN.
    apart = "|".join([_VARIABLE.pattern, *map(re.escape, known)])
    parts = re.split(f"({apart})", text)
    names: dict[str, Any] = {}
    words = []
    for part in parts:
        if part in known and spot.random.random() < 0.7:
            words.append(f"${{{known[part]}}}")
            continue
        for piece in _cut(spot, part):
            if spot.random.random() < 0.4:
                name = f"V{len(names)}"
                names[name] = spot.again(piece, name)
                words.append(f"${{{name}}}")
            else:
                words.append(piece.replace("${", "${!"))
    written = "".join(words)
    return {"Fn::Sub": [written, names] if names else written}


def select(spot: Spot, text: str) -> Any:
    """Select a text from a list."""
    place = spot.random.randrange(3)
    items: list[Any] = [*spot.random.sample(OTHERS, 3)]
    items[place] = spot.again(text)
    # "For the Fn::Select index value, you can use the Ref and Fn::FindInMap functions."
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-select.html
    return {"Fn::Select": [spot.random.choice([place, str(place), spot.scope.mapped(spot.random, str(place))]), items]}


def select_of_split(spot: Spot, text: str) -> Any:
    """Select a text from the split of a longer one."""
    delimiter = spot.random.choice(_DELIMITERS)
    place = spot.random.randrange(3)
    items = [*spot.random.sample(OTHERS, 3)]
    items[place] = text
    if delimiter in text:
        return None
    return {"Fn::Select": [str(place), {"Fn::Split": [delimiter, spot.again(delimiter.join(items))]}]}


def find(spot: Spot, value: str | list[str]) -> Any:
    """Look up a text or a list of texts in a mapping."""
    return spot.scope.mapped(spot.random, value) if _is_plain(value) else None


def find_default(spot: Spot, text: str) -> Any:
    """Take the default of a lookup in a mapping without the key."""
    spot.scope.is_extended = True
    mapped = spot.scope.mapped(spot.random, spot.random.choice(OTHERS))
    name, *_ = mapped["Fn::FindInMap"]
    return {"Fn::FindInMap": [name, "Nowhere", "Nothing", {"DefaultValue": spot.again(text)}]}


def reference(spot: Spot, text: str) -> Any:
    """Put a pseudo parameter or a reference to a resource for a text."""
    for name, value in spot.scope.pseudo.items():
        if text == value:
            return {"Ref": name}
    if text in IDENTITIES:
        # "When you pass the logical ID of this resource to the intrinsic Ref function, Ref returns the resource name."
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ses-emailidentity.html
        made = {"Type": "AWS::SES::EmailIdentity", "Properties": {"EmailIdentity": spot.again(text)}}
        logical_id = spot.scope.add("Resources", "Identity", made)
        return spot.random.choice([{"Ref": logical_id}, {"Fn::Sub": f"${{{logical_id}}}"}])
    found = re.fullmatch(rf"arn:aws:iam::{ACCOUNT}:(role|user)(/|/.*/)([^/]+)", text)
    return _principal(spot, *found.groups()) if found and spot.scope.has_place else None


def _principal(spot: Spot, kind: str, path: str, name: str) -> Any:
    properties = {f"{_OWN[kind]}Name": spot.again(name, "name")}
    if path != "/" or spot.random.random() < 0.5:
        properties["Path"] = spot.again(path, "path")
    if kind == "role":
        trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        properties["AssumeRolePolicyDocument"] = {"Version": "2012-10-17", "Statement": [trust]}
    made = {"Type": f"AWS::IAM::{_OWN[kind]}", "Properties": properties}
    logical_id = spot.scope.add("Resources", _OWN[kind], made)
    if spot.random.random() < 0.3:
        return {"Fn::Sub": f"${{{logical_id}.Arn}}"}
    return {"Fn::GetAtt": [logical_id, "Arn"]}


def length(spot: Spot, text: str) -> Any:
    """Put the length of a list for a digit."""
    if not re.fullmatch("[1-9]", text):
        return None
    spot.scope.is_extended = True
    if spot.random.random() < 0.3:
        return {"Fn::Length": spot.scope.mapped(spot.random, [OTHERS[0]] * int(text))}
    if spot.random.random() < 0.5:
        return {"Fn::Length": {"Fn::Split": [",", ",".join(OTHERS[:1] * int(text))]}}
    return {"Fn::Length": [*range(int(text))]}


def json_text(spot: Spot, text: str) -> Any:
    """Make the JSON text of an object from the object."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    spot.scope.is_extended = True
    return {"Fn::ToJsonString": spot.again(found)}


def branch(spot: Spot, value: Any) -> Any:
    """Put a branch whose condition is known; its other value is something else of the same kind."""
    return spot.branch(spot.again(value), _other(spot, value))


def _other(spot: Spot, value: Any) -> Any:
    if isinstance(value, dict):
        wide = {"Effect": "Allow", "Principal": "*", "Action": "ses:*", "AWS": "*", "Statement": []}
        return {key: wide.get(key, each) for key, each in value.items()}
    others = [spot.random.choice(OTHERS)]
    return others if isinstance(value, list) else others[0]


def parameter(spot: Spot, value: str | list[str]) -> Any:
    """Make a value the default of a parameter."""
    return spot.scope.parameter(value) if spot.scope.has_parameters and _is_plain(value) else None


def _is_plain(value: str | list[str]) -> bool:
    return isinstance(value, str) or (bool(value) and all(isinstance(each, str) and "," not in each for each in value))


def split(spot: Spot, items: list[Any]) -> Any:
    """Make a list by splitting a text."""
    delimiter = spot.random.choice(_DELIMITERS)
    if not items or any(not isinstance(each, str) or delimiter in each for each in items):
        return None
    return {"Fn::Split": [delimiter, spot.again(delimiter.join(items))]}


def with_no_value(spot: Spot, items: list[Any]) -> Any:
    """Add an item that is `AWS::NoValue`."""
    wide = {"Effect": "Allow", "Principal": "*", "Action": "ses:*", "Resource": "*"}
    other = wide if any(isinstance(each, dict) for each in items) else spot.random.choice(OTHERS)
    added: list[Any] = [spot.again(each, str(place)) for place, each in enumerate(items)]
    added.insert(spot.random.randrange(len(added) + 1), spot.branch(NO_VALUE, other))
    return added


def with_a_key_of_no_value(spot: Spot, value: dict[str, Any]) -> Any:
    """Add a key whose value is `AWS::NoValue`."""
    decoys = {"Condition": {"Bool": {"aws:SecureTransport": "false"}}, "NotPrincipal": {"AWS": "999999999999"}}
    free = [key for key in decoys if key not in value] if "Effect" in value else []
    if not free:
        return None
    key = spot.random.choice(free)
    kept = {name: spot.again(each, name) for name, each in value.items()}
    return kept | {key: spot.branch(NO_VALUE, decoys[key])}


def cfn_json(spot: Spot, value: dict[str, Any]) -> Any:
    """Put a `CfnJson` for an object."""
    return spot.scope.json_value(spot.again(json.dumps(value, separators=(",", ":"))))


Rule = Callable[[Spot, Any], Any]
"""Returns what replaces a value; None if the rule does not apply."""

RULES: Final[dict[type, tuple[Rule, ...]]] = {
    str: (
        *(join, join_of_split, join_of_list, sub, sub, select, select_of_split, find, find_default, branch),
        *(reference, length, json_text) * 4,
        *(parameter, parameter),
    ),
    list: (split, find, branch, with_no_value, parameter),
    dict: (branch, with_a_key_of_no_value, cfn_json),
}
"""The rules, by the type of the value."""
