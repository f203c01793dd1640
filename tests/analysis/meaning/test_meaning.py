"""The verdict against every request of a small world, and each witness against a separate evaluator.

`make test-all` looks at the same few pairs each time. `make meaning` looks at as many as it is told, and prints the
results.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

import pytest

from tests.analysis.meaning.families import FAMILIES, Made, made
from tests.analysis.meaning.plays import (
    FIRST,
    Came,
    at_random,
    others_than_made,
    wherever_stacks_are,
    whether_policies_stay,
)
from tests.analysis.meaning.told import sides

PAIRS: Final = int(os.environ.get("MEANING_PAIRS", "0"))
FEW: Final = PAIRS or 2000
# With fewer, a single pair would already be too large a share.
OF_A_FAMILY: Final = max(PAIRS // 100, 60) if PAIRS else 300
_VERDICTS: Final = {"broadened", "changed", "narrowed", "unchanged"}


def first(wrong: Sequence[str]) -> str:
    """Return the first few of what is wrong."""
    return f"{len(wrong)} wrong\n" + "".join(wrong[:15])


def test_what_is_new_wherever_stacks_are_is_never_called_the_same_or_less() -> None:
    """Stacks of unknown place may all be in one place, or each in another."""
    found = [wherever_stacks_are(seed) for seed in range(FEW // 8)]
    wrong = [each for one in found for each in one.wrong]
    assert not wrong, first(wrong)
    assert {each.verdict for each in found} == _VERDICTS


@pytest.fixture(scope="module")
def stayed() -> list[Came]:
    """Return the results of pairs in which some policies may stay, played once."""
    return [whether_policies_stay(seed) for seed in range(FEW // 8)]


def test_what_is_new_whether_policies_stay_or_not_is_never_called_the_same_or_less(stayed: list[Came]) -> None:
    wrong = [each for one in stayed for each in one.wrong]
    assert not wrong, first(wrong)
    assert {each.verdict for each in stayed} == _VERDICTS


def test_witnesses_are_newly_allowed_whether_policies_stay_or_not(stayed: list[Came]) -> None:
    refuted = [each for one in stayed for each in one.refuted]
    assert not refuted, first(refuted)
    assert "confirmed" in {each for one in stayed for each in one.witnesses}


@pytest.fixture(scope="module")
def played() -> list[Came]:
    """Return the results of random pairs, played once."""
    return [at_random(seed) for seed in range(FEW)]


def test_what_is_new_is_never_called_the_same_or_less(played: list[Came]) -> None:
    table = Counter((each.verdict, each.truth) for each in played)
    _print(f"{count:>8} {verdict:<10} {truth}" for (verdict, truth), count in sorted(table.items()))
    wrong = [each for one in played for each in one.wrong]
    assert not wrong, first(wrong)
    assert {verdict for verdict, _ in table} == _VERDICTS


def test_witnesses_are_requests_that_are_newly_allowed(played: list[Came]) -> None:
    witnesses = Counter(what for each in played for what in each.witnesses)
    _print(f"{count:>8} witnesses {what}" for what, count in sorted(witnesses.items()))
    refuted = [each for one in played for each in one.refuted]
    assert not refuted, first(refuted)


@pytest.mark.parametrize("name", FAMILIES)
def test_most_pairs_of_a_family_are_called_what_they_are(name: str) -> None:
    family = FAMILIES[name]
    some = list(islice(made(name, FIRST), OF_A_FAMILY))
    others: dict[str, list[str]] = {}
    for each, verdict in others_than_made(name, some):
        others.setdefault(each.how, []).append(_told(each, verdict))
    how = Counter({way: len(of_one) for way, of_one in others.items()})
    right = len(some) - how.total()
    _print([f"{name}: {right} of {len(some)} {family.verdict}, {right / len(some):.1%}", *map(str, how.most_common())])
    # A few from each way to make one.
    told = [one for number in range(3) for of_one in others.values() for one in of_one[number : number + 1]]
    assert right >= family.least * len(some), f"{right} of {len(some)} are {family.verdict}\n" + "".join(told[:15])


def _told(each: Made, verdict: str) -> str:
    return f"seed {each.seed}, {each.how}: {verdict}\n{sides(each.old, each.new)}"


def _print(lines: Iterable[str]) -> None:
    if PAIRS:
        sys.stdout.write("\n" + "".join(f"{line}\n" for line in lines))
