"""Random pairs of policies: most differ by one small change, as in a pull request."""

import json
from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any, Final

from tests.analysis.meaning.documents import (
    ACTIONS_MEANT,
    CONDITIONS,
    CONDITIONS_OF_RESOURCES,
    PRINCIPALS,
    VERSIONS,
    add_condition,
    document,
    policies,
    policy,
    statement,
)
from tests.analysis.meaning.evaluator import OWNER, Policy
from tests.analysis.meaning.operators import NEGATIVE, bare

Pair = tuple[list[Policy], list[Policy]]


def pair(random: Random) -> Pair:
    """Return the policies before and after a change."""
    old = policies(random)
    if random.random() < 0.1:
        return old, policies(random)
    new = deepcopy(old)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        new = _changed(random, new)
    old, new = (new, old) if random.random() < 0.5 else (old, new)
    # A generator of its own, so that rare keys do not change every other pair.
    seldom = Random(json.dumps([old, new]))
    fate = seldom.random()
    if fate < 0.1:
        return old, _with_rare_keys(seldom, new)
    return (old, _with_operators_beside(old)) if fate < 0.13 else (old, new)


# "Key names are case-insensitive", `aws:EpochTime` is the moment of `aws:CurrentTime`, and a policy may ask for the
# caller's type in place of its name.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
_TYPES: Final = ("aws:PrincipalType", ["User", "AssumedRole", "Account", "A*"])
_RARE: Final = {
    "aws:CurrentTime": ("aws:EpochTime", ["1767225600", "1772236800", "1780272000"]),
    "aws:username": _TYPES,
    "aws:userid": _TYPES,
}


def _with_rare_keys(random: Random, some: list[Policy]) -> list[Policy]:
    """Return the policies with keys in another case, and with rarely used keys."""
    found = deepcopy(some)
    for each in (each for one in found for each in one.document["Statement"]):
        for operator, of_keys in each["Condition"].items():
            for key in list(of_keys):
                values = of_keys.pop(key)
                other, choices = _RARE.get(key, ("", []))
                if other and operator != "Null" and random.random() < 0.7:
                    of_keys[other] = random.choice(choices)
                else:
                    # A tag's name is case-sensitive here.
                    of_keys[key if "/" in key else random.choice((key.upper(), key.lower()))] = values
    return found


# Operators that are the same if an ARN is compared as a whole, or if one value of a list is enough: AWS does not say
# whether that is so.
_BESIDE: Final = {"ArnEquals": "StringLike", "ArnLike": "StringLike", "ArnNotEquals": "StringNotLike"}


def _with_operators_beside(some: list[Policy]) -> list[Policy]:
    """Return the policies with operators of which AWS does not say whether they are the same."""
    found = deepcopy(some)
    for each in (each for one in found for each in one.document["Statement"]):
        condition: dict[str, Any] = {}
        for operator, of_keys in each["Condition"].items():
            name = _BESIDE.get(operator, operator)
            if "ses:Recipients" in of_keys:
                name = name.removeprefix("ForAnyValue:") if ":" in name else f"ForAnyValue:{name}"
            condition.setdefault(name, {}).update(of_keys)
        each["Condition"] = condition
    return found


def _changed(random: Random, some: list[Policy]) -> list[Policy]:
    """Return the policies after one change."""
    number = random.randrange(len(some))
    one = some[number]
    others = [*some[:number], *some[number + 1 :]]
    fate = random.random()
    if fate < 0.03:
        return others or [policy(random)]
    if fate < 0.06:
        return [*some, policy(random)]
    if fate < 0.09:
        return [*others, one._replace(account=OWNER, identity=random.choice(("example.com", "a@example.com")))]
    if fate < 0.13:
        return [*others, one._replace(document=document(random.choice(VERSIONS), one.document["Statement"]))]
    if fate < 0.16:
        return [*others, one._replace(condition=random.choice(CONDITIONS_OF_RESOURCES))]
    statements = list(one.document["Statement"])
    random.choice(_CHANGES)(random, statements)
    return [*others, one._replace(document={**one.document, "Statement": statements or [statement(random)]})]


def _of_statements(random: Random, statements: list[Any]) -> None:
    """Add, drop, double, split or shuffle statements."""
    one = random.choice(statements)
    match random.randrange(6):
        case 0:
            statements.append(statement(random))
        case 1:
            statements.remove(one)
        case 2:
            statements.append(deepcopy(one) | {"Sid": "Again"})
        case 3:
            statements += [one | {"Action": each} for each in one["Action"]]
            statements.remove(one)
        case 4:
            random.shuffle(statements)
        case 5:
            statements += [one | {"Condition": each} for each in single_values(random, one["Condition"])]
            statements.remove(one)


def single_values(random: Random, condition: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the condition with a single value, once for each value of one of its keys."""
    if not condition:
        return [condition]
    operator = random.choice(list(condition))
    key = random.choice(list(condition[operator]))
    values = condition[operator][key]
    return [
        deepcopy(condition) | {operator: condition[operator] | {key: value}}
        for value in (values if isinstance(values, list) else [values])
    ]


def _of_effect(random: Random, statements: list[Any]) -> None:
    number = random.randrange(len(statements))
    statements[number] = statements[number] | {"Effect": random.choice(("Allow", "Deny"))}


def _of_principal(random: Random, statements: list[Any]) -> None:
    number = random.randrange(len(statements))
    statements[number] = statements[number] | {"Principal": deepcopy(random.choice(PRINCIPALS))}


def _of_action(random: Random, statements: list[Any]) -> None:
    number = random.randrange(len(statements))
    actions = random.sample(ACTIONS_MEANT, random.choice((1, 2)))
    had = statements[number]["Action"]
    kept = (had if isinstance(had, list) else [had]) if random.random() < 0.5 else []
    statements[number] = statements[number] | {"Action": [*kept, *actions]}


def _of_conditions(random: Random, statements: list[Any]) -> None:
    """Add or drop a condition, or change its values or its operator."""
    condition = random.choice(statements)["Condition"]
    if not condition or random.random() < 0.2:
        add_condition(random, condition)
        return
    operator = random.choice(list(condition))
    key = random.choice(list(condition[operator]))
    values = condition[operator].pop(key)
    if not condition[operator]:
        del condition[operator]
    fate = random.random()
    if fate < 0.2:
        return
    if fate < 0.6 and operator != "Null":
        operators = CONDITIONS[key][0]
        is_negative = bare(operator) in NEGATIVE
        comparison = random.choice([each for each in operators if (each in NEGATIVE) == is_negative] or operators)
        quantifier = random.choice((operator.rpartition(":")[0], "", "ForAllValues", "ForAnyValue"))
        operator = f"{quantifier}:" * bool(quantifier) + comparison + random.choice(("", "IfExists"))
    elif operator != "Null":
        values = with_other_values(random, values, CONDITIONS[key][1])
    condition.setdefault(operator, {})[key] = values


def with_other_values(random: Random, values: Any, choices: list[Any]) -> Any:
    """Return the values with one removed, added or replaced."""
    found = list(values) if isinstance(values, list) else [values]
    if random.random() < 0.3 and len(found) > 1:
        found.pop()
    elif random.random() < 0.5:
        found.append(random.choice(choices))
    else:
        found[random.randrange(len(found))] = random.choice(choices)
    return found


_CHANGES: Final[list[Callable[[Random, list[Any]], None]]] = [
    _of_statements,
    _of_effect,
    _of_principal,
    _of_action,
    _of_conditions,
    _of_conditions,
    _of_conditions,
    _of_conditions,
]
