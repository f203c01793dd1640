"""Random histories of the staged function, compared with a plain model: `tests/support/history_checks.py`.

`make test-all` plays the same few histories each time. `make soak` plays new ones, for as many steps as requested.
"""

import os
import sys
import time
from collections import Counter

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.support.async_invoker import AsyncInvoker
from tests.support.fake_aws import FakeAws
from tests.support.histories import Histories

# What docs/lifecycle.md admits may be left beside what is deployed.
EXCEPTIONS = (
    *("released", "release refused", "retained", "abandoned", "left behind, and told"),
    *("rests on the marker", "given back late"),
)


def test_any_history(aws: FakeAws, invoker: AsyncInvoker) -> None:
    steps = int(os.environ.get("SOAK_STEPS", "0"))
    tally = Counter(dict.fromkeys(EXCEPTIONS, 0))
    began = time.monotonic()
    profile = settings(
        max_examples=100 if steps else 30,
        stateful_step_count=40,
        derandomize=not steps,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    with aws.another_function(hurried=True) as another:

        class Here(Histories):
            def __init__(self) -> None:
                super().__init__(aws, invoker.function, another, tally)

        run_state_machine_as_test(Here, settings=profile)
        while tally["steps"] < steps:
            run_state_machine_as_test(Here, settings=profile)
    if steps:
        figures = "".join(f"{count:>8} {name}\n" for name, count in sorted(tally.items()))
        sys.stdout.write(f"\n{figures}{time.monotonic() - began:>8.0f} s\n")
    assert tally["answers"]
