"""The command, played on the templates of a case: what it found, which verdict it gave, what it said."""

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
    """Run the command in this process, for a process of its own takes a second, and return what it wrote."""
    output, errors = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with redirect_stdout(output), redirect_stderr(errors):
        code = run(arguments)
    written, told = (each.buffer.getvalue().decode() for each in (output, errors))
    if code not in (0, 1):
        raise AssertionError(f"exit code {code}: {told}")
    return str(written)


def severities(template: dict[str, Any], folder: Path) -> dict[str, str]:
    """Return what the command finds in a template, and how severe it calls that."""
    report = json.loads(played("check", "--format=json", str(write(folder / "mail.json", template))))
    return {each["rule"]: each["severity"] for each in report["findings"]}


def rules(case: Check, folder: Path) -> set[str]:
    """Return the ids of what the command finds."""
    return set(severities(case.template(), folder))


def difference(case: Change, folder: Path) -> dict[str, Any]:
    """Return what the command says of the difference."""
    sides = [
        write(folder / name / "mail.json", each) for name, each in zip(("old", "new"), case.templates(), strict=True)
    ]
    report: dict[str, Any] = json.loads(played("diff", "--format=json", *map(str, sides)))
    return report


def sentences(case: Said, folder: Path) -> tuple[str, str]:
    """Return what the command says of the one and of the other."""
    path = folder / "mail.json"
    one, other = (played("explain", str(write(path, each))) for each in case.templates())
    return one, other


def witnesses(report: Any) -> list[dict[str, Any]]:
    """Return each witness of a report, wherever it stands."""
    if isinstance(report, list):
        return [found for each in report for found in witnesses(each)]
    if not isinstance(report, dict):
        return []
    own = [report["witness"]] if isinstance(report.get("witness"), dict) else []
    return own + [found for each in report.values() for found in witnesses(each)]


def confirms(told: dict[str, Any], expected: Witness) -> bool:
    """Return whether a witness is who is expected, sending as what is expected."""
    sender = str(told.get("keys", {}).get("ses:FromAddress", ""))
    fits = expected.sends_as is None or fnmatchcase(sender, expected.sends_as)
    return fits and expected.who in json.dumps(told.get("caller"))
