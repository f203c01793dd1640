"""Intrinsic functions of a template: what is known of them is filled in, the rest stays visible."""

import re
from collections.abc import Mapping
from typing import Final

from ses_sending_policy.rules.document import Json, compact, is_intrinsic, normalise
from ses_sending_policy.rules.ownership import Marker

_REFERENCE: Final = re.compile(r"\$\{([^}]*)\}")

# The shortest that each can be: "us-east-1" has nine characters, and no region has fewer.
_SHORTEST: Final = {"AWS::AccountId": "0" * 12, "AWS::Partition": "aws", "AWS::Region": "us-east-1"}


def filled(value: Json, known: Mapping[str, str]) -> Json:
    """Return `value` with every reference replaced whose text is `known`.

    :param known: by what `text_of` has between the brackets, as `Name`, `Name.Arn` or `Fn::ImportValue Name`.
    """
    if isinstance(value, list):
        return [filled(item, known) for item in value]
    if not isinstance(value, Mapping):
        return value
    match value:
        case {"Ref": str()} | {"Fn::GetAtt": _} | {"Fn::ImportValue": str()} if is_intrinsic(value):
            return known.get(text_of(value)[2:-1], value)
        case {"Fn::Join": [str(separator), [*parts]]}:
            texts = [filled(part, known) for part in parts]
            literal = all(isinstance(text, str) for text in texts)
            return separator.join(texts) if literal else {"Fn::Join": [separator, texts]}
        case {"Fn::Sub": str(text)}:
            text = _REFERENCE.sub(lambda reference: known.get(reference[1], reference[0]), text)
            return {"Fn::Sub": text} if "${" in text else text
    return {key: filled(item, known) for key, item in value.items()}


def text_of(value: Json) -> str:
    """Return `value` as text, with what only the deploy knows as `${...}`.

    >>> text_of({"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::222222222222:root"]]})
    'arn:${AWS::Partition}:iam::222222222222:root'
    """
    match value:
        case str(text) | {"Fn::Sub": str(text)}:
            return text
        case {"Ref": str(name)} | {"Fn::GetAtt": str(name)}:
            return f"${{{name}}}"
        case {"Fn::GetAtt": [str(name), str(attribute)]}:
            return f"${{{name}.{attribute}}}"
        case {"Fn::Join": [str(separator), [*parts]]}:
            return separator.join(map(text_of, parts))
        case {"Fn::ImportValue": str(name)}:
            return f"${{Fn::ImportValue {name}}}"
    return "${}"


def is_known(text: str) -> bool:
    """Return whether a text that `text_of` gave has no part that only the deploy knows."""
    return "${" not in text


def least_bytes(document: Mapping[str, Json], marker: Marker | None = None) -> int:
    """Return how many bytes a policy document will have at least, whatever its intrinsic functions turn out to be.

    :param marker: the owner's. Default: - none is counted.
    """
    # JSON can hold half a surrogate pair, which is no character; what SES makes of it is SES's to say.
    size = len(compact(normalise(_shortest(document))).encode(errors="surrogatepass"))
    return size + (len(f'"Id":"{marker}",') if marker else 0)


def _shortest(value: Json) -> Json:
    if isinstance(value, list):
        return [_shortest(item) for item in value]
    if is_intrinsic(value):
        return _shortest_text(value)
    if isinstance(value, Mapping):
        return {key: _shortest(item) for key, item in value.items()}
    return value


def _shortest_text(value: Json) -> str:
    match value:
        case str(text):
            return text
        case {"Ref": str(name)}:
            return _SHORTEST.get(name, "")
        case {"Fn::Sub": str(text)}:
            return _REFERENCE.sub(lambda reference: _SHORTEST.get(reference[1], ""), text)
        case {"Fn::Join": [str(separator), [*parts]]}:
            return separator.join(map(_shortest_text, parts))
    return ""
