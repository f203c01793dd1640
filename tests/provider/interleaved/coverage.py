"""Which kinds of faults a history reached, and how often two of them met in one."""

from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from typing import Final

KINDS: Final = (
    "overlap-update",
    "overlap-create",
    "overlap-delete",
    "adoption-race",
    "stale-read",
    "clock-behind",
    "clock-ahead",
    "denied-cfn",
    "throttled-ses",
    "lost-answer",
    "double-delivery",
    "killed",
    "doubtful-write",
    "rename",
    "drops-id",
    "refused-write",
)
"""All kinds that are counted."""

PAIRS: Final = tuple(combinations(KINDS, 2))


def pairs_of(kinds: Iterable[str]) -> list[tuple[str, str]]:
    """Return the pairs that a history with these kinds reached."""
    reached = set(kinds)
    return [pair for pair in PAIRS if reached.issuperset(pair)]


def report(pairs: Counter[tuple[str, str]], least: int) -> list[str]:
    """Return lines that tell how often the pairs were reached, the rarest first.

    :param least: as often as each pair is to be reached.
    """
    rare = sorted((pairs[pair], pair) for pair in PAIRS if pairs[pair] < least)
    lines = [f"{len(PAIRS) - len(rare)} of {len(PAIRS)} pairs of faults were reached {least} times"]
    return lines + [f"{count:>8} {one} and {two}" for count, (one, two) in rare]
