"""Takes each mend out alone, and reports what notices that: `python -m tests.provider.interleaved.without [NAME...]`.

First it runs the histories that are tests, then as many random ones as needed. What also fails with all mends in
place does not count.
"""

import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from tests.mutants.child import result_of
from tests.provider.interleaved.mend import Mend
from tests.provider.interleaved.mends import MENDS

MOST_STEPS: Final = 50_000
"""A mend is not caught if random histories of that many steps do not show that it is missing."""

_NAMED: Final = tuple(f"tests/provider/interleaved/test_{name}.py" for name in ("histories", "found", "mended"))
_OPTIONS: Final = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--no-header")

# A mend counts as caught as well if nothing ends without it.
_SECONDS: Final = 600


@dataclass(frozen=True, slots=True)
class Caught:
    """What noticed that a mend is missing.

    :param test: the test that failed; empty if a random history did.
    :param steps: the steps of random histories that were played.
    :param seed: the seed of the last history.
    :param sentence: the violation; empty if nothing noticed.
    """

    test: str = ""
    steps: int = 0
    seed: int = 0
    sentence: str = ""

    def __bool__(self) -> bool:
        return bool(self.test or self.sentence)

    def __str__(self) -> str:
        if self.test:
            return self.test.partition("::")[2]
        found = self.sentence or "NOT CAUGHT"
        return f"{self.steps} steps, seed {self.seed}: {found[:120]}"


class _Named:
    """Collects the tests that failed."""

    def __init__(self) -> None:
        self.failed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


def caught(mend: Mend, red: Sequence[str]) -> Caught:
    """Return what notices that a mend is missing.

    :param red: the tests that fail with all mends in place.
    """
    if mend.unseen and not mend.held_by:
        return Caught(test="::nothing changes")
    test = result_of(_SECONDS, partial(_failed_without, mend, red))
    if test or mend.unseen:
        return Caught(test=test)
    steps = seed = 0
    while steps < MOST_STEPS:
        went = result_of(_SECONDS, partial(_wrong_without, mend, seed, MOST_STEPS - steps))
        if went is None:
            return Caught(steps=steps, seed=seed, sentence="it does not end")
        more, seed, sentence = went
        steps += more
        if sentence and not result_of(_SECONDS, partial(_wrong_with_all, seed)):
            return Caught("", steps, seed, sentence)
        seed += 1
    return Caught(steps=steps, seed=seed)


def _failed_without(mend: Mend, red: Sequence[str]) -> str:
    """Return the first test that fails without a mend; empty for none."""
    mend.load()
    failed, ended = _tested(mend.held_by.split() or _NAMED, "-x", *(f"--deselect={each}" for each in red))
    if failed:
        return failed[0]
    return "" if ended == pytest.ExitCode.OK else f"::no test can be run, {ended}"


def _tested(tests: Sequence[str], *options: str) -> tuple[list[str], int]:
    """Return the tests that failed, and pytest's exit code; nothing is printed."""
    named = _Named()
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
        os.dup2(nowhere.fileno(), sys.stderr.fileno())
        ended = pytest.main([*_OPTIONS, *options, *tests], plugins=[named])
    return named.failed, int(ended)


def _wrong_without(mend: Mend, first: int, most: int) -> tuple[int, int, str]:
    """Return how many steps were played, the last seed, and its first violation, empty for none."""
    mend.load()
    tally, seed = importlib.import_module("tests.provider.interleaved.soak").Tally(), first
    while True:
        wrongs = tally.plays(seed).wrongs
        if wrongs or tally.steps >= most:
            return tally.steps, seed, wrongs[0] if wrongs else ""
        seed += 1


def _wrong_with_all(seed: int) -> bool:
    """Return whether the history of a seed has a violation with all mends in place."""
    return bool(importlib.import_module("tests.provider.interleaved.soak").Tally().plays(seed).wrongs)


def main(names: list[str]) -> int:
    """Print a line for each mend with one of the names, or for all; return 1 if one is not caught."""
    unknown = set(names) - {mend.name for mend in MENDS}
    if unknown:
        sys.stdout.write(f"no such mend: {', '.join(sorted(unknown))}\n")
        return 1
    red, _ = result_of(_SECONDS, partial(_tested, _NAMED))
    for test in red:
        sys.stdout.write(f"fails with all mends in place: {test}\n")
    missed = 0
    for mend in MENDS:
        if names and mend.name not in names:
            continue
        found = caught(mend, red)
        missed += not found
        why = f" (no history shows it: {mend.unseen})" if mend.unseen else ""
        sys.stdout.write(f"{mend.name:<72} {found}{why}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{missed} of {len(names or MENDS)} mends are not caught\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
