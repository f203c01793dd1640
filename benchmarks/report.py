"""What was measured: as a table for people, and as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from benchmarks.fault_rows import Cell, Row
from benchmarks.handlers import Handler


@dataclass(frozen=True)
class Measured:
    """How one handler fared in one row, and the evidence.

    :param cell: how it fared; None where it could not be measured.
    :param why_not: why it could not.
    :param deliveries: each event, how the function ended, and what it PUT.
    :param calls: what SES was asked for, and how it answered.
    """

    cell: Cell | None
    why_not: str = ""
    deliveries: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The cell of the table."""
        if self.cell is None:
            return f"[yellow]not measured[/]\n{escape(self.why_not)}"
        verdict = "[green]pass[/]" if self.cell.passed else "[bold red]FAIL[/]"
        return f"{verdict}\n{escape(self.cell.seen)}"


Results = Mapping[Row, Mapping[Handler, Measured]]


def show(console: Console, results: Results, players: Sequence[Handler]) -> None:
    """Print the table, the sums, and what was conceded."""
    table = Table(title="rows of the fault table, side by side", title_justify="left", show_lines=True)
    for column in ("row", "fault", "required"):
        table.add_column(column)
    for player in players:
        table.add_column(escape(player.title), ratio=1)
    for row, cells in results.items():
        table.add_row(str(row.number), row.fault, row.required, *(cells[player].text for player in players))
    console.print(table)
    console.print()
    for player in players:
        console.print(f"{player.title}: {passes(results, player)} of {len(results)} rows as required", highlight=False)
        console.print(f"  declares: {escape(player.declares)}", highlight=False)
        for concession in player.conceded:
            console.print(f"  conceded: {escape(concession)}", highlight=False)


def passes(results: Results, player: Handler) -> int:
    """Return in how many rows `player` did what was required."""
    cells = (measured[player].cell for measured in results.values())
    return sum(cell is not None and cell.passed for cell in cells)


def write(path: Path, results: Results, players: Sequence[Handler], about: Mapping[str, Any]) -> None:
    """Write all that was measured."""
    whole = {
        "about": dict(about),
        "handlers": {player.key: _described(player) for player in players},
        "rows": [
            {
                "row": row.number,
                "fault": row.fault,
                "required": row.required,
                "cells": {player.key: asdict(measured) for player, measured in cells.items()},
            }
            for row, cells in results.items()
        ],
    }
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")


def _described(player: Handler) -> dict[str, Any]:
    return {"title": player.title, "declares": player.declares, "conceded": player.conceded}
