"""JSON in a text: policies and calls are often handed on as one, with functions of the template between its parts."""

from collections.abc import Mapping

from ses_sending_policy.analysis.reading.texts import parsed
from ses_sending_policy.rules.document import Json


def opened(value: Json) -> Json:
    """Return the JSON that `value` is the text of, where it is one; else `value` as it is.

    Raises `OddJsonError` where parsers read it in more than one way.
    """
    match value:
        case {"Fn::ToJsonString": inner} if len(value) == 1:
            return opened(inner)
    found = parsed(value)
    return found if isinstance(found, Mapping | list) else value
