"""Counts how often each line of the package runs, and finds the lines whose count grows faster than their input."""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any, Final

import ses_sending_policy

_PACKAGE: Final = str(Path(ses_sending_policy.__file__).parent)

# If n doubles, n log n grows at most 2.35 times, from n = 60 on, and n * n four times.
_MOST: Final = 2.5

Counts = Counter[str]
"""The number of times that each line ran, by file and number."""


def line_counts(work: Callable[[], object]) -> Counts:
    """Return how often each line of the package runs during `work`. A loop within one line counts each round."""
    counts: Counter[tuple[str, int]] = Counter()

    def line(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            counts[frame.f_code.co_filename, frame.f_lineno] += 1
        return line

    def call(frame: FrameType, _event: str, _: Any) -> Any:
        return line if frame.f_code.co_filename.startswith(_PACKAGE) else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        work()
    finally:
        sys.settrace(before)
    return Counter({f"{file.removeprefix(_PACKAGE)}:{number}": count for (file, number), count in counts.items()})


def too_often(doubled: Sequence[Counts]) -> dict[str, list[int]]:
    """Return the lines whose count grows faster than n log n.

    :param doubled: the counts for an input, for one of twice its size, and so on.
    """
    found = {line: [each[line] for each in doubled] for line in doubled[-1]}
    return {
        line: counts for line, counts in found.items() if all(more > _MOST * fewer for fewer, more in pairwise(counts))
    }
