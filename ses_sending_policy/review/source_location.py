"""The line of the repository that declares a policy: of the app if the synth recorded it, else of the template."""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.files import on_disk
from ses_sending_policy.analysis.reading.unread import UnreadPart

# A line of a stack trace, for instance "__init__ (/home/me/mail/app.py:46)"; JavaScript adds the column.
_FRAME: Final = re.compile(r"\(([^()]+?):(\d+)(?::\d+)?\)\s*$")
_LINE: Final = re.compile(r"[1-9]\d{0,8}")
_PACKAGE: Final = Path(__file__).parents[1]
_LIBRARIES: Final = frozenset({"site-packages", "dist-packages", "node_modules"})


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """A line of a file.

    :param file: relative to the repository and with slashes; absolute where it is outside.
    :param line: counted from 1.
    """

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Repository:
    """The folder that files are named relative to.

    :param root: its absolute path.
    """

    root: Path

    @classmethod
    def around(cls, folder: Path) -> "Repository":
        """Return the git repository that `folder` is in, or the folder itself if it is in none."""
        here = folder.resolve()
        roots = (each for each in (here, *here.parents) if (each / ".git").exists())
        return cls(next(roots, here))

    def place(self, policy: Declared | UnreadPart, trace: Sequence[str]) -> SourceLocation:
        """Return the line that declares a policy: of the app if `trace` has one, else of the template.

        :param trace: the calls that created its construct, innermost first.
        """
        lines = ((on_disk(file), line) for file, line in _frames(trace))
        own = (SourceLocation(self._name(file), line) for file, line in lines if self._is_own(file))
        template = on_disk(policy.template).resolve()
        return next(own, None) or SourceLocation(self._name(template), _lines(template).get(policy.logical_id, 1))

    def _is_own(self, file: Path) -> bool:
        return (
            file.is_relative_to(self.root)
            and not file.is_relative_to(_PACKAGE)
            and not _LIBRARIES.intersection(file.parts)
        )

    def _name(self, file: Path) -> str:
        name = (file.relative_to(self.root) if file.is_relative_to(self.root) else file).as_posix()
        # Other tools read the name of a file as UTF-8, so it is decoded as UTF-8 in every locale.
        return os.fsencode(name).decode("utf-8", "surrogateescape")


def _frames(trace: Sequence[str]) -> Iterator[tuple[str, int]]:
    for call in trace:
        found = _FRAME.search(call)
        # Half a surrogate pair or a NUL is not printable, and no file's name has one.
        if found and found[1].isprintable() and _LINE.fullmatch(found[2]):
            yield found[1], int(found[2])


@cache
def _lines(template: Path) -> dict[str, int]:
    """Return the number of the line where each JSON key first occurs. Cached, so that a template is read only once."""
    keys: dict[str, int] = {}
    # In a file with another encoding than UTF-8 no key is found. Its first line is used then.
    for number, line in enumerate(template.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        found = re.match(r'\s*"(\w+)"\s*:', line)
        if found:
            keys.setdefault(found[1], number)
    return keys
