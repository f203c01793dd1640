"""What a change does, by every request of the small world."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tests.meaning.evaluator import Policy
from tests.meaning.every_request import ACTIONS, CALLERS, Side, Space, space
from tests.meaning.keys import MAILS
from tests.meaning.world import World


class Truth(NamedTuple):
    """What became of requests in one world.

    :param more: whether a request is newly allowed.
    :param less: whether a request is allowed no longer.
    :param granted: whether a request is newly allowed by the policies alone, whatever others allow.
    """

    more: bool
    less: bool
    granted: bool


def truths(old: Sequence[Policy], new: Sequence[Policy], some: Sequence[World]) -> Iterator[Truth]:
    """Yield what a change does in each of some worlds."""
    both = [*old, *new]
    identities = sorted({policy.identity for policy in both})
    requests = space(both, some)
    for world in some:
        yield _truth(old, new, world, requests, identities)


def _truth(
    old: Sequence[Policy], new: Sequence[Policy], world: World, requests: Space, identities: Sequence[str]
) -> Truth:
    more = less = granted = 0
    for account in sorted({policy.account for policy in (*old, *new)}):
        sides = [Side(side, account, world, requests) for side in (old, new)]
        # Of actions that no statement tells apart, one is enough.
        actions = {(action.lower() in MAILS, *(side.acting(action) for side in sides)): action for action in ACTIONS}
        for action in actions.values():
            senders = [side.senders(action, identities) for side in sides]
            for caller in CALLERS:
                before, after = (
                    list(side.allowed(caller, action, of)) for side, of in zip(sides, senders, strict=True)
                )
                if action.lower() in MAILS and not world.by_given_arn:
                    before, after = _united(before), _united(after)
                for (_, earlier), (later_proper, later) in zip(before, after, strict=True):
                    more |= later & ~earlier
                    less |= earlier & ~later
                    granted |= later_proper & ~earlier
    return Truth(bool(more), bool(less), bool(granted))


def _united(found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return one for all identities, where a request is looked up at one of them alone."""
    proper = every = 0
    for one, other in found:
        proper |= one
        every |= other
    return [(proper, every)]
