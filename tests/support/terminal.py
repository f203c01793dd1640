"""A program on a terminal: what it shows there."""

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
    """Return the exit code of a program, and what it writes to one stream where that is a terminal.

    :param stream: the one that is a terminal; nobody reads the other one.
    :param environment: all of it.
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
            # Linux tells the end of a terminal so.
            pass
        finally:
            os.close(ours)
    return process.wait(), shown.decode()
