"""Whatever the state of SES and of the stacks, the staged function then does what `plan` says.

`make test-all` plays the same few hundred states each time; `make forecasts` plays as many new ones as it is told.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from ses_sending_policy.review.live.forecast import Outcome
from tests.support.forecasts import NAMES, Scene, deployable, faults
from tests.support.inside_staged import StagedInside, staged_inside
from tests.support.states import History

STATES = int(os.environ.get("FORECAST_STATES", "0"))

# A state's number decides everything in it.
FIRST = int(os.environ.get("FORECAST_FIRST", "0"))

KINDS = {
    *("create", "replace", "update", "keep", "adopt", "overwrite", "delete", "release", "leave"),
    *("absent", "refuse", "undecided", "nothing", "refused by a rule", "left to a rule"),
}


def kinds(outcome: Outcome) -> list[str]:
    """Return the kinds under which an outcome is counted."""
    words = {
        "refused by a rule": outcome.reason == "InvalidDeclaration" and outcome.why.startswith("SES"),
        "left to a rule": "unless a rule of the deploy" in outcome.why,
    }
    return [outcome.action, *(name for name, is_so in words.items() if is_so)]


@pytest.fixture(scope="module")
def function(asset: Path) -> Iterator[StagedInside]:
    with staged_inside(asset) as made:
        yield made


def test_a_plan_is_what_the_staged_function_does(tmp_path: Path, function: StagedInside) -> None:
    tally: Counter[str] = Counter()
    for number in range(FIRST, FIRST + (STATES or 300)):
        made, history = Scene.staged(function), History(number)
        history.before(made)
        wanted = history.after(made)
        plan = made.plan(tmp_path, wanted)
        tally.update(["states", *(kind for each in plan.planned for kind in kinds(each.step.outcome))])
        wrong = list(faults(made, plan, wanted))
        told = [f"{each.step.place}: {each.step.event} {each.step.outcome}" for each in plan.planned]
        assert wrong == [], "\n".join([f"FORECAST_FIRST={number}", *history.told, f"after: {wanted}", *told])
    if STATES:
        sys.stdout.write("\n" + "".join(f"{count:>8} {name}\n" for name, count in sorted(tally.items())))
    # A kind that never came up was not tested.
    assert tally.keys() >= KINDS


def test_a_stack_that_is_at_work_or_broken_is_not_planned(function: StagedInside) -> None:
    made = Scene.staged(function)
    assert all(deployable(made.stack(name)) for name in NAMES)
    made.stack("Mail").status = "UPDATE_ROLLBACK_FAILED"
    assert not deployable(made.stack("Mail"))
