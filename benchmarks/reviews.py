"""Measures the command line on many policies, and on long lists of addresses: `make bench-reviews`, some minutes."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.figure import Figure, in_turn, ran, show
from benchmarks.handlers import HERE
from emulator import terminal
from tests.support.many_policies import LISTED, LONG, PRINCIPALS, SHAPES, lists, many

RESULTS: Final = HERE / "results" / "reviews.json"

_POLICIES: Final = 500
_SECONDS_A_POLICY: Final = 0.001
_COMMAND: Final = str(Path(sys.executable).with_name("sending-policy"))

# How much longer one more address may take in each long list than in each list of one.
_LONG_TO_SHORT: Final = 3
_LIST_TURNS: Final = 3

_IDENTITIES: Final = 500
_SOME, _MANY, _TWICE = 1_000, 10_000, 20_000
# The goals: multiples of the time to read the same templates, and MiB.
_MOST: Final = {"explain": 3, "check": 5, "diff": 10}
_MOST_MEMORY: Final = 1024
_MOST_OF_TWICE: Final = 2.2
_READING: Final = (
    "import sys; from pathlib import Path; from ses_sending_policy.review.assembly import reviewed\n"
    "for each in sys.argv[1:]: reviewed([Path(each)])"
)


def figures() -> Iterator[Figure]:
    """Measure all figures of reviews."""
    yield from _beside_nothing()
    yield from _of_lists()
    yield from _of_many()


def _beside_nothing() -> Iterator[Figure]:
    """Measure `--help` against a bare interpreter, and each command on some policies against none."""
    helped, bare = in_turn(lambda: _ran("--help"), lambda: ran("pass"))
    yield Figure.more("sending-policy --help", helped, bare, 0.150)
    with TemporaryDirectory() as folder:
        none = many(0, 0, "", Path(folder, "none"))
        old, new = (many(_POLICIES, 50, each, Path(folder, each[0])) for each in ("weekly@*", "*@*"))
        for name, sides in (("explain", [new]), ("check", [new]), ("diff", [old, new])):
            few = [name, *(str(none) for _ in sides)]
            ours, limit = in_turn(partial(_ran, name, *map(str, sides)), partial(_ran, *few))
            what = f"{name}: {_POLICIES} policies in 50 templates"
            yield Figure.more(what, ours, limit, _POLICIES * _SECONDS_A_POLICY)


def _of_lists() -> Iterator[Figure]:
    """Measure the diff of policies whose long lists get one more address each, against short lists."""
    for shape, principals in product(SHAPES, PRINCIPALS):
        with TemporaryDirectory() as folder:
            long, short = (
                [str(lists(shape, principals, number, Path(folder, str(number)))) for number in (count, count + 1)]
                for count in (LONG, 1)
            )
            pairs = [(_spent("diff", *long), _spent("diff", *short)) for _ in range(_LIST_TURNS)]
        what = f"diff: {LISTED} x {LONG} {shape}, {principals}"
        ours, limit = ([each[side].seconds for each in pairs] for side in (0, 1))
        yield Figure.ratio(what, ours, limit, _LONG_TO_SHORT)


def _of_many() -> Iterator[Figure]:
    """Measure each command against only reading the same templates, and twice as many policies against half."""
    before: dict[str, float] = {}
    for policies in (_SOME, _MANY, _TWICE):
        with TemporaryDirectory() as folder:
            old, new = (str(many(policies, _IDENTITIES, each, Path(folder, each[0]))) for each in ("weekly@*", "*@*"))
            for name, most in _MOST.items():
                sides = [old, new] if name == "diff" else [new]
                reading, whole = used(sys.executable, "-c", _READING, *sides), _spent(name, *sides)
                what = f"{name}: {policies} policies over {_IDENTITIES} identities"
                yield Figure.ratio(f"{what}, beside reading", [whole.seconds], [reading.seconds], most)
                yield Figure.at_most(f"{what}, memory", whole.memory, _MOST_MEMORY, "MiB")
                if policies == _TWICE:
                    yield Figure.ratio(f"{what}, beside half", [whole.seconds], [before[name]], _MOST_OF_TWICE)
                before[name] = whole.seconds


@dataclass(frozen=True)
class Used:
    """The resources that a process used.

    :param seconds: its processor seconds, which other load of the machine does not change much.
    :param memory: the most MiB that it had.
    """

    seconds: float
    memory: float


def _spent(*words: str) -> Used:
    return used(_COMMAND, *words)


def used(*command: str, environment: Mapping[str, str] | None = None) -> Used:
    """Run a command in a process of its own, and return the resources that it used.

    :param environment: its variables. Default: - those of this process.
    """
    output, errors = subprocess.DEVNULL, subprocess.PIPE
    with subprocess.Popen(command, stdout=output, stderr=errors, env=environment) as process:  # noqa: S603 - our own
        said = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode > 1:
        raise RuntimeError(f"{' '.join(command)} failed: {said.decode()}")
    return Used(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def _ran(*words: str) -> float:
    begin = time.perf_counter()
    done = subprocess.run([_COMMAND, *words], check=False, capture_output=True, timeout=120)  # noqa: S603 - our own
    if done.returncode > 1:
        raise RuntimeError(f"sending-policy {' '.join(words)} failed: {done.stderr.decode()}")
    return time.perf_counter() - begin


def _main(rows: Sequence[Figure]) -> int:
    """Print and write the results; return 0 whatever they are."""
    show(terminal.console(130), rows)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(_main(list(figures())))
