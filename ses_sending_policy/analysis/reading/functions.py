"""Intrinsic functions whose values depend on their arguments alone."""

import ipaddress
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Final

from ses_sending_policy.analysis.reading.intrinsics import is_text
from ses_sending_policy.analysis.reading.texts import STAYS, concatenated, json_text, parts_of
from ses_sending_policy.rules.document import Json, as_text, is_intrinsic

# Pseudo parameters whose values contain none of `_DIVIDERS`.
_UNDIVIDED: Final = ("AWS::AccountId", "AWS::Partition", "AWS::Region")
_DIVIDERS: Final = ":/,;|"


def join(argument: Json) -> Json:
    """`Fn::Join`: one text, put together from a list."""
    match argument:
        case [str(separator), [*items]]:
            between = [piece for item in items for piece in (separator, item)]
            return concatenated(between[1:])
    return STAYS


def select(argument: Json) -> Json:
    """`Fn::Select`: one element of a list.

    "Fn::Select doesn't check for null values or if the index is out of bounds of the array."
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-select.html
    """
    match argument:
        case [str() | int() as index, [*items]]:
            wanted = str(index).lstrip("0") or str(index)[-1:]
            for place, item in enumerate(items):
                if str(place) == wanted and _has_places(items[: place + 1]):
                    return item
    return STAYS


def _has_places(items: list[Json]) -> bool:
    """Return whether each item stands for exactly one element. An unresolved function may give none, or several."""
    return all(is_text(each) or not is_intrinsic(each) for each in items)


def split(argument: Json) -> Json:
    """`Fn::Split`: a text divided into a list. A piece with an unknown part stays an `Fn::Split`.

    >>> split([",", {"Fn::Join": ["", [{"Ref": "Some"}, ",a"]]}])
    [{'Fn::Split': [',', {'Ref': 'Some'}]}, 'a']
    """
    match argument:
        case [str(delimiter), text] if isinstance(text, str) and delimiter:
            return text.split(delimiter)
        # Not split if the delimiter has two characters or more: it could begin or end within an unknown part of the
        # text.
        case [str(delimiter), text] if len(delimiter) == 1 and is_intrinsic(text):
            pieces = list(_divided(text, delimiter))
            found = [_divisible(piece, delimiter) for piece in pieces if piece is not STAYS]
            return found if found == [text] or len(found) == len(pieces) > 1 else STAYS
    return STAYS


def _divisible(text: Json, delimiter: str) -> Json:
    """Return one piece of a split text; as an `Fn::Split` if an unknown part of it may contain the delimiter."""
    names = [part.get("Ref") for part in parts_of(text) if isinstance(part, Mapping)]
    is_one = not names or (delimiter in _DIVIDERS and all(name in _UNDIVIDED for name in names))
    return text if is_one else {"Fn::Split": [delimiter, text]}


def _divided(text: Json, delimiter: str) -> Iterator[Json]:
    pieces: list[Json] = []
    for part in parts_of(text):
        first, *others = part.split(delimiter) if isinstance(part, str) else [part]
        pieces.append(first)
        for other in others:
            yield concatenated(pieces)
            pieces = [other]
    yield concatenated(pieces)


def base64(argument: Json) -> Json:
    """`Fn::Base64`: a text in base 64."""
    return b64encode(argument.encode(errors="surrogatepass")).decode() if isinstance(argument, str) else STAYS


# "count: The number of CIDRs to generate. Valid range is between 1 and 256."
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
_MOST_NETWORKS: Final = 256
# "cidrBits: The number of subnet bits for the CIDR. For example, specifying a value "8" for this parameter will create
# a CIDR with a mask of "/24"." AWS documents no default for IPv6.
_BITS: Final = 8


def cidr(argument: Json) -> Json:
    """`Fn::Cidr`: the subnets of a network."""
    match as_text(argument):
        case [str(block), str(count)]:
            bits = str(_BITS)
        case [str(block), str(count), str(bits)]:
            pass
        case _:
            return STAYS
    try:
        # A number with thousands of digits ends in the `except` below: `int` raises `ValueError`.
        if not all(each.isdecimal() and int(each) <= _MOST_NETWORKS for each in (count, bits)):
            return STAYS
        network = ipaddress.ip_network(block)
        networks = network.subnets(new_prefix=network.max_prefixlen - int(bits))
        found = [str(each) for each in islice(networks, int(count))]
    except ValueError:
        return STAYS
    return found if found and len(found) == int(count) else STAYS


def length(argument: Json) -> Json:
    """`Fn::Length`: how many elements a list has."""
    return str(len(argument)) if isinstance(argument, list) and _has_places(argument) else STAYS


def to_json_string(argument: Json) -> Json:
    """`Fn::ToJsonString`: an object or a list as JSON."""
    is_readable = isinstance(argument, Mapping | list) and not is_intrinsic(argument)
    return json_text(argument) if is_readable else STAYS


PLAIN: Final[Mapping[str, Callable[[Json], Json]]] = {
    "Fn::Base64": base64,
    "Fn::Cidr": cidr,
    "Fn::Join": join,
    "Fn::Select": select,
    "Fn::Split": split,
}
"""By function name, the Python function that turns a resolved argument into the value, or into `STAYS`."""

EXTENDED: Final[Mapping[str, Callable[[Json], Json]]] = {
    "Fn::Length": length,
    "Fn::ToJsonString": to_json_string,
}
"""The same as `PLAIN`, for functions that need the transform `AWS::LanguageExtensions`."""
