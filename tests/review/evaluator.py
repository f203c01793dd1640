"""What SES allows, as far as AWS documents it: every request of a small world, against policies.

It knows nothing of ours. Where the documentation leaves two readings, a `World` has one of them.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from ipaddress import ip_address, ip_network
from itertools import product
from typing import Any, Final, NamedTuple

OWNER: Final = "111111111111"
JANE: Final = "arn:aws:iam::222222222222:user/Jane"
ADMIN: Final = f"arn:aws:iam::{OWNER}:user/Admin"


class Policy(NamedTuple):
    """A policy where it hangs."""

    account: str
    identity: str
    document: Mapping[str, Any]


class Caller(NamedTuple):
    """Who sends.

    `is_passed_on` says whether the administrator of the caller's account lets it send at all.
    """

    kind: str
    account: str
    name: str
    is_passed_on: bool = True


CALLERS: Final = (
    Caller("AWS", "222222222222", JANE),
    Caller("AWS", "222222222222", "arn:aws:iam::222222222222:user/Joe"),
    Caller("AWS", "333333333333", "arn:aws:iam::333333333333:role/Sender"),
    Caller("AWS", OWNER, ADMIN),
    Caller("AWS", OWNER, ADMIN, is_passed_on=False),
    Caller("Service", "", "cognito-idp.amazonaws.com"),
)
ACTIONS: Final = ("ses:SendEmail", "ses:SendRawEmail", "ses:SendTemplatedEmail", "ses:DeleteEmailIdentity")

# What a request may have of each key: nothing, or some values.
KEYS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "ses:FromAddress": (
        ("a@example.com",),
        ("b@example.com",),
        ("ab@example.com",),
        ("A@example.com",),
        ("a@sub.example.com",),
        ("*@example.com",),
    ),
    "ses:Recipients": (
        (),
        ("a@example.com",),
        ("b@other.example",),
        ("a@example.com", "b@other.example"),
        ("ab@example.com", "a@example.com"),
    ),
    "aws:CurrentTime": tuple(
        (f"{moment}+00:00",)
        for moment in ("2025-12-31T23:59:59", "2026-01-01T00:00:00", "2026-03-01T12:00:00", "2026-06-01T00:00:00")
    ),
    "aws:SourceIp": ((), ("10.0.0.1",), ("10.1.0.1",), ("192.168.0.1",), ("2001:db8::1",)),
    "aws:SourceArn": (
        (),
        ("arn:aws:s3:::bucket",),
        ("arn:aws:s3:::other:bucket",),
        ("arn:aws:sns:eu-west-1:222222222222:topic",),
    ),
    "aws:MultiFactorAuthAge": ((), ("4",), ("5",), ("5.5",), ("60",)),
    "aws:SecureTransport": (("true",), ("false",)),
}
_REQUESTS: Final = list(product(*KEYS.values()))
_WITH: Final = {
    (key, has): sum(1 << number for number, request in enumerate(_REQUESTS) if request[place] == has)
    for place, key in enumerate(KEYS)
    for has in KEYS[key]
}


@dataclass(frozen=True)
class World:
    """One reading of what AWS does not say, and what the deploy makes of references.

    :param everybody_is_services: whether `*` means services as well.
    :param one_is_enough: whether one value of several is enough, where no quantifier says so.
    :param arns_are_texts: whether `ArnLike` compares an ARN as a whole.
    :param references: what the deploy makes of a function, by its JSON.
    """

    everybody_is_services: bool
    one_is_enough: bool
    arns_are_texts: bool
    references: Callable[[Any], str]


def allowed(policies: Sequence[Policy], account: str, address: str, world: World) -> Iterator[int]:
    """Yield for each caller and action the requests that are allowed in one place: a bit for each.

    :param address: whose identity is sent as: the address's own, or else that of its domain.
    """
    here = [each for each in policies if each.account == account]
    own = [each for each in here if each.identity == address]
    domain = address.rpartition("@")[2]
    statements = [
        statement
        for policy in own or [each for each in here if each.identity == domain]
        for statement in _list(policy.document["Statement"])
    ]
    conditions = [_conditions(statement.get("Condition", {}), world) for statement in statements]
    for caller in CALLERS:
        for action in ACTIONS:
            effects = {"Allow": 0, "Deny": 0}
            for statement, requests in zip(statements, conditions, strict=True):
                if _acts(statement, action) and _means(statement, caller, account, world):
                    effects[statement["Effect"]] |= requests
            yield effects["Allow"] & ~effects["Deny"]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _acts(statement: Mapping[str, Any], action: str) -> bool:
    return any(_like(action.lower(), pattern.lower()) for pattern in _list(statement["Action"]))


def _means(statement: Mapping[str, Any], caller: Caller, owner: str, world: World) -> bool:
    principal = statement["Principal"]
    for kind, values in (principal if isinstance(principal, Mapping) else {"AWS": principal}).items():
        names = {_text(value, world) for value in _list(values)}
        is_everybody = kind == "AWS" and "*" in names and (caller.kind == "AWS" or world.everybody_is_services)
        is_named = is_everybody or (kind == caller.kind and caller.name in names)
        is_account = kind == caller.kind and not names.isdisjoint(
            (caller.account, f"arn:aws:iam::{caller.account}:root")
        )
        # Who is named in the owner's account needs no word of an administrator's.
        is_passed_on = caller.is_passed_on or statement["Effect"] == "Deny" or (is_named and caller.account == owner)
        if (is_named or is_account) and is_passed_on:
            return True
    return False


def _text(value: Any, world: World) -> str:
    return value if isinstance(value, str) else world.references(value)


def _conditions(condition: Mapping[str, Any], world: World) -> int:
    found = (1 << len(_REQUESTS)) - 1
    # References are texts here, and so the same condition is looked at once.
    readings = replace(world, references=str)
    for operator, keys in condition.items():
        for key, values in keys.items():
            texts = tuple(_text(value, world) for value in _list(values))
            found &= _requests(operator, key, texts, readings)
    return found


@cache
def _requests(operator: str, key: str, values: tuple[str, ...], world: World) -> int:
    """Return the requests that fulfil a condition."""
    return sum(_WITH[key, has] for has in KEYS[key] if _holds(operator, has, values, world))


def _holds(operator: str, has: tuple[str, ...], values: tuple[str, ...], world: World) -> bool:
    quantifier, _, comparison = operator.rpartition(":")
    if comparison == "Null":
        return str(not has).lower() in values
    name = comparison.removesuffix("IfExists")
    if not has and (name != comparison or quantifier == "ForAllValues"):
        return True
    negates = name in NEGATIVE
    compare = _like if name.startswith("Arn") and world.arns_are_texts else COMPARE[NEGATIVE.get(name, name)]
    found = [any(compare(one, value) for value in values) != negates for one in has]
    if not found:
        return negates and not quantifier
    every = quantifier == "ForAllValues" or (not quantifier and (negates or not world.one_is_enough))
    return all(found) if every else any(found)


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile("".join({"*": ".*", "?": "."}.get(each) or re.escape(each) for each in pattern), re.DOTALL)


def _like(text: str, pattern: str) -> bool:
    return _expression(pattern).fullmatch(text) is not None


def _arn_like(text: str, pattern: str) -> bool:
    parts, patterns = text.split(":", 5), pattern.split(":", 5)
    return len(parts) == len(patterns) and all(map(_like, parts, patterns))


def _in_network(text: str, network: str) -> bool:
    return ip_address(text) in ip_network(network)


def _ordered(read: Callable[[str], Any]) -> dict[str, Callable[[str, str], bool]]:
    return {
        "Equals": lambda one, other: bool(read(one) == read(other)),
        "LessThan": lambda one, other: bool(read(one) < read(other)),
        "LessThanEquals": lambda one, other: bool(read(one) <= read(other)),
        "GreaterThan": lambda one, other: bool(read(one) > read(other)),
        "GreaterThanEquals": lambda one, other: bool(read(one) >= read(other)),
    }


COMPARE: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "StringEquals": str.__eq__,
    "StringEqualsIgnoreCase": lambda one, other: one.lower() == other.lower(),
    "StringLike": _like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "IpAddress": _in_network,
    "Bool": str.__eq__,
    **{f"Numeric{name}": compare for name, compare in _ordered(float).items()},
    **{f"Date{name}": compare for name, compare in _ordered(datetime.fromisoformat).items()},
}
NEGATIVE: Final = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
    "NotIpAddress": "IpAddress",
    "NumericNotEquals": "NumericEquals",
    "DateNotEquals": "DateEquals",
}
