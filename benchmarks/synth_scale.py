"""Measures the time and memory of the synth of many policies, and their growth: `python -m benchmarks.synth_scale`."""

import math
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from rich.table import Table

from benchmarks.figure import Figure, in_turn
from benchmarks.handlers import HERE
from emulator import terminal

_TURNS: Final = 3
_KIB: Final = 1024
_EVERY: Final = 0.2
_MOST: Final = 1800

SIZES: Final = ((1, 100), (1, 490), (10, 10), (10, 100), (10, 200))
"""The number of stacks, and of policies in each."""


@dataclass(frozen=True)
class Row:
    """The time and memory of a synth.

    :param stacks: the number of stacks.
    :param policies: the number of policies in each.
    :param seconds: from the start of the app to its assembly.
    :param processor: the processor seconds of Python and Node.js, which other load disturbs less.
    :param python: the most MiB that Python had.
    :param node: the most MiB that Node.js had; None if the system does not tell.
    :param order: the power of the number of policies by which `processor` grew since the row before with as many
        stacks, without the time that a synth of one policy takes.
    """

    stacks: int
    policies: int
    seconds: float
    processor: float
    python: float
    node: float | None
    order: float | None = None


def measured(kind: str, stacks: int, policies: int) -> Row:
    """Synthesize in a process of its own."""
    before = _used()
    command = [sys.executable, str(HERE / "synths.py"), kind, str(stacks), str(policies)]
    process = subprocess.Popen(  # noqa: S603 - our own script
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    )
    done, held = threading.Event(), [0.0]

    def watch() -> None:
        while not done.wait(_EVERY):
            held.append(max(_peaks(process.pid), default=0.0))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        said, _ = process.communicate(timeout=_MOST)
    finally:
        done.set()
        watcher.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    python, _, seconds = said.split()
    return Row(stacks, policies, float(seconds), _used() - before, int(python) / _KIB, max(held) or None)


def _used() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def _peaks(parent: int) -> Iterator[float]:
    """Yield the most MiB that each child of a process has had, as Linux tells it."""
    children = Path("/proc", str(parent), "task", str(parent), "children")
    try:
        for child in children.read_text(encoding="ascii").split():
            status = Path("/proc", child, "status").read_text(encoding="ascii")
            held = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
            yield from (int(each) / _KIB for each in held)
            yield from _peaks(int(child))
    except OSError:
        return  # the process has ended, or the system is not Linux


def rows() -> Iterator[Row]:
    """Yield a row for each size."""
    least = measured("ours", 1, 1).processor
    before: Row | None = None
    for stacks, policies in SIZES:
        row = measured("ours", stacks, policies)
        if before and before.stacks == stacks:
            grown = (row.processor - least) / (before.processor - least)
            row = replace(row, order=math.log(grown) / math.log(policies / before.policies))
        yield row
        before = row


def figure() -> Figure:
    """Measure the synth of 100 policies in 10 stacks against as many bare custom resources and functions."""
    ours, limit = in_turn(lambda: measured("ours", 10, 10).seconds, lambda: measured("bare", 10, 10).seconds, _TURNS)
    return Figure.ratio("synth of 100 policies in 10 stacks", ours, limit, 1.35)


def main() -> int:
    """Measure, and print the results."""
    console = terminal.console(110)
    table = Table(title="synth of policies in the form of the README", title_justify="left")
    for column in (
        "policies",
        "stacks",
        "seconds",
        "of a processor",
        "MiB of Python",
        "MiB of Node",
        "grows by the power",
    ):
        table.add_column(column, justify="right")
    for row in rows():
        every = row.stacks * row.policies
        node = "not told" if row.node is None else f"{row.node:.0f}"
        order = "" if row.order is None else f"{row.order:.2f}"
        each = f"{row.processor:.1f}"
        table.add_row(f"{every}", f"{row.stacks}", f"{row.seconds:.1f}", each, f"{row.python:.0f}", node, order)
    console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
