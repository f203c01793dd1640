"""Builds the asset directory of a Lambda function from files: without Docker, pip or network, always the same bytes."""

import ast
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

# The files of the asset are listed one by one, so that a new file in a folder does not get into it by accident.
_SHARED: Final = (
    "provider/clients.py",
    "provider/connect.py",
    "provider/event.py",
    "provider/failures.py",
    "provider/json_log.py",
    "provider/retry_policy.py",
    "provider/sender.py",
    "provider/ses.py",
    "provider/shortcuts.py",
    "provider/transport.py",
    "provider/trust.py",
    "ses_sending_policy/__init__.py",
    "ses_sending_policy/rules/__init__.py",
    "ses_sending_policy/rules/arns.py",
    "ses_sending_policy/rules/clock.py",
    "ses_sending_policy/rules/difference_sentences.py",
    "ses_sending_policy/rules/document.py",
    "ses_sending_policy/rules/equivalence.py",
    "ses_sending_policy/rules/errors.py",
    "ses_sending_policy/rules/faults.py",
    "ses_sending_policy/rules/identity.py",
    "ses_sending_policy/rules/limits.py",
    "ses_sending_policy/rules/ownership.py",
    "ses_sending_policy/rules/pacer.py",
)
_OF_FUNCTION: Final = (
    "provider/answer.py",
    "provider/cloudformation.py",
    "provider/event_monitor.py",
    "provider/fence.py",
    "provider/function.py",
    "provider/handler.py",
    "provider/helper.py",
    "provider/lifecycle.py",
    "provider/overtaken.py",
    "provider/own_stack.py",
    "provider/owner.py",
    "provider/teardown.py",
    "provider/undo.py",
    "provider/unknowns.py",
    "ses_sending_policy/analysis/__init__.py",
    "ses_sending_policy/analysis/findings/__init__.py",
    "ses_sending_policy/analysis/findings/actions.py",
    "ses_sending_policy/analysis/findings/anybody.py",
    "ses_sending_policy/analysis/findings/at_deploy.py",
    "ses_sending_policy/analysis/findings/finding.py",
    "ses_sending_policy/analysis/findings/principal_names.py",
    "ses_sending_policy/analysis/findings/values.py",
    "ses_sending_policy/analysis/findings/vendors.py",
    "ses_sending_policy/analysis/reading/__init__.py",
    "ses_sending_policy/analysis/reading/intrinsics.py",
    "ses_sending_policy/analysis/reading/statement.py",
    "ses_sending_policy/rules/actions.py",
    "ses_sending_policy/rules/conditions.py",
    "ses_sending_policy/rules/decisions.py",
    "ses_sending_policy/rules/lookups.py",
    "ses_sending_policy/rules/moments.py",
    "ses_sending_policy/rules/wire.py",
)
_OF_DRIFT: Final = (
    "provider/drift.py",
    "provider/drift_notifications.py",
    "provider/policy_reader.py",
    "ses_sending_policy/rules/drift.py",
    "ses_sending_policy/rules/drift_check.py",
)


MODULES: Final = {
    HANDLER: (*(f"crhelper/{name}" for name in crhelper.FILES), *_SHARED, *_OF_FUNCTION),
    DRIFT_HANDLER: (*_SHARED, *_OF_DRIFT),
}
"""The modules of each function, by its handler."""


def _provider() -> Path:
    # In a wheel the directory is called `_provider`, so that no module `provider` turns up in a user's environment. It
    # is looked for first, because a `provider` beside an installed package is not ours.
    installed = _PACKAGE / "_provider"
    return installed if installed.is_dir() else _PACKAGE.parent / "provider"


def sources(handler: str = HANDLER) -> Iterator[tuple[Path, Path]]:
    """Yield each module of a function: its path in the asset, and the file that it is read from."""
    folders = {"crhelper": crhelper.directory(), "provider": _provider(), "ses_sending_policy": _PACKAGE}
    for place in map(Path, MODULES[handler]):
        yield place, folders[place.parts[0]].joinpath(*place.parts[1:])


