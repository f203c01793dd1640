"""What `plan` says of any state of SES and of stacks is what the function then does.

`make test` plays the same few hundred states each time; `make forecasts` plays others, as many as it is told.
"""

import os
import sys
from collections import Counter
from pathlib import Path

from tests.support.forecasts import NAMES, Scene, deployable, faults
from tests.support.states import History

STATES = int(os.environ.get("FORECAST_STATES", "0"))

# By a number, a state is the same each time.
FIRST = int(os.environ.get("FORECAST_FIRST", "0"))

KINDS = {
    *("create", "replace", "update", "keep", "adopt", "overwrite", "delete", "release", "leave"),
    *("absent", "refuse", "undecided", "nothing"),
}


def test_a_plan_is_what_the_function_does(tmp_path: Path) -> None:
    tally: Counter[str] = Counter()
    for number in range(FIRST, FIRST + (STATES or 300)):
        made, history = Scene.near(), History(number)
        history.before(made)
        wanted = history.after(made)
        plan = made.plan(tmp_path, wanted)
        tally.update(["states", *(each.step.outcome.action for each in plan.planned)])
        wrong = list(faults(made, plan, wanted))
        told = [f"{each.step.place}: {each.step.event} {each.step.outcome}" for each in plan.planned]
        assert wrong == [], "\n".join([f"FORECAST_FIRST={number}", *history.told, f"after: {wanted}", *told])
    if STATES:
        sys.stdout.write("\n" + "".join(f"{count:>8} {name}\n" for name, count in sorted(tally.items())))
    # A forecast that never says a word is right about it.
    assert tally.keys() >= KINDS


def test_a_stack_that_is_at_work_or_broken_is_not_planned() -> None:
    made = Scene.near()
    assert all(deployable(made.stack(name)) for name in NAMES)
    made.stack("Mail").status = "UPDATE_ROLLBACK_FAILED"
    assert not deployable(made.stack("Mail"))
