"""Statements and conditions of a policy document. Unknown parts of their texts stand as `${...}`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ses_sending_policy.analysis.reading.intrinsics import is_known, text_of
from ses_sending_policy.rules.document import Json, is_intrinsic
from ses_sending_policy.rules.moments import Moment

POLICY: Final = "Properties/Policy"
"""The path in a resource at which the document stands."""


def statements(document: Json) -> Iterator["Statement"]:
    """Yield the statements of a policy document; entries without the shape of a statement are left out."""
    for path, elements in _elements(document):
        if _is_readable(elements):
            yield Statement(path, elements)


def unknown_statements(document: Json) -> Iterator[Json]:
    """Yield each entry of `Statement` that only the deploy knows; the document itself if it has no `Statement`."""
    for _, elements in _elements(document):
        if not _is_readable(elements):
            yield document if elements is None else elements


def is_whole(document: Json) -> bool:
    """Return whether all statements of a policy document can be read, with their effects known."""
    effects = (each.elements["Effect"] for each in statements(document) if "Effect" in each.elements)
    return not list(unknown_statements(document)) and all(is_known(text_of(effect)) for effect in effects)


def _elements(document: Json) -> Iterator[tuple[str, Json]]:
    return each(f"{POLICY}/Statement", document.get("Statement") if isinstance(document, Mapping) else None)


def _is_readable(elements: Json) -> bool:
    return isinstance(elements, Mapping) and not is_intrinsic(elements)


def each(path: str, value: Json) -> Iterator[tuple[str, Json]]:
    """Yield each item of a list with its path, lists inside it included; a value that is no list counts as one item."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            # A parameter inside a list may itself stand for a list.
            yield from each(f"{path}/{number}", item)
    else:
        yield path, value


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a policy.

    :param path: the statement's path in the resource, as `Properties/Policy/Statement/0`.
    :param elements: the statement as JSON.
    """

    path: str
    elements: Mapping[str, Json]

    @property
    def allows(self) -> bool:
        """Whether the statement's effect is known to be `Allow`."""
        return self.elements.get("Effect") == "Allow"

    def texts(self, element: str) -> Iterator[tuple[str, str]]:
        """Yield each text of an element, as `Action`, with its path."""
        if element in self.elements:
            for path, value in each(f"{self.path}/{element}", self.elements[element]):
                yield path, text_of(value)

    def principals(self, element: str = "Principal") -> Iterator[tuple[str, str, str]]:
        """Yield each principal: its path, its kind as `AWS` or `Service`, and its name."""
        principal = self.elements.get(element)
        path = f"{self.path}/{element}"
        if isinstance(principal, str):
            # A Principal that is a text counts as `AWS`: some examples of AWS have a user's ARN there.
            yield path, "AWS", principal
        elif isinstance(principal, Mapping) and not is_intrinsic(principal):
            for kind, values in principal.items():
                for place, value in each(f"{path}/{kind}", values):
                    yield place, kind, text_of(value)

    def conditions(self) -> Iterator["Condition"]:
        """Yield each condition whose operator and key are known."""
        operators = self.elements.get("Condition")
        if not isinstance(operators, Mapping) or is_intrinsic(operators):
            return
        for operator, keys in operators.items():
            if isinstance(keys, Mapping) and not is_intrinsic(keys):
                for key, value in keys.items():
                    path = f"{self.path}/Condition/{operator}/{key}"
                    yield Condition(path, operator, key, tuple(text_of(item) for _, item in each("", value)))

    def unknown_conditions(self) -> Iterator[str]:
        """Yield the names of the functions that give conditions only the deploy knows, each once and sorted."""
        operators = self.elements.get("Condition")
        is_read = isinstance(operators, Mapping) and not is_intrinsic(operators)
        places = list(operators.values()) if is_read and operators else [operators]
        yield from sorted({text_of(each) for each in places if is_intrinsic(each)})

    @property
    def has_unknown_conditions(self) -> bool:
        """Whether only the deploy knows which conditions there are."""
        operators = self.elements.get("Condition", {})
        if not isinstance(operators, Mapping) or is_intrinsic(operators):
            return True
        return any(not isinstance(keys, Mapping) or is_intrinsic(keys) for keys in operators.values())


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: an operator, a key, and the values that the key is compared with.

    :param path: where it stands in the resource.
    :param operator: as the document has it, as `ForAllValues:StringLike`.
    :param key: as the document has it, as `ses:Recipients`.
    :param values: the values to compare with, of which any is enough; unknown parts are `${...}`.
    """

    path: str
    operator: str
    key: str
    values: tuple[str, ...]

    @property
    def quantifier(self) -> str:
        """`ForAllValues`, `ForAnyValue`, or an empty text."""
        return self.operator.rpartition(":")[0]

    @property
    def comparison(self) -> str:
        """The operator without quantifier and `IfExists`, as `StringLike`."""
        return self.operator.rpartition(":")[2].removesuffix("IfExists")

    @property
    def compares_dates(self) -> bool:
        """Whether the operator compares dates."""
        return self.comparison.lower().startswith("date")

    @property
    def compares_seconds(self) -> bool:
        """Whether the condition compares the time, as seconds since 1970, with numbers.

        "The aws:EpochTime key works with date operators or numeric operators."
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        """
        return self.comparison.lower().startswith("numeric") and self.key.lower() == "aws:epochtime"

    def moment(self, value: str) -> Moment | None:
        """Return the moment as which the operator reads `value`, or None if it reads no moment."""
        is_compared = self.compares_dates or (self.compares_seconds and value.isdecimal())
        return Moment.read(value) if is_compared else None

    @property
    def is_optional(self) -> bool:
        """Whether the condition also holds for a request without the key, by `ForAllValues` or `IfExists`."""
        return self.quantifier == "ForAllValues" or self.operator.endswith("IfExists")
