"""JSON inside a text: templates often write a policy or an API call as one text, with functions between its pieces."""

from collections.abc import Mapping

from ses_sending_policy.analysis.reading.texts import parsed
from ses_sending_policy.rules.document import Json


def opened(value: Json) -> Json:
    """Return the object or list that `value` holds as JSON text; `value` itself if it is no such text.

    Raises `OddJsonError` if parsers read the text in more than one way.
    """
    match value:
        case {"Fn::ToJsonString": inner} if len(value) == 1:
            return opened(inner)
    found = parsed(value)
    return found if isinstance(found, Mapping | list) else value
