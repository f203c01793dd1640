"""Find out in which account and region deployed stacks are, from what all of their policies tell."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment

_PARTS: Final = ("account", "region")

Told = Mapping[tuple[str, str], set[str]]
"""By stack and by `account` or `region`, the values that policies tell."""


def told(policies: Iterable[Declared], stack: Callable[[Declared], str]) -> Told:
    """Return what policies tell of the account and the region of their deployed stacks.

    The ARN of one identity may name both. The place that a call goes to says nothing of its stack.

    :param stack: gives the name of a policy's stack; empty if it is unknown.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for policy in policies:
        for part in _PARTS:
            value = getattr(policy.environment, part)
            if value and stack(policy) and part not in policy.sent:
                found.setdefault((stack(policy), part), set()).add(value)
    return found


def completed(environment: KnownEnvironment, stack: str, found: Told, but: Iterable[str] = ()) -> KnownEnvironment:
    """Return an environment, completed by what policies tell of its stack; nothing is added if they differ.

    :param but: those of `account` and `region` that are not the stack's own. Default: - none.
    """
    parts = {part: found.get((stack, part), set()) for part in _PARTS if part not in but}
    return replace(environment, **{part: min(values) for part, values in parts.items() if len(values) == 1})


def settled(*sides: Iterable[Declared]) -> list[list[Declared]]:
    """Return the policies of each side, with the account and region that others of the same deployed stack tell.

    A stack is deployed to one account and region.
    """
    read = [list(side) for side in sides]
    found = told((each for side in read for each in side), lambda policy: policy.home.name)
    return [[_settled(policy, found) for policy in side] for side in read]


def _settled(policy: Declared, found: Told) -> Declared:
    return replace(policy, environment=completed(policy.environment, policy.home.name, found, policy.sent))
