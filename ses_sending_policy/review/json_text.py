"""Writes JSON that is safe to show on a screen and in a build log: invisible characters are escapes."""

import json
import re
from typing import Final

from ses_sending_policy.review.text_output import COMMAND
from ses_sending_policy.rules.document import Json

# The characters that `shown` escapes, but no line ends: these are layout, because JSON strings have `\n` instead.
_UNSEEN: Final = re.compile(r"[^\x20-\x7e\n]")


def json_text(value: Json) -> str:
    r"""Return `value` as JSON that parses to the same value.

    >>> json_text("user/\u202eenaJ")
    '"user/\\u202eenaJ"\n'
    """
    text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    seen = _UNSEEN.sub(lambda found: found[0] if found[0].isprintable() else _escaped(found[0]), text)
    return COMMAND.sub(lambda command: _escaped(command[0][0]) + command[0][1:], seen)


def _escaped(character: str) -> str:
    """Return a character as JSON escapes: a surrogate pair if it needs more than 16 bits."""
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
