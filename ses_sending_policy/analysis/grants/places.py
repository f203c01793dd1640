"""Where deployed stacks are, by all that is known of them on both sides of a change."""

from collections.abc import Iterable
from dataclasses import replace

from ses_sending_policy.analysis.reading.declared import Declared


def settled(*sides: Iterable[Declared]) -> list[list[Declared]]:
    """Return the policies of each side with what others of the same deployed stack tell of its account and region.

    A stack is deployed to one place. The ARN of one identity may name that; where two differ, nobody is told anything.
    """
    read = [list(side) for side in sides]
    found: dict[tuple[str, str], set[str]] = {}
    for policy in (each for side in read for each in side if each.home.name):
        for part in ("account", "region"):
            value = getattr(policy.environment, part)
            if value:
                found.setdefault((policy.home.name, part), set()).add(value)
    return [[_settled(policy, found) for policy in side] for side in read]


def _settled(policy: Declared, found: dict[tuple[str, str], set[str]]) -> Declared:
    told = {
        part: next(iter(values))
        for part in ("account", "region")
        if len(values := found.get((policy.home.name, part), set())) == 1
    }
    return replace(policy, environment=replace(policy.environment, **told)) if told else policy
