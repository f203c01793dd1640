"""The console that programs of this repository print to."""

import sys
from io import TextIOWrapper

from rich.console import Console


def show_all() -> None:
    """Make standard output write characters that it cannot encode as escapes, instead of raising an error."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def console(width: int) -> Console:
    """Return the console of standard output.

    :param width: its width in columns if standard output is no terminal.
    """
    show_all()
    return Console(width=None if sys.stdout.isatty() else width)