# The attributes of a rule's class with texts for people, which the function does not need.
_TOLD: Final = frozenset({"title", "reason", "source", "elsewhere"})


def _told_of_rules(code: str) -> Iterator[tuple[int, int]]:
    """Yield the first and the last line of each text of a rule that is for people alone."""
    for kind in (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ClassDef)):
        for node in kind.body:
            if (
                isinstance(node, ast.Assign)
                and {target.id for target in node.targets if isinstance(target, ast.Name)} & _TOLD
            ):
                yield node.lineno, node.end_lineno or node.lineno


def _bodies(code: str) -> Iterator[list[ast.stmt]]:
    """Yield the statements of each module, class and function."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.body


_LINE_STARTS: Final = frozenset({tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT})


def without_prose(code: str) -> str:
    """Return `code` without comments, docstrings and the texts of rules, with each statement still on its line.

    These are half of the archive, and a reworded comment must not redeploy the function in every stack. The lines are
    kept so that a traceback in the log has the right line numbers.
    """
    lines = code.split("\n")
    for first, last in _told_of_rules(code):
        lines[first - 1 : last] = [""] * (last - first + 1)
    code = "\n".join(lines)
    alone = {body[0].lineno for body in _bodies(code) if len(body) == 1}
    tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    at_start = True
    for token, following in pairwise(tokens):
        is_docstring = at_start and token.type == tokenize.STRING and following.type == tokenize.NEWLINE
        if is_docstring or token.type == tokenize.COMMENT:
            (first, start), (last, end) = token.start, token.end
            left, right = lines[first - 1][:start], lines[last - 1][end:]
            code_line = f'{left}""{right}' if is_docstring and first in alone else left.rstrip()
            lines[first - 1 : last] = [code_line] + [""] * (last - first)
        if token.type not in (tokenize.NL, tokenize.COMMENT):
            at_start = token.type in _LINE_STARTS
    return "\n".join(lines)


def narrowed(code: str) -> str:
    """Return `code` with indents of one space for every four, which makes the archive a fortieth smaller."""
    texts = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant | ast.JoinedStr)]
    # The lines that may begin inside a string: their indents are part of a value.
    kept = {line for node in texts for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)}

    def line(number: int, text: str) -> str:
        bare = text.lstrip(" ")
        return text if number in kept else " " * ((len(text) - len(bare)) // 4) + bare

    return "\n".join(line(number, text) for number, text in enumerate(code.split("\n"), 1))


def _module(place: Path, source: Path) -> str:
    if place.parts[0] == "crhelper":
        return crhelper.published(source).decode()
    return narrowed(without_prose(source.read_text(encoding="utf-8")))


def _files(handler: str) -> Iterator[tuple[Path, str]]:
    """Yield the files of the asset: all modules in one file, the import hook that loads them, and crhelper's license.

    The modules are one file because an archive compresses each file alone, and modules share most of their words.
    """
    parts = [f"\f{place.as_posix()}\n{_module(place, source)}" for place, source in sources(handler)]
    yield Path("modules.txt"), "".join(parts)
    finder = Path("provider", "__init__.py")
    yield finder, _module(finder, _provider() / "bundle.py")
    if handler == HANDLER:
        folder = f"crhelper-{crhelper.RELEASE}.dist-info"
        yield from ((Path(folder, name), text) for name, text in crhelper.notices())


@cache
def asset_directory(handler: str = HANDLER) -> Path:
    """Return the directory of a function's asset, which is made once in a process and removed at its end.

    The CDK's hash covers paths and contents, and the archive contains the files' modes. So line ends are always those
    of Unix, whatever the checkout has, and the modes let Lambda read the files, whatever the umask is.

    :param handler: the function's handler. Default: - that of the function that CloudFormation calls.
    """
    directory = TemporaryDirectory(prefix="ses-sending-policy-")
    atexit.register(directory.cleanup)
    for place, text in _files(handler):
        target = Path(directory.name, place)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        target.chmod(0o644)
    return Path(directory.name)
