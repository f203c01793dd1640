"""Puts each fault into the model alone, and tells what notices it.

`python -m tests.analysis.meaning.fault_injection [NAME...]`

A fault is looked for with what `make meaning` plays: some random pairs, the families, and more random pairs. What also
goes wrong without the fault does not count.
"""

import importlib
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing import get_context
from typing import Any, Final, NamedTuple

from tests.analysis.meaning.families import FAMILIES, Made, made
from tests.analysis.meaning.injected_faults import FAULTS
from tests.mutants.child import result_of
from tests.mutants.replacement import Replacement

MOST_PAIRS: Final = 4000
"""A fault that no play notices within this many random pairs counts as not noticed."""

_OF_A_FAMILY: Final = 300
_BEFORE_FAMILIES: Final = 400
# One pair of this many is also played in stacks of unknown place, and with policies that may stay.
_SELDOM: Final = 8
# A fault with which a play never ends also counts as noticed.
_SECONDS: Final = 600

Families = dict[str, list[Made]]


class Step(NamedTuple):
    """A play of one pair, or of the pairs of a family.

    :param play: the name of a function in `plays.py`, or of a family.
    :param pairs: how many pairs it plays.
    """

    play: str
    seed: int = 0
    pairs: int = 1


@dataclass(frozen=True, slots=True)
class Noticed:
    """What noticed a fault.

    :param play: the play that did; empty if none did.
    :param pairs: how many pairs were played until then.
    :param sentence: what was wrong.
    """

    play: str
    pairs: int
    sentence: str = ""

    def __bool__(self) -> bool:
        return bool(self.play)

    def __str__(self) -> str:
        said = self.sentence.partition("\n")[0][:100]
        return f"{self.pairs:5} pairs, {self.play}: {said}" if self.play else f"{self.pairs:5} pairs, NOT NOTICED"


def steps(families: Families, most: int) -> Iterator[Step]:
    """Yield the plays in order, with at most that many random pairs."""
    for seed in range(most):
        yield Step("at_random", seed)
        if seed % _SELDOM == 0:
            yield Step("wherever_stacks_are", seed // _SELDOM)
            yield Step("whether_policies_stay", seed // _SELDOM)
        if seed + 1 == min(_BEFORE_FAMILIES, most):
            yield from (Step(name, pairs=len(some)) for name, some in families.items())


def noticed(fault: Replacement, families: Families, most: int = MOST_PAIRS) -> Noticed:
    """Return what notices a fault, if anything does.

    :param families: the pairs of each family.
    :param most: how many random pairs are played at most.
    """
    pairs = first = 0
    planned = list(steps(families, most))
    while first < len(planned):
        found = result_of(_SECONDS, partial(_first_wrong, fault, families, planned[first:]))
        if found is None:
            return Noticed("it does not end", pairs)
        number, sentence = found
        pairs += sum(step.pairs for step in planned[first : first + number + 1])
        first += number + 1
        if sentence and not result_of(_SECONDS, partial(_first_wrong, None, families, planned[first - 1 : first]))[1]:
            return Noticed(planned[first - 1].play, pairs, sentence)
    return Noticed("", pairs)


def _first_wrong(fault: Replacement | None, families: Families, planned: Sequence[Step]) -> tuple[int, str]:
    """Return the number of the first step with a fault, and a sentence; else the last, and an empty one."""
    if fault:
        fault.load()
    plays = importlib.import_module("tests.analysis.meaning.plays")
    for number, step in enumerate(planned):
        sentence = _wrong_in(plays, step, families)
        if sentence:
            return number, sentence
    return len(planned) - 1, ""


def _wrong_in(plays: Any, step: Step, families: Families) -> str:
    if step.play in families:
        others = plays.others_than_made(step.play, families[step.play])
        is_few = len(others) <= (1 - FAMILIES[step.play].least) * step.pairs
        return "" if is_few else f"{len(others)} of {step.pairs} are not {FAMILIES[step.play].verdict}"
    came = getattr(plays, step.play)(step.seed)
    return next(iter((*came.wrong, *came.refuted)), "")


def main(names: list[str]) -> int:
    """Print a line for each fault that has one of the names, or for all; return 1 if one is not noticed."""
    unknown = set(names) - {fault.name for fault in FAULTS}
    if unknown:
        sys.stdout.write(f"no such fault: {', '.join(sorted(unknown))}\n")
        return 1
    chosen = [fault for fault in FAULTS if not names or fault.name in names]
    families = {name: list(islice(made(name, 0), _OF_A_FAMILY)) for name in FAMILIES}
    missed = 0
    with ProcessPoolExecutor(mp_context=get_context("fork")) as workers:
        for fault, found in zip(chosen, workers.map(partial(noticed, families=families), chosen), strict=True):
            missed += not found
            sys.stdout.write(f"{fault.name:<64} {found}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{missed} of {len(chosen)} faults are not noticed\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
