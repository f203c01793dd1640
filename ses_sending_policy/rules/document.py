"""Policy documents: checks of their shape, the text that is written to SES, and live policies as SES returns them."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.limits import check_policy_size, oversize
from ses_sending_policy.rules.ownership import Marker

Json = Any
"""Parsed JSON, or a part of a template, with intrinsic functions in it."""

# "Effect, Principal, Action, Resource: required". "Id, Version, Sid, Condition: not required".
# https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
# SES does not document the second name of a pair, such as NotAction. Here a statement may have either: the review's
# findings say whether SES allows it.
REQUIRED: Final = (
    ("Effect",),
    ("Principal", "NotPrincipal"),
    ("Action", "NotAction"),
    ("Resource", "NotResource"),
)

# "If you do not include a Version element, the value defaults to 2008-10-17".
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
DEFAULT_VERSION: Final = "2008-10-17"

# "Effect: [...] Allow, Deny"
EFFECTS: Final = ("Allow", "Deny")

# Half a surrogate pair: JSON can contain it, as `\ud800`, but UTF-8 cannot encode it.
_HALF_CHARACTER: Final = re.compile(r"[\ud800-\udfff]")

# A policy is six levels deep, and some more with CloudFormation's functions. The code walks through it by recursion,
# for which Python has a limit.
_MOST_LEVELS: Final = 64


def is_intrinsic(value: Json) -> bool:
    """Return whether `value` is an intrinsic function of CloudFormation, whose value only the deploy knows."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    [key] = value
    return isinstance(key, str) and (key == "Ref" or key.startswith("Fn::"))


def is_too_deep(value: Json) -> bool:
    """Return whether `value` is nested deeper than any policy can be."""
    level = [value]
    for _ in range(_MOST_LEVELS):
        level = [inner for item in level for inner in _elements_of(item)]
        if not level:
            return False
    return True


def _elements_of(value: Json) -> Iterable[Json]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list | tuple) else ()


def compact(value: Json) -> str:
    """Return `value` as JSON without white space between its elements."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def as_text(value: Json) -> Json:
    """Return `value` with every scalar as a string, which is how CloudFormation passes it to a custom resource.

    >>> as_text({"Bool": {"aws:SecureTransport": True}, "n": [14]})
    {'Bool': {'aws:SecureTransport': 'true'}, 'n': ['14']}
    """
    if isinstance(value, Mapping):
        return {key: as_text(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_text(item) for item in value]
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


def as_list(value: Json) -> list[Json]:
    """Return `value` if it is a list, else a list of `value` alone: IAM allows both for most elements."""
    return value if isinstance(value, list) else [value]


def statement_faults(statement: Json, name: str) -> Iterator[str]:
    """Yield a sentence for each fault in the shape of a statement; the sentences call the statement `name`."""
    if is_intrinsic(statement):
        return
    if not isinstance(statement, Mapping):
        yield f"{name} is {statement!r}: it must be an object"
        return
    for names in REQUIRED:
        values = [statement[each] for each in names if each in statement]
        if not values:
            yield f"{name} has no {names[0]}: every statement needs one"
        elif values[0] in ("", [], {}, None):
            yield f"{name} has an empty {names[0]}: every statement needs one"
    effect = statement.get("Effect")
    if effect and not is_intrinsic(effect) and effect not in EFFECTS:
        yield f"{name} has the Effect {effect!r}: allowed are {' and '.join(EFFECTS)}"
    condition = statement.get("Condition", {})
    if not isinstance(condition, Mapping):
        yield f"{name} has the Condition {condition!r}: it must be an object of operators"


def document_faults(document: Json) -> Iterator[str]:
    """Yield a sentence for each fault in the shape of a policy document."""
    if is_too_deep(document):
        yield f"policy document has more than {_MOST_LEVELS} levels: no policy is nested so deep"
        return
    if not isinstance(document, Mapping):
        yield f"policy document is {document!r}: it must be an object with a Statement"
        return
    statements = as_list(document.get("Statement", []))
    if not statements:
        yield "policy document has no statement: it needs at least one"
    for number, statement in enumerate(statements):
        yield from statement_faults(statement, f"statement {number}")


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document whose shape SES accepts: every statement has its required elements.

    :param elements: the document as parsed JSON, without an `Id`.
    """

    elements: Mapping[str, Json]

    def __post_init__(self) -> None:
        faults = list(document_faults(self.elements))
        if faults:
            raise DeclarationError.of(faults)
        if "Id" in self.elements:
            raise DeclarationError("policy document has an Id: that is the place of the owner's marker")
        if _HALF_CHARACTER.search(compact(self.elements)):
            raise DeclarationError("policy document has half a surrogate pair in it, which is not a character")

    def text(self, marker: Marker) -> str:
        """Return the text to write to SES, with the marker as `Id`; raise `DeclarationError` if it is too large.

        If the document has no Version, the text has the default one: were SES to add it, nothing would differ. Only if
        that would make the text too large, it is left out, since SES accepts a policy without a Version.
        """
        first = {"Version": DEFAULT_VERSION, "Id": str(marker)}
        text = compact(first | dict(self.elements))
        if oversize(len(text.encode())):
            text = compact({"Id": str(marker)} | dict(self.elements))
        check_policy_size(len(text.encode()))
        return text


@dataclass(frozen=True, slots=True)
class LivePolicy:
    """A policy as SES holds it, whoever made it.

    :param text: the text, exactly as SES returned it.
    """

    text: str

    @property
    def elements(self) -> Json:
        """The parsed text; if it is not JSON, or nested deeper than any policy, the text itself."""
        try:
            elements = json.loads(self.text)
        except (ValueError, RecursionError):
            return self.text
        return self.text if is_too_deep(elements) else elements

    @property
    def marker(self) -> Marker | None:
        """The owner's marker; None if the `Id` is not a marker."""
        elements = self.elements
        return Marker.parse(elements.get("Id")) if isinstance(elements, dict) else None

    @property
    def owner(self) -> str | None:
        """The owner in words, as the marker names it; None without a marker."""
        return self.marker.owner if self.marker else None

    @property
    def id(self) -> str:
        """The `Id`; empty if there is none, or if it is not a string."""
        elements = self.elements
        given = elements.get("Id", "") if isinstance(elements, dict) else ""
        return given if isinstance(given, str) else ""

    def with_id(self, given: str) -> str:
        """Return the text with `given` as its `Id`, without one if `given` is empty; unchanged if it is no document."""
        elements = self.elements
        if not isinstance(elements, dict):
            return self.text
        rest = {key: value for key, value in elements.items() if given or key != "Id"}
        return compact(rest | {"Id": given} if given else rest)
