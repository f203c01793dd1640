"""Pairs whose verdict is known by how they were made, and by every request of the small world."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Final, NamedTuple

from tests.meaning.broadened import widened
from tests.meaning.documents import policies
from tests.meaning.equal import rewritten
from tests.meaning.evaluator import Policy
from tests.meaning.truth import Truth, truths
from tests.meaning.world import worlds


class Made(NamedTuple):
    """A pair, and how it was made."""

    seed: int
    how: str
    old: list[Policy]
    new: list[Policy]


Make = Callable[[Random, list[Policy]], tuple[str, list[Policy]]]


class Family(NamedTuple):
    """Pairs that are made in one way.

    :param verdict: what each should be called.
    :param least: the share that has to be.
    :param is_so: what a change does in each world, or else the pair is dropped.
    """

    make: Make
    is_turned: Callable[[Random], bool]
    verdict: str
    least: float
    is_so: Callable[[Truth], bool]


FAMILIES: Final = {
    "equal": Family(rewritten, lambda random: random.random() < 0.5, "unchanged", 0.98, lambda truth: not any(truth)),
    "broadened": Family(widened, lambda _: False, "broadened", 0.95, lambda truth: truth.granted),
    "narrowed": Family(widened, lambda _: True, "narrowed", 0.90, lambda truth: truth.less and not truth.more),
}


def made(name: str, first: int) -> Iterator[Made]:
    """Yield the pairs of a family, one a seed where that seed makes one."""
    family = FAMILIES[name]
    seed = first
    while True:
        random = Random(f"{name} {seed}")  # noqa: S311 - nobody's secret
        old = policies(random)
        how, new = family.make(random, old)
        if family.is_turned(random):
            old, new = new, old
        some = [*worlds(random), *worlds(random), *worlds(random)]
        if old and new and old != new and all(map(family.is_so, truths(old, new, some))):
            yield Made(seed, how, old, new)
        seed += 1
