"""Writes text for a terminal or a pipe: wrapped, indented, with colours on a terminal."""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ses_sending_policy.review.heading import Heading

_COLOURS: Final[Mapping[str, str]] = {"bold": "1", "error": "1;31", "warning": "33", "acknowledged": "2", "dim": "2"}


# Commands that a build server obeys if they are in its log. GitHub's "::error::" must be at the start of a line, where
# wrapping may put any word. GitHub's "##[error]", Azure Pipelines' "##vso[...]" and TeamCity's "##teamcity[...]" may be
# anywhere.
# https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
# https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
# "::" before hex digits only is no command, but part of an IPv6 address.
COMMAND: Final = re.compile(r"(?<!\S)::(?=[a-f]*[g-z-][a-z-]*(?: |::))|##(?=\w*\[)", re.IGNORECASE)


def shown(text: str) -> str:
    """Return `text` with escapes for invisible characters and for commands that a build server would obey.

    So no text of a template can move the cursor, reverse words or give the build server a command.
    """
    seen = "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)
    return COMMAND.sub(lambda command: f"\\x{ord(command[0][0]):02x}{command[0][1:]}", seen)


@dataclass(frozen=True, slots=True)
class TextOutput:
    """The output that text is written to.

    :param width: its width in columns.
    :param is_coloured: whether it shows colours.
    :param heading: the head of the HTML page.
    """

    width: int = 80
    is_coloured: bool = False
    heading: Heading = field(default_factory=Heading)

    def lines(self, text: str, *, indent: int = 0, bullet: str = "", style: str = "") -> str:
        """Return `text` wrapped to the output's width; a longer word is not broken.

        :param indent: the number of columns to indent.
        :param bullet: the text before the first line; the others are indented as much.
        :param style: `bold`, `dim`, or a kind of finding. Default: - no style.
        """
        margin = " " * indent
        wrapped = textwrap.fill(
            shown(text),
            self.width,
            initial_indent=margin + bullet,
            subsequent_indent=margin + " " * len(bullet),
            break_long_words=False,
            break_on_hyphens=False,
        )
        return self.styled(wrapped, style)

    def styled(self, text: str, style: str) -> str:
        """Return `text` in a style if the output shows colours."""
        return f"\x1b[{_COLOURS[style]}m{text}\x1b[0m" if self.is_coloured and style else text
