"""Random interleavings: events of two stacks at once, which may overlap at every call, with every kind of fault."""

import os
from pathlib import Path

from tests.provider.interleaved.drawing import drawn
from tests.provider.interleaved.history_run import play
from tests.provider.interleaved.plan import Plan
from tests.provider.interleaved.residues import RESIDUES
from tests.provider.interleaved.shrinking import shortest
from tests.provider.interleaved.soak import Tally

_SEEDS = 300


def test_any_interleaving() -> None:
    steps, seed = int(os.environ.get("SOAK_STEPS", "0")), int(os.environ.get("SOAK_SEED", "0"))
    tally, last = Tally(), seed + _SEEDS
    while tally.steps < steps if steps else seed < last:
        played = tally.plays(seed)
        if played.wrongs:
            short = shortest(played)
            raise AssertionError(f"seed {seed}, after {tally.steps} steps, shortened:\n{short.story}")
        seed += 1
    if steps:
        tally.tell()
    assert tally.steps


def test_a_seed_is_its_history() -> None:
    for seed in range(8):
        assert play(drawn(seed)).lines == play(drawn(seed)).lines


def test_with_any_item_left_out_the_rest_can_be_played() -> None:
    plan = drawn(2)
    for index in range(len(plan.items)):
        less = Plan(plan.seed, plan.reading, plan.items[:index] + plan.items[index + 1 :])
        assert not [wrong for wrong in play(less).wrongs if "rest" in wrong or "for ever" in wrong]


def test_the_page_on_the_lifecycle_has_what_may_go_wrong_and_nothing_else() -> None:
    text = (Path(__file__).parents[3] / "docs" / "lifecycle.md").read_text(encoding="utf-8")
    table = text.partition("## What remains")[2].partition("\n## ")[0]
    rows = [[cell.strip(" `") for cell in line.split("|")][1:3] for line in table.splitlines() if line[:3] == "| `"]
    assert rows == [[each.name, f"{each.bound:.0f} s" if each.bound else ""] for each in RESIDUES]
