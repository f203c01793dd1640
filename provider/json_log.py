"""The log: one JSON line a decision, for the person on call, and for the CDK's command line, which shows `message`.

Neither the answer URL nor anything of its query is ever handed to it. It never raises: what cannot be written must not
cost an answer.
"""

import json
import re
import sys
import traceback
from contextlib import suppress
from typing import Final, TextIO

# What is said of a value in a message; a document has a field of its own.
_MOST: Final = 300
_LONG: Final = ("document", "trace")

# Whose line it is.
_ABOUT: Final = ("request", "logical_id", "check")

_HALF: Final = re.compile("[\ud800-\udfff]")


def to_json(value: object) -> str:
    """Return `value` as JSON that UTF-8 can carry: half a surrogate pair is an escape there, and stays what it is."""
    text = json.dumps(value, ensure_ascii=False, default=shown)
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def shown(value: object) -> str:
    """Return `str(value)`, or its type where that cannot be had."""
    try:
        return str(value)
    except Exception:  # noqa: BLE001 - whatever it is, there is a line to write
        return f"<{type(value).__name__}>"


class JsonLog:
    """Gathers what is known of one event, and writes a line whenever something is decided.

    :param stream: where the lines go. Default: - the function's log.
    :param known: what every line tells.
    """

    def __init__(self, stream: TextIO | None = None, **known: object) -> None:
        self._stream = stream or sys.stdout
        self._known = known

    def knows(self, **more: object) -> None:
        """Let every later line tell this too."""
        self._known |= more

    def write(self, event: str, **details: object) -> None:
        """Write one line.

        :param event: what happened: the same words each time, to look for.
        """
        line = {"message": self._story(event, details), "event": event} | self._known | details
        text = "{" + ", ".join(f"{to_json(name)}: {_field(value)}" for name, value in line.items()) + "}\n"
        with suppress(OSError, ValueError):
            self._stream.write(text)
            self._stream.flush()

    def crash(self, event: str, error: BaseException) -> None:
        """Write one line with the way that `error` took through the code."""
        said = f"{type(error).__name__}: {shown(error)}"
        self.write(event, error=said, trace="".join(traceback.format_exception(error)))

    def _story(self, event: str, details: dict[str, object]) -> str:
        """Return what happened as a sentence that needs no other field."""
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
