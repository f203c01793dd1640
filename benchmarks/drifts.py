"""A look at an account of 100 identities at SES's pace, as a shell runs it: `make bench-drift`, two minutes."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.contestants import HERE
from benchmarks.figure import Figure
from emulator import Emulator, Quota, Settings, StrictSes
from tests.support.planted import IDENTITIES, POLICIES, planted

RESULTS: Final = HERE / "results" / "drift.json"
_COMMAND: Final = str(Path(sys.executable).with_name("sending-policy"))
_MOST: Final = 1.18


def figures() -> Iterator[Figure]:
    """Measure the command from its start to its end, beside one read an identity at one a second."""
    world = planted()
    # The whole local AWS, for the question who calls; an SES of its own, for 1,000 policies are there at once.
    with Emulator() as aws, StrictSes(account=aws.place.account, settings=Settings(quota=Quota())) as ses:
        world.hold(ses)
        with TemporaryDirectory() as folder:
            assembly = world.write(Path(folder, "cdk.out"))
            environment = aws.shell() | {"AWS_ENDPOINT_URL_SESV2": ses.url}
            begin = time.perf_counter()
            done = subprocess.run(  # noqa: S603 - our own command
                [_COMMAND, "drift", "--format=json", str(assembly)],
                capture_output=True,
                check=False,
                env=environment,
                timeout=600,
            )
            seconds = time.perf_counter() - begin
        if done.stderr:
            raise RuntimeError(f"sending-policy drift failed: {done.stderr.decode()}")
        found = json.loads(done.stdout)["policies"]
        wrong = {
            (each["identity"], each["policy_name"]): each["state"] for each in found
        }.items() ^ world.states.items()
        what = f"drift: {IDENTITIES} identities with {POLICIES} policies each"
        # The first read waits for nobody.
        yield Figure.ratio(what, [seconds], [(IDENTITIES - 1) / Quota().per_second], _MOST)
        yield Figure(
            "drift: policies it is wrong about", len(wrong), 0, "none", not wrong, "", (len(wrong), len(wrong))
        )
        # The net may deliver one too soon, which then comes again.
        reads = sum(call.code is None for call in ses.calls())
        yield Figure(
            "drift: reads that SES let through",
            reads,
            IDENTITIES,
            "one an identity",
            reads == IDENTITIES,
            "",
            (reads, reads),
        )


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
