"""What makes an unknown value the same one after a change: its name alone does not.

"Update requires: Replacement" is said of the properties of which another value makes another resource; a parameter is
the same as long as the same may be given to it.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Final

from ses_sending_policy.analysis.reading.declared import Answer
from ses_sending_policy.analysis.reading.exports import Output, export, stack_output
from ses_sending_policy.analysis.reading.intrinsics import name_of, unknown_functions
from ses_sending_policy.analysis.reading.lookups import OUTPUTS, handed_down
from ses_sending_policy.analysis.reading.macros import macros
from ses_sending_policy.analysis.reading.parameters import meaning
from ses_sending_policy.analysis.reading.questions import JOINED, NAMED, Question
from ses_sending_policy.analysis.reading.resolver import Evaluation, Resolver
from ses_sending_policy.analysis.reading.resource_values import identifying
from ses_sending_policy.analysis.reading.scope import Scope, at
from ses_sending_policy.rules.document import Json, as_text, compact

# As the CDK names the files of an asset. Another hash is another code, and no other resource.
_ASSET: Final = re.compile(r"[0-9a-f]{64}")


def identities(values: Iterable[Json], scope: Scope, evaluation: Evaluation) -> dict[str, str]:
    """Return what only the deploy knows of resolved `values`, by name, each with what makes it the same one.

    :param scope: the template that they stand in.
    :param evaluation: what they were resolved by.
    """
    found = {}
    for value in values:
        for function in unknown_functions(value):
            name = name_of(function)
            behind = evaluation.paths.get(name, ())
            found[name] = (
                _digest([_parameter(of, parameter) for of, parameter in behind])
                if behind
                else identity(function, scope)
            )
    return {name: told for name, told in found.items() if told}


def answered(evaluation: Evaluation) -> tuple[Answer, ...]:
    """Return what is taken for granted: of each question what makes it the same one, the answer, and its words."""
    return tuple((_asked(question), truth, question.words) for question, truth in evaluation.answers.items())


def _asked(question: Question) -> str:
    what, scope = json.loads(question.what), question.scope or Scope({})
    parts = _of_parts(what, scope)
    match what:
        case [str(kind), condition] if kind == NAMED:
            parts = [parts, condition_identity(condition, scope)]
    return _digest([what, question.text, parts])


def identity(function: Json, scope: Scope) -> str:
    """Return what makes a function give the same, beside its name; nothing where its name says all."""
    key = compact(function)
    if key not in scope.kept:
        # What is a part of itself has no other part here.
        scope.kept[key] = ""
        scope.kept[key] = _digest(_meaning(function, scope))
    found: str = scope.kept[key]
    return found


def _meaning(function: Json, scope: Scope) -> Json:
    """Return what is known of what a function looks up."""
    match function:
        case {"Ref": str(name)}:
            return _parameter(scope, name) if at(scope.elements, "Parameters", name) else _resource(scope, name)
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            child = scope.children.get(name) if attribute.startswith(OUTPUTS) else None
            return _output((child, attribute.removeprefix(OUTPUTS))) if child else _resource(scope, name)
        case {"Fn::ImportValue": str(name)}:
            return _output(export(Resolver.unassuming(scope), name), *scope.neighbours())
        case {"Fn::GetStackOutput": argument}:
            return _output(stack_output(Resolver.unassuming(scope), argument))
    return [_table(function, scope), _of_parts(list(function.values()), scope)]


def _table(function: Json, scope: Scope) -> Json:
    """Return what a function chooses from that does not stand in itself."""
    match function:
        case {"Fn::FindInMap": [name, *_]}:
            told = at(scope.elements, "Mappings", name) if isinstance(name, str) else None
            return at(scope.elements, "Mappings") if told is None else told
        case {"Fn::If": [condition, *_]}:
            return condition_identity(condition, scope)
    return None


def _of_parts(values: Json, scope: Scope) -> Json:
    found = {name_of(each): identity(each, scope) for each in unknown_functions(values)}
    return {name: told for name, told in sorted(found.items()) if told} or None


def _resolved(value: Json, scope: Scope) -> Json:
    """Return what `value` is for all that is known, with what makes its unknown parts the same ones."""
    found = Resolver.unassuming(scope).resolved(value)
    return [found, _of_parts(found, scope)]


def _parameter(scope: Scope, name: str) -> Json:
    handed = handed_down(Resolver.unassuming(scope), name)
    if handed is not None and scope.parent is not None:
        return [name, handed, _of_parts(handed, scope.parent[0])]
    definition = at(scope.elements, "Parameters", name)
    return [name, meaning(definition) if isinstance(definition, Mapping) else definition]


def _resource(scope: Scope, logical_id: str) -> Json:
    resource = at(scope.elements, "Resources", logical_id)
    if not isinstance(resource, Mapping):
        return None
    kind, properties = str(resource.get("Type")), resource.get("Properties")
    told = identifying(kind, properties) if isinstance(properties, Mapping) else {}
    return [kind, _ASSET.sub("-", compact(_resolved(told, scope)))]


def told_beside(properties: Mapping[str, Json]) -> str:
    """Return what somebody else's resource is told beside its policy, as JSON; nothing where that never counts."""
    told = identifying("", properties)
    return _ASSET.sub("-", compact(as_text(told))) if told else ""


def _output(output: Output | None, *neighbours: Scope) -> Json:
    """Return what makes an output the same one.

    :param neighbours: whose it may be, where nobody knows which one it is.
    """
    if output is None:
        return [told for each in neighbours if (told := _untold(each, "Outputs"))] or None
    scope, name = output
    value = at(scope.elements, "Outputs", name, "Value")
    return _untold(scope, "Outputs") if value is None else _resolved(value, scope)


def _untold(scope: Scope, section: str) -> Json:
    """Return what makes all that a macro or a loop may make of a section the same; None where it has none of them."""
    told = at(scope.elements, section)
    return _resolved(told, scope) if any(True for _ in macros(told)) else None


def condition_identity(condition: Json, scope: Scope) -> str:
    """Return what makes a condition the same one, whatever it is called."""
    match condition:
        case str(name) | {"Condition": str(name)}:
            key = (NAMED, name)
            if key not in scope.kept:
                definition = at(scope.elements, "Conditions", name)
                scope.kept[key] = name
                scope.kept[key] = (
                    _digest([name, _untold(scope, "Conditions")])
                    if definition is None
                    else condition_identity(definition, scope)
                )
            found: str = scope.kept[key]
            return found
        case {"Fn::Equals": [*values]}:
            return _digest(sorted((_resolved(each, scope) for each in values), key=compact))
    for name in JOINED:
        others = at(condition, name)
        if isinstance(others, list):
            return _digest([name, [condition_identity(each, scope) for each in others]])
    return _digest([condition])


def _digest(value: Json) -> str:
    """Return a short form of `value`; nothing where nothing is known."""
    if value in (None, [None, None]):
        return ""
    return hashlib.sha256(compact(value).encode(errors="surrogatepass")).hexdigest()[:16]
