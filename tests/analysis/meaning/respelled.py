"""A statement in other words: each way to write the same."""

from collections.abc import Callable, Iterator
from ipaddress import ip_network
from random import Random
from typing import Any, Final

from tests.analysis.meaning.evaluator import listed
from tests.analysis.meaning.ways import Statement


def accounts_as_arns(_: Random, one: Statement) -> list[Statement]:
    """Write accounts as ARNs."""
    return [_with_principals(one, lambda each: f"arn:aws:iam::{each}:root" if str(each).isdecimal() else each)]


def _with_principals(one: Statement, spell: Callable[[Any], Any]) -> Statement:
    if not isinstance(one["Principal"], dict):
        return one
    return one | {
        "Principal": {
            kind: [spell(each) for each in values] if isinstance(values, list) else spell(values)
            for kind, values in one["Principal"].items()
        }
    }


def everybody_otherwise(_: Random, one: Statement) -> list[Statement]:
    """Write everybody in the other form."""
    other = {"AWS": "*"} if one["Principal"] == "*" else "*"
    return [one | {"Principal": other}] if one["Principal"] in ("*", {"AWS": "*"}) else [one]


def actions_in_capitals(_: Random, one: Statement) -> list[Statement]:
    """Write the service's prefix in capitals."""
    return [one | {"Action": [each.replace("ses:", "SES:") for each in listed(one["Action"])]}]


def all_actions_otherwise(_: Random, one: Statement) -> list[Statement]:
    """Write `*` for all actions of SES."""
    return [one | {"Action": ["*" if each == "ses:*" else each for each in listed(one["Action"])]}]


def other_order(random: Random, one: Statement) -> list[Statement]:
    """Write actions, principals and values in another order."""

    def shuffled(values: Any) -> Any:
        return random.sample(values, len(values)) if isinstance(values, list) else values

    found = one | {"Action": shuffled(one["Action"])}
    if isinstance(one["Principal"], dict):
        found["Principal"] = {kind: shuffled(values) for kind, values in one["Principal"].items()}
    return [with_values(found, lambda _operator, values: shuffled(values))]


def with_values(one: Statement, spell: Callable[[str, Any], Any]) -> Statement:
    return one | {
        "Condition": {
            operator: {key: spell(operator, values) for key, values in of_keys.items()}
            for operator, of_keys in one["Condition"].items()
        }
    }


def lists_of_one(_: Random, one: Statement) -> list[Statement]:
    """Write single values as lists, and lists of one as single values."""
    found = one | {"Action": _listed_otherwise(one["Action"])}
    return [with_values(found, lambda _operator, values: _listed_otherwise(values))]


def _listed_otherwise(value: Any) -> Any:
    if not isinstance(value, list):
        return [value]
    return value[0] if len(value) == 1 else value


def networks_in_halves(_: Random, one: Statement) -> list[Statement]:
    """Write each network as two halves."""

    def halves(operator: str, values: Any) -> Any:
        if "IpAddress" not in operator:
            return values
        return [str(half) for each in listed(values) for half in _halves(each)]

    return [with_values(one, halves)]


def _halves(network: str) -> Iterator[Any]:
    found = ip_network(network)
    yield from found.subnets() if found.prefixlen < found.max_prefixlen else (found,)


_SPELLINGS: Final = {
    "2026-01-01T00:00:00Z": "2026-01-01T02:00:00+02:00",
    "2026-06-01T00:00:00Z": "2026-06-01T00:00:00+00:00",
    "5": "5.0",
    "60": "60.0",
    "10.0.0.1": "10.0.0.1/32",
    "10.1.0.1/32": "10.1.0.1",
}


def values_otherwise(_: Random, one: Statement) -> list[Statement]:
    """Write moments, numbers and networks in another form."""

    def spelled(operator: str, values: Any) -> Any:
        if not any(family in operator for family in ("Date", "Numeric", "IpAddress")):
            return values
        return [_SPELLINGS.get(each, each) for each in listed(values)]

    return [with_values(one, spelled)]


# Signs of a wildcard, which only one of the two operators honours.
_WILD: Final = ("*", "?", "Ref", "Fn::")
_OPERATORS: Final = {"StringEquals": "StringLike", "ArnEquals": "ArnLike", "ArnLike": "ArnEquals"}


def operators_otherwise(_: Random, one: Statement) -> list[Statement]:
    """Write another operator that compares these values in the same way."""
    found: dict[str, Any] = {}
    for operator, of_keys in one["Condition"].items():
        is_wild = "String" in operator and any(each in str(of_keys) for each in _WILD)
        other = operator if is_wild else _other(operator)
        for key, values in of_keys.items():
            if key in found.get(other, {}):
                return [one]
            found.setdefault(other, {})[key] = values
    return [one | {"Condition": found}]


def _other(operator: str) -> str:
    for name, other in _OPERATORS.items():
        if operator.rpartition(":")[2].removesuffix("IfExists") == name:
            return operator.replace(name, other)
    return operator
