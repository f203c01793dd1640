"""Helpers for histories written by hand: each call takes a tenth of a second, and faults come only as written.

Times are seconds since the beginning; `Mail/A#2` is the second event of resource A in stack Mail.
"""

import json
from typing import Any, Final

from tests.provider.interleaved.history_run import HistoryRun
from tests.provider.interleaved.plan import Declared, Deploy, Item, Plan, Reading, Trouble, document

PARTNER: Final = ("example.com", "partner")
OTHER: Final = ("example.com", "other")
FIRST: Final = Declared(PARTNER)
CHANGED: Final = Declared(PARTNER, says=2)
RENAMED: Final = Declared(OTHER, says=2)

READ, CREATE, UPDATE, DELETE = (
    f"{verb}_email_identity_polic{ending}"
    for verb, ending in (("get", "ies"), ("create", "y"), ("update", "y"), ("delete", "y"))
)


def deploys(at: float, declared: Declared, *, stack: str = "Mail", name: str = "A", **more: Any) -> Deploy:
    """Return the deploy of a stack with one resource."""
    return Deploy(at, stack, ((name, declared),), **more)


def adopts(at: float, says: int = 0, **more: Any) -> Deploy:
    """Return the deploy of stack Other that adopts the partner's policy."""
    return deploys(at, Declared(PARTNER, says, "ADOPT", "RELEASE"), stack="Other", name="B", **more)


def held(who: str, begin: float, end: float, operation: str = "") -> Trouble:
    """Let SES throttle the function of one event for some time, so that it waits."""
    return Trouble(begin, end - begin, "throttled", operation, who)


def played(*items: Item, **reading: Any) -> HistoryRun:
    """Play these items until everything is at rest, and return the result; fail on any violation."""
    world = HistoryRun(Plan(0, Reading(calm=True, **reading), items))
    world.play()
    assert not world.invariants.wrongs, world.played.story
    return world


def holds(*items: Item, **reading: Any) -> HistoryRun:
    """Do the same, then delete everything and check again."""
    world = played(*items, **reading)
    world.tear_down()
    assert not world.invariants.wrongs, world.played.story
    return world


def by_hand(says: int = 0, **more: Any) -> str:
    """Return the text of a policy as somebody writes it by hand."""
    return json.dumps(more | document(says, PARTNER[0]), separators=(",", ":"))
