"""Measures `sending-policy drift` on an account of 100 identities at SES's pace: `make bench-drift`, two minutes."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.figure import Figure
from benchmarks.handlers import HERE
from emulator import Emulator, Quota, Settings, StrictSes
from tests.support.drifted_account import IDENTITIES, POLICIES, DriftedAccount, planted

RESULTS: Final = HERE / "results" / "drift.json"
_COMMAND: Final = str(Path(sys.executable).with_name("sending-policy"))
_MOST: Final = 1.18


@dataclass(frozen=True)
class Look:
    """The result of one run.

    :param seconds: from the start of the command to its end.
    :param states: the state that it reports for each policy, by identity and name.
    :param reads: how many reads SES accepted.
    """

    seconds: float
    states: dict[tuple[str, str], str]
    reads: int


def looked(world: DriftedAccount) -> Look:
    """Run the command on an account, at one read a second."""
    # The whole local AWS, because the command calls GetCallerIdentity. A separate SES, to add 1,000 policies at once.
    with (
        Emulator() as aws,
        StrictSes(account=aws.place.account, secret=aws.secret, settings=Settings(quota=Quota())) as ses,
        TemporaryDirectory() as folder,
    ):
        world.hold(ses)
        assembly = world.write(Path(folder, "cdk.out"))
        environment = aws.shell() | {"AWS_ENDPOINT_URL_SESV2": ses.url}
        command = [_COMMAND, "drift", "--format=json", str(assembly)]
        begin = time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=False, env=environment, timeout=600)  # noqa: S603 - our own
        seconds = time.perf_counter() - begin
        # Without refused reads: the network may deliver one too early, which is then repeated.
        reads = sum(call.code is None for call in ses.calls())
    if done.stderr:
        raise RuntimeError(f"sending-policy drift failed: {done.stderr.decode()}")
    found = json.loads(done.stdout)["policies"]
    return Look(seconds, {(each["identity"], each["policy_name"]): each["state"] for each in found}, reads)


def figures() -> Iterator[Figure]:
    """Measure the command against one read for each identity, and count the policies whose state is right."""
    world = planted()
    look = looked(world)
    # SES lets the first read through at once; each other one waits for its turn.
    limit = (IDENTITIES - 1) / Quota().per_second
    yield Figure.ratio(f"drift: {IDENTITIES} identities with {POLICIES} policies each", [look.seconds], [limit], _MOST)
    right = len(look.states.items() & world.states.items())
    yield Figure.exactly("drift: policies that it is right about", right, len(world.states))
    yield Figure.exactly("drift: reads that SES let through", look.reads, IDENTITIES)


def main() -> int:
    """Measure, print, write; end with 0, whatever was measured."""
    found = []
    for row in figures():
        found.append(row)
        verdict = "reached" if row.reached else "missed"
        sys.stdout.write(
            f"{row.what}: {row.ours:.0f} {row.unit}, limit {row.limit:.0f} {row.unit}, goal {row.goal}: {verdict}\n"
        )
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([asdict(row) for row in found], indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
