"""JSON that is safe to look at: the same values, with what no screen shows as escapes."""

import json
import re
from typing import Final

from ses_sending_policy.review.text_output import COMMAND
from ses_sending_policy.rules.document import Json

# What `shown` escapes, and in JSON as JSON does it. An end of a line is the layout's: one in a text is `\n` already.
_UNSEEN: Final = re.compile(r"[^\x20-\x7e\n]")


def json_text(value: Json) -> str:
    r"""Return `value` as JSON, which gives the same value again to whoever parses it.

    >>> json_text("user/\u202eenaJ")
    '"user/\\u202eenaJ"\n'
    """
    text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    seen = _UNSEEN.sub(lambda found: found[0] if found[0].isprintable() else _escaped(found[0]), text)
    return COMMAND.sub(lambda command: _escaped(command[0][0]) + command[0][1:], seen)


def _escaped(character: str) -> str:
    """Return a character as JSON's escapes: two where it is beyond what one can tell."""
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
