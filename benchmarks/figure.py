"""A figure of the benchmarks: what this project takes, compared with its limit in the same run."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rich.console import Console
from rich.table import Table

# How often both are measured, in turn, so that other load of the machine affects both.
_TURNS: Final = 9


@dataclass(frozen=True)
class Figure:
    """A row of the table.

    :param what: what was measured.
    :param ours: the median of this project, in `unit`.
    :param limit: the median of the least that it could be.
    :param goal: the goal, in words.
    :param reached: whether the goal is reached; None if it could not be measured.
    :param unit: for instance `ms`.
    :param spread: the least and the most of this project's measurements.
    """

    what: str
    ours: float
    limit: float
    goal: str
    reached: bool | None
    unit: str
    spread: tuple[float, float]

    @classmethod
    def ratio(cls, what: str, ours: Sequence[float], limit: Sequence[float], most: float) -> "Figure":
        """Return the row of a figure that may be `most` times its limit; both are in seconds."""
        mine, least = statistics.median(ours) * 1000, statistics.median(limit) * 1000
        spread = min(ours) * 1000, max(ours) * 1000
        return cls(what, mine, least, f"<= {most:g} x limit", mine <= most * least, "ms", spread)

    @classmethod
    def exactly(cls, what: str, count: int, limit: int) -> "Figure":
        """Return the row of a count that must be equal to `limit`."""
        return cls(what, count, limit, f"exactly {limit}", count == limit, "", (count, count))

    @classmethod
    def at_most(cls, what: str, ours: float, most: float, unit: str) -> "Figure":
        """Return the row of a figure that may be `most`."""
        return cls(what, ours, most, f"<= {most:g} {unit}", ours <= most, unit, (ours, ours))

    @classmethod
    def more(cls, what: str, ours: Sequence[float], limit: Sequence[float], seconds: float) -> "Figure":
        """Return the row of a figure that may be so many seconds more than its limit; all are in seconds."""
        row = cls.ratio(what, ours, limit, 1)
        reached = row.ours <= row.limit + seconds * 1000
        return cls(what, row.ours, row.limit, f"limit + {seconds * 1000:.0f} ms", reached, row.unit, row.spread)


def show(console: Console, rows: Iterable[Figure]) -> None:
    """Print the table."""
    table = Table(title="ours, beside the least that it could be", title_justify="left")
    for column in ("what", "ours", "from", "to", "limit", "ours / limit", "goal", ""):
        table.add_column(column, justify="left" if column in ("what", "goal", "") else "right")
    for row in rows:
        numbers = (row.ours, *row.spread, row.limit)
        shown = [f"{number:.0f} {row.unit}" if row.unit != "KiB" else f"{number:.1f} KiB" for number in numbers]
        verdict = {True: "reached", False: "[bold red]missed[/]", None: "not measured"}[row.reached]
        table.add_row(row.what, *shown, f"{row.ours / row.limit:.2f}", row.goal, verdict)
    console.print(table)


def in_turn(
    ours: Callable[[], float], limit: Callable[[], float], turns: int = _TURNS
) -> tuple[list[float], list[float]]:
    """Return the seconds of both, measured in turn. The first measurement of each does not count."""
    ours()
    limit()
    pairs = [(ours(), limit()) for _ in range(turns)]
    return [pair[0] for pair in pairs], [pair[1] for pair in pairs]


def ran(code: str, environment: dict[str, str] | None = None) -> float:
    """Return the seconds that a new Python process takes for `code`."""
    begin = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code], check=True, env=environment, capture_output=True, timeout=120
    )
    return time.perf_counter() - begin
