"""JSON in a text: policies and calls are often handed on as one, with functions of the template between its parts."""

import re
from collections.abc import Mapping
from typing import Final

from ses_sending_policy.analysis.reading import strict
from ses_sending_policy.analysis.reading.intrinsics import text_of
from ses_sending_policy.rules.document import Json

# A string as JSON has it, or what only the deploy knows where no string is: a number, or a whole object. A string may
# have no end: it is looked at once all the same.
_PIECE: Final = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|\$\{[^}"$]*\}', re.DOTALL)


def parsed(text: Json) -> Json:
    """Return the JSON in `text`, with what only the deploy knows as `${...}` in its strings, or `text` itself.

    Raises `OddJsonError` where parsers read it in more than one way.

    >>> parsed('{"action": "put${Rest}", "count": ${Count}}')
    {'action': 'put${Rest}', 'count': '${Count}'}
    """
    if not isinstance(text, str):
        return text
    for each in (text, _PIECE.sub(lambda piece: piece[0] if piece[0][0] == '"' else f'"{piece[0]}"', text)):
        try:
            return strict.parsed(each)
        except strict.OddJsonError:
            raise
        except ValueError:
            continue
    return text


def opened(value: Json) -> Json:
    """Return the JSON that `value` is the text of, where it is one; else `value` as it is."""
    match value:
        case {"Fn::ToJsonString": inner} if len(value) == 1:
            return opened(inner)
        case str() | {"Fn::Sub": str()} | {"Fn::Join": _}:
            found = parsed(text_of(value))
            return found if isinstance(found, Mapping | list) else value
    return value
