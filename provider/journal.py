"""The log: one JSON line a decision, for the person on call.

Neither the answer URL nor anything of its query is ever handed to it.
"""

import json
import sys
import traceback
from typing import TextIO


class Journal:
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

    def write(self, message: str, **details: object) -> None:
        """Write one line."""
        line = {"message": message} | self._known | details
        self._stream.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        self._stream.flush()

    def crash(self, message: str, error: BaseException) -> None:
        """Write one line with the way that `error` took through the code."""
        self.write(message, error=repr(error), trace="".join(traceback.format_exception(error)))
