"""Measures the processor time and memory of the function, and the times for each memory size: `make bench-memory`."""

import json
import os
import statistics
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.table import Table

from benchmarks.handlers import HERE
from emulator import Quota, terminal
from provider.function import CALL_SECONDS
from ses_sending_policy.construct.asset import asset_directory
from tests.support.cloudformation import Described
from tests.support.events import Resource
from tests.support.fake_aws import FakeAws, fake_aws
from tests.support.function import WarmProcess

# "At 1,769 MB, a function has the equivalent of one vCPU (one vCPU-second of credits per second)."
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
_MB_OF_A_PROCESSOR: Final = 1769
_SIZES: Final = (128, 192, 256, 384, 512, 1024, _MB_OF_A_PROCESSOR)
_TURNS: Final = 3
_CREATES: Final = 15
_WAIT_SECONDS: Final = 15.0

# The mean wait in a burst of 120: a Create is done every two seconds, and each waits for half of them on average.
_BURST: Final = 120
_MEAN_WAIT_SECONDS: Final = 120.0

RESULTS: Final = HERE / "results" / "memory.json"


@dataclass(frozen=True)
class Cost:
    """The processor time and memory of a function.

    :param start: the processor seconds until it can be called.
    :param first: the processor seconds of its first event, a Create.
    :param warm: the processor seconds of a later Create.
    :param second_of_waiting: the processor seconds for each second in which SES refuses its calls.
    :param memory: the most MiB that it had.
    """

    start: float
    first: float
    warm: float
    second_of_waiting: float
    memory: float

    @classmethod
    def median(cls, costs: list["Cost"]) -> "Cost":
        """Return the median of each."""
        fields = ("start", "first", "warm", "second_of_waiting", "memory")
        return cls(*(statistics.median(getattr(cost, name) for cost in costs) for name in fields))


def _used(function: WarmProcess) -> float:
    """Return the processor seconds that a process has used: `utime` and `stime` of proc(5)."""
    fields = Path(f"/proc/{function.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _most_memory(function: WarmProcess) -> float:
    """Return the most MiB that a process ever had: `VmHWM` of proc(5), which is in KiB."""
    lines = Path(f"/proc/{function.pid}/status").read_text(encoding="ascii").splitlines()
    [line] = [line for line in lines if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def measured(aws: FakeAws) -> Cost:
    """Measure one function, from its start on."""
    aws.reset()
    with aws.another_function() as function:
        # An empty event cannot be answered, so that the function ends once everything is loaded.
        function({})
        start = _used(function)

        def spent(work: Callable[[], None]) -> float:
            before = _used(function)
            work()
            return _used(function) - before

        first = spent(lambda: _create(aws, function, range(1)))
        # Many together, because the kernel counts in hundredths of a second.
        warm = spent(lambda: _create(aws, function, range(1, 1 + _CREATES)))
        memory = _most_memory(function)
        aws.ses.change(quota=Quota(per_second=0.001))
        waiting = spent(lambda: _wait(aws, function))
    return Cost(start, first, warm / _CREATES, waiting / _WAIT_SECONDS, memory)


def _create(aws: FakeAws, function: WarmProcess, numbers: Iterable[int]) -> None:
    for number in numbers:
        error = function(Resource().renamed(f"P{number}").create(aws.url, PolicyName=f"p{number}"), seconds=900)
        if error:
            raise RuntimeError(f"the function failed: {error}")


def _wait(aws: FakeAws, function: WarmProcess) -> None:
    """Let a Create be refused until its time is over."""
    aws.cloudformation.says = lambda _: Described("CREATE_IN_PROGRESS")
    function(Resource().renamed("Late").create(aws.url, PolicyName="late"), seconds=_WAIT_SECONDS + CALL_SECONDS)


def main() -> int:
    """Measure, print and write the results."""
    console = terminal.console(130)
    with TemporaryDirectory() as folder, fake_aws(asset_directory(), Path(folder)) as aws:
        cost = Cost.median([measured(aws) for _ in range(_TURNS)])
    console.print(
        f"processor: {cost.start * 1000:.0f} ms to start, {cost.first * 1000:.0f} ms for the first create, "
        f"{cost.warm * 1000:.1f} ms for another, {cost.second_of_waiting * 1000:.1f} ms a second of waiting; "
        f"memory: {cost.memory:.0f} MiB at most",
        highlight=False,
    )
    table = Table(title="what a memory size makes of that", title_justify="left")
    for column in ("MiB", "to start", "first create", "another", "of the memory used", "GB-seconds of 120 creates"):
        table.add_column(column, justify="right")
    for size in _SIZES:
        share = size / _MB_OF_A_PROCESSOR
        seconds = [f"{each / share:.2f} s" for each in (cost.start, cost.first, cost.warm)]
        billed = _BURST * (cost.start / share + _MEAN_WAIT_SECONDS) * size / 1024
        table.add_row(str(size), *seconds, f"{cost.memory / size:.0%}", f"{billed:.0f}")
    console.print(table)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(asdict(cost), indent=2) + "\n", encoding="utf-8")
    console.print(f"written to {RESULTS.relative_to(HERE.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
