"""Texts that are known in part: literal pieces with functions between them. Literal text in a row is one piece."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from ses_sending_policy.analysis.reading import strict
from ses_sending_policy.analysis.reading.intrinsics import text_of
from ses_sending_policy.rules.document import Json, as_text, compact, is_intrinsic

STAYS: Final[Json] = object()
"""The result of a function whose value is unknown before the deploy: the function stays where it is in the template."""

MOST_CHARACTERS: Final = 2**18
"""The most characters of a text that is put together. A whole template has at most 1 MiB, and a policy 4 KiB."""

MOST_OF_REFERENCE: Final = 2**13
"""The most characters that a reference gives: as many as the value of a Systems Manager parameter may have.

"Maximum size of a parameter value: 4 KB" of a standard one, and of an advanced one "8 KB".
https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
"""

# A number between these two private-use characters stands for a function in a text. No template needs the characters.
_HOLE: Final = re.compile("\ue000([0-9]+)\ue001")
_PRIVATE: Final = re.compile(r"[\ue000\ue001]|\\ue00[01]", re.IGNORECASE)
# A JSON string, or the mark of a function outside of strings, which gives a number or a whole object. A string without
# an end matches too, so that the search never looks at a part of the text twice.
_PIECE: Final = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|\ue000[0-9]+\ue001', re.DOTALL)


def parts_of(value: Json) -> list[Json]:
    """Return the pieces of a text: literal texts, and functions between them."""
    match value:
        case {"Fn::Join": ["", [*parts]]}:
            return parts
    return [value]


def concatenated(parts: Iterable[Json]) -> Json:
    """Return the text that `parts` make one after the other, in normal form.

    `STAYS` if a part is no text, or if the whole is too long.

    >>> concatenated(["a", {"Fn::Join": ["", ["b", {"Ref": "C"}]]}, "", "d", "e"])
    {'Fn::Join': ['', ['ab', {'Ref': 'C'}, 'de']]}
    """
    pieces: list[Json] = []
    for part in (piece for whole in parts for piece in parts_of(whole)):
        if is_intrinsic(part):
            pieces.append(part)
        elif isinstance(part, str | int | float):
            pieces.append(as_text(part))
        else:
            return STAYS
    if sum(len(piece) for piece in pieces if isinstance(piece, str)) > MOST_CHARACTERS:
        return STAYS
    return _together(_merged(pieces))


def _merged(pieces: Sequence[Json]) -> Iterator[Json]:
    run: list[str] = []
    for piece in (*pieces, None):
        if isinstance(piece, str):
            run.append(piece)
            continue
        if any(run):
            yield "".join(run)
        run = []
        if piece is not None:
            yield piece


def _together(pieces: Iterator[Json]) -> Json:
    found = list(pieces)
    return "" if not found else found[0] if len(found) == 1 else {"Fn::Join": ["", found]}


def is_whole(value: Json) -> bool:
    """Return whether there is no function anywhere in `value`, so that it is known in full."""
    if isinstance(value, list):
        return all(map(is_whole, value))
    if isinstance(value, Mapping):
        return not is_intrinsic(value) and all(map(is_whole, value.values()))
    return True


def json_text(value: Json) -> Json:
    """Return `value` as JSON text, with the functions in it as pieces of the text."""
    holes: list[Json] = []

    def filled(item: Json) -> Json:
        if is_intrinsic(item):
            holes.append(item)
            return f"\ue000{len(holes) - 1}\ue001"
        if isinstance(item, Mapping):
            return {key: filled(each) for key, each in item.items()}
        return [filled(each) for each in item] if isinstance(item, list) else item

    text = compact(filled(value))
    return STAYS if _PRIVATE.search(compact(value)) else _with_functions(text, holes)


def parsed(value: Json) -> Json:
    """Return the JSON that a text holds, with the text's functions in their places; `value` itself if it is no JSON.

    Raises `OddJsonError` if parsers read the text in more than one way.

    >>> parsed({"Fn::Join": ["", ['{"count": ', {"Ref": "Count"}, "}"]]})
    {'count': {'Ref': 'Count'}}
    """
    parts = parts_of(value)
    texts = [part for part in parts if isinstance(part, str)]
    text, holes = _with_holes(parts)
    if not texts or any(map(_PRIVATE.search, texts)) or not all(map(is_intrinsic, holes)):
        return value
    for each in (text, _PIECE.sub(lambda piece: piece[0] if piece[0][0] == '"' else f'"{piece[0]}"', text)):
        try:
            found = strict.parsed(each)
            # Not read: the text itself has an object such as `{"Ref": ...}`, which is no function and would be taken
            # for one.
            return _each_text(found, lambda each: _filled(each, holes)) if is_whole(found) else value
        except strict.OddJsonError:
            raise
        except ValueError:
            continue
    return value


def opened(value: Json) -> Json:
    """Return the object or list that `value` holds as JSON text; `value` itself if it is no such text.

    Raises `OddJsonError` if parsers read the text in more than one way.
    """
    match value:
        case {"Fn::ToJsonString": inner} if len(value) == 1:
            return opened(inner)
    found = parsed(value)
    return found if isinstance(found, Mapping | list) else value


def _with_holes(parts: Sequence[Json]) -> tuple[str, list[Json]]:
    """Return `parts` as one text in which a numbered mark stands for each function, and the list of these functions."""
    holes = [part for part in parts if not isinstance(part, str)]
    numbers = iter(range(len(holes)))
    return "".join(part if isinstance(part, str) else f"\ue000{next(numbers)}\ue001" for part in parts), holes


def _filled(text: str, holes: Sequence[Json]) -> Json:
    found = _with_functions(text, holes)
    if found is STAYS:
        raise ValueError(text)
    return found


def _with_functions(text: str, holes: Sequence[Json]) -> Json:
    pieces = _HOLE.split(text)
    if len(pieces) == 1:
        return text
    return concatenated([holes[int(piece)] if number % 2 else piece for number, piece in enumerate(pieces)])


def _each_text(value: Json, make: Callable[[str], Json]) -> Json:
    if isinstance(value, str):
        return make(value)
    if isinstance(value, list):
        return [_each_text(item, make) for item in value]
    if isinstance(value, Mapping):
        return {text_of(make(key)): _each_text(item, make) for key, item in value.items()}
    return value


def may_be(text: Json, whole: str) -> bool:
    """Return whether a text that is known in part may turn out to be the text `whole`."""
    first, *others = [part if isinstance(part, str) else None for part in parts_of(text)]
    if not others:
        return first in (None, whole)
    last = others.pop()
    if not whole.startswith(first or "") or not whole.endswith(last or ""):
        return False
    place, end = len(first or ""), len(whole) - len(last or "")
    for piece in filter(None, others):
        place = whole.find(piece, place, end) + len(piece)
        if place < len(piece):
            return False
    return place <= end


def may_be_equal(one: Json, other: Json) -> bool:
    """Return whether two texts that are known in part may turn out to be equal."""
    if isinstance(one, str) or isinstance(other, str):
        return may_be(other, one) if isinstance(one, str) else may_be(one, other)
    pieces = [[part if isinstance(part, str) else "" for part in parts_of(each)] for each in (one, other)]
    (first, begin), (last, end) = ([each[place] for each in pieces] for place in (0, -1))
    is_begun_alike = first.startswith(begin) or begin.startswith(first)
    return is_begun_alike and (last.endswith(end) or end.endswith(last))


# "{{resolve:service-name:reference-key}}"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
_DYNAMIC: Final = re.compile(r"\{\{\s*resolve\s*:([^{}]*)\}\}", re.IGNORECASE)


def with_paths(value: Json) -> Json:
    """Return a value with each dynamic reference in its texts replaced by a `Ref`.

    >>> with_paths("{{resolve:ssm:/mail/partner}}")
    {'Ref': 'ssm:/mail/partner'}
    """
    if isinstance(value, list):
        return [with_paths(item) for item in value]
    if isinstance(value, Mapping) and not is_intrinsic(value):
        return {key: with_paths(item) for key, item in value.items()}
    parts = parts_of(value)
    if not any(isinstance(part, str) and _DYNAMIC.search(part) for part in parts):
        return value
    pieces: list[Json] = []
    for part in parts:
        texts = _DYNAMIC.split(part) if isinstance(part, str) else [part]
        pieces += [{"Ref": text} if number % 2 else text for number, text in enumerate(texts)]
    found = concatenated(pieces)
    return value if found is STAYS else found


# "{{resolve:ssm:parameter-name:version}}"
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html
_STORED: Final = re.compile(r"\{\{\s*resolve\s*:\s*ssm\s*:([^{}:]*)(?::[^{}]*)?\}\}", re.IGNORECASE)


def stored_in_part(value: Json) -> Iterator[Json]:
    """Yield the names of Systems Manager parameters in dynamic references in `value`, if they are known only in part.

    >>> list(stored_in_part({"Fn::Join": ["", ["{{resolve:ssm:/", {"Ref": "Stage"}, "/partner}}"]]}))
    [{'Fn::Join': ['', ['/', {'Ref': 'Stage'}, '/partner']]}]
    """
    if isinstance(value, Mapping) and not is_intrinsic(value):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from stored_in_part(item)
        return
    text, holes = _with_holes(parts_of(value))
    for found in _STORED.finditer(text) if holes else ():
        yield _with_functions(found[1], holes)


def is_too_large(value: Json, most: int = MOST_CHARACTERS) -> bool:
    """Return whether `value` has more than `most` characters.

    A part that stands in many places counts for each of them.

    :param most: the limit. Default: - more characters than any policy has.
    """
    left = most
    waiting = [value]
    while waiting and left >= 0:
        each = waiting.pop()
        left -= len(each) if isinstance(each, str) else 1
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, Mapping):
            waiting += [*each.keys(), *each.values()]
    return left < 0
