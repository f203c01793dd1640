"""Simulates deploys of hundreds of policies at once, with and without lanes: `make bench-lanes`, some minutes."""

import sys
from collections.abc import Sequence
from typing import Final

from rich.table import Table

from benchmarks.simulation import Plan, simulated
from emulator import terminal
from emulator.quota import QuotaScope

_LANES: Final = (None, 40, 20, 10, 5)
_SLOW: Final = 10.0
_SCOPES: Final[Sequence[tuple[QuotaScope, str]]] = (("over_all", "all operations together"), ("each", "each operation"))


def plans() -> dict[str, list[Plan]]:
    """Return the plans for each number of lanes, by their title in the table."""
    return {
        "430 in a stack": [Plan(430)],
        "490 in a stack": [Plan(490, lanes=most, handover=2) for most in _LANES],
        "490, CloudFormation takes 10 s to go on": [Plan(490, lanes=most, handover=_SLOW) for most in _LANES[1:]],
        "490, Lambda runs 10 functions": [Plan(490, lanes=most, functions=10, handover=2) for most in _LANES],
        "49 in each of ten stacks": [Plan(49, stacks=10, lanes=most, handover=2) for most in _LANES],
        "490 in each of ten stacks": [Plan(490, stacks=10, lanes=most, handover=2) for most in (10, 5)],
    }


def main() -> int:
    """Simulate, and print the results."""
    console = terminal.console(120)
    table = Table(title="creates, at one call a second", title_justify="left")
    for column in ("what", "a second for", "lanes", "landed", "seconds", "of the limit", "calls a create", "slowest"):
        table.add_column(column, justify="left" if column in ("what", "a second for") else "right")
    for name, each in plans().items():
        for scope, words in _SCOPES:
            for plan in each:
                burst = simulated(plan, scope)
                table.add_row(
                    name,
                    words,
                    str(plan.lanes or "-"),
                    f"{burst.landed} of {burst.creates}",
                    f"{burst.seconds:.0f}",
                    f"{burst.seconds / burst.limit:.2f}",
                    f"{burst.calls:.0f}",
                    f"{burst.slowest:.0f} s",
                )
    console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
