"""What SES does to the text of a policy between a write and a read."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from probe.desk import Desk
from probe.reading import REFUSED, UNANSWERED, Reading, Subject

_KEPT: Final = "it comes back as it was sent"
_CHANGED: Final = "it comes back, and not as it was sent"

# "Id: not required", and of no effect: but the owner's marker stands there.
# https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
ID: Final = Subject("id", "the element Id", {"kept": _KEPT, "dropped": "it is gone", "changed": _CHANGED})
WHITE_SPACE: Final = Subject(
    "white-space",
    "white space between the words",
    {"kept": _KEPT, "stripped": "it is gone", "changed": "there is another"},
)
KEY_ORDER: Final = Subject("key-order", "the order of keys", {"kept": _KEPT, "changed": "there is another"})
LISTS: Final = Subject(
    "lists", "a list of one, and one without a list", {"kept": _KEPT, "changed": "one becomes the other"}
)
ESCAPES: Final = Subject(
    "escapes", "a letter written as \\u00e9", {"kept": _KEPT, "letter": "it becomes the letter", "changed": _CHANGED}
)
BOOLEANS: Final = Subject(
    "booleans", "a bare true in a condition", {"kept": _KEPT, "string": "it becomes a string", "changed": _CHANGED}
)
ACCOUNT: Final = Subject(
    "account-principal",
    "an account as principal, by its 12 digits",
    {"kept": _KEPT, "arn": "it becomes the ARN of its root", "changed": _CHANGED},
)

Look = Callable[[str, str], str]
"""Gives the answer to a subject, from what was sent and what came back."""


def _parsed(text: str) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(text)
    except ValueError:
        return None


def _at(text: str, *path: str | int) -> Any:  # noqa: ANN401 - JSON
    """Return what stands somewhere in a text, or None where nothing does."""
    value = _parsed(text)
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def id_reading(sent: str, kept: str) -> str:
    """Say what became of `Id`."""
    found = _at(kept, "Id")
    return "dropped" if found is None else "kept" if found == _at(sent, "Id") else "changed"


_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*"')


def white_space_reading(sent: str, kept: str) -> str:
    """Say what became of the white space outside of strings."""
    before, after = (re.findall(r"\s+", _STRING.sub("", text)) for text in (sent, kept))
    return "stripped" if not after else "kept" if after == before else "changed"


def key_order_reading(sent: str, kept: str) -> str:
    """Say what became of the order of keys, but for an `Id` that is gone."""
    before, after = ([key for key in _keys(_parsed(text)) if key != "Id"] for text in (sent, kept))
    return "kept" if before == after else "changed"


def _keys(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _keys(each)
    yield from value if isinstance(value, dict) else ()


def lists_reading(sent: str, kept: str) -> str:
    """Say what became of a list of one and of scalars without their list."""
    paths = (("Statement",), *(("Statement", 0, element) for element in ("Action", "Resource", "Effect")))
    before, after = ([type(_at(text, *path)) for path in paths] for text in (sent, kept))
    return "kept" if before == after else "changed"


def escapes_reading(_: str, kept: str) -> str:
    """Say what became of an escaped letter."""
    return "kept" if "\\u00e9" in kept.lower() else "letter" if "\u00e9" in kept else "changed"


def booleans_reading(_: str, kept: str) -> str:
    """Say what became of a bare true."""
    found = _at(kept, "Statement", 0, "Condition", "Bool", "aws:SecureTransport")
    return "kept" if found is True else "string" if found == "true" else "changed"


def account_reading(sent: str, kept: str) -> str:
    """Say what became of an account that was named by its digits."""
    before, after = (_at(text, "Statement", 0, "Principal", "AWS") for text in (sent, kept))
    if after == before:
        return "kept"
    return "arn" if str(after).endswith(f"::{before}:root") else "changed"


_FORM: Final[tuple[tuple[Subject, Look], ...]] = (
    (ID, id_reading),
    (WHITE_SPACE, white_space_reading),
    (KEY_ORDER, key_order_reading),
    (LISTS, lists_reading),
)
LOOKS: Final = (*_FORM, (ESCAPES, escapes_reading), (BOOLEANS, booleans_reading), (ACCOUNT, account_reading))

SUBJECTS: Final = tuple(subject for subject, _ in LOOKS)


@dataclass(frozen=True, slots=True)
class Sample:
    """A text that is written, and what is looked at once it is read.

    :param name: of the policy.
    :param text: of the policy.
    :param looks: at each subject.
    """

    name: str
    text: str
    looks: tuple[tuple[Subject, Look], ...]


def _samples(desk: Desk) -> tuple[Sample, ...]:
    """Return what is written: a policy for each doubt about whether SES takes it, so that a refusal tells one."""
    backwards = dict(reversed(desk.statement(Sid="Backwards", Action=["ses:SendEmail"]).items()))
    form = {"Statement": [backwards], "Id": "a stack/a resource/0123456789abcdef", "Version": "2012-10-17"}
    escaped = desk.text(Condition={"StringEquals": {"ses:FromDisplayName": "Caf\u00e9"}}).replace("\u00e9", "\\u00e9")
    secure = desk.text(Condition={"Bool": {"aws:SecureTransport": True}})
    return (
        Sample("form", json.dumps(form, indent=2), _FORM),
        Sample("escapes", escaped, ((ESCAPES, escapes_reading),)),
        Sample("booleans", secure, ((BOOLEANS, booleans_reading),)),
        Sample("account", desk.text(Principal={"AWS": desk.place.account}), ((ACCOUNT, account_reading),)),
    )


def text(desk: Desk) -> Iterator[Reading]:
    """Write each sample, read them all at once, and compare."""
    written = [
        (each, desk.ask("CreateEmailIdentityPolicy", PolicyName=each.name, Policy=each.text)) for each in _samples(desk)
    ]
    policies = desk.ask("GetEmailIdentityPolicies").policies
    for sample, said in written:
        kept = policies.get(sample.name)
        for subject, answer in sample.looks:
            if said.code:
                yield Reading(subject, REFUSED, said=(said,))
            elif kept is None:
                yield Reading(subject, UNANSWERED, "it was made, and does not come back", (said,))
            else:
                yield Reading(subject, answer(sample.text, kept), said=(said,), sent=sample.text, kept=kept)
