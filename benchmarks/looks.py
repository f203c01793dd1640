"""Compares by simulation how old a read may be when a write that relies on it is sent: `make bench-looks`."""

import statistics
import sys
from functools import partial
from random import Random
from typing import Final

from rich.table import Table

from benchmarks.burst import Burst
from benchmarks.pauses import SCOPES
from benchmarks.simulation import KEPT_SECONDS, Account, Plan
from emulator import terminal
from emulator.quota import QuotaScope
from provider.fence import LOOK_SECONDS
from provider.retry_policy import pacer
from ses_sending_policy.rules.clock import Deadline

_AGES: Final = (float("inf"), 60.0, LOOK_SECONDS, 20.0, 10.0, 5.0)
_POLICIES: Final = (5, 40, 120)
_LOOK: Final = "GetEmailIdentityPolicies"
_UPDATE: Final = "UpdateEmailIdentityPolicy"


class _ExpiredError(Exception):
    """The read is too old to write."""


class _Updates(Account):
    """An account in which each policy is read and then written, and read again if the read became too old.

    :param age: how old a read may be, in seconds.
    """

    age: float = LOOK_SECONDS

    def work(self, end: float, lots: Random) -> None:
        """Read and write, until a write is accepted while its read is not too old."""
        tried, look = [0.0], [float("inf")]

        def before_try() -> None:
            tried[0] = self.time.now()
            if self.time.now() - look[0] > self.age:
                raise _ExpiredError

        paced = pacer(Deadline(self.time, end), KEPT_SECONDS, lots, before_try)
        while True:
            look[0] = float("inf")
            paced.call(_LOOK, partial(self.call, _LOOK, lots))
            look[0] = tried[0]
            try:
                paced.call(_UPDATE, partial(self.call, _UPDATE, lots))
            except _ExpiredError:
                continue
            return


def updated(policies: int, scope: QuotaScope, age: float, seed: int) -> Burst:
    """Return the result of so many Updates at once."""
    plan = Plan(policies)
    account = _Updates(plan, scope, latency=0.05)
    account.age = age
    account.deploy(seed)
    return Burst.of(scope, account.tries, account.waits, policies, len(account.waits))


def main() -> int:
    """Compare, and print the results."""
    console = terminal.console(120)
    for scope, words in SCOPES.items():
        table = Table(title=f"a second for {words}: time against the limit, calls an update", title_justify="left")
        table.add_column("a look's age")
        for policies in _POLICIES:
            table.add_column(f"{policies} updates", justify="right")
        for age in _AGES:
            cells = []
            for policies in _POLICIES:
                runs = [updated(policies, scope, age, seed) for seed in range(max(3, min(30, 600 // policies)))]
                landed = min(run.landed for run in runs)
                ratio = statistics.median(run.seconds / run.limit for run in runs)
                calls = statistics.median(run.calls for run in runs)
                cells.append(f"{ratio:.2f}  {calls:4.0f}" + ("" if landed == policies else f"  {landed} landed"))
            table.add_row("without end" if age == float("inf") else f"{age:g} s", *cells)
        console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
