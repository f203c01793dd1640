"""The pytest plugin of `make faults`, which prints each row of the fault table: what is required, and what was seen."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from rich.table import Table

from emulator import terminal
from tests.support.fake_aws import FakeAws

ROWS = 73


@dataclass
class Played:
    """A row of the fault table, and how its tests ended.

    :param fault: what goes wrong.
    :param required: what has to happen.
    :param note: why the design deviates from the row's first text, if it does.
    """

    fault: str
    required: str
    note: str
    outcomes: dict[str, str] = field(default_factory=dict)
    seen: str = ""

    @property
    def passed(self) -> bool:
        """Whether every test of the row passed."""
        return set(self.outcomes.values()) == {"passed"}


def seen(world: FakeAws) -> str:
    """Return in short which answers were sent, and which calls SES got."""
    answers = [f"{answer['Status']} {answer['Reason'].partition(':')[0]}".strip() for answer in world.answers.arrived]
    said = ", then ".join(_counted(answers)) or "no answer"
    return f"{said}; SES: {', '.join(_counted(world.calls)) or 'not called'}"


def _counted(items: list[str]) -> Iterator[str]:
    for item, times in Counter(items).items():
        yield item if times == 1 else f"{times} x {item}"


class FaultTable:
    """Collects the rows as their tests end, and prints the table at the end of the run."""

    def __init__(self) -> None:
        self._rows: dict[int, Played] = {}
        self._rows_of: dict[str, list[int]] = defaultdict(list)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note which test plays which rows."""
        for item in items:
            for mark in item.iter_markers("row"):
                row = dict(mark.kwargs)
                number = row.pop("number")
                self._rows.setdefault(number, Played(**row))
                self._rows_of[item.nodeid].append(number)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note how a test ended. The report of its last phase has what was seen."""
        for number in self._rows_of[report.nodeid]:
            row = self._rows[number]
            if report.when == "call" or not report.passed:
                row.outcomes[report.nodeid] = report.outcome
            row.seen = row.seen or str(dict(report.user_properties).get("seen", ""))

    def pytest_terminal_summary(self) -> None:
        """Print the table, and how many rows passed."""
        table = Table(title="the fault table", title_justify="left", show_lines=True)
        for column in ("row", "fault", "required", "seen", ""):
            table.add_column(column, overflow="fold")
        for number, row in sorted(self._rows.items()):
            plays = f"\n({len(row.outcomes)} variants, the first one)" if len(row.outcomes) > 1 else ""
            required = f"{row.required}\n({row.note})" if row.note else row.required
            verdict = "[green]pass" if row.passed else "[bold red]FAIL"
            table.add_row(str(number), row.fault, required, row.seen + plays, verdict)
        console = terminal.console(140)
        console.print(table)
        missing = sorted(set(range(1, ROWS + 1)) - self._rows.keys())
        passed = sum(row.passed for row in self._rows.values())
        console.print(f"{passed} of {ROWS} rows as required" + (f"; not played: {missing}" if missing else ""))


def pytest_configure(config: pytest.Config) -> None:
    """Register the plugin."""
    config.pluginmanager.register(FaultTable())
