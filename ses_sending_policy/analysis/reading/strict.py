"""Parse JSON, and refuse what parsers read in different ways: a review has to read the same value as the deploy."""

import json
import reprlib
from collections import Counter
from math import isinf
from operator import itemgetter
from typing import Final

from ses_sending_policy.rules.document import Json

# The deepest nesting that is read. The code that walks through a template recurses, and Python limits recursion. A
# template with an API's description in it is some dozens of levels deep.
_MOST_LEVELS: Final = 128

_TOO_DEEP: Final = "is nested deeper than can be read: is it a template at all?"

_REPR: Final = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = 80


class OddJsonError(ValueError):
    """Parsers read a text in different ways. The error says why, in words that follow the name of the place."""


def brief(value: Json) -> str:
    """Return `value` as a sentence shows it: in full if it is short, otherwise only its beginning and its end."""
    return _REPR.repr(value)


def parsed(text: str | bytes) -> Json:
    """Return the JSON in `text`.

    Raises `OddJsonError` if parsers read it in different ways, and another `ValueError` if it is no JSON.

    UTF-16 and UTF-32 are recognised by their zero bytes. A byte order mark is skipped:
    "implementations that parse JSON texts MAY ignore the presence of a byte order mark rather than treating it as an
    error." https://www.rfc-editor.org/rfc/rfc8259#section-8.1
    """
    whole = text if isinstance(text, str) else text.decode(json.detect_encoding(text))
    try:
        value = json.loads(
            whole, object_pairs_hook=_once, parse_constant=_no_number, parse_int=_integer, parse_float=_float
        )
    except RecursionError:
        raise OddJsonError(_TOO_DEEP) from None
    _check_depth(value)
    return value


def _check_depth(value: Json) -> None:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(_MOST_LEVELS):
        lists = [each.values() if isinstance(each, dict) else each for each in level]
        level = [inner for each in lists for inner in each if isinstance(inner, dict | list)]
        if not level:
            return
    raise OddJsonError(_TOO_DEEP)


def _once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    """Return the object with the items `pairs`; raise `OddJsonError` if a key stands there twice.

    "When the names within an object are not unique, the behavior of software that receives such an object is
    unpredictable." https://www.rfc-editor.org/rfc/rfc8259#section-4
    """
    found = dict(pairs)
    if len(found) < len(pairs):
        twice, _ = max(Counter(key for key, _ in pairs).items(), key=itemgetter(1))
        raise OddJsonError(
            f"has the key {brief(twice)} twice in one object, and parsers differ in which of them counts: leave one"
        )
    return found


def _no_number(name: str) -> Json:
    """Raise `OddJsonError`, because the text has `NaN` or `Infinity`.

    "Numeric values that cannot be represented in the grammar below (such as Infinity and NaN) are not permitted."
    https://www.rfc-editor.org/rfc/rfc8259#section-6
    """
    raise OddJsonError(f"has the number {name}, which JSON has not: write another one, or a text")


def _integer(digits: str) -> int:
    _float(digits)
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if isinf(value):
        raise OddJsonError(f"has the number {brief(digits)[1:-1]}, which is infinite to most parsers: write a text")
    return value
