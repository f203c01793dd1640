"""Intrinsic functions of a template as text: a value that only the deploy knows is shown by name, as `${...}`."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from ses_sending_policy.rules.document import Json, is_intrinsic

# A brace would end the `${...}` around it, and a quote the text.
_ESCAPED: Final = str.maketrans({"'": "\\u0027", "{": "\\u007b", "}": "\\u007d"})


def text_of(value: Json) -> str:
    """Return `value` as text, with unknown parts as `${...}`.

    >>> text_of({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::222222222222:root"]]})
    'arn:${AWS::Partition}:iam::222222222222:root'
    >>> text_of({"Fn::Select": ["0", {"Ref": "Accounts"}]})
    "${Fn::Select '0' Accounts}"
    """
    match value:
        case str(text) | {"Fn::Sub": str(text)}:
            return text
        case {"Fn::Join": [str(separator), [*parts]]}:
            return separator.join(map(text_of, parts))
    return f"${{{name_of(value)}}}"


def name_of(function: Json) -> str:
    """Return a function's name, as it stands inside `${...}`; empty if `function` is no function."""
    match function:
        case {"Ref": str(name)} | {"Fn::GetAtt": str(name)}:
            return name
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"{name}.{attribute}"
        case {"Fn::ImportValue": str(name)}:
            return f"Fn::ImportValue {name}"
    return _called(function) if is_intrinsic(function) else ""


def _called(function: Mapping[str, Json]) -> str:
    [(name, argument)] = function.items()
    return " ".join((name, *map(_word, argument if isinstance(argument, list) else [argument])))


def _word(value: Json) -> str:
    if is_intrinsic(value):
        name = name_of(value)
        return name if " " not in name else f"({name})"
    if isinstance(value, str):
        return f"'{json.dumps(value, ensure_ascii=False)[1:-1].translate(_ESCAPED)}'"
    if isinstance(value, list):
        return f"[{', '.join(map(_word, value))}]"
    if isinstance(value, Mapping):
        return f"({', '.join(f'{_word(key)}: {_word(item)}' for key, item in value.items())})"
    return json.dumps(value)


def unknown_functions(value: Json) -> Iterator[Mapping[str, Json]]:
    """Yield each function in `value` that only the deploy knows; for an `Fn::Join`, the functions in its parts."""
    if isinstance(value, list):
        for item in value:
            yield from unknown_functions(item)
    elif is_intrinsic(value):
        match value:
            case {"Fn::Join": [str(), [*parts]]}:
                yield from unknown_functions(parts)
            case _:
                yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from unknown_functions(item)


def is_text(value: Json) -> bool:
    """Return whether a function is known to give one text. Other functions may give a list, or nothing at all."""
    match value:
        case {"Ref": str()} | {"Fn::GetAtt": _} | {"Fn::ImportValue": str()} | {"Fn::Sub": str()}:
            return True
        case {"Fn::Join": [str(), [*_]]}:
            return True
    return False


def is_known(text: str) -> bool:
    """Return whether a text that `text_of` gave has no unknown part."""
    return "${" not in text
