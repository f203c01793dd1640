"""Asks whether SES returns the text of a policy as it was written."""

import json
import re
from collections.abc import Iterator
from typing import Final

from probe.reading import ProbeReading, Subject
from probe.sample import Compare, Sample, at, compared, parsed
from probe.scratch_calls import ScratchCalls

_KEPT: Final = "it comes back as it was sent"
_CHANGED: Final = "it comes back, and not as it was sent"

# "Id: not required". It has no effect at SES, but the owner's marker is in it.
# https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
ID: Final = Subject("id", "the element Id", {"kept": _KEPT, "dropped": "it is gone", "changed": _CHANGED})
WHITE_SPACE: Final = Subject(
    "white-space",
    "white space between the words",
    {"kept": _KEPT, "stripped": "it is gone", "changed": "there is another"},
)
KEY_ORDER: Final = Subject("key-order", "the order of keys", {"kept": _KEPT, "changed": "there is another"})
ESCAPES: Final = Subject(
    "escapes", "a letter written as \\u00e9", {"kept": _KEPT, "letter": "it becomes the letter", "changed": _CHANGED}
)
BOOLEANS: Final = Subject(
    "booleans", "a bare true in a condition", {"kept": _KEPT, "string": "it becomes a string", "changed": _CHANGED}
)


def id_reading(sent: str, kept: str) -> str:
    """Return the answer for `ID`: whether SES returned `Id` as it was written."""
    found = at(kept, "Id")
    return "dropped" if found is None else "kept" if found == at(sent, "Id") else "changed"


_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')


def white_space_reading(sent: str, kept: str) -> str:
    """Return the answer for `WHITE_SPACE`: whether SES kept the white space outside of strings."""
    before, after = (re.findall(r"\s+", _STRING.sub("", text)) for text in (sent, kept))
    return "stripped" if not after else "kept" if after == before else "changed"


def key_order_reading(sent: str, kept: str) -> str:
    """Return the answer for `KEY_ORDER`: whether SES kept the order of keys, except `Id`, which it may drop."""
    before, after = ([key for key in _keys(parsed(text)) if key != "Id"] for text in (sent, kept))
    return "kept" if before == after else "changed"


def _keys(value: object) -> Iterator[str]:
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _keys(each)
    yield from value if isinstance(value, dict) else ()


def escapes_reading(_: str, kept: str) -> str:
    """Return the answer for `ESCAPES`: how SES returned a letter that was written as a JSON escape."""
    return "kept" if "\\u00e9" in kept.lower() else "letter" if "\u00e9" in kept else "changed"


def booleans_reading(_: str, kept: str) -> str:
    """Return the answer for `BOOLEANS`: how SES returned `true` that was written without quotes."""
    found = at(kept, "Statement", 0, "Condition", "Bool", "aws:SecureTransport")
    return "kept" if found is True else "string" if found == "true" else "changed"


_FORM: Final[tuple[tuple[Subject, Compare], ...]] = (
    (ID, id_reading),
    (WHITE_SPACE, white_space_reading),
    (KEY_ORDER, key_order_reading),
)
COMPARES: Final = (*_FORM, (ESCAPES, escapes_reading), (BOOLEANS, booleans_reading))

SUBJECTS: Final = tuple(subject for subject, _ in COMPARES)


def _samples(ses: ScratchCalls) -> tuple[Sample, ...]:
    """Return the policies to write: one for each thing that SES may refuse, so that a refusal tells which it is."""
    backwards = dict(reversed(ses.statement(Sid="Backwards", Action=["ses:SendEmail"]).items()))
    form = {"Statement": [backwards], "Id": "a stack/a resource/0123456789abcdef", "Version": "2012-10-17"}
    escaped = ses.text(Condition={"StringEquals": {"ses:FromDisplayName": "Caf\u00e9"}}).replace("\u00e9", "\\u00e9")
    secure = ses.text(Condition={"Bool": {"aws:SecureTransport": True}})
    return (
        Sample("form", json.dumps(form, indent=2), _FORM),
        Sample("escapes", escaped, ((ESCAPES, escapes_reading),)),
        Sample("booleans", secure, ((BOOLEANS, booleans_reading),)),
    )


def text(ses: ScratchCalls) -> Iterator[ProbeReading]:
    """Write each sample, and compare it with what a read returns."""
    return compared(ses, _samples(ses))
