"""Finds CDK tokens and placeholders of lookups in values, so that rules can leave out what is not known yet."""

import re
from collections.abc import Mapping
from typing import Final

import aws_cdk as cdk

from ses_sending_policy.rules.document import Json
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.lookups import DUMMY, dummies

# A CDK token in a string or in a list. `Token.is_unresolved` finds the same, but takes a call to Node for every string
# of a document.
UNRESOLVED: Final = r"[$#]\{Token\[[^\]]*\]\}"
# The placeholder of a lookup counts as a token, because the CDK synthesizes again once it has the value.
_TOKEN: Final = re.compile(f"({UNRESOLVED}|{DUMMY})")

_UNKNOWN: Final = {"Fn::Token": ""}


def has_token(text: str) -> bool:
    """Return whether `text` contains a CDK token or a placeholder of a lookup."""
    return _TOKEN.search(text) is not None


def token(text: str) -> str:
    """Return `text` as a CDK token if it has a placeholder, so that the CDK's own checks skip it as well."""
    return cdk.Fn.join("", [text]) if any(dummies(text)) else text


def checked_text(name: str, value: str) -> str:
    """Return `value`, or raise `DeclarationError` if it is not a string, but for example a number from YAML.

    :param name: the argument's name, for the error.
    """
    if not isinstance(value, str):
        raise DeclarationError(f"{name} is {value!r}, which is no string: give one")
    return value


def plain(value: Json, name: str) -> Json:
    """Return a copy of `value` as plain JSON with CDK tokens; raise `DeclarationError` if it has any other object.

    :param name: the argument's name, for the error.
    """
    if isinstance(value, Mapping):
        return {str(key): plain(item, name) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, name) for item in value]
    # The last case is a token object: only these have a `creation_stack`.
    if value is None or isinstance(value, str | int | float) or hasattr(value, "creation_stack"):
        return value
    raise DeclarationError(
        f"{name} holds a {type(value).__name__}: it must be what JSON has, that is objects, lists, strings, numbers, "
        "true, false and null, or a token"
    )


def hidden(value: Json) -> Json:
    """Return `value` with every token replaced by an intrinsic function, whose value rules do not check."""
    if isinstance(value, str):
        return _joined(value) if has_token(value) else value
    if isinstance(value, Mapping):
        return {key: hidden(item) for key, item in value.items()}
    if isinstance(value, list):
        return [hidden(item) for item in value]
    return value if value is None or isinstance(value, int | float) else _UNKNOWN


def is_resolved(value: Json) -> bool:
    """Return whether `value` has only objects, lists and strings without tokens, so that resolving changes nothing."""
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and not has_token(key) and is_resolved(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(is_resolved, value))
    return isinstance(value, str) and not has_token(value)


def _joined(text: str) -> Json:
    # The pattern has a group, so `split` returns the tokens as well as the text between them.
    return {"Fn::Join": ["", [_UNKNOWN if has_token(part) else part for part in _TOKEN.split(text)]]}
