"""Measures every figure that has a goal, and its limit in the same run: `make bench`.

The limit of a figure is the least that it could possibly be.
"""

import http.client
import json
import ssl
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlsplit

from rich.console import Console

from benchmarks import bursts, cold_start, drift, reviews, synth_scale
from benchmarks.figure import Figure, in_turn, ran, show
from benchmarks.handlers import HERE
from emulator import terminal
from ses_sending_policy.construct.asset import asset_directory
from tests.support.events import Resource, document, statement
from tests.support.fake_aws import FakeAws, fake_aws

RESULTS: Final = HERE / "results" / "bench.json"

# The limits that docs and tests have as well.
_CALLS: Final = 2
_KIB: Final = 56


def _ended(error: str | None) -> None:
    if error:
        raise RuntimeError(f"the function failed: {error}")


def front_door() -> Figure:
    """Measure the import of the package, which loads its names only on first use."""
    ours, limit = in_turn(lambda: ran("import ses_sending_policy"), lambda: ran("pass"))
    return Figure.more("import ses_sending_policy", ours, limit, 0.060)


def answer(aws: FakeAws) -> Figure:
    """Measure the time from the last call of SES to the answer's arrival, of a warm function."""
    arrived: list[float] = []

    def ours() -> float:
        aws.reset()
        aws.answers.arrives = lambda _: arrived.append(time.time())
        _ended(aws.function(Resource().create(aws.url)))
        return arrived[-1] - aws.ses.calls()[-1].time

    def limit() -> float:
        parts = urlsplit(aws.url)
        body = json.dumps({"Status": "SUCCESS", "Data": {"PolicyHash": "0" * 64}, "Reason": "r" * 250}).encode()
        begin = time.time()
        context = ssl.create_default_context(cafile=aws.environment["SSL_CERT_FILE"])
        connection = http.client.HTTPSConnection(parts.netloc, context=context)
        connection.request("PUT", f"{parts.path}?{parts.query}", body=body, headers={"Content-Type": ""})
        connection.getresponse().read()
        connection.close()
        return time.time() - begin

    return Figure.ratio("answer after the last call, warm", *in_turn(ours, limit), 1.2)


def calls(aws: FakeAws) -> Iterator[Figure]:
    """Count the calls of an undisturbed create, update and delete."""
    aws.reset()
    physical_id = aws.handle(Resource().create(aws.url))["PhysicalResourceId"]
    changed = document(statement("444444444444"))
    events = {
        "update": Resource().update(aws.url, physical_id, Policy=changed),
        "delete": Resource().delete(aws.url, physical_id, Policy=changed),
    }
    yield Figure.exactly("calls of an undisturbed create", len(aws.ses.calls()), _CALLS)
    for name, event in events.items():
        aws.ses.clear_calls()
        aws.handle(event)
        yield Figure.exactly(f"calls of an undisturbed {name}", len(aws.ses.calls()), _CALLS)


def asset() -> Figure:
    """Measure the size of the function's archive."""
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in sorted(asset_directory().rglob("*")):
            if path.is_file():
                zipped.write(path, path.relative_to(asset_directory()))
    size = len(archive.getvalue()) / 1024
    return Figure("the function's archive", size, _KIB, f"<= {_KIB} KiB", size <= _KIB, "KiB", (size, size))


def figures(console: Console, aws: FakeAws, folder: Path) -> Iterator[Figure]:
    """Measure every figure that has a goal, the quick ones first."""
    yield from calls(aws)
    yield asset()
    yield front_door()
    yield from cold_start.figures()
    yield answer(aws)
    yield synth_scale.figure()
    yield from reviews.figures()
    yield from drift.figures()
    rows = bursts.played(console, aws, folder)
    bursts.show(console, rows)
    bursts.write(rows)
    yield from bursts.figures(rows)


def main() -> int:
    """Measure, print, write; end with 0, whatever was measured."""
    console = terminal.console(130)
    with TemporaryDirectory() as folder, fake_aws(asset_directory(), Path(folder)) as aws:
        rows = list(figures(console, aws, Path(folder)))
    show(console, rows)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", encoding="utf-8")
    console.print(f"written to {RESULTS.relative_to(HERE.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
