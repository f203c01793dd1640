"""Prints the output of a program while it runs, in lines that fit the terminal."""

import os
import re
import select
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from rich.console import Console

_PART: Final = 65536
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
# An event as the CDK CLI prints it: the stack, how many resources are done, the time, and the status, type and name of
# the resource. An event of a failure also has the reason.
_EVENT: Final = re.compile(r"[\w-]+ +\| +\d+(?:/\d+)? +\| [^|]+ \| (\w+) +\| ([\w:]+) +\| (\S+)(?: \(\w+\))? *")
_BEGINS: Final = "_IN_PROGRESS"


def lines(output: int, patience: float) -> Iterator[str | None]:
    """Yield each line of a pipe until it ends, and `None` after each pause of `patience`.

    :param output: the file descriptor of the pipe's reading end.
    :param patience: the length of a pause, in seconds.
    """
    rest = b""
    while True:
        if not select.select([output], [], [], patience)[0]:
            yield None
            continue
        part = os.read(output, _PART)
        *whole, rest = (rest + part).split(b"\n")
        yield from (each.decode(errors="replace") for each in whole)
        if not part:
            if rest:
                yield rest.decode(errors="replace")
            return


def tell(said: Iterable[str | None], console: Console, *, doing: str, style: str = "") -> None:
    """Print what `lines` yields, and in each pause what the program is doing.

    :param doing: what the program is doing, for instance `the CDK runs app.py`.
    :param style: the style of the program's output.
    """
    is_blank = True
    for line in said:
        if line is None:
            console.print(f"  still: {doing} ...", style="dim", highlight=False)
        elif line.strip():
            for part in fitting(_undecorated(line) if console.options.ascii_only else line, console.width):
                is_blank = False
                console.print(part, style=style, markup=False, highlight=False, soft_wrap=True)
        elif not is_blank:
            is_blank = True
            console.print()


def fitting(line: str, width: int) -> list[str]:
    """Return a line wrapped to a width; a word that is too long is shortened in its middle.

    An event of the CDK CLI is shortened, and left out if it only tells that something begins.
    """
    line = _COLOUR.sub("", line).rstrip()
    if event := _EVENT.fullmatch(line):
        status, kind, name = event.groups()
        line = "" if status.endswith(_BEGINS) else f"  {status} {kind} {name}"
    hanging = " " * (len(line) - len(line.lstrip()) + 4)
    longest = width - len(hanging)
    short = re.sub(r"\S+", lambda word: _cut(word[0], longest), line)
    return textwrap.wrap(short, width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False)


def _cut(word: str, longest: int) -> str:
    half = (longest - 3) // 2
    return word if len(word) <= longest else f"{word[:half]}...{word[-half:]}"


def _undecorated(line: str) -> str:
    return "".join(letter for letter in line if unicodedata.category(letter) != "So")
