"""The workflows for GitHub, ours and those in a how-to, as their YAML has them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import ROOT

OURS = sorted(ROOT.glob(".github/workflows/*.yml"))
ALL = [*OURS, *sorted(ROOT.glob("docs/howto/*.github.yml"))]


@dataclass(frozen=True)
class Step:
    """A step of a job.

    :param job: its workflow and job, as `release.yml: build`.
    :param uses: the action. Default: - a script.
    :param run: the script. Default: - an action.
    :param env: its variables, with expressions as they are written.
    :param given: the inputs of its action.
    """

    job: str
    uses: str
    run: str
    env: Mapping[str, str]
    given: Mapping[str, Any]


def read(path: Path) -> dict[str, Any]:
    """Return the content of a YAML file."""
    said: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return said


def steps(path: Path) -> Iterator[Step]:
    """Yield each step of a workflow, in order."""
    for name, job in read(path)["jobs"].items():
        for step in job.get("steps", []):
            yield Step(
                f"{path.name}: {name}",
                step.get("uses", ""),
                step.get("run", ""),
                step.get("env", {}),
                step.get("with", {}),
            )


def resolved(text: str, context: Mapping[str, str]) -> str:
    """Return a text with each expression replaced as GitHub does; fail on one that `context` lacks."""
    return re.sub(r"\$\{\{ *([\w.]+) *\}\}", lambda found: context[found[1]], text)
