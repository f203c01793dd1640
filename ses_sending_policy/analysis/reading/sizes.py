"""The least size that a policy document will have at SES, whatever its unknown values turn out to be."""

import re
from collections.abc import Mapping
from typing import Final

from ses_sending_policy.rules.document import Json, compact, is_intrinsic
from ses_sending_policy.rules.normal_form import normalise
from ses_sending_policy.rules.ownership import Marker

_REFERENCE: Final = re.compile(r"\$\{([^}]*)\}")

# The shortest value of each pseudo parameter: "us-east-1" has nine characters, and no region has fewer.
_SHORTEST: Final = {"AWS::AccountId": "0" * 12, "AWS::Partition": "aws", "AWS::Region": "us-east-1"}


def least_bytes(document: Mapping[str, Json], marker: Marker | None = None) -> int:
    """Return how many bytes a policy document will have at least, whatever its intrinsic functions give.

    :param marker: the owner's marker, whose bytes count as well. Default: - none.
    """
    # `surrogatepass`, because JSON can hold half a surrogate pair, which is no character. Other code judges whether SES
    # takes it.
    size = len(compact(normalise(_shortest(document))).encode(errors="surrogatepass"))
    return size + (len(f'"Id":"{marker}",') if marker else 0)


def _shortest(value: Json) -> Json:
    if isinstance(value, list):
        return [_shortest(item) for item in value]
    if is_intrinsic(value):
        return _shortest_text(value)
    if isinstance(value, Mapping):
        return {key: _shortest(item) for key, item in value.items()}
    return value


def _shortest_text(value: Json) -> str:
    match value:
        case str(text):
            return text
        case {"Ref": str(name)}:
            return _SHORTEST.get(name, "")
        case {"Fn::Sub": str(text)}:
            return _REFERENCE.sub(lambda reference: _SHORTEST.get(reference[1], ""), text)
        case {"Fn::Join": [str(separator), [*parts]]}:
            return separator.join(map(_shortest_text, parts))
    return ""
