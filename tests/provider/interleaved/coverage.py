"""The kinds of faults that a history had, and how often two of them came together in one."""

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
    """Return the pairs of faults in a history with these kinds."""
    reached = set(kinds)
    return [pair for pair in PAIRS if reached.issuperset(pair)]


def report(pairs: Counter[tuple[str, str]], least: int) -> list[str]:
    """Return lines that tell which pairs came up too seldom, the rarest first.

    :param least: how often each pair must come up.
    """
    rare = sorted((pairs[pair], pair) for pair in PAIRS if pairs[pair] < least)
    lines = [f"{len(PAIRS) - len(rare)} of {len(PAIRS)} pairs of faults were reached {least} times"]
    return lines + [f"{count:>8} {one} and {two}" for count, (one, two) in rare]
