"""Changes that allow more; reversed, they allow less."""

from copy import deepcopy
from random import Random
from typing import Any, Final

from tests.analysis.meaning.documents import ACTIONS_MEANT, CONDITIONS, PRINCIPALS, add_condition, policy, statement
from tests.analysis.meaning.evaluator import Policy, listed
from tests.analysis.meaning.operators import NEGATIVE, bare
from tests.analysis.meaning.ways import Rewrite, Statement, Way, of_one_statement

# A Deny with less in it allows more, and so does a negation.
_ALLOW: Final = "Allow"


def more_principals(random: Random, one: Statement) -> list[Statement]:
    """Add a principal to an Allow."""
    other = deepcopy(random.choice([each for each in PRINCIPALS if isinstance(each, dict)]))
    mine = one["Principal"]
    if one["Effect"] != _ALLOW or not isinstance(mine, dict):
        return [one]
    for kind, values in mine.items():
        other[kind] = [*listed(values), *listed(other.get(kind, []))]
    return [one | {"Principal": other}]


def whole_accounts(_: Random, one: Statement) -> list[Statement]:
    """Name the account of a user or a role in an Allow."""
    if one["Effect"] != _ALLOW or not isinstance(one["Principal"], dict):
        return [one]
    return [one | {"Principal": {kind: _accounts(values) for kind, values in one["Principal"].items()}}]


def _accounts(values: Any) -> list[Any]:
    return [each.split(":")[4] if isinstance(each, str) and each.count(":") > 4 else each for each in listed(values)]


def everybody(_: Random, one: Statement) -> list[Statement]:
    """Name everybody in an Allow."""
    return [one | {"Principal": "*"}] if one["Effect"] == _ALLOW else [one]


def more_actions(random: Random, one: Statement) -> list[Statement]:
    """Add an action to an Allow, or take one from a Deny."""
    actions = listed(one["Action"])
    if one["Effect"] == _ALLOW:
        return [one | {"Action": [*actions, random.choice(ACTIONS_MEANT)]}]
    return [one | {"Action": actions[1:]}] if len(actions) > 1 else []


def fewer_conditions(random: Random, one: Statement) -> list[Statement]:
    """Drop a condition of an Allow, or add one to a Deny."""
    condition = deepcopy(one["Condition"])
    if one["Effect"] != _ALLOW:
        add_condition(random, condition)
    elif condition:
        operator = random.choice(list(condition))
        del condition[operator][random.choice(list(condition[operator]))]
        condition = {name: keys for name, keys in condition.items() if keys}
    return [one | {"Condition": condition}]


def other_values(random: Random, one: Statement) -> list[Statement]:
    """Add a value if that allows more, else remove one."""
    condition = deepcopy(one["Condition"])
    if not condition:
        return [one]
    operator = random.choice(list(condition))
    key = random.choice(list(condition[operator]))
    values = listed(condition[operator][key])
    if (bare(operator) in NEGATIVE) == (one["Effect"] == _ALLOW):
        condition[operator][key] = values[1:] or values
    elif operator != "Null":
        condition[operator][key] = [*values, random.choice(CONDITIONS[key][1])]
    return [one | {"Condition": condition}]


_WIDER: Final = {
    "a@example.com": "*@example.com",
    "*@example.com": "*example.com",
    "a*": "*",
    "10.0.0.0/16": "10.0.0.0/8",
    "10.0.0.1": "10.0.0.0/16",
    "10.0.0.0/8": "0.0.0.0/0",
    "222222222222": "2*",
    "o-a1b2c3d4e5": "o-*",
    "vpce-1": "vpce-*",
    "Jane": "J*",
    "arn:aws:s3:::bucket": "arn:aws:s3:::*",
}


def wider_values(_: Random, one: Statement) -> list[Statement]:
    """Write wider patterns in an Allow, or narrower ones in a Deny."""
    widen = _WIDER if one["Effect"] == _ALLOW else {wide: narrow for narrow, wide in _WIDER.items()}
    condition = {
        operator.replace("StringEquals", "StringLike") if "IgnoreCase" not in operator else operator: {
            key: [widen.get(each, each) if isinstance(each, str) else each for each in listed(values)]
            for key, values in of_keys.items()
        }
        for operator, of_keys in one["Condition"].items()
        if bare(operator) not in NEGATIVE
    }
    return [one | {"Condition": condition}] if len(condition) == len(one["Condition"]) else [one]


def if_exists(_: Random, one: Statement) -> list[Statement]:
    """Make an Allow also hold if a key is missing."""
    if one["Effect"] != _ALLOW or "Null" in str(one["Condition"]):
        return [one]
    condition = {f"{operator.removesuffix('IfExists')}IfExists": keys for operator, keys in one["Condition"].items()}
    return [one | {"Condition": condition}] if len(condition) == len(one["Condition"]) else [one]


def no_deny(_: Random, one: Statement) -> list[Statement]:
    """Drop a Deny."""
    return [] if one["Effect"] == "Deny" else [one]


def another_allow(random: Random, one: Statement) -> list[Statement]:
    """Add an Allow."""
    return [one, statement(random) | {"Effect": _ALLOW}]


_REWRITES: Final[tuple[Rewrite, ...]] = (
    more_principals,
    whole_accounts,
    everybody,
    more_actions,
    fewer_conditions,
    other_values,
    wider_values,
    if_exists,
    no_deny,
    another_allow,
)


def another_policy(random: Random, some: list[Policy]) -> list[Policy]:
    """Add a policy that allows."""
    found = policy(random)
    statements = [each | {"Effect": _ALLOW} for each in found.document["Statement"]]
    return [*some, found._replace(document={**found.document, "Statement": statements})]


WAYS: Final[dict[str, Way]] = {
    **{each.__name__.replace("_", " "): of_one_statement(each) for each in _REWRITES},
    "another policy": another_policy,
}
