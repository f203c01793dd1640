"""Runs the command on the templates of a case: what it finds, its verdict, and what it says."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from ses_sending_policy.cli import run
from tests.review.policies.cases import Change, Check, Said, Witness
from tests.review.templates import write


def played(*arguments: str) -> str:
    """Run the command in this process, because a new process takes a second, and return its output."""
    output, errors = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with redirect_stdout(output), redirect_stderr(errors):
        code = run(arguments)
    written, told = (each.buffer.getvalue().decode() for each in (output, errors))
    if code not in (0, 1):
        raise AssertionError(f"exit code {code}: {told}")
    return str(written)


def severities(template: dict[str, Any], folder: Path) -> dict[str, str]:
    """Return the findings of a template, each with its severity."""
    report = json.loads(played("check", "--format=json", str(write(folder / "mail.json", template))))
    return {each["rule"]: each["severity"] for each in report["findings"]}


def rules(case: Check, folder: Path) -> set[str]:
    """Return the ids of the rules that find something."""
    return set(severities(case.template(), folder))


def difference(case: Change, folder: Path) -> dict[str, Any]:
    """Return the output of `diff`, read from JSON."""
    sides = [
        write(folder / name / "mail.json", each) for name, each in zip(("old", "new"), case.templates(), strict=True)
    ]
    report: dict[str, Any] = json.loads(played("diff", "--format=json", *map(str, sides)))
    return report


def sentences(case: Said, folder: Path) -> tuple[str, str]:
    """Return the output of `explain` for both."""
    path = folder / "mail.json"
    one, other = (played("explain", str(write(path, each))) for each in case.templates())
    return one, other


def witnesses(report: Any) -> list[dict[str, Any]]:
    """Return every witness in a report, at any depth."""
    if isinstance(report, list):
        return [found for each in report for found in witnesses(each)]
    if not isinstance(report, dict):
        return []
    own = [report["witness"]] if isinstance(report.get("witness"), dict) else []
    return own + [found for each in report.values() for found in witnesses(each)]


def confirms(told: dict[str, Any], expected: Witness) -> bool:
    """Return whether a witness is the expected caller, with the expected sender."""
    sender = str(told.get("keys", {}).get("ses:FromAddress", ""))
    fits = expected.sends_as is None or fnmatchcase(sender, expected.sends_as)
    return fits and expected.who in json.dumps(told.get("caller"))
