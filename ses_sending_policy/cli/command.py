"""A command of the command line: its help, formats and result, and the arguments that commands share."""

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
"""The exit code that a shell reports for a program that Ctrl-C ended: 128 and the number of SIGINT."""

ASSEMBLY: Final = "cdk.out"
"""The folder that `cdk synth` writes to."""

PATHS_HELP: Final = f"folders that `cdk synth` wrote (cloud assemblies), or JSON templates (default: {ASSEMBLY})"
"""The help of the argument `PATH`."""

WHICH: Final = """\

which command to use when:
  diff   before a merge: compares two assemblies, without an AWS account
  plan   before a deploy: compares an assembly with the account it goes to
  drift  at any other time: compares what was deployed with what SES holds"""
"""A part of the help of `diff`, `plan` and `drift`: which of the three to use when."""

_HEADING: Final = ("title", "commit", "time")

_V = TypeVar("_V")
_V_co = TypeVar("_V_co", covariant=True)


@dataclass(frozen=True, slots=True)
class CommandResult(Generic[_V_co]):
    """The result of a command.

    :param value: the value that the output formats write.
    :param fails: whether `--fail-on` makes the command exit with 1.
    :param unseen: a sentence for each thing that could not be read. Default: - everything was read.
    :param is_interrupted: whether the user interrupted the command, so that `value` is incomplete.
    :param notes: sentences for standard error that do not change the exit code. Default: - none.
    """

    value: _V_co
    fails: bool = False
    unseen: Sequence[str] = ()
    is_interrupted: bool = False
    notes: Sequence[str] = ()

    @property
    def code(self) -> int:
        """The exit code. 2 wins over 1, because 1 means that everything was read."""
        if self.is_interrupted:
            return INTERRUPTED
        return 2 if self.unseen else int(self.fails)


@dataclass(frozen=True, slots=True)
class Command(Generic[_V]):
    """A command of the command line.

    :param about: what the command does, for its help.
    :param formats: for each output format the function that writes the result's value; the first is the default.
    :param answer: runs the command, or raises `ReviewError` if something could not be read.
    :param add_arguments: adds the command's own arguments; `--format` is added to every command.
    """

    about: str
    formats: Mapping[str, Callable[[_V, TextOutput], str]]
    answer: Callable[[argparse.Namespace], CommandResult[_V]]
    add_arguments: Callable[[argparse.ArgumentParser], None]


def add_paths(parser: argparse.ArgumentParser) -> None:
    """Add the argument `PATH`: the assemblies and templates to review."""
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        type=Path,
        default=[Path(ASSEMBLY)],
        help=PATHS_HELP,
    )


def add_accept_unread(parser: argparse.ArgumentParser) -> None:
    """Add the option by which a user accepts that a resource could not be read."""
    parser.add_argument(
        ACCEPT_UNREAD,
        metavar="STACK/ID",
        action="append",
        default=[],
        help="accept that this resource, which may contain a policy, could not be read: it no longer makes the exit "
        "code 2; may be given more than once",
    )


def add_fail_on(parser: argparse.ArgumentParser, default: StrEnum, what: str) -> None:
    """Add `--fail-on`, which chooses the results that make the command exit with 1.

    :param default: the default; the other choices are the other members of its class.
    :param what: the help of the option.
    """
    words = {each.value: each for each in type(default)}
    parser.add_argument(
        "--fail-on",
        # A word that is not one of the choices stays as it is, so that argparse refuses it and lists the choices.
        type=lambda word: words.get(word, word),
        choices=list(words),
        default=default,
        help=what,
    )


def add_heading(parser: argparse.ArgumentParser) -> None:
    """Add the options for the head of the HTML page: title, commit and time."""
    parser.add_argument("--title", metavar="TEXT", default="", help="title of the page; only with --format=html")
    parser.add_argument(
        "--commit", metavar="ID", default="", help="commit to show on the page; only with --format=html"
    )
    parser.add_argument(
        "--time",
        metavar="TIME",
        default="",
        help="time to show on the page, with its zone, and to compare dates in policies with; only with --format=html "
        "(default: compare with the current time, and show none)",
    )


def heading_of(options: argparse.Namespace) -> Heading:
    """Return the head of the HTML page; raise `ReviewError` if an option for it is given with another format."""
    given = {name: getattr(options, name, "") for name in _HEADING}
    if any(given.values()) and options.format != "html":
        told = next(name for name, value in given.items() if value)
        raise ReviewError([f"--{told} is for the HTML page only: use it with --format=html"])
    return Heading(**given)


def anywhere(write: Callable[[_V], str]) -> Callable[[_V, TextOutput], str]:
    """Turn `write`, which needs no terminal, into a format: formats also get the terminal's width and colours."""
    return lambda value, _: write(value)


def or_text(write: Callable[[_V, TextOutput], str]) -> Callable[[_V | str, TextOutput], str]:
    """Return a format that writes a result's value by `write`, but a value that is a text as it is."""
    return lambda value, output: value if isinstance(value, str) else write(value, output)
