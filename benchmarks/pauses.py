"""Compares ways to wait between two attempts by simulation: `make bench-pauses`, some minutes."""

import json
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from benchmarks.burst import CALLS, Burst
from benchmarks.paces import WAYS
from benchmarks.picture import of_ways
from benchmarks.simulation import Pace, Plan, ours, simulated
from emulator import terminal
from emulator.quota import QuotaScope

_ROOT: Final = Path(__file__).parents[1]
RESULTS: Final = _ROOT / "benchmarks" / "results" / "pauses.json"
PICTURE: Final = _ROOT / "docs" / "images" / "pauses.svg"

# The ways in the picture, which would be confusing with all of them.
_SHOWN: Final = ("ours", "full jitter, at most 8 s", "decorrelated jitter, at most 20 s", "full jitter, at most 60 s")

CREATES: Final = (1, 5, 20, 40, 120, 250)
SCOPES: Final[Mapping[QuotaScope, str]] = {"over_all": "all operations together", "each": "each operation"}


def medians(plan: Plan, scope: QuotaScope, pace: Pace) -> dict[str, float]:
    """Return the medians of some runs. The fewer creates there are, the more chance matters, and the more runs."""
    runs = [simulated(plan, scope, seed=seed, pace=pace) for seed in range(max(1, min(40, 400 // plan.policies)))]
    return {
        "landed": min(run.landed for run in runs),
        "time": _median(runs, lambda run: run.seconds / max(1.0, run.limit)),
        "calls": _median(runs, lambda run: run.calls),
        "slowest": _median(runs, lambda run: run.slowest),
        "median": _median(runs, lambda run: run.median),
    }


def _median(runs: Sequence[Burst], figure: Callable[[Burst], float]) -> float:
    return statistics.median(figure(run) for run in runs)


def main() -> int:
    """Compare, print and write the results."""
    console = terminal.console(140)
    found: list[dict[str, Any]] = []
    for scope, words in SCOPES.items():
        title = f"a second for {words}: time against the limit, calls a create, the slowest"
        table = Table(title=title, title_justify="left")
        table.add_column("wait")
        for creates in CREATES:
            table.add_column(f"{creates} creates", justify="right")
        for name, pace in WAYS.items():
            row = [medians(Plan(creates), scope, pace) for creates in CREATES]
            found += [
                {"way": name, "scope": scope, "creates": creates, **each}
                for creates, each in zip(CREATES, row, strict=True)
            ]
            table.add_row(name, *(_cell(creates, each) for creates, each in zip(CREATES, row, strict=True)))
        console.print(table)
        for creates in (40, 120):
            once = medians(Plan(creates, calls=CALLS[:1]), scope, ours)
            console.print(f"{creates} creates of one call each: {once['slowest']:.0f} s, {once['calls']:.0f} calls")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    PICTURE.write_text(picture(found), encoding="utf-8")
    console.print(f"written to {RESULTS.relative_to(_ROOT)} and {PICTURE.relative_to(_ROOT)}")
    return 0


def picture(found: Sequence[Mapping[str, Any]]) -> str:
    """Return the picture of some ways if all operations share the quota; without bursts of a single create."""
    rows = [each for each in found if each["scope"] == "over_all" and each["creates"] > 1]
    ways = {way: [(each["creates"], each["time"]) for each in rows if each["way"] == way] for way in _SHOWN}
    title = "Time against what the calls take at one a second"
    return of_ways(title, "medians of simulated bursts; all operations share that second", ways)


def _cell(creates: int, found: Mapping[str, float]) -> str:
    if found["landed"] < creates:
        return f"{found['landed']:.0f} landed"
    return f"{found['time']:.2f}  {found['calls']:3.0f}  {found['slowest']:3.0f} s"


if __name__ == "__main__":
    sys.exit(main())
