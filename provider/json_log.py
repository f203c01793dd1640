"""The log: one line of JSON for each decision, for the person on call and for the CDK CLI, which shows `message`.

The log never gets the answer URL, which has a signature in its query. And it never raises: a line that cannot be
written must not prevent an answer.
"""

import json
import re
import sys
import traceback
from contextlib import suppress
from typing import Final, TextIO

# The most characters of one value in `message`, which leaves out the fields `_LONG`.
_MOST: Final = 300
_LONG: Final = ("document", "trace")

# The fields that say which event or check a line is about.
_ABOUT: Final = ("request", "logical_id", "check")

_HALF: Final = re.compile("[\ud800-\udfff]")


def to_json(value: object) -> str:
    """Return `value` as JSON that UTF-8 can encode: half a surrogate pair is written as an escape."""
    text = json.dumps(value, ensure_ascii=False, default=shown)
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def shown(value: object) -> str:
    """Return `str(value)`, or the name of its type if that raises."""
    try:
        return str(value)
    except Exception:  # noqa: BLE001 - whatever it is, the line must still be written
        return f"<{type(value).__name__}>"


class JsonLog:
    """Writes the log lines of one event, each with all the fields that are known of that event so far.

    :param stream: where the lines go. Default: - standard output, which is the function's log.
    :param known: fields of every line.
    """

    def __init__(self, stream: TextIO | None = None, **known: object) -> None:
        self._stream = stream or sys.stdout
        self._known = known

    def knows(self, **more: object) -> None:
        """Add fields to every later line."""
        self._known |= more

    def write(self, event: str, **details: object) -> None:
        """Write one line.

        :param event: what happened, in the same words each time, so that it can be searched for.
        """
        line = {"message": self._story(event, details), "event": event} | self._known | details
        text = "{" + ", ".join(f"{to_json(name)}: {_field(value)}" for name, value in line.items()) + "}\n"
        with suppress(OSError, ValueError):
            self._stream.write(text)
            self._stream.flush()

    def crash(self, event: str, error: BaseException) -> None:
        """Write one line with `error` and its stack trace."""
        said = f"{type(error).__name__}: {shown(error)}"
        self.write(event, error=said, trace="".join(traceback.format_exception(error)))

    def _story(self, event: str, details: dict[str, object]) -> str:
        """Return the text of `message`: what happened, readable without the other fields."""
        whose = " ".join(shown(self._known[name]) for name in _ABOUT if name in self._known)
        said = ", ".join(
            f"{name} {shown(value)[:_MOST]}"
            for name, value in details.items()
            if name not in _LONG and value not in (None, "")
        )
        return ": ".join(part for part in (whose, event, said) if part)


def _field(value: object) -> str:
    try:
        return to_json(value)
    except (TypeError, ValueError, RecursionError):
        return to_json(shown(value))
