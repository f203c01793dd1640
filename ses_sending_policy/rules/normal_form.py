"""The normal form of a policy document in a template, so that reordering it does not change the template."""

import json
from collections.abc import Mapping
from typing import Final

from ses_sending_policy.rules.document import Json, as_list, as_text, is_intrinsic

# The order in which people read a statement.
_ELEMENTS: Final = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)


def _sorted_compact(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _normal(value: Json) -> Json:
    if is_intrinsic(value):
        return value
    if isinstance(value, Mapping):
        return {key: _normal(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        distinct = {_sorted_compact(item): item for item in map(_normal, value)}
        items = [distinct[key] for key in sorted(distinct)]
        return items[0] if len(items) == 1 else items
    return value


def _normal_statement(statement: Json) -> Json:
    if not isinstance(statement, Mapping) or is_intrinsic(statement):
        return statement
    known = [name for name in _ELEMENTS if name in statement]
    return {name: _normal(statement[name]) for name in known + sorted(statement.keys() - set(known))}


def normalise(document: Mapping[str, Json]) -> dict[str, Json]:
    """Return the normal form of `document`, which is the same for any order of its elements.

    Lists are sorted and lose duplicates, a list of one becomes its element, scalars become strings; statements stay a
    list, sorted by `Sid`. Intrinsic functions stay as they are. `Id` is left out, since the owner's marker goes there.
    """
    text = as_text(document)
    statements = [_normal_statement(item) for item in as_list(text.get("Statement", []))]
    rest = {key: _normal(text[key]) for key in sorted(text.keys() - {"Id", "Statement"})}
    return rest | {"Statement": sorted(statements, key=_statement_order)}


def _statement_order(statement: Json) -> tuple[str, str]:
    sid = statement.get("Sid", "") if isinstance(statement, Mapping) else ""
    return (sid if isinstance(sid, str) else "", _sorted_compact(statement))
