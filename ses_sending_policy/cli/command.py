"""What a command of the command line is made of."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Generic, TypeVar

from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.heading import Heading
from ses_sending_policy.review.options import ACCEPT_UNREAD
from ses_sending_policy.review.text_output import TextOutput

INTERRUPTED: Final = 130
"""What a shell says of who was stopped by Ctrl-C: 128 and the number of the signal."""

ASSEMBLY: Final = "cdk.out"
"""Where `cdk synth` writes."""

WHICH: Final = """\

which to take when:
  diff   before a merge: between two assemblies, without an account
  plan   before a deploy: against what is deployed, and what SES holds
  drift  at any other time: whether SES holds what was deployed"""
"""What tells the commands from each other that compare."""

_HEADING: Final = ("title", "commit", "time")

_V = TypeVar("_V")
_V_co = TypeVar("_V_co", covariant=True)


@dataclass(frozen=True, slots=True)
class CommandResult(Generic[_V_co]):
    """What a command found.

    :param value: what its formats write.
    :param fails: whether that is what somebody wants to be stopped by.
    :param unseen: a sentence for each thing that could not be looked at. Default: - everything was.
    :param is_interrupted: whether somebody broke it off, and `value` is what was seen until then.
    :param notes: a sentence for each thing that somebody should know who only keeps the output. Default: - none.
    """

    value: _V_co
    fails: bool = False
    unseen: Sequence[str] = ()
    is_interrupted: bool = False
    notes: Sequence[str] = ()

    @property
    def code(self) -> int:
        """What the command exits with: 1 would say that all was looked at."""
        if self.is_interrupted:
            return INTERRUPTED
        return 2 if self.unseen else int(self.fails)


@dataclass(frozen=True, slots=True)
class Command(Generic[_V]):
    """A command of the command line.

    :param about: what it does, in some lines.
    :param formats: how its answer is written, by name; the first is the default. Each takes the answer's value.
    :param answer: does it, or raises `ReviewError` where it could not look.
    :param add_arguments: its own, beside `--format`.
    """

    about: str
    formats: Mapping[str, Callable[[_V, TextOutput], str]]
    answer: Callable[[argparse.Namespace], CommandResult[_V]]
    add_arguments: Callable[[argparse.ArgumentParser], None]


def add_paths(parser: argparse.ArgumentParser) -> None:
    """Take what is reviewed: assemblies and templates."""
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        type=Path,
        default=[Path(ASSEMBLY)],
        help=f"cloud assemblies and template files (default: {ASSEMBLY})",
    )


def add_accept_unread(parser: argparse.ArgumentParser) -> None:
    """Take what need not be read."""
    parser.add_argument(
        ACCEPT_UNREAD,
        metavar="STACK/ID",
        action="append",
        default=[],
        help="what may carry a policy and need not be read; may be given more than once",
    )


def add_fail_on(parser: argparse.ArgumentParser, default: StrEnum, what: str) -> None:
    """Take what exits with 1.

    :param default: one of all that it may be.
    :param what: what that is, for the help.
    """
    words = {each.value: each for each in type(default)}
    parser.add_argument(
        "--fail-on",
        # What is no choice stays as it is: argparse then tells which there are.
        type=lambda word: words.get(word, word),
        choices=list(words),
        default=default,
        help=what,
    )


def add_heading(parser: argparse.ArgumentParser) -> None:
    """Take what stands at the head of a page."""
    parser.add_argument("--title", metavar="TEXT", default="", help="of the page: what it is about")
    parser.add_argument("--commit", metavar="ID", default="", help="of the page: what was looked at")
    parser.add_argument(
        "--time",
        metavar="TIME",
        default="",
        help="of the page: when, with its zone; what is past is told as of then (default: now, and no time is told)",
    )


def heading_of(options: argparse.Namespace) -> Heading:
    """Return what stands at the head of a page, or raise `ReviewError` where no page is asked for."""
    given = {name: getattr(options, name, "") for name in _HEADING}
    if any(given.values()) and options.format != "html":
        told = next(name for name, value in given.items() if value)
        raise ReviewError([f"--{told} is of the page alone: use it with --format=html"])
    return Heading(**given)


def anywhere(write: Callable[[_V], str]) -> Callable[[_V, TextOutput], str]:
    """Return a format that is the same on every output."""
    return lambda value, _: write(value)


def or_text(write: Callable[[_V, TextOutput], str]) -> Callable[[_V | str, TextOutput], str]:
    """Return a format that leaves a text as it is."""
    return lambda value, output: value if isinstance(value, str) else write(value, output)
