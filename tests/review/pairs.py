"""Pairs of policies at random: most are one and the same but for a small change, as those of a pull request are."""

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any, Final

from tests.review.evaluator import ACTIONS, ADMIN, JANE, NEGATIVE, OWNER, Policy

REFERENCE: Final[dict[str, Any]] = {"Ref": "Reference"}
CHOICE: Final[dict[str, Any]] = {"Fn::If": ["A", "a@example.com", JANE]}
OTHER_CHOICE: Final[dict[str, Any]] = {"Fn::If": ["A", JANE, "a@example.com"]}

# So few that they meet.
PRINCIPALS: Final[list[Any]] = [
    "*",
    {"AWS": "*"},
    {"AWS": "222222222222"},
    {"AWS": ["arn:aws:iam::222222222222:root", "333333333333"]},
    {"AWS": [JANE]},
    {"AWS": [JANE, "arn:aws:iam::222222222222:user/Joe"]},
    {"AWS": OWNER},
    {"AWS": [OWNER, ADMIN]},
    {"AWS": ADMIN},
    {"Service": "cognito-idp.amazonaws.com"},
    {"AWS": "333333333333", "Service": ["cognito-idp.amazonaws.com"]},
    {"AWS": REFERENCE},
    {"AWS": CHOICE},
    {"AWS": OTHER_CHOICE},
]
_ACTIONS: Final = [*ACTIONS, "SES:sendemail", "ses:*", "ses:Send*", "ses:Send?mail", "ses:SendEmail*"]
_TEXTS: Final = ["StringEquals", "StringLike", "StringEqualsIgnoreCase", "StringNotEquals", "StringNotLike"]
_ARNS: Final = ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"]
_BOUNDS: Final = ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"]

_ADDRESSES: Final[list[Any]] = [
    *("a@example.com", "b@example.com", "ab@example.com", "A@EXAMPLE.com"),
    *(
        "*",
        "*@example.com",
        "a*",
        "?@example.com",
        "??@example.com",
        "*b@*",
        "*.example.com",
        "a*@*example.com",
        "*a*b*",
    ),
    *(REFERENCE, CHOICE, OTHER_CHOICE),
]
# Operators, and values that they may be compared with, of each key.
CONDITIONS: Final[dict[str, tuple[list[str], list[Any]]]] = {
    "ses:FromAddress": ([*_TEXTS, "StringNotEqualsIgnoreCase"], _ADDRESSES),
    "ses:Recipients": (_TEXTS, [*_ADDRESSES, "*@other.example", "b@*"]),
    "aws:CurrentTime": (
        [f"Date{name}" for name in _BOUNDS],
        ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2026-02-28T00:00:00Z", "2026-06-01T00:00:00Z"],
    ),
    "aws:SourceIp": (
        ["IpAddress", "NotIpAddress"],
        ["10.0.0.0/8", "10.0.0.0/16", "10.0.0.1", "10.1.0.1/32", "0.0.0.0/0", "::/0", "2001:db8::/32"],
    ),
    "aws:SourceArn": (
        [*_TEXTS[:2], *_ARNS],
        [
            *("arn:aws:s3:::bucket", "arn:aws:s3:::other:bucket", "arn:aws:s3:::*", "arn:*:s3:::*bucket"),
            *(
                "arn:aws:*:*:*:*",
                "arn:aws:*:*:*:bucket",
                "arn:aws:s*:*:*:?*",
                "arn:*",
                "arn:aws:sns:eu-west-1:222222222222:topic",
            ),
        ],
    ),
    "aws:MultiFactorAuthAge": ([f"Numeric{name}" for name in _BOUNDS], ["4", "5", "5.0", "5.5", "60"]),
    "aws:SecureTransport": (["Bool"], ["true", "false"]),
}
_PLACES: Final = [
    (OWNER, "example.com"),
    (OWNER, "example.com"),
    (OWNER, "a@example.com"),
    ("999999999999", "example.com"),
]


def pair(random: Random) -> tuple[list[Policy], list[Policy]]:
    """Return the policies of before and of after."""
    old = _policies(random)
    if random.random() < 0.1:
        return old, _policies(random)
    new = deepcopy(old)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        new = _changed(random, new)
    return (new, old) if random.random() < 0.5 else (old, new)


def _policies(random: Random) -> list[Policy]:
    return [_policy(random) for _ in range(random.choice((1, 1, 1, 2)))]


