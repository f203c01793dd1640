"""Every parser does what it promises, whatever its input: tests/fuzz/targets.py says what that is.

`make test` tries the same few inputs each time. `make fuzz` tries new ones, for as many seconds as it is told, and
prints how many they were.
"""

import os
import sys
import time
from itertools import count
from random import Random

import pytest

from tests.fuzz.targets import TARGETS

# The most processor time for one input while somebody watches, in seconds: dozens of times what it really takes.
_LONGEST = 5.0


@pytest.mark.parametrize("name", TARGETS)
def test_it_keeps_its_promises(name: str) -> None:
    seconds = float(os.environ.get("FUZZ_SECONDS", "0"))
    target = TARGETS[name]
    first = time.time_ns() if seconds else 0
    began, tried, slowest = time.monotonic(), 0, 0.0
    for seed in count(first):
        if time.monotonic() - began > seconds if seconds else tried == target.few:
            break
        given = target.given(Random(seed))
        start = time.process_time()
        try:
            target.holds(given)
        except Exception as fault:
            fault.add_note(f"the {name} that breaks it is made of seed {seed}")
            raise
        tried, slowest = tried + 1, max(slowest, time.process_time() - start)
        assert not seconds or slowest < _LONGEST, f"the {name} of seed {seed} takes {slowest:.1f} s"
    if seconds:
        sys.stdout.write(f"\n{name:<12}{tried:>9} inputs, the slowest took {slowest * 1000:.0f} ms")
    assert tried
