"""Intrinsic functions as text: a value that only the deploy knows stands in a text as its name, in `${...}`."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from ses_sending_policy.rules.document import Json, is_intrinsic

# Escaped, because a brace would end the `${...}` around a text, and a quote the text itself.
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
    """Return a function's name, as it stands inside `${...}`; empty if `function` is not an intrinsic function."""
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
    """Return whether `value` is a function that is known to give one text. Others may give a list, or nothing."""
    match value:
        case {"Ref": str()} | {"Fn::GetAtt": _} | {"Fn::ImportValue": str()} | {"Fn::Sub": str()}:
            return True
        case {"Fn::Join": [str(), [*_]]}:
            return True
    return False


def is_known(text: str) -> bool:
    """Return whether `text`, as `text_of` returns it, has no unknown part."""
    return "${" not in text
