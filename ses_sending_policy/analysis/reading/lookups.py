"""Intrinsic functions that look a value up: in the template, its environment, or another template of the app."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from ses_sending_policy.analysis.reading.intrinsics import is_text, name_of
from ses_sending_policy.analysis.reading.macros import MACRO, is_made
from ses_sending_policy.analysis.reading.parameters import in_its_type, is_by_path
from ses_sending_policy.analysis.reading.resource_values import DEFAULTS, JSON_VALUE, VALUES
from ses_sending_policy.analysis.reading.scope import at
from ses_sending_policy.analysis.reading.sources import STORED, Source, here, is_of_everywhere, source
from ses_sending_policy.analysis.reading.texts import STAYS, concatenated, is_whole, parsed
from ses_sending_policy.rules.document import Json, as_text, compact, is_intrinsic
from ses_sending_policy.rules.partitions import partition_of

if TYPE_CHECKING:
    from ses_sending_policy.analysis.reading.resolver import Resolver

NOTHING: Final[Json] = {"Ref": "AWS::NoValue"}
"""`AWS::NoValue`: a property or list element with this value is left out."""

_STACK: Final = "AWS::CloudFormation::Stack"
_READER: Final = "Custom::CrossRegionExportReader"
OUTPUTS: Final = "Outputs."
"""The prefix of attributes that are outputs of a nested stack."""

# "AWS::URLSuffix: Returns the suffix for a domain. The suffix is typically amazonaws.com, but might differ by Region."
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
_SUFFIXES: Final = {"aws": "amazonaws.com", "aws-us-gov": "amazonaws.com", "aws-cn": "amazonaws.com.cn"}


def _pseudo(resolver: "Resolver", name: str) -> Json:
    environment = resolver.scope.environment
    partition = environment.partition or (partition_of(environment.region) if environment.region else "")
    values = {
        "AWS::AccountId": environment.account,
        "AWS::Partition": partition,
        "AWS::Region": environment.region,
        "AWS::StackName": resolver.scope.stack_name,
        "AWS::URLSuffix": _SUFFIXES.get(partition),
    }
    # `AWS::NoValue` stays as well: the list or object that it stands in leaves it out.
    return values.get(name) or STAYS


def ref(resolver: "Resolver", argument: Json) -> Json:
    """`Ref`: the value of a parameter or pseudo parameter, or the name or ARN by which a resource is known."""
    return resolver.once(argument, lambda: _reference(resolver, argument)) if isinstance(argument, str) else STAYS


def _reference(resolver: "Resolver", name: str) -> Json:
    scope = resolver.scope
    definition = at(scope.elements, "Parameters", name)
    if name in scope.given:
        given = scope.given[name]
        return in_its_type(definition, given) if isinstance(definition, Mapping) else given
    if name.startswith("AWS::"):
        return _pseudo(resolver, name)
    if not isinstance(definition, Mapping):
        return _resource(resolver, name, "")
    handed = handed_down(resolver, name)
    return resolver.parameter(name, definition) if handed is None else _given(resolver, name, definition, handed)


def _given(resolver: "Resolver", name: str, definition: Mapping[str, Json], handed: Json) -> Json:
    if is_by_path(definition):
        return by_path(resolver, name, handed)
    found = in_its_type(definition, handed)
    if isinstance(found, list):
        # A reference of the parent template means nothing in this one, and its value may be several elements of the
        # list.
        return [each if is_of_everywhere(each) else {"Fn::Split": [",", {"Ref": name}]} for each in found]
    return found if is_of_everywhere(found) else STAYS


def handed_down(resolver: "Resolver", name: str) -> Json:
    """Return the value that the parent template gives a nested template's parameter `name`; None if it gives none."""
    if resolver.scope.parent is None:
        return None
    parent, logical_id = resolver.scope.parent
    around = resolver.evaluation.of(parent)
    parameters = _branch(around, at(parent.elements, "Resources", logical_id, "Properties", "Parameters"))
    if (is_intrinsic(parameters) and parameters != NOTHING) or at(parameters, MACRO) is not None:
        # Unknown: the function or the macro may still give this parameter a value.
        return {MACRO: parameters}
    return around.resolved(at(parameters, name))


