"""Writes Markdown for a comment on a pull request, escaped so that no text of a template becomes markup."""

import re
from collections.abc import Iterable
from typing import Final

from ses_sending_policy.review.text_output import shown

MOST_CHARACTERS: Final = 65_536
"""The most characters of a comment on GitHub."""

# A word without the comma, semicolon or colon that follows it in a sentence.
_WORD: Final = re.compile(r"[^\s,]*[^\s,;:]")
_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9'-]*")


def code(text: str) -> str:
    """Return `text` as inline code, also if it contains backticks."""
    # Markdown has no empty inline code.
    content = shown(text) or " "
    fence = "`" * (max(map(len, re.findall("`+", content)), default=0) + 1)
    # Markdown removes one space on each side.
    padding = " " if "`" in content else ""
    return f"{fence}{padding}{content}{padding}{fence}"


def prose(text: str) -> str:
    """Return `text`; each word that GitHub could take for markup or a mention, such as "@name", becomes inline code."""
    return _WORD.sub(lambda word: word[0] if _PLAIN.fullmatch(word[0]) else code(word[0]), shown(text))


def comment(command: str, lines: Iterable[str]) -> str:
    """Return `lines` as a comment that a bot can find again by its first line, cut to the length that GitHub allows.

    :param command: the name of the command that wrote it.
    :param lines: the lines; the last ones are left out if they do not fit.
    """
    kept = [f"<!-- sending-policy {command} -->"]
    every = list(lines)
    note = "\n_{} more lines do not fit here: run_ `sending-policy " + command + "`"
    room = MOST_CHARACTERS - len(kept[0]) - len(note) - len(str(len(every))) - 2
    for number, line in enumerate(every):
        room -= len(line) + 1
        if room < 0:
            kept.append(note.format(len(every) - number))
            break
        kept.append(line)
    return "\n".join(kept) + "\n"
