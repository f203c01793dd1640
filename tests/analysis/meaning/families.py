"""Pairs whose verdict is known from how they were made, and is checked by every request of the small world."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import cycle
from random import Random
from typing import Final, NamedTuple

from tests.analysis.meaning import broadened, equal
from tests.analysis.meaning.aws_reading import aws_readings
from tests.analysis.meaning.documents import policies
from tests.analysis.meaning.evaluator import Policy
from tests.analysis.meaning.truth import Truth, truths
from tests.analysis.meaning.ways import Way

# How many policies are tried with one way before the next way is used.
_TRIES: Final = 60


class Made(NamedTuple):
    """A pair, and how it was made."""

    seed: str
    how: str
    old: list[Policy]
    new: list[Policy]


class Family(NamedTuple):
    """Pairs that are made in certain ways.

    :param turned: how often before and after are swapped.
    :param verdict: the verdict that each pair should get.
    :param least: the share that must get it.
    :param is_so: whether a change does the right thing in a world; if not, the pair is dropped.
    :param is_so_beside: the same, if other policies that nobody declares allow everything.
    """

    ways: Mapping[str, Way]
    turned: float
    verdict: str
    least: float
    is_so: Callable[[Truth], bool]
    is_so_beside: Callable[[Truth], bool]


FAMILIES: Final = {
    "equal": Family(
        equal.WAYS, 0.5, "unchanged", 0.98, lambda truth: not any(truth), lambda truth: not (truth.more or truth.less)
    ),
    "broadened": Family(broadened.WAYS, 0, "broadened", 0.95, lambda truth: truth.granted, lambda _: True),
    "narrowed": Family(
        broadened.WAYS, 1, "narrowed", 0.90, lambda truth: truth.less and not truth.more, lambda truth: not truth.more
    ),
}


def made(name: str, first: int) -> Iterator[Made]:
    """Yield the pairs of a family, using one way after the other."""
    family = FAMILIES[name]
    in_vain = 0
    for number, how in enumerate(cycle(family.ways), first):
        tries = (_made(family, how, f"{name} {number}.{attempt}") for attempt in range(_TRIES))
        found = next((each for each in tries if each), None)
        in_vain = 0 if found else in_vain + 1
        assert in_vain < len(family.ways), f"no way makes a pair that is {name}"
        if found:
            yield found


def _made(family: Family, how: str, seed: str) -> Made | None:
    random = Random(seed)
    old = policies(random)
    new = family.ways[how](random, old)
    if random.random() < family.turned:
        old, new = new, old
    if not old or not new or old == new:
        return None
    some = [replace(world, others_allow=False) for world in (*aws_readings(random), *aws_readings(random))]
    others = [replace(world, others_allow=True) for world in some]
    is_so = all(map(family.is_so, truths(old, new, some))) and all(map(family.is_so_beside, truths(old, new, others)))
    return Made(seed, how, old, new) if is_so else None
