"""The types that the review page is made from match the schemas, and so do the values in its tests."""

import json
from collections.abc import Iterator
from enum import StrEnum
from importlib.resources import files
from types import UnionType
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints, is_typeddict

import pytest

from ses_sending_policy.review.html.page_json import DifferenceJson, ExplainedJson, FindingsJson, PlanJson
from ses_sending_policy.rules.document import Json
from tests.review.test_schemas import names_of_nothing
from tests.support.planned import PLAN
from tests.support.reviewed import DIFFERENCE, EXPLAINED, FINDINGS

TYPES: Final = {"explain": ExplainedJson, "check": FindingsJson, "diff": DifferenceJson, "plan": PlanJson}
NAMES: Final = {str: "string", bool: "boolean", int: "integer"}
MAIL: Final = {"explain": EXPLAINED, "check": FINDINGS, "diff": DIFFERENCE, "plan": PLAN}


def schema_of(command: str) -> Any:
    return json.loads(
        files("ses_sending_policy.review").joinpath(f"schemas/{command}.schema.json").read_text(encoding="utf-8")
    )


def described(schema: Any, root: Any) -> Any:
    """Return the schema that a reference points to, or the schema itself."""
    return root["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def unlike(kind: Any, schema: Any, root: Any, path: str = "") -> Iterator[str]:
    """Yield where a type differs from a schema; `Json` stands for anything."""
    schema = described(schema, root)
    if kind == Json:
        return
    if is_typeddict(kind):
        hints, properties = get_type_hints(kind), schema.get("properties", {})
        if not hints.keys() == kind.__required_keys__ == properties.keys() == set(schema.get("required", ())):
            yield f"{path} has other keys: {sorted(hints.keys() ^ properties.keys())}"
        for name in hints.keys() & properties.keys():
            yield from unlike(hints[name], properties[name], root, f"{path}/{name}")
    elif get_origin(kind) is list:
        yield from unlike(get_args(kind)[0], schema.get("items", {}), root, f"{path}/*")
    elif get_origin(kind) is UnionType:
        [whole] = [each for each in get_args(kind) if each is not type(None)]
        yield from unlike(whole, without_null(schema), root, path)
    elif not is_plain(kind, schema):
        yield f"{path} is not {kind}: {schema}"


def without_null(schema: Any) -> Any:
    """Return the part of a schema for values that are not null; if it takes no null, a schema that nothing fits."""
    if "null" in schema.get("type", ()):
        [kind] = [each for each in schema["type"] if each != "null"]
        return schema | {"type": kind}
    choices = schema.get("oneOf", ())
    others = [each for each in choices if each != {"type": "null"}]
    return others[0] if len(others) + 1 == len(choices) == 2 else {}


def is_plain(kind: Any, schema: Any) -> bool:
    """Return whether a schema takes the values of a type without parts."""
    if get_origin(kind) is Literal:
        return get_args(kind) == (schema.get("const"),)
    if get_origin(kind) is dict:
        return get_args(kind) == (str, str) and schema.get("additionalProperties") == {"type": "string"}
    if issubclass(kind, StrEnum):
        return set(kind) == set(schema.get("enum", ()))
    return bool(schema.get("type") == NAMES[kind])


@pytest.mark.parametrize("command", TYPES)
def test_a_type_is_what_its_schema_says(command: str) -> None:
    schema = schema_of(command)
    assert list(unlike(TYPES[command], schema, schema)) == []


@pytest.mark.parametrize("command", MAIL)
def test_what_the_tests_show_is_as_its_schema_says(command: str) -> None:
    assert names_of_nothing(command, MAIL[command]) == []