def _branch(resolver: "Resolver", value: Json) -> Json:
    """Return the branch that an `Fn::If` takes.

    `value` itself if it is no `Fn::If`, or if its condition is unknown.
    """
    match value:
        case {"Fn::If": [condition, yes, no]}:
            truth = resolver.is_so(condition)
            return value if truth is None else _branch(resolver, yes if truth else no)
    return value


def by_path(resolver: "Resolver", name: str, path: Json) -> Json:
    """Return a reference to the Systems Manager parameter at `path`, as the value of the template parameter `name`."""
    if not isinstance(path, str):
        return STAYS
    resolver.evaluation.paths.setdefault(f"{STORED}{path}", set()).add((resolver.scope, name))
    return {"Ref": f"{STORED}{path}"}


def attribute_name(resolver: "Resolver", argument: Json) -> Json:
    """Return the logical id and the attribute in the argument of an `Fn::GetAtt`; `STAYS` if they cannot be read."""
    if isinstance(argument, str):
        argument = argument.partition(".")[::2]
    match argument:
        case [str(logical_id), attribute]:
            return [logical_id, resolver.value(attribute)]
    return STAYS


def get_att(resolver: "Resolver", argument: Json) -> Json:
    """`Fn::GetAtt`: an attribute of a resource."""
    match attribute_name(resolver, argument):
        case [str(logical_id), str(attribute)]:
            name = f"{logical_id}.{attribute}"
            if name in resolver.scope.given:
                return resolver.scope.given[name]
            return resolver.once(name, lambda: _resource(resolver, logical_id, attribute))
    return STAYS


def _resource(resolver: "Resolver", logical_id: str, attribute: str) -> Json:
    resource = at(resolver.scope.elements, "Resources", logical_id)
    kind, properties = str(at(resource, "Type")), at(resource, "Properties")
    if kind == _STACK and attribute.startswith(OUTPUTS):
        return _output(resolver, logical_id, attribute.removeprefix(OUTPUTS))
    if (kind, attribute) == JSON_VALUE:
        text = resolver.value(at(properties, "Value"))
        found = parsed(text)
        is_open = found is None or (found == text and (isinstance(text, str) or is_intrinsic(text)))
        return STAYS if is_open else as_text(found)
    if kind == _READER:
        return _from_another_region(resolver, at(properties, "ReaderProps", "imports", attribute))
    if not isinstance(properties, Mapping):
        return STAYS
    pattern = VALUES.get((kind, attribute))
    return STAYS if pattern is None else _of_properties(resolver, kind, pattern, properties)


def _from_another_region(resolver: "Resolver", name: Json) -> Json:
    """Return a value of another region's stack, which the CDK stored in this region's Systems Manager as `name`."""
    if name is None:
        return STAYS
    function = resolver.value(name)
    found = _taken(resolver, source(function, resolver))
    return function if found is STAYS else found


def _of_properties(resolver: "Resolver", kind: str, pattern: str, properties: Mapping[str, Json]) -> Json:
    pieces: list[Json] = []
    for number, name in enumerate(_REFERENCE.split(pattern)):
        # Of each three, the first is a text, and the second is empty.
        if number % _GROUPS != _GROUPS - 1:
            pieces.append(name)
        elif name.startswith("."):
            value = resolver.value(properties.get(name[1:], DEFAULTS.get((kind, name[1:]))))
            if not isinstance(value, str) and (value == NOTHING or not is_text(value)):
                return STAYS
            pieces.append(value)
        else:
            pieces.append(resolver.value({"Ref": name}))
    return concatenated(pieces)


def _output(resolver: "Resolver", logical_id: str, name: str) -> Json:
    child = resolver.scope.children.get(logical_id)
    if child is None:
        return STAYS
    return _taken(resolver, Source(child, ("Outputs", name, "Value"), name, here(child)))


