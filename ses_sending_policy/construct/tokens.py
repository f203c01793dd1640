"""Values that nobody knows before the deploy: how to let them be, and how much room they take at least."""

import re
from collections.abc import Mapping
from typing import Final

from ses_sending_policy.rules.document import Json, compact, is_intrinsic, normalise
from ses_sending_policy.rules.errors import DeclarationError

# As CDK writes a token into a string and into a list. `Token.is_unresolved` says the same, at the price of a call to
# Node for every string of a document.
UNRESOLVED: Final = r"[$#]\{Token\[[^\]]*\]\}"
_TOKEN = re.compile(UNRESOLVED)

_UNKNOWN: Final = {"Fn::Token": ""}


def has_token(text: str) -> bool:
    """Return whether `text` is, or holds, something that only the deploy knows."""
    return _TOKEN.search(text) is not None


def plain(value: Json, name: str) -> Json:
    """Return a copy of `value` as JSON with tokens in it, or raise `DeclarationError` where it is none.

    :param name: what they call it.
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item, name) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, name) for item in value]
    # What is left is a token if it is anything: no other value tells where it was made.
    if value is None or isinstance(value, str | int | float) or hasattr(value, "creation_stack"):
        return value
    raise DeclarationError(
        f"{name} holds a {type(value).__name__}: it must be what JSON has, that is objects, lists, strings, numbers, "
        "true, false and null, or a token"
    )


def hidden(value: Json) -> Json:
    """Return `value` with an intrinsic function in the place of every token: rules let those be."""
    if isinstance(value, str):
        return _UNKNOWN if has_token(value) else value
    if isinstance(value, Mapping):
        return {key: hidden(item) for key, item in value.items()}
    if isinstance(value, list):
        return [hidden(item) for item in value]
    return value if value is None or isinstance(value, int | float) else _UNKNOWN


# The shortest that each can be: "us-east-1" has nine characters, and no region has fewer.
_SHORTEST: Final = {"AWS::AccountId": "0" * 12, "AWS::Partition": "aws", "AWS::Region": "us-east-1"}


def _shortest(value: Json) -> Json:
    if isinstance(value, str):
        return _TOKEN.sub("", value)
    if isinstance(value, list):
        return [_shortest(item) for item in value]
    if is_intrinsic(value):
        return _shortest_intrinsic(value)
    if isinstance(value, Mapping):
        return {key: _shortest(item) for key, item in value.items()}
    return value if value is None or isinstance(value, int | float) else ""


def _shortest_intrinsic(value: Mapping[str, Json]) -> str:
    match value:
        case {"Ref": str(name)}:
            return _SHORTEST.get(name, "")
        case {"Fn::Join": [str(separator), [*parts]]}:
            return separator.join(str(_shortest(part)) for part in parts)
    return ""


def least_bytes(elements: Mapping[str, Json]) -> int:
    """Return how many bytes a document will have at least, whatever its tokens and intrinsic functions turn out to be.

    :param elements: a policy document.
    """
    return len(compact(normalise(_shortest(elements))).encode())
