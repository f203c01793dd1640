"""The command line on 500 policies in 50 templates, beside the same command on none."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.figure import Figure, in_turn, ran
from ses_sending_policy.rules.wire import RESOURCE_TYPE, WIRE

_TEMPLATES: Final = 50
_POLICIES: Final = 10
_SECONDS_A_POLICY: Final = 0.001
_COMMAND: Final = str(Path(sys.executable).with_name("sending-policy"))


def figures() -> Iterator[Figure]:
    """Measure `--help` beside a bare interpreter, and each command on many policies beside none."""
    helped, bare = in_turn(lambda: _ran("--help"), lambda: ran("pass"))
    yield Figure.more("sending-policy --help", helped, bare, 0.150)
    with TemporaryDirectory() as folder:
        none, old, new = (Path(folder, name) for name in ("none", "old", "new"))
        _write(none, templates=0, address="")
        _write(old, templates=_TEMPLATES, address="weekly@*")
        _write(new, templates=_TEMPLATES, address="*@*")
        for name, sides in (("explain", [new]), ("check", [new]), ("diff", [old, new])):
            many = [name, *map(str, sides)]
            few = [name, *(str(none) for _ in sides)]
            ours, limit = in_turn(partial(_ran, *many), partial(_ran, *few))
            what = f"{name}: {_TEMPLATES * _POLICIES} policies in {_TEMPLATES} templates"
            yield Figure.more(what, ours, limit, _TEMPLATES * _POLICIES * _SECONDS_A_POLICY)


def _ran(*words: str) -> float:
    begin = time.perf_counter()
    done = subprocess.run([_COMMAND, *words], check=False, capture_output=True, timeout=120)  # noqa: S603 - our own
    if done.returncode > 1:
        raise RuntimeError(f"sending-policy {' '.join(words)} failed: {done.stderr.decode()}")
    return time.perf_counter() - begin


def _write(folder: Path, *, templates: int, address: str) -> None:
    """Write an assembly."""
    folder.mkdir()
    artifacts = {}
    for number in range(templates):
        file = f"Mail{number}.template.json"
        artifacts[f"Mail{number}"] = {
            "type": "aws:cloudformation:stack",
            "environment": "aws://111111111111/eu-west-1",
            "properties": {"templateFile": file},
        }
        resources = {f"Policy{policy}": _policy(f"{number}.example", policy, address) for policy in range(_POLICIES)}
        (folder / file).write_text(json.dumps({"Resources": resources}), encoding="utf-8")
    manifest = {"version": "48.0.0", "artifacts": artifacts}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def _policy(domain: str, number: int, address: str) -> dict[str, object]:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{number:012}:root"},
        "Action": ["ses:SendEmail", "ses:SendRawEmail"],
        "Resource": f"arn:aws:ses:eu-west-1:111111111111:identity/{domain}",
        "Condition": {"StringLike": {"ses:FromAddress": address}},
    }
    properties = {
        "EmailIdentity": domain,
        "PolicyName": f"policy{number}",
        "Policy": {"Version": "2012-10-17", "Statement": statement},
        "Wire": WIRE,
    }
    return {"Type": RESOURCE_TYPE, "Properties": properties}
