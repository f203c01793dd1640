"""Where a program of this workshop tells what it does."""

import sys
from io import TextIOWrapper

from rich.console import Console


def show_all() -> None:
    """Show as escapes what the encoding of standard output has no letters for: Python would end the program instead."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def console(width: int) -> Console:
    """Return the console on standard output, which shows all that it is told.

    :param width: in columns, where it is no terminal and nobody else knows: for whoever reads it later.
    """
    show_all()
    return Console(width=None if sys.stdout.isatty() else width)