def _policy(random: Random) -> Policy:
    statements = [_statement(random) for _ in range(random.choice((1, 1, 2, 3)))]
    return Policy(*random.choice(_PLACES), {"Statement": statements})


def _statement(random: Random) -> dict[str, Any]:
    condition: dict[str, Any] = {}
    for _ in range(random.choice((0, 1, 1, 2))):
        _add_condition(random, condition)
    return {
        "Effect": random.choice(("Allow", "Allow", "Allow", "Deny")),
        "Principal": deepcopy(random.choice(PRINCIPALS)),
        "Action": random.sample(_ACTIONS, random.choice((1, 1, 2))),
        "Condition": condition,
    }


def _add_condition(random: Random, condition: dict[str, Any]) -> None:
    key = random.choice([*CONDITIONS, "ses:FromAddress", "ses:FromAddress", "ses:Recipients"])
    operators, values = CONDITIONS[key]
    operator = _operator(random, key, random.choice(operators))
    chosen = ["true"] if operator == "Null" else random.sample(values, min(len(values), random.choice((1, 1, 2, 3))))
    condition.setdefault(operator, {})[key] = chosen[0] if len(chosen) == 1 else chosen


def _operator(random: Random, key: str, comparison: str) -> str:
    if random.random() < 0.05:
        return "Null"
    quantified = 0.8 if key == "ses:Recipients" else 0.1
    quantifier = random.choice(("ForAllValues:", "ForAnyValue:")) if random.random() < quantified else ""
    return quantifier + comparison + random.choice(("", "", "", "IfExists"))


def _changed(random: Random, policies: list[Policy]) -> list[Policy]:
    """Return the policies with one change."""
    number = random.randrange(len(policies))
    policy = policies[number]
    others = [*policies[:number], *policies[number + 1 :]]
    fate = random.random()
    if fate < 0.03:
        return others or [_policy(random)]
    if fate < 0.06:
        return [*policies, _policy(random)]
    if fate < 0.09:
        return [*others, policy._replace(account=OWNER, identity=random.choice(("example.com", "a@example.com")))]
    statements = list(policy.document["Statement"])
    random.choice(_CHANGES)(random, statements)
    document = {"Statement": statements or [_statement(random)]}
    return [*others, policy._replace(document=document)]


def _of_statements(random: Random, statements: list[Any]) -> None:
    """Add, drop, double, split or shuffle statements."""
    statement = random.choice(statements)
    match random.randrange(6):
        case 0:
            statements.append(_statement(random))
        case 1:
            statements.remove(statement)
        case 2:
            statements.append(deepcopy(statement) | {"Sid": "Again"})
        case 3:
            statements += [statement | {"Action": each} for each in _actions(statement)]
            statements.remove(statement)
        case 4:
            random.shuffle(statements)
        case 5:
            statements += [statement | {"Condition": each} for each in _single_values(random, statement["Condition"])]
            statements.remove(statement)


def _actions(statement: dict[str, Any]) -> list[Any]:
    found = statement["Action"]
    return found if isinstance(found, list) else [found]


def _single_values(random: Random, condition: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the condition with each value of one of its keys alone."""
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
    actions = random.sample(_ACTIONS, random.choice((1, 2)))
    kept = _actions(statements[number]) if random.random() < 0.5 else []
    statements[number] = statements[number] | {"Action": [*kept, *actions]}


def _of_conditions(random: Random, statements: list[Any]) -> None:
    """Add or drop a condition, or change its values or its operator."""
    condition = random.choice(statements)["Condition"]
    if not condition or random.random() < 0.2:
        _add_condition(random, condition)
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
        comparison = random.choice([each for each in operators if (each in NEGATIVE) == (_bare(operator) in NEGATIVE)])
        quantifier = random.choice((operator.rpartition(":")[0], "", "ForAllValues", "ForAnyValue"))
        operator = f"{quantifier}:" * bool(quantifier) + comparison + random.choice(("", "IfExists"))
    elif operator != "Null":
        values = _with_other_values(random, values, CONDITIONS[key][1])
    condition.setdefault(operator, {})[key] = values


def _bare(operator: str) -> str:
    return operator.rpartition(":")[2].removesuffix("IfExists")


def _with_other_values(random: Random, values: Any, choices: list[Any]) -> Any:
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
