"""Whether the command says the same of two templates."""

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any, Final

from ses_sending_policy.cli import run
from tests.review.templates import stack, write

_OF_A_POLICY: Final = ("logical_id", "account", "region", "identity", "policy_name", "conditional")
_OF_A_GRANT: Final = ("effect", "principals", "actions", "conditions", "unknown_conditions")
_OF_A_FINDING: Final = ("rule", "severity", "logical_id", "acknowledged")


def said(command: str, *arguments: str | Path) -> tuple[int, str, str]:
    """Return the exit code of the command, its output and its complaints, as a console script has them."""
    written, complaints = io.BytesIO(), io.StringIO()
    with redirect_stdout(io.TextIOWrapper(written, encoding="utf-8")) as output, redirect_stderr(complaints):
        try:
            code = run([command, *map(str, arguments)])
        except SystemExit as wrong:
            # argparse ends so for a command line that it does not know.
            code = int(wrong.code or 0)
        output.flush()
        # The wrapper closes what it wraps when it is closed itself.
        return code, written.getvalue().decode(), complaints.getvalue()


def placed(folder: Path, template: dict[str, Any], *, has_place: bool) -> Path:
    """Write a template for the command: in an assembly if its account and region are known, else by itself."""
    if not has_place:
        return write(folder / "Mail.json", template)
    write(folder / "manifest.json", {"version": "55.0.0", "artifacts": {"Mail": stack()}})
    write(folder / "Mail.template.json", template)
    return folder


def told(path: Path, *, in_words: bool) -> dict[str, Any]:
    """Return what `explain` and `check` say, without the file's name.

    :param in_words: whether the sentences count, in which a parameter may be named.
    """
    found = {}
    for command, entries in (("explain", policies), ("check", findings)):
        code, output, complaints = said(command, "--format=json", path)
        listed = list(entries(json.loads(output), path, in_words=in_words)) if output else []
        # If a Create takes by default what its Update says anyhow, the two become one entry.
        found[command] = [code, complaints, sorted(listed if in_words else {*listed})]
    return found


def policies(found: dict[str, Any], _: Path, *, in_words: bool) -> Iterator[str]:
    """Yield each policy of an explanation."""
    keys = (*_OF_A_GRANT, "sentence") if in_words else _OF_A_GRANT
    for policy in found["policies"]:
        grants = [{key: grant[key] for key in keys} for grant in policy["grants"]]
        yield json.dumps({key: policy[key] for key in _OF_A_POLICY} | {"grants": grants})


def findings(found: dict[str, Any], path: Path, *, in_words: bool) -> Iterator[str]:
    """Yield each finding of a check."""
    keys = (*_OF_A_FINDING, "message", "fix") if in_words else _OF_A_FINDING
    for finding in found["findings"]:
        yield json.dumps({key: finding[key] for key in keys}).replace(str(path.parent), "")


def verdict(old: Path, new: Path) -> tuple[int, str, str]:
    """Return the exit code of `diff`, its verdict, and its complaints and changes."""
    code, output, complaints = said("diff", "--format=json", old, new)
    found: dict[str, Any] = json.loads(output) if output else {"verdict": "none", "changes": []}
    return code, found["verdict"], complaints + json.dumps(found["changes"])
