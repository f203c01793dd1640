"""Sends bursts of Creates against SES's quota to this function and its alternatives: `make bench-bursts`.

`REPEATS=5` repeats those of this function 5 times. The exit code is 0 if it could measure, whatever the results are.
"""

import json
import os
import re
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.console import Console
from rich.table import Table

from benchmarks.burst import CALLS, Burst, real
from benchmarks.figure import Figure
from benchmarks.figure import show as show_figures
from benchmarks.handlers import HERE, handlers
from benchmarks.paces import BEFORE, WAYS
from benchmarks.pauses import medians
from benchmarks.picture import of_burst
from benchmarks.simulation import Plan, simulated
from emulator import terminal
from emulator.quota import QuotaScope
from ses_sending_policy.construct.asset import asset_directory
from ses_sending_policy.construct.lanes import MOST
from tests.support.fake_aws import FakeAws, fake_aws

RESULTS: Final = HERE / "results" / "bursts.json"

# Up to this many with real processes, of which one takes about 45 MB, or twice that with Node.js.
_REAL: Final = (40, 120)
_SIMULATED: Final = (1, 5, 20, 40, 120, 250)
_SCOPES: Final[Sequence[QuotaScope]] = ("over_all", "each")
_SCOPE_WORDS: Final = {"over_all": "all operations together", "each": "each operation"}
_OURS: Final = "ours"
_GOAL: Final = 1.18
# The goal for refused calls, as a share of those before the waits had a least length.
_REFUSED: Final = 0.75

Rows = list[tuple[str, Burst]]


def played(console: Console, aws: FakeAws, folder: Path, repeats: int = 1) -> Rows:
    """Send each burst to this function and its alternatives, and simulate it as well.

    :param repeats: how often to send it to this function. Default: - once, because a burst takes minutes.
    """
    # This one differs only in its Delete, which does not matter here.
    players = [player for player in handlers(folder) if not player.key.endswith("ignoring")]
    rows: Rows = []
    for scope in _SCOPES:
        for creates in _REAL:
            for player in players:
                console.print(f"{creates} creates, one call a second of {_SCOPE_WORDS[scope]}: {player.title}")
                turns = repeats if player.title == _OURS else 1
                rows += [(player.title, real(aws, player, creates, scope)) for _ in range(turns)]
        console.print(f"{max(_REAL)} creates in {MOST} lanes, one call a second of {_SCOPE_WORDS[scope]}: {_OURS}")
        rows.append((f"{_OURS}, in lanes", real(aws, players[0], max(_REAL), scope, MOST)))
        rows.append((f"{_OURS}, in lanes, simulated", simulated(Plan(max(_REAL), lanes=MOST), scope)))
        rows += [(f"{_OURS}, simulated", simulated(Plan(creates), scope)) for creates in _SIMULATED]
    return rows


def figures(rows: Rows) -> Iterator[Figure]:
    """Yield the figures of this function; of several runs the median."""
    found: dict[tuple[int, QuotaScope], list[Burst]] = {}
    for who, burst in rows:
        if who == _OURS:
            found.setdefault((burst.creates, burst.scope), []).append(burst)
    for (creates, scope), bursts in found.items():
        what = f"{creates} creates at once, one a second of {_SCOPE_WORDS[scope]}"
        seconds = [each.seconds for each in bursts]
        middle, limit = statistics.median(seconds), bursts[0].limit
        reached = all(each.landed == creates for each in bursts) and middle <= _GOAL * limit
        goal = f"all land, <= {_GOAL:g} x limit"
        yield Figure(what, middle, limit, goal, reached, "s", (min(seconds), max(seconds)))
        before = medians(Plan(creates), scope, WAYS[BEFORE])["calls"] - len(CALLS)
        refused = statistics.median(each.calls for each in bursts) - len(CALLS)
        what = f"calls of each that are refused, {what}"
        yield Figure.at_most(what, round(refused, 1), round(_REFUSED * before, 1), "")


def main() -> int:
    """Measure, print, write."""
    console = terminal.console(130)
    with TemporaryDirectory() as folder, fake_aws(asset_directory(), Path(folder)) as aws:
        rows = played(console, aws, Path(folder), int(os.environ.get("REPEATS", "1")))
    show(console, rows)
    show_figures(console, figures(rows))
    write(rows)
    console.print(f"written to {RESULTS.relative_to(HERE.parent)}, with a picture of each beside it")
    return 0


def write(rows: Rows) -> None:
    """Write the results as JSON, and a picture of each burst."""
    RESULTS.parent.mkdir(exist_ok=True)
    found = [{"who": who, "limit": burst.limit, **asdict(burst)} for who, burst in rows]
    for each in found:
        del each["tries"]  # some ten thousand, which the pictures show
    RESULTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    for who, burst in rows:
        name = f"burst-{re.sub('[^a-z]+', '-', who.lower())}-{burst.creates}-{burst.scope.replace('_', '-')}.svg"
        (RESULTS.parent / name).write_text(of_burst(burst, who), encoding="utf-8")


def show(console: Console, rows: Rows) -> None:
    """Print the results as a table."""
    table = Table(title="creates at once, at one call a second", title_justify="left")
    for column in ("creates", "a second for", "who", "landed", "seconds", "of the limit", "calls a create", "slowest"):
        table.add_column(column, justify="left" if column in ("who", "a second for") else "right")
    for who, burst in sorted(rows, key=lambda row: (row[1].creates, row[1].scope)):
        table.add_row(
            str(burst.creates),
            _SCOPE_WORDS[burst.scope],
            who,
            f"{burst.landed} of {burst.creates}",
            f"{burst.seconds:.0f}",
            f"{burst.seconds / burst.limit:.2f}" if burst.landed == burst.creates > 1 else "-",
            f"{burst.calls:.1f}",
            f"{burst.slowest:.0f} s",
        )
    console.print(table)


if __name__ == "__main__":
    sys.exit(main())
