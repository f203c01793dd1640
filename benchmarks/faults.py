"""Plays seven rows of the fault table against this project's handler and its alternatives: `make bench-faults`.

The exit code is 0 if it could measure, whatever the results are.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from rich.console import Console

from benchmarks.fault_rows import ROWS, Cell, Row
from benchmarks.handler_run import (
    FUNCTION_SECONDS,
    HANG_SECONDS,
    PATIENCE_SECONDS,
    NoAnswerError,
    NotMeasuredError,
    run,
)
from benchmarks.handlers import HERE, NODE_MODULES, Handler, handlers
from benchmarks.report import Measured, Results, passes, show, write
from emulator import terminal
from ses_sending_policy.construct.asset import asset_directory
from tests.support.fake_aws import FakeAws, fake_aws

RESULTS: Final = HERE / "results" / "faults.json"
_SDK: Final = NODE_MODULES / "@aws-sdk" / "client-sesv2" / "package.json"


def measure(aws: FakeAws, row: Row, player: Handler) -> Measured:
    """Play one row against one handler."""
    with run(aws, player) as played:
        try:
            cell, why_not = row.play(played), ""
        except NoAnswerError as error:
            cell, why_not = Cell(str(error), passed=False), ""
        except NotMeasuredError as error:
            cell, why_not = None, str(error)
        return Measured(cell, why_not, played.deliveries, played.calls)


def play(aws: FakeAws, players: Sequence[Handler], console: Console) -> Results:
    """Play all rows against all handlers."""
    results: dict[Row, dict[Handler, Measured]] = {}
    with console.status("", spinner="line") as status:
        for row in ROWS:
            results[row] = {}
            for player in players:
                status.update(f"row {row.number}: {player.title}")
                results[row][player] = measure(aws, row, player)
    return results


def about() -> dict[str, Any]:
    """Return the versions and time limits of the run."""
    found = ["node", "--version"]  # found on PATH, as make and the run find it
    node = subprocess.run(found, capture_output=True, encoding="utf-8", check=True).stdout.strip()  # noqa: S603 - as above
    return {
        "versions": {name: version(name) for name in ("aws-cdk-lib", "crhelper", "boto3", "botocore")}
        | {"@aws-sdk/client-sesv2": json.loads(_SDK.read_text(encoding="utf-8"))["version"], "node": node},
        "ses": "strict: 404 for an absent policy on update and delete, from the fault on",
        "function_seconds": FUNCTION_SECONDS,
        "hang_seconds": HANG_SECONDS,
        "patience_seconds": PATIENCE_SECONDS,
    }


def main() -> int:
    """Measure, print and write the results."""
    if not _SDK.exists():
        raise SystemExit("benchmarks: the AWS SDK for Node.js is missing here: run make bench-faults")
    console = terminal.console(150)
    with TemporaryDirectory(prefix="bench-faults-") as name, fake_aws(asset_directory(), Path(name)) as aws:
        players = handlers(Path(name))
        results = play(aws, players, console)
    show(console, results, players)
    write(RESULTS, results, players, about())
    console.print(f"written to {RESULTS.relative_to(HERE.parent)}, with every event, answer and call", highlight=False)
    if passes(results, players[0]) < len(ROWS):
        console.print("[bold white on red] OURS DOES NOT PASS ALL ROWS: that is a defect of this project ")
    return int(any(measured.cell is None for cells in results.values() for measured in cells.values()))


if __name__ == "__main__":
    sys.exit(main())
