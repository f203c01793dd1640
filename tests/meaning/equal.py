"""Changes that leave what policies mean: the same in other words, or in another order."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from ipaddress import ip_network
from random import Random
from typing import Any, Final

from tests.meaning.documents import CONDITIONS
from tests.meaning.evaluator import Policy, listed
from tests.meaning.pairs import single_values

Statement = dict[str, Any]
# What becomes of one statement: none, one or several.
Rewrite = Callable[[Random, Statement], list[Statement]]


def actions_apart(_: Random, one: Statement) -> list[Statement]:
    """Write each action in a statement of its own."""
    return [one | {"Action": each} for each in listed(one["Action"])]


def principals_apart(_: Random, one: Statement) -> list[Statement]:
    """Write each principal in a statement of its own."""
    if not isinstance(one["Principal"], dict):
        return [one]
    return [one | {"Principal": {kind: each}} for kind, values in one["Principal"].items() for each in listed(values)]


def values_apart(random: Random, one: Statement) -> list[Statement]:
    """Write each value of a condition in a statement of its own."""
    return [one | {"Condition": each} for each in single_values(random, one["Condition"])]


def accounts_as_arns(_: Random, one: Statement) -> list[Statement]:
    """Write accounts as their ARNs."""
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
    """Write everybody in the other way."""
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
    return [_with_values(found, lambda _operator, values: shuffled(values))]


def _with_values(one: Statement, spell: Callable[[str, Any], Any]) -> Statement:
    return one | {
        "Condition": {
            operator: {key: spell(operator, values) for key, values in of_keys.items()}
            for operator, of_keys in one["Condition"].items()
        }
    }


def lists_of_one(_: Random, one: Statement) -> list[Statement]:
    """Write what is alone as a list, and a list of one as what it has."""
    found = one | {"Action": _listed_otherwise(one["Action"])}
    return [_with_values(found, lambda _operator, values: _listed_otherwise(values))]


def _listed_otherwise(value: Any) -> Any:
    if not isinstance(value, list):
        return [value]
    return value[0] if len(value) == 1 else value


def networks_in_halves(_: Random, one: Statement) -> list[Statement]:
    """Write each network as its two halves."""

    def halves(operator: str, values: Any) -> Any:
        if "IpAddress" not in operator:
            return values
        return [str(half) for each in listed(values) for half in _halves(each)]

    return [_with_values(one, halves)]


def _halves(network: str) -> Iterator[Any]:
    found = ip_network(network)
    yield from found.subnets() if found.prefixlen < found.max_prefixlen else (found,)


_SPELLINGS: Final = {
    "2026-01-01T00:00:00Z": "2026-01-01T02:00:00+02:00",
    "2026-06-01T00:00:00Z": "2026-06-01T00:00:00+00:00",
    "5": "5.0",
    "60": "6e1",
    "10.0.0.1": "10.0.0.1/32",
    "10.1.0.1/32": "10.1.0.1",
}


def values_otherwise(_: Random, one: Statement) -> list[Statement]:
    """Write moments, numbers and networks in another way."""

    def spelled(operator: str, values: Any) -> Any:
        if not any(family in operator for family in ("Date", "Numeric", "IpAddress")):
            return values
        return [_SPELLINGS.get(each, each) for each in listed(values)]

    return [_with_values(one, spelled)]


_OPERATORS: Final = {"StringEquals": "StringLike", "ArnEquals": "ArnLike", "ArnLike": "ArnEquals"}


def operators_otherwise(_: Random, one: Statement) -> list[Statement]:
    """Write another operator that compares the same values alike."""
    found: dict[str, Any] = {}
    for operator, of_keys in one["Condition"].items():
        marks = str(of_keys)
        other = operator if operator.startswith("String") and ("*" in marks or "?" in marks) else _other(operator)
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


def twice(_: Random, one: Statement) -> list[Statement]:
    """Write a statement twice."""
    return [one, deepcopy(one) | {"Sid": "Again"}]


def narrower_beside(random: Random, one: Statement) -> list[Statement]:
    """Write beside a statement another that says less."""
    key = random.choice(list(CONDITIONS))
    operators, values = CONDITIONS[key]
    condition = deepcopy(one["Condition"])
    if key in condition.get(operators[0], {}):
        return [one]
    condition.setdefault(operators[0], {})[key] = random.choice(values)
    return [one, one | {"Condition": condition}]


def allowed_in_vain(_: Random, one: Statement) -> list[Statement]:
    """Write beside a Deny an Allow of the same."""
    return [one, one | {"Effect": "Allow"}] if one["Effect"] == "Deny" else [one]


def covered_values(random: Random, one: Statement) -> list[Statement]:
    """Write beside a value another that it covers."""

    def with_more(operator: str, values: Any) -> Any:
        likes = [each for each in listed(values) if isinstance(each, str) and "*" in each and "$" not in each]
        if "Like" not in operator or not likes:
            return values
        return [*listed(values), random.choice(likes).replace("*", "x*", 1)]

    return [_with_values(one, with_more)]


def covered_actions(_: Random, one: Statement) -> list[Statement]:
    """Write beside a pattern of actions one of them."""
    actions = listed(one["Action"])
    is_covered = any(each.lower() in ("ses:*", "*", "ses:send*") for each in actions)
    return [one | {"Action": [*actions, "ses:SendEmail"]}] if is_covered else [one]


REWRITES: Final[tuple[Rewrite, ...]] = (
    actions_apart,
    principals_apart,
    values_apart,
    accounts_as_arns,
    everybody_otherwise,
    actions_in_capitals,
    all_actions_otherwise,
    other_order,
    lists_of_one,
    networks_in_halves,
    values_otherwise,
    operators_otherwise,
    twice,
    narrower_beside,
    allowed_in_vain,
    covered_values,
    covered_actions,
)


def rewritten(random: Random, some: list[Policy]) -> tuple[str, list[Policy]]:
    """Return what was done, and the policies in other words."""
    fate = random.random()
    if fate < 0.1:
        return "other order of policies", random.sample(some, len(some))
    number = random.randrange(len(some))
    one = some[number]
    statements: list[Statement] = deepcopy(one.document["Statement"])
    if fate < 0.2:
        return "other order of statements", _with(some, number, random.sample(statements, len(statements)))
    if fate < 0.3 and len(statements) > 1:
        first, *others = statements
        apart = one._replace(document={**one.document, "Statement": [first]})
        return "statements in two policies", [*_with(some, number, others), apart]
    if fate < 0.4 and "${" not in str(statements):
        other = {**one.document, "Version": random.choice(("2008-10-17", "2012-10-17"))}
        return "other version", [*some[:number], one._replace(document=other), *some[number + 1 :]]
    rewrite = random.choice(REWRITES)
    place = random.randrange(len(statements))
    statements[place : place + 1] = rewrite(random, statements[place])
    return rewrite.__name__.replace("_", " "), _with(some, number, statements)


def _with(some: list[Policy], number: int, statements: list[Statement]) -> list[Policy]:
    document = {**some[number].document, "Statement": statements}
    return [*some[:number], some[number]._replace(document=document), *some[number + 1 :]]
