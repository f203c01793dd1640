"""Runs a program on a terminal, and reads what it shows there."""

import os
import pty
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

_PART: Final = 4096


def shown_on_a_terminal(
    command: Sequence[str], stream: Literal["stdout", "stderr"], *, folder: Path, environment: Mapping[str, str]
) -> tuple[int, str]:
    """Return the exit code of a program, and what it writes to one stream that is a terminal.

    :param stream: the stream that is a terminal; what goes to the other one is discarded.
    :param environment: its whole environment.
    """
    ours, theirs = pty.openpty()
    stdout, stderr = (theirs if each == stream else subprocess.DEVNULL for each in ("stdout", "stderr"))
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=stdout, stderr=stderr) as process:
        os.close(theirs)
        shown = b""
        try:
            while part := os.read(ours, _PART):
                shown += part
        except OSError:
            # On Linux, the end of a terminal is an error.
            pass
        finally:
            os.close(ours)
    return process.wait(), shown.decode()
