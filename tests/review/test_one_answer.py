"""The same input gives the same output in every process, although Python orders sets by a random seed."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.review.policies.test_policies import CHANGES
from tests.review.templates import write

_PLAYED = """
import json, sys
from ses_sending_policy.cli import run
for words in json.load(sys.stdin):
    if run(words) not in (0, 1):
        sys.exit(2)
"""
_EVERY = 4


def test_the_seed_of_hashes_changes_nothing(tmp_path: Path) -> None:
    changes = [case for cases in CHANGES.values() for case in cases][::_EVERY]
    commands = []
    for number, case in enumerate(changes):
        old, new = (
            str(write(tmp_path / f"{number}{side}" / "mail.json", each))
            for side, each in zip(("old", "new"), case.templates(), strict=True)
        )
        commands += [["diff", "--format=json", old, new], ["check", "--format=json", new]]
    told = {
        subprocess.run(
            [sys.executable, "-c", _PLAYED],
            check=True,
            capture_output=True,
            encoding="utf-8",
            input=json.dumps(commands),
            env={**os.environ, "PYTHONHASHSEED": seed},
            timeout=300,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(changes) >= 30
    assert len(told) == 1
    assert "broadened" in told.pop()
