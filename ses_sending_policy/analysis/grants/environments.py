"""Find out in which account and region stacks are deployed, by what all of their policies say about it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment

_PARTS: Final = ("account", "region")

NamedPlaces = Mapping[tuple[str, str], set[str]]
"""By stack and by `account` or `region`, the values that the stack's policies name."""


def told(policies: Iterable[Declared], stack: Callable[[Declared], str]) -> NamedPlaces:
    """Return the account and region that policies name for the stacks that deploy them.

    The ARN of an identity may name both. Where an API call goes does not count: it says nothing of the stack.

    :param stack: gives the name of a policy's stack; empty if it is unknown.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for policy in policies:
        for part in _PARTS:
            value = getattr(policy.environment, part)
            if value and stack(policy) and part not in policy.sent:
                found.setdefault((stack(policy), part), set()).add(value)
    return found


def completed(
    environment: KnownEnvironment, stack: str, found: NamedPlaces, but: Iterable[str] = ()
) -> KnownEnvironment:
    """Return an environment with the missing account and region filled in from what the stack's policies name.

    A part for which they name different values is left as it is.

    :param but: which of `account` and `region` an API call sets instead of the stack; these are not filled in. Default:
        - none.
    """
    parts = {part: found.get((stack, part), set()) for part in _PARTS if part not in but}
    return replace(environment, **{part: min(values) for part, values in parts.items() if len(values) == 1})


def settled(*sides: Iterable[Declared]) -> list[list[Declared]]:
    """Return the policies of each side, with account and region filled in from others of the same deployed stack.

    A stack is deployed to one account and region.
    """
    read = [list(side) for side in sides]
    found = told((each for side in read for each in side), lambda policy: policy.home.name)
    return [[_settled(policy, found) for policy in side] for side in read]


def _settled(policy: Declared, found: NamedPlaces) -> Declared:
    return replace(policy, environment=completed(policy.environment, policy.home.name, found, policy.sent))
