"""Fingerprints of values that only the deploy knows: they tell whether a value stays the same in a change.

A value's name does not tell that. A resource stays the same until a property changes of which AWS says "Update
requires: Replacement". A parameter stays the same as long as the same values are allowed for it.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Final

from ses_sending_policy.analysis.reading.declared import Answer
from ses_sending_policy.analysis.reading.intrinsics import name_of, unknown_functions
from ses_sending_policy.analysis.reading.lookups import OUTPUTS, handed_down
from ses_sending_policy.analysis.reading.macros import is_made
from ses_sending_policy.analysis.reading.parameters import default_of, is_by_path, meaning
from ses_sending_policy.analysis.reading.questions import JOINED, NAMED, DeployQuestion
from ses_sending_policy.analysis.reading.resolver import Evaluation, Resolver
from ses_sending_policy.analysis.reading.resource_values import identifying
from ses_sending_policy.analysis.reading.scope import Scope, at
from ses_sending_policy.analysis.reading.sources import STORED, Source, sources
from ses_sending_policy.analysis.reading.texts import stored_in_part
from ses_sending_policy.rules.document import Json, as_text, compact

# The hash by which the CDK names an asset's files. It is left out: new code has a new hash, but the resource is the
# same.
_ASSET: Final = re.compile(r"[0-9a-f]{64}")


def identities(values: Iterable[Json], scope: Scope, evaluation: Evaluation) -> dict[str, str]:
    """Return the fingerprint of each function in resolved `values`, by the function's name.

    A function is left out if its name alone identifies its value.

    :param scope: the template that the values stand in.
    :param evaluation: the evaluation that resolved the values.
    """
    found = {}
    for value in values:
        for function in unknown_functions(value):
            behind, told = _behind(function, evaluation), identity(function, scope)
            found[name_of(function)] = _digest([*behind, told]) if behind else told
        for stored in stored_in_part(value):
            for name in map(name_of, unknown_functions(stored)):
                found[name] = _digest([found[name], _elsewhere({STORED: stored}, scope)])
    return {name: told for name, told in found.items() if told}


def _behind(function: Json, evaluation: Evaluation) -> list[Json]:
    """Return what is known of each template parameter that names a Systems Manager path used in `function`."""
    text = compact(function)
    paths = [path for path in evaluation.paths if compact({"Ref": path}) in text]
    return sorted((_parameter(*each) for path in paths for each in evaluation.paths[path]), key=compact)


def answered(evaluation: Evaluation) -> tuple[Answer, ...]:
    """Return the answers of the deploy that `evaluation` assumes, each with its question's fingerprint and words."""
    return tuple((_asked(question), truth, question.words) for question, truth in evaluation.answers.items())


def _asked(question: DeployQuestion) -> str:
    what, scope = json.loads(question.what), question.scope or Scope({})
    match what:
        case [str(mark), condition] if mark == NAMED:
            return _digest([what, condition_identity(condition, scope)])
    return _digest([what, question.text, _of_parts(what, scope)])


def identity(function: Json, scope: Scope) -> str:
    """Return the fingerprint of the value of `function`; empty if the function's name alone identifies the value."""
    key = compact(function)
    if key not in scope.kept:
        # Kept before it is known, so that the recursion ends if the function is a part of itself.
        scope.kept[key] = ""
        scope.kept[key] = _digest(_meaning(function, scope))
    found: str = scope.kept[key]
    return found


def _meaning(function: Json, scope: Scope) -> Json:
    """Return the definitions in the template on which the value of `function` depends."""
    match function:
        case {"Ref": str(name)} if not name.startswith(STORED):
            return _parameter(scope, name) if at(scope.elements, "Parameters", name) else _resource(scope, name)
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            child = scope.children.get(name) if attribute.startswith(OUTPUTS) else None
            if child is None:
                return _resource(scope, name)
            output = _entry(child, "Outputs", attribute.removeprefix(OUTPUTS))
            return _resolved(output, child)
    return [_elsewhere(function, scope) or _table(function, scope), _of_parts(list(function.values()), scope)]


def _table(function: Json, scope: Scope) -> Json:
    """Return the mapping or the condition by which `function` chooses its value; None if it is another function."""
    match function:
        case {"Fn::FindInMap": [name, *_]}:
            return _entry(scope, "Mappings", name)
        case {"Fn::If": [condition, *_]}:
            return condition_identity(condition, scope)
    return None


