"""Markdown for a comment on a pull request, where nothing of a template may become markup."""

import re
from collections.abc import Iterable
from typing import Final

from ses_sending_policy.review.text_output import shown

MOST_CHARACTERS: Final = 65_536
"""What a comment on GitHub takes."""

# Without the sentence's own commas and colons behind it.
_WORD: Final = re.compile(r"[^\s,]*[^\s,;:]")
_PLAIN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9'-]*")


def code(text: str) -> str:
    """Return `text` as code, backticks and all."""
    # Nothing between two backticks would not be code.
    content = shown(text) or " "
    fence = "`" * (max(map(len, re.findall("`+", content)), default=0) + 1)
    # A space is taken away on either side where both are there.
    padding = " " if "`" in content else ""
    return f"{fence}{padding}{content}{padding}{fence}"


def prose(text: str) -> str:
    """Return `text` with every word as code that is no plain one: addresses are no mentions, patterns no emphasis."""
    return _WORD.sub(lambda word: word[0] if _PLAIN.fullmatch(word[0]) else code(word[0]), shown(text))


def comment(command: str, lines: Iterable[str]) -> str:
    """Return `lines` as a comment that a bot finds again by its first line, cut where GitHub would refuse it.

    :param command: the name of the command that it is of.
    :param lines: each may be left out without harm to those before it.
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
