"""Checks that apply to all parts of a policy document, from the grammar of IAM's policy language.

The quotations are from https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html, to which SES
sends its readers "for specific information about the syntax of the elements".
"""

import json
from collections.abc import Collection, Mapping
from typing import Any

from emulator.errors import bad_request


def parsed(text: str) -> object:
    """Return the value of a JSON text, or refuse a text that is no JSON or has a key twice."""
    try:
        return json.loads(text, parse_constant=_no_constant, object_pairs_hook=_once_each)
    except (ValueError, RecursionError) as error:
        raise bad_request(f"Policy is not valid JSON: {error}") from error


def one_or_more(what: str, value: object) -> list[object]:
    """Return the values of an element, which may be a list or a single value; refuse an empty list."""
    # "Arrays can take one or more values." and "If the element takes an array (marked with [ and ]) but only one value
    # is included, the brackets are optional."
    values = value if isinstance(value, list) else [value]
    if not values:
        raise bad_request(f"{what} must have at least one value")
    return values


def is_scalar(value: object) -> bool:
    """Return whether a JSON value is a text, a number or a boolean."""
    # "Quotation marks are optional for numeric and Boolean values."
    return isinstance(value, str | int | float)


def check_names(where: str, value: Mapping[str, Any], names: Collection[str]) -> None:
    """Refuse an object that has an element that is not one of `names`."""
    for name in value:
        if name not in names:
            raise bad_request(f"{where} has the unknown element {name}")


def _no_constant(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # "Individual elements must not contain multiple instances of the same key."
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise bad_request(f"Policy has the key {name} more than once in one element")
        found[name] = value
    return found