def _entry(scope: Scope, section: str, name: Json) -> Json:
    """Return an entry of a section of the template.

    It is the whole section if the name is unknown, or if a macro or a loop may make the entry.
    """
    found = at(scope.elements, section)
    if isinstance(name, str) and (at(found, name) is not None or not is_made(scope, section)):
        return at(found, name)
    return found


def _of_parts(values: Json, scope: Scope) -> Json:
    found = {name_of(each): identity(each, scope) for each in unknown_functions(values)}
    return {name: told for name, told in found.items() if told} or None


def _resolved(value: Json, scope: Scope) -> Json:
    """Return `value`, resolved without assumptions about the deploy, and the fingerprints of its unknown parts."""
    found = Resolver.unassuming(scope).resolved(value)
    return [found, _of_parts(found, scope)]


def _parameter(scope: Scope, name: str) -> Json:
    definition = at(scope.elements, "Parameters", name)
    handed = handed_down(Resolver.unassuming(scope), name)
    if not isinstance(definition, Mapping):
        return definition
    path = default_of(definition) if handed is None else handed
    # If the parameter's path is unknown, its value may be any that the app stores in the Systems Manager.
    stored = (
        _elsewhere({STORED: {"Ref": name}}, scope) if is_by_path(definition) and not isinstance(path, str) else None
    )
    if handed is not None and scope.parent is not None:
        return [name, handed, _of_parts(handed, scope.parent[0]), stored]
    # Older releases of the CDK give assets parameters with the asset's hash in their names. It is left out.
    return [_ASSET.sub("-", name), meaning(definition), stored]


def _resource(scope: Scope, logical_id: str) -> Json:
    resource = at(scope.elements, "Resources", logical_id)
    if not isinstance(resource, Mapping):
        return None
    kind, properties = str(resource.get("Type")), resource.get("Properties")
    told = identifying(kind, properties) if isinstance(properties, Mapping) else {}
    return [kind, _ASSET.sub("-", _written(_resolved(told, scope)))]


def told_beside(properties: Mapping[str, Json]) -> str:
    """Return the properties of a third-party resource besides the policy, as JSON; empty if none of them counts."""
    told = identifying("", properties)
    return _ASSET.sub("-", _written(as_text(told))) if told else ""


def _elsewhere(function: Json, scope: Scope) -> Json:
    """Return the fingerprints of all values in the app that `function` may take.

    If all of them stay the same, so does the value of `function`.
    """
    found = [_source(each) for each in sources(function, Resolver.unassuming(scope))]
    # With one possible source, only its own fingerprint counts, and not where in the app it is.
    return sorted(found) if len(found) > 1 else [own for _, own in found]


def _source(source: Source) -> tuple[str, str]:
    """Return two fingerprints of a value that other templates may take: with its place in the app, and without."""
    scope, kept = source.scope, source.scope.kept
    if source.path not in kept:
        own = _digest([_resolved(source.name, scope), _resolved(source.value, scope)])
        conditions = [condition_identity(condition, of) for of, condition in source.conditions()]
        kept[source.path] = _digest([scope.stack, *source.path, conditions]), own
    found: tuple[str, str] = kept[source.path]
    return found


def condition_identity(condition: Json, scope: Scope) -> str:
    """Return the fingerprint of a condition. It comes from the definition, and not from the condition's name."""
    match condition:
        case str(name) | {"Condition": str(name)}:
            key = (NAMED, name)
            if key not in scope.kept:
                definition = _entry(scope, "Conditions", name)
                scope.kept[key] = name
                scope.kept[key] = name if definition is None else condition_identity(definition, scope)
            found: str = scope.kept[key]
            return found
        case {"Fn::Equals": [*values]}:
            return _digest(sorted((_resolved(each, scope) for each in values), key=compact))
    for name in JOINED:
        others = at(condition, name)
        if isinstance(others, list):
            return _digest([name, [condition_identity(each, scope) for each in others]])
    return _digest([condition, _of_parts(condition, scope)])


def _digest(value: Json) -> str:
    """Return a short hash of `value`; empty if `value` says nothing."""
    if value in (None, [None, None]):
        return ""
    return hashlib.sha256(_written(value).encode()).hexdigest()[:16]


def _written(value: Json) -> str:
    # Sorted, because the order of keys has no meaning.
    return json.dumps(value, sort_keys=True)
