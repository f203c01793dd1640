"""`Fn::FindInMap`: the value that it finds, its default, and where only the deploy knows."""

from typing import Any

import pytest

from ses_sending_policy.analysis.reading.resolver import Evaluation
from ses_sending_policy.analysis.reading.scope import Scope

OPEN = {"Ref": "Open"}
MAPPINGS: dict[str, Any] = {
    "Who": {"prod": {"id": "1", "ids": ["1", "2"], "n": 3, "also": {"deep": "4"}}, "dev": {"id": "5"}},
    "Only": {"prod": {"id": "6"}},
    "Text": "not a mapping",
    "List": {"prod": ["id"]},
}


def found(*keys: Any, is_extended: bool = True) -> Any:
    """Return what the function gives; "stays" if only the deploy knows."""
    elements = {"Mappings": MAPPINGS, "Parameters": {"Open": {"Type": "String"}}}
    scope = Scope(elements | ({"Transform": ["AWS::LanguageExtensions"]} if is_extended else {}))
    function = {"Fn::FindInMap": [*keys]}
    value = Evaluation().of(scope).resolved(function)
    return "stays" if value == function else value


def default(value: Any) -> dict[str, Any]:
    return {"DefaultValue": value}


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (("Who", "prod", "id"), "1"),
        (("Who", "prod", "ids"), ["1", "2"]),
        (("Who", "prod", "n"), "3"),
        (("Who", "prod", {"Fn::Join": ["", ["i", "d"]]}), "1"),
        # An object is no value.
        (("Who", "prod", "also"), "stays"),
        # The deploy fails if the mapping has no such key, so that the only one is meant.
        (("Only", OPEN, OPEN), "6"),
        (("Who", OPEN, "id"), "stays"),
        (("Who", "none", "id"), "stays"),
        (("None", "prod", "id"), "stays"),
        (("Who", "prod"), "stays"),
        (("Who", "prod", "id", "deep", "er"), "stays"),
        (("Text", "prod", "id"), "stays"),
        (("List", "prod", "id"), "stays"),
        (("Who", "prod", "also", "deep"), "stays"),
        # With a default, an unknown key may be none of the mapping's.
        (("Who", "prod", "id", default("d")), "1"),
        (("Who", "none", "id", default("d")), "d"),
        (("None", "prod", "id", default("d")), "d"),
        (("Who", "prod", "none", default(["d"])), ["d"]),
        (("Who", "none", "id", default({"Fn::Join": ["", ["d", "e"]]})), "de"),
        (("Only", OPEN, "id", default("d")), "stays"),
        (("Text", "prod", "id", default("d")), "stays"),
        (("Who", "prod", default("d")), "stays"),
    ],
)
def test_what_it_finds(keys: tuple[Any, ...], value: Any) -> None:
    assert found(*keys) == value


def test_a_default_is_of_the_language_extensions() -> None:
    assert found("Who", "none", "id", default("d"), is_extended=False) == "stays"
    assert found("Who", "prod", "id", default("d"), is_extended=False) == "1"


def test_a_template_without_mappings() -> None:
    function = {"Fn::FindInMap": ["Who", "prod", "id"]}
    assert Evaluation().of(Scope({})).resolved(function) == function


def test_a_default_of_a_parameter_names_a_key() -> None:
    parameters = {"Stage": {"Type": "String", "Default": "dev"}}
    scope = Scope({"Mappings": MAPPINGS, "Parameters": parameters})
    function = {"Fn::FindInMap": ["Who", {"Ref": "Stage"}, "id"]}
    assert Evaluation(takes_defaults=True).of(scope).resolved(function) == "5"
    assert Evaluation().of(scope).resolved(function) == function
