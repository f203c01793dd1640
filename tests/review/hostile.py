"""What the tests of hostile files share."""

import os
from pathlib import Path
from typing import Any

from tests.review.conftest import sending_policy
from tests.review.templates import assembly, write

LINK = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://s3/bucket/abc.json"}}

# The most processor time for a command, in seconds: hundreds of times what each takes, and a small part of what
# it would take without a budget.
LONGEST = 20


def refused(folder: Path, *paths: str) -> list[str]:
    """Return what the command says that it cannot look at, and require that it says nothing else."""
    return told(folder, "explain", *paths)


def told(folder: Path, *words: str) -> list[str]:
    before = os.times().children_user
    done = sending_policy(*words, folder=folder)
    assert (done.returncode, done.stdout) == (2, ""), done
    assert os.times().children_user - before < LONGEST
    assert done.stderr.replace("\n", "").isprintable()
    return [line.removeprefix("sending-policy: ") for line in done.stderr.splitlines()]


def stage(folder: str) -> dict[str, Any]:
    return {"type": "cdk:cloud-assembly", "properties": {"directoryName": folder}}


def nested(folder: Path, file: str) -> Path:
    """Write an assembly whose stack has a nested stack with that file as its template."""
    write(folder / "Mail.assets.json", {"files": {"abc": {"source": {"path": file}}}})
    return assembly(folder, LINK)
