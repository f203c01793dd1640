"""Fill the table of docs/howto/many-policies.md by simulation, and draw docs/images/burst.svg.

`python docs/many_policies.py` writes both; a test fails where they are older than the code.
"""

import re
from pathlib import Path
from typing import Final

from benchmarks.burst import Burst
from benchmarks.picture import of_burst
from benchmarks.simulation import Plan, simulated
from emulator.quota import QuotaScope
from ses_sending_policy.construct.lanes import MOST

DOCS: Final = Path(__file__).parent
PAGE: Final = DOCS / "howto" / "many-policies.md"
PICTURE: Final = DOCS / "images" / "burst.svg"

# From here on minutes say more.
_SECONDS: Final = 100
_SCOPES: Final[tuple[QuotaScope, ...]] = ("over_all", "each")

# How long CloudFormation takes from an answer to the next of the lane is told nowhere; five times these 2 seconds add
# 8 %: docs/decisions/0011-lanes.md.
_PLANS: Final = {
    **{f"{count} policies in a stack": Plan(count, lanes=MOST, handover=2) for count in (5, 20, 40, 120, 250, 490)},
    "490 in a stack, where Lambda runs 10 functions": Plan(490, lanes=10, functions=10, handover=2),
    "10 stacks of 50, one after the other": Plan(50, lanes=MOST, handover=2),
    "10 stacks of 50 at once": Plan(50, stacks=10, lanes=5, handover=2),
}
_TURNS: Final = {"10 stacks of 50, one after the other": 10}


def table() -> str:
    """Return how long each plan takes, and with how many calls."""
    head = ("what", "`max_concurrency`", "all calls share a second", "each operation has its own", "calls a policy")
    lines: list[tuple[str, ...]] = [head, ("---",) + ("---:",) * 4]
    for name, plan in _PLANS.items():
        bursts = [simulated(plan, scope) for scope in _SCOPES]
        times = [_time(burst, plan, _TURNS.get(name, 1)) for burst in bursts]
        lanes = str(plan.lanes) if plan.lanes != MOST else f"{MOST}, the default"
        lines.append((name, lanes, *times, " or ".join(f"{burst.calls:.0f}" for burst in bursts)))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _time(burst: Burst, plan: Plan, turns: int) -> str:
    if burst.landed < plan.policies * plan.stacks:
        raise ValueError(f"{burst.landed} landed of {plan}: the page promises all")
    seconds = (burst.tries[-1].at - burst.tries[0].at) * turns
    return f"{seconds:.0f} s" if seconds < _SECONDS else f"{seconds / 60:.0f} min"


def filled(page: str) -> str:
    """Return the page with its table as the code has it now."""
    return re.sub(
        r"(<!-- drawn: times -->\n).*?(<!-- end -->)",
        lambda block: f"{block[1]}{table()}{block[2]}",
        page,
        flags=re.DOTALL,
    )


def picture() -> str:
    """Return the picture of a burst of 120 by our pacer."""
    return of_burst(simulated(Plan(120), "over_all"), "simulated")


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    PICTURE.write_text(picture(), encoding="utf-8")
