"""What the definition of a template parameter tells about its value."""

from collections.abc import Mapping
from typing import Final

from ses_sending_policy.analysis.reading.functions import split
from ses_sending_policy.analysis.reading.texts import STAYS, concatenated, parts_of
from ses_sending_policy.rules.document import Json, as_text, is_intrinsic

_DEFAULT: Final = "Default"

# "AWS::SSM::Parameter::Value<String>: A Systems Manager parameter whose value is a string": the given value or the
# default is then the name of that Systems Manager parameter.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
_BY_PATH: Final = "AWS::SSM::Parameter::Value<"
# "An array of literal strings that are separated by commas. [...] Also, each member string is space trimmed."
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
_LISTS: Final = ("CommaDelimitedList", "List<")

# Texts for people, which do not affect the allowed values.
_PROSE: Final = frozenset({"Description", "ConstraintDescription"})


def _type_of(definition: Mapping[str, Json]) -> str:
    return str(definition.get("Type"))


def default_of(definition: Mapping[str, Json]) -> str | None:
    """Return the default value of a parameter, or None if it has none."""
    default = as_text(definition.get(_DEFAULT))
    return default if isinstance(default, str) else None


def is_by_path(definition: Mapping[str, Json]) -> bool:
    """Return whether a parameter's value is the name of a Systems Manager parameter whose value is used instead."""
    return _type_of(definition).startswith(_BY_PATH)


def allowed_values(definition: Mapping[str, Json]) -> list[str] | None:
    """Return all texts that a parameter's value may be; None if that is unknown."""
    kind, values = _type_of(definition), as_text(definition.get("AllowedValues"))
    if kind.startswith((*_LISTS, _BY_PATH)) or not isinstance(values, list):
        return None
    return values if all(isinstance(each, str) for each in values) else None


def in_its_type(definition: Mapping[str, Json], value: Json) -> Json:
    """Return what a reference to a parameter with this `value` gives: a list of elements if the parameter is a list."""
    if not _type_of(definition).startswith(_LISTS) or not (isinstance(value, str) or is_intrinsic(value)):
        return value
    elements = split([",", value])
    return {"Fn::Split": [",", value]} if elements is STAYS else [_trimmed(each) for each in elements]


def _trimmed(element: Json) -> Json:
    first, *others = parts_of(element)
    parts = [first.lstrip() if isinstance(first, str) else first, *others]
    last = parts.pop()
    return concatenated([*parts, last.rstrip() if isinstance(last, str) else last])


def meaning(definition: Mapping[str, Json]) -> dict[str, Json]:
    """Return those keys of a parameter's definition that decide which values are allowed."""
    return {key: value for key, value in sorted(definition.items()) if key not in _PROSE}
