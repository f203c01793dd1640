"""Values that nobody knows before the deploy, or before the CDK has looked them up: how to let them be."""

import re
from collections.abc import Mapping
from typing import Final

import aws_cdk as cdk

from ses_sending_policy.rules.document import Json
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.lookups import DUMMY, dummies

# As CDK writes a token into a string and into a list. `Token.is_unresolved` says the same, at the price of a call to
# Node for every string of a document.
UNRESOLVED: Final = r"[$#]\{Token\[[^\]]*\]\}"
# What a lookup gives before it was done is one as well: the CDK synthesizes again as soon as it was.
_TOKEN: Final = re.compile(f"({UNRESOLVED}|{DUMMY})")

_UNKNOWN: Final = {"Fn::Token": ""}


def has_token(text: str) -> bool:
    """Return whether `text` is, or holds, something that only the deploy knows, or that is to be looked up."""
    return _TOKEN.search(text) is not None


def token(text: str) -> str:
    """Return `text`, which has a token in it, so that the CDK's own rules let it be as well."""
    return cdk.Fn.join("", [text]) if any(dummies(text)) else text


def checked_text(name: str, value: str) -> str:
    """Return `value`, or raise `DeclarationError` where it is no string, as a number out of YAML.

    :param name: what they call it.
    """
    if not isinstance(value, str):
        raise DeclarationError(f"{name} is {value!r}, which is no string: give one")
    return value


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
        return _joined(value) if has_token(value) else value
    if isinstance(value, Mapping):
        return {key: hidden(item) for key, item in value.items()}
    if isinstance(value, list):
        return [hidden(item) for item in value]
    return value if value is None or isinstance(value, int | float) else _UNKNOWN


def is_resolved(value: Json) -> bool:
    """Return whether `value` is but objects, lists and text without a token, of which the CDK would make the same."""
    if isinstance(value, Mapping):
        return all(isinstance(key, str) and not has_token(key) and is_resolved(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(is_resolved, value))
    return isinstance(value, str) and not has_token(value)


def _joined(text: str) -> Json:
    # A pattern with a group splits into the tokens as well as what is around them.
    return {"Fn::Join": ["", [_UNKNOWN if has_token(part) else part for part in _TOKEN.split(text)]]}