def _taken(resolver: "Resolver", found: Source | None) -> Json:
    """Return the value of `found`, in another template, if it means the same in this one; else `STAYS`."""
    if found is None or found.value is None:
        return STAYS
    there = resolver.evaluation.of(found.scope)
    value = there.once(compact(list(found.path)), lambda: there.value(found.value))
    is_same_place = is_whole(value) or here(found.scope) == here(resolver.scope)
    return value if is_same_place and is_of_everywhere(value) else STAYS


# The "!" in the first group marks literal text: `${!Literal}` stands for the text `${Literal}`.
# "To write a dollar sign and curly braces (${}) literally, add an exclamation point (!) after the open curly brace"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
_REFERENCE: Final = re.compile(r"\$\{(!?)([^{}]*)\}")
_GROUPS: Final = 3
_NAME: Final = re.compile(r"[A-Za-z0-9.:]+")


def sub(resolver: "Resolver", argument: Json) -> Json:
    """`Fn::Sub`: a text with references in it."""
    match argument:
        case str(text):
            return concatenated(_substituted(resolver, text, {}))
        case [str(text), Mapping() as variables]:
            return concatenated(_substituted(resolver, text, variables))
    return STAYS


def _substituted(resolver: "Resolver", text: str, variables: Mapping[str, Json]) -> Iterator[Json]:
    pieces = iter(_REFERENCE.split(text))
    yield next(pieces)
    for mark, name, following in zip(pieces, pieces, pieces, strict=True):
        if mark or not (name in variables or _NAME.fullmatch(name)):
            yield f"${{{name}}}"
        elif name in variables:
            yield resolver.value(variables[name])
        elif "." in name:
            yield resolver.value({"Fn::GetAtt": name})
        else:
            yield resolver.value({"Ref": name})
        yield following


def if_(resolver: "Resolver", argument: Json) -> Json:
    """`Fn::If`: one of two branches."""
    value: Json = {"Fn::If": argument}
    found = _branch(resolver, value)
    return STAYS if found is value else resolver.value(found)


def find_in_map(resolver: "Resolver", argument: Json) -> Json:
    """`Fn::FindInMap`: a value of a mapping, or the default in the argument if the mapping has no such key."""
    match argument:
        case [*keys] if len(keys) in _KEYS:
            # The first key is the name of the mapping.
            table = at(resolver.scope.elements, "Mappings")
            # Unknown if a macro stands here: it may add any key.
            if is_made(resolver.scope, "Mappings"):
                return STAYS
            default = at(keys[-1], "DefaultValue") if len(keys) == max(_KEYS) else None
            for key in keys[: min(_KEYS)]:
                if table is None:
                    break
                if not isinstance(table, Mapping):
                    return STAYS
                found = resolver.key_of(table, resolver.value(key), must_be=default is None)
                if found is STAYS:
                    return STAYS
                table = table.get(found) if found is not None else None
            if table is None and default is not None and resolver.is_extended:
                return resolver.value(default)
            return STAYS if table is None or isinstance(table, Mapping) else as_text(table)
    return STAYS


_KEYS: Final = (3, 4)


def import_value(resolver: "Resolver", argument: Json) -> Json:
    """`Fn::ImportValue`: an output that another template of the app exports in the same account and region."""
    name = resolver.value(argument)
    key = name_of({"Fn::ImportValue": name})
    if key in resolver.scope.given:
        return resolver.scope.given[key]
    return _taken(resolver, source({"Fn::ImportValue": name}, resolver))


def get_stack_output(resolver: "Resolver", argument: Json) -> Json:
    """`Fn::GetStackOutput`: an output of another template of the app, exported or not."""
    return _taken(resolver, source({"Fn::GetStackOutput": resolver.value(argument)}, resolver))


HANDLERS: Final[Mapping[str, Callable[["Resolver", Json], Json]]] = {
    "Fn::FindInMap": find_in_map,
    "Fn::GetAtt": get_att,
    "Fn::GetStackOutput": get_stack_output,
    "Fn::If": if_,
    "Fn::ImportValue": import_value,
    "Fn::Sub": sub,
    "Ref": ref,
}
"""By function name, the Python function that turns an unresolved argument into the value, or into `STAYS`."""

RAW: Final = ("Fn::If", "Fn::Sub")
"""The functions whose first argument must not be resolved: a condition's name, or a text with references in it."""
