"""The Lambda's directory, laid out from files: no Docker, pip or network, and the same bytes from everywhere."""

import atexit
import io
import tokenize
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from ses_sending_policy.construct import crhelper

HANDLER: Final = "provider.handler.handler"
DRIFT_HANDLER: Final = "provider.drift.handler"

_PACKAGE = Path(__file__).parents[1]

# Every file by its name: what is new in a folder travels to Lambda only if somebody says so here.
PROVIDER: Final = (
    "__init__.py",
    "answer.py",
    "clients.py",
    "dial.py",
    "drift.py",
    "event.py",
    "fence.py",
    "function.py",
    "handler.py",
    "helper.py",
    "journal.py",
    "lifecycle.py",
    "overtaken.py",
    "own_stack.py",
    "owner.py",
    "pace.py",
    "reasons.py",
    "refusals.py",
    "ses.py",
    "stack.py",
    "teardown.py",
    "transport.py",
    "undo.py",
    "watch.py",
)
PACKAGE: Final = (
    "__init__.py",
    "rules/__init__.py",
    "rules/arns.py",
    "rules/clock.py",
    "rules/decisions.py",
    "rules/differences.py",
    "rules/document.py",
    "rules/drift.py",
    "rules/drift_check.py",
    "rules/equivalence.py",
    "rules/errors.py",
    "rules/faults.py",
    "rules/identity.py",
    "rules/limits.py",
    "rules/lookups.py",
    "rules/ownership.py",
    "rules/pacer.py",
    "rules/wire.py",
)


def _provider() -> Path:
    # A wheel brings the directory under another name, so that no `provider` turns up among a user's modules. It is
    # looked for first: what is called `provider` beside an installed package is somebody else's.
    installed = _PACKAGE / "_provider"
    return installed if installed.is_dir() else _PACKAGE.parent / "provider"


def sources() -> Iterator[tuple[Path, Path]]:
    """Yield each file of the Lambda: its place in the asset, and where it is read from."""
    trees = (
        ("crhelper", crhelper.directory(), crhelper.FILES),
        ("provider", _provider(), PROVIDER),
        ("ses_sending_policy", _PACKAGE, PACKAGE),
    )
    for folder, tree, names in trees:
        yield from ((Path(folder, name), tree / name) for name in names)


_LINE_STARTS: Final = frozenset({tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT})


def without_prose(code: str) -> str:
    """Return `code` without comments and docstrings, every statement in the line that it was in.

    They are half of the archive, and whoever rewords one should not redeploy a function in every stack. A traceback
    in the log still tells the line to look at.
    """
    lines = code.split("\n")
    tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    at_start = True
    for token, following in pairwise(tokens):
        is_docstring = at_start and token.type == tokenize.STRING and following.type == tokenize.NEWLINE
        if is_docstring or token.type == tokenize.COMMENT:
            (first, start), (last, end) = token.start, token.end
            left, right = lines[first - 1][:start], lines[last - 1][end:]
            code_line = f'{left}""{right}' if is_docstring else left.rstrip()
            lines[first - 1 : last] = [code_line] + [""] * (last - first)
        if token.type not in (tokenize.NL, tokenize.COMMENT):
            at_start = token.type in _LINE_STARTS
    return "\n".join(lines)


@cache
def asset_directory() -> Path:
    """Return the directory that CDK makes the asset of: laid out once in a process, and removed at its end.

    CDK's hash is over paths and contents, and the archive has the files' modes in it: so line ends are those of
    Unix, whatever a checkout made of them, and the modes let Lambda read the files, whatever the umask is.
    """
    directory = TemporaryDirectory(prefix="ses-sending-policy-")
    atexit.register(directory.cleanup)
    for place, source in sources():
        target = Path(directory.name, place)
        target.parent.mkdir(parents=True, exist_ok=True)
        if place.parts[0] == "crhelper":
            target.write_bytes(crhelper.published(source))
        else:
            target.write_text(without_prose(source.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
        target.chmod(0o644)
    return Path(directory.name)
