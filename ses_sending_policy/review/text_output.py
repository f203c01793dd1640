"""Text for a terminal or a pipe: wrapped, indented, coloured where somebody looks."""

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ses_sending_policy.review.heading import Heading

_COLOURS: Final[Mapping[str, str]] = {"bold": "1", "error": "1;31", "warning": "33", "acknowledged": "2", "dim": "2"}


# What a build server does as it is told, wherever a log has it: GitHub "::error::" where a line begins, which any word
# may do once it is wrapped; GitHub "##[error]", Azure Pipelines "##vso[...]" and TeamCity "##teamcity[...]" anywhere.
# https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
# https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
# A name of hex digits alone is a part of an IPv6 address.
COMMAND: Final = re.compile(r"(?<!\S)::(?=[a-f]*[g-z-][a-z-]*(?: |::))|##(?=\w*\[)", re.IGNORECASE)


def shown(text: str) -> str:
    """Return `text` with what no screen shows as escapes, and what a build server would take for a command.

    Nothing in a template moves a cursor, turns words round or speaks to the machine that shows it.
    """
    seen = "".join(each if each.isprintable() else each.encode("unicode_escape").decode("ascii") for each in text)
    return COMMAND.sub(lambda command: f"\\x{ord(command[0][0]):02x}{command[0][1:]}", seen)


@dataclass(frozen=True, slots=True)
class TextOutput:
    """What text is written on.

    :param width: in columns.
    :param is_coloured: whether it shows colours.
    :param heading: what stands at the head of a page.
    """

    width: int = 80
    is_coloured: bool = False
    heading: Heading = field(default_factory=Heading)

    def lines(self, text: str, *, indent: int = 0, bullet: str = "", style: str = "") -> str:
        """Return `text` as lines of at most the output's width, but for words that are longer.

        :param indent: how many columns are left free.
        :param bullet: what stands before the first line; the others are indented as much.
        :param style: `bold`, `dim`, or a kind of finding. Default: - as it is.
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
        """Return `text` in a style, where the output shows any."""
        return f"\x1b[{_COLOURS[style]}m{text}\x1b[0m" if self.is_coloured and style else text
