"""What a change does, by every request of the small world."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.analysis.meaning.aws_reading import AwsReading
from tests.analysis.meaning.callers import Caller
from tests.analysis.meaning.evaluator import Policy
from tests.analysis.meaning.every_request import ACTIONS, CALLERS, Side, Space, space
from tests.analysis.meaning.keys import MAILS


class Truth(NamedTuple):
    """What happened to requests in one world.

    :param more: whether a request is newly allowed.
    :param less: whether a request is no longer allowed.
    :param granted: whether a request is newly allowed by the policies alone, whatever other policies allow.
    """

    more: bool
    less: bool
    granted: bool


class Compared(NamedTuple):
    """What one caller may do with one action, before and after: a bit for each request.

    :param identity: whose policies count; empty for any, if the From address chooses.
    :param proper: what the policies alone allow afterwards.
    """

    identity: str
    caller: Caller
    action: str
    before: int
    after: int
    proper: int = 0


def truths(old: Sequence[Policy], new: Sequence[Policy], some: Sequence[AwsReading]) -> Iterator[Truth]:
    """Yield what a change does in each world."""
    requests = space([*old, *new], some)
    for world in some:
        more = less = granted = 0
        for each in compared(old, new, world, requests):
            more |= each.after & ~each.before
            less |= each.before & ~each.after
            granted |= each.proper & ~each.before
        yield Truth(bool(more), bool(less), bool(granted))


def compared(old: Sequence[Policy], new: Sequence[Policy], world: AwsReading, requests: Space) -> Iterator[Compared]:
    """Yield what each caller may do on both sides, in each account."""
    identities = sorted({policy.identity for policy in (*old, *new)})
    for account in sorted({policy.account for policy in (*old, *new)}):
        sides = [Side(side, account, world, requests) for side in (old, new)]
        # One action is enough of those that every statement treats alike.
        actions = {(action.lower() in MAILS, *(side.acting(action) for side in sides)): action for action in ACTIONS}
        for action in actions.values():
            senders = [side.senders(action, identities) for side in sides]
            for caller in CALLERS:
                (_, before), (proper, after) = (
                    _by_identity(side, caller, action, of, identities) for side, of in zip(sides, senders, strict=True)
                )
                for number, identity in enumerate(identities if len(before) == len(identities) else ("",)):
                    yield Compared(identity, caller, action, before[number], after[number], proper[number])


def _by_identity(
    side: Side, caller: Caller, action: str, senders: dict[str, int], identities: Sequence[str]
) -> tuple[list[int], list[int]]:
    """Return what policies alone allow and what is allowed: for each identity, or for all if SES chooses one."""
    found = list(side.allowed(caller, action, senders))
    if side.world.by_given_arn or action.lower() not in MAILS:
        of_each = dict(zip(senders, found, strict=True))
        some = [of_each.get(identity, (0, 0)) for identity in identities]
        return [one for one, _ in some], [other for _, other in some]
    proper = every = 0
    for one, other in found:
        proper |= one
        every |= other
    return [proper], [every]
