"""Measures how the commands' processor time and memory grow with the number of policies: `make bench-scale`.

For `drift` and `plan`, waiting is not measured: the local SES has no quota, and a wait takes no time. Both take a
second for each identity, whatever the number of its policies.
"""

import json
import math
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from rich.table import Table

from benchmarks.figure import Figure
from benchmarks.handlers import HERE
from benchmarks.picture import of_growth
from benchmarks.reviews import used
from emulator import Emulator, Settings, StrictSes, terminal
from emulator.store import StoredPolicy
from tests.support.events import ACCOUNT, REGION
from tests.support.many_policies import many

RESULTS: Final = HERE / "results" / "scale.json"
PICTURE: Final = HERE.parent / "docs" / "images" / "scale.svg"

POLICIES: Final = (100, 1_000, 10_000)
# The most policies that SES allows on an identity.
_ON_AN_IDENTITY: Final = 20
# What is less than the clock of processor time tells apart. A start alone may take longer than the whole once.
_LEAST_SECONDS: Final = 0.01
_RUNS: Final = int(os.environ.get("RUNS", "2"))
_COMMAND: Final = str(Path(sys.executable).with_name("sending-policy"))
_OF_FILES: Final = ("explain", "check", "diff")
_LIVE: Final = ("drift", "plan")

# Runs the commands with a clock of their own: a sleep sets it forward, and takes no time.
_HURRIED: Final = """
import sys
from ses_sending_policy.cli import command_named, parser
from ses_sending_policy.cli.drift import drift
from ses_sending_policy.cli.plan import plan
from ses_sending_policy.review.assembly import reviewed
from ses_sending_policy.review.live.aws import Aws, pacer
from ses_sending_policy.review.live.declared_policies import of_files
from ses_sending_policy.review.text_output import TextOutput

class Hurried:
    time = 0.0
    def now(self): return self.time
    def sleep(self, seconds): self.time += seconds

options = parser(sys.argv[1:2]).parse_args(sys.argv[1:])
aws = Aws(paced=pacer(Hurried()))
if options.command == "drift":
    answer = drift(aws, options, list(of_files(reviewed(options.paths))))
else:
    answer = plan(aws, options)
sys.stdout.write(command_named(options.command).formats["text"](answer.value, TextOutput()))
sys.exit(answer.code)
"""


@dataclass(frozen=True, slots=True)
class Grown:
    """The resources that a command uses for a number of policies.

    :param what: the command, for instance `explain`.
    :param policies: the number of policies.
    :param seconds: the processor seconds, without those that it takes for no policy.
    :param memory: the most MiB that it had.
    """

    what: str
    policies: int
    seconds: float
    memory: float


def measured() -> Iterator[Grown]:
    """Measure each command on each number of policies."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        none = many(0, 0, "", folder / "none")
        nothing = {each: _best(each, [none] * (1 + (each == "diff"))) for each in _OF_FILES}
        with _account([]) as environment:
            nothing |= {each: _best(each, [none], environment) for each in _LIVE}
        for count in POLICIES:
            old, new = (_assembly(count, each, folder) for each in ("weekly@*", "*@*"))
            for each in _OF_FILES:
                seconds, memory = _best(each, [old, new] if each == "diff" else [new])
                yield Grown(each, count, max(seconds - nothing[each][0], _LEAST_SECONDS), memory)
            with _account(_live(old)) as environment:
                for each in _LIVE:
                    seconds, memory = _best(each, [new], environment)
                    yield Grown(each, count, max(seconds - nothing[each][0], _LEAST_SECONDS), memory)


def _assembly(policies: int, address: str, folder: Path) -> Path:
    return many(policies, policies // _ON_AN_IDENTITY, address, folder / f"{policies} {address[0]}")


def _best(command: str, paths: Sequence[Path], environment: Mapping[str, str] | None = None) -> tuple[float, float]:
    """Return the least seconds and MiB of some runs, because other load of the machine only adds to them."""
    words = [command, *map(str, paths)]
    program = [_COMMAND, *words] if environment is None else [sys.executable, "-c", _HURRIED, *words]
    runs = [used(*program, environment=environment) for _ in range(_RUNS)]
    return min(each.seconds for each in runs), min(each.memory for each in runs)


def _live(assembly: Path) -> list[tuple[str, str, str]]:
    """Return the identity, name and text of each policy that an assembly declares."""
    found = []
    for template in sorted(assembly.glob("*.template.json")):
        for resource in json.loads(template.read_text(encoding="utf-8"))["Resources"].values():
            given = resource["Properties"]
            found.append((given["EmailIdentity"], given["PolicyName"], json.dumps(given["Policy"])))
    return found


@contextmanager
def _account(policies: Sequence[tuple[str, str, str]]) -> Iterator[dict[str, str]]:
    """Yield the environment of a local AWS whose SES holds these policies."""
    with Emulator() as aws, StrictSes(account=aws.place.account, secret=aws.secret, settings=Settings()) as ses:
        for identity in {each[0] for each in policies}:
            ses.add_identity(identity)
        for identity, name, text in policies:
            ses.put_policy(StoredPolicy(ACCOUNT, REGION, identity, name, text))
        yield aws.shell(os.environ) | {"AWS_ENDPOINT_URL_SESV2": ses.url}


def figures(rows: Sequence[Grown]) -> Iterator[Figure]:
    """Yield the figure of each command: for ten times the policies, it may grow as n log n."""
    for what, points in by_name(rows).items():
        (fewer, small), (more, large) = points[-2:]
        most = more * math.log(more) / (fewer * math.log(fewer))
        yield Figure.ratio(f"{what}: {more:,} policies, beside {fewer:,}", [large], [small], round(most, 2))


def by_name(rows: Sequence[Grown]) -> dict[str, list[tuple[int, float]]]:
    """Return the numbers of policies and the seconds, by the command."""
    found: dict[str, list[tuple[int, float]]] = {}
    for each in rows:
        found.setdefault(each.what, []).append((each.policies, each.seconds))
    return found


def table(rows: Sequence[Grown]) -> list[list[str]]:
    """Return the table: seconds and MiB of each command by the number of policies, and the power of its growth."""
    lines = [["what", *(f"{count:,}" for count in POLICIES), "grows as"]]
    for what, points in by_name(rows).items():
        cells = [f"{each.seconds:.2f} s, {each.memory:.0f} MiB" for each in rows if each.what == what]
        (fewer, small), (more, large) = points[-2:]
        order = math.log(large / small) / math.log(more / fewer)
        lines.append([what, *cells, f"n^{order:.2f}"])
    return lines


def picture(rows: Sequence[Grown]) -> str:
    """Return the picture of all commands, with logarithmic scales."""
    about = "seconds of a processor, beside lines that grow as the number of policies does"
    return of_growth("What the commands take, by the number of policies", about, by_name(rows))


def main() -> int:
    """Measure, print and write the results; return 0 whatever they are."""
    console = terminal.console(130)
    rows = sorted(measured(), key=lambda each: (*_OF_FILES, *_LIVE).index(each.what))
    head, *lines = table(rows)
    shown = Table(title="processor time beyond a start, and memory, by the number of policies", title_justify="left")
    for column in head:
        shown.add_column(column, justify="left" if column == "what" else "right")
    for line in lines:
        shown.add_row(*line)
    console.print(shown)
    for figure in figures(rows):
        verdict = "reached" if figure.reached else "missed"
        console.print(f"{figure.what}: {figure.ours / figure.limit:.1f} x, goal {figure.goal}: {verdict}")
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")
    PICTURE.write_text(picture(rows), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
