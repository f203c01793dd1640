"""Conditions of a template that are true or false by what stands in the template alone."""

from collections.abc import Mapping

from ses_sending_policy.rules.document import Json

_DEPTH = 10  # a condition may name itself


def literally(template: Mapping[str, Json], condition: Json, depth: int = _DEPTH) -> bool | None:
    """Return whether a condition is true, or None where only the deploy knows.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html

    :param template: the whole, which has the conditions by name.
    :param condition: one of their names, or what a condition is made of.
    :param depth: how deep it is looked into. Default: - deep enough for what people write.
    """
    found: bool | None = None
    if depth:
        match condition:
            case str(name) | {"Condition": str(name)}:
                named = template.get("Conditions")
                known = named.get(name) if isinstance(named, Mapping) else None
                found = literally(template, known, depth - 1) if isinstance(known, Mapping) else None
            case {"Fn::Equals": [str(one), str(other)]}:
                found = one == other
            case {"Fn::Not": [value]}:
                found = _opposite(literally(template, value, depth - 1))
            case {"Fn::And": [*values]}:
                found = _all([literally(template, each, depth - 1) for each in values])
            case {"Fn::Or": [*values]}:
                found = _opposite(_all([_opposite(literally(template, each, depth - 1)) for each in values]))
    return found


def _opposite(value: bool | None) -> bool | None:  # noqa: FBT001 - it is the value, and no switch
    return None if value is None else not value


def _all(values: list[bool | None]) -> bool | None:
    """Return whether all are true: not so where one is known to be false, whatever the others are."""
    return False if False in values else None if None in values else True
