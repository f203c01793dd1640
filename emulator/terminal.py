"""Where a program of this workshop tells what it does."""

import sys
from io import TextIOWrapper

from rich.console import Console


def console(width: int) -> Console:
    """Return the console on standard output.

    What its encoding has no letters for is shown as escapes: an answer that cannot be drawn must not end a program.

    :param width: in columns, where it is no terminal and nobody else knows: for whoever reads it later.
    """
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    return Console(width=None if sys.stdout.isatty() else width)
