"""Ways to wait between two tries, compared by simulation with the very same pacer: `make bench-pauses`."""

import statistics
import sys
from collections.abc import Iterator
from functools import partial
from random import Random
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.burst import Burst, Pauses, simulated
from emulator.quota import Scope

_FIRST: Final = 0.5


def full(random: Random, *, cap: float, growth: float = 2.0) -> Iterator[float]:
    """Any moment up to a bound that grows with each refusal, up to the cap."""
    bound = _FIRST
    while True:
        yield random.uniform(0, bound)
        bound = min(bound * growth, cap)


def equal(random: Random, *, cap: float) -> Iterator[float]:
    """Half of such a bound at least."""
    bound = _FIRST
    while True:
        yield random.uniform(bound / 2, bound)
        bound = min(bound * 2, cap)


def decorrelated(random: Random, *, cap: float) -> Iterator[float]:
    """Up to three times the wait before."""
    wait = _FIRST
    while True:
        wait = min(cap, random.uniform(_FIRST, wait * 3))
        yield wait


_WAYS: Final[dict[str, Pauses]] = {
    **{f"full jitter, at most {cap} s": partial(full, cap=cap) for cap in (1, 2, 4, 8, 16, 60)},
    **{f"full jitter, x {growth}, at most 60 s": partial(full, cap=60, growth=growth) for growth in (1.1, 1.2)},
    **{f"equal jitter, at most {cap} s": partial(equal, cap=cap) for cap in (4, 8)},
    **{f"decorrelated jitter, at most {cap} s": partial(decorrelated, cap=cap) for cap in (4, 20)},
}
_CREATES: Final = (5, 20, 40, 120)
_SEEDS: Final = range(5)


def _cell(creates: int, scope: Scope, pauses: Pauses) -> str:
    """Return the medians: time against the limit, and calls a create."""
    bursts: list[Burst] = [simulated(creates, scope, seed=seed, pauses=pauses) for seed in _SEEDS]
    if any(burst.landed < creates for burst in bursts):
        return f"{min(burst.landed for burst in bursts)} landed"
    time = statistics.median(burst.seconds / burst.limit for burst in bursts)
    calls = statistics.median(burst.calls for burst in bursts)
    return f"{time:.2f} x  {calls:3.0f}"


def main() -> int:
    """Compare, and print."""
    console = Console(width=None if sys.stdout.isatty() else 130)
    scopes: dict[Scope, str] = {"over_all": "all operations together", "each": "each operation"}
    for scope, words in scopes.items():
        table = Table(title=f"a second for {words}: time against the limit, calls a create", title_justify="left")
        table.add_column("wait")
        for creates in _CREATES:
            table.add_column(f"{creates} creates", justify="right")
        for name, pauses in _WAYS.items():
            table.add_row(name, *(_cell(creates, scope, pauses) for creates in _CREATES))
        console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
