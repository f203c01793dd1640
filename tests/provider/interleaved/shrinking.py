"""Shortens a plan as long as its history has the same violation."""

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Final

from tests.provider.interleaved.history_run import Played, play
from tests.provider.interleaved.plan import Deploy, Plan, Reading

# What may differ between two histories with the same fault.
_ACCIDENTS: Final = re.compile(
    r"\+[\d.]+|\{.*|[0-9a-f]{16}|#[\d.b]+|\b(Mail|Other|partner|other|[a-z]+\.(com|example))\b|\b[ABC]\b|\d"
)


def signature(wrong: str) -> str:
    """Return what a violation has in common with others of its kind."""
    return _ACCIDENTS.sub("", wrong)


def shortest(played: Played, tries: int = 600) -> Played:
    """Return the shortest history found whose first violation is of the same kind.

    :param tries: the most plans to play.
    """
    wanted = signature(played.wrongs[0])
    while tries > 0:
        for plan in _shorter(played.plan):
            tries -= 1
            other = play(plan)
            if other.wrongs and signature(other.wrongs[0]) == wanted:
                played = other
                break
            if tries <= 0:
                return played
        else:
            return played
    return played


def _shorter(plan: Plan) -> Iterator[Plan]:
    """Yield plans with one thing less or simpler."""
    items = plan.items
    for index in reversed(range(len(items))):
        yield replace(plan, items=items[:index] + items[index + 1 :])
    calm = Reading()
    for field in fields(Reading):
        if field.name != "calm" and getattr(plan.reading, field.name) != getattr(calm, field.name):
            yield replace(plan, reading=replace(plan.reading, **{field.name: getattr(calm, field.name)}))
    if not plan.reading.calm:
        yield replace(plan, reading=replace(plan.reading, calm=True))
    for index, item in enumerate(items):
        if not isinstance(item, Deploy):
            continue
        less = [item.template[:each] + item.template[each + 1 :] for each in range(len(item.template))]
        simpler = [replace(item, template=template) for template in less]
        simpler += [replace(item, fails_after=None)] if item.fails_after is not None else []
        for each in simpler:
            yield replace(plan, items=(*items[:index], each, *items[index + 1 :]))
