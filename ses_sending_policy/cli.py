"""The command `sending-policy`: what a reviewer asks before the merge."""

import argparse
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

import ses_sending_policy
from ses_sending_policy.review.assembly import Reviewed, ReviewError, reviewed
from ses_sending_policy.review.check import Check, FailOn
from ses_sending_policy.review.check_formats import check_github, check_json, check_markdown, check_text
from ses_sending_policy.review.comparison import Comparison, DifferenceFailOn
from ses_sending_policy.review.comparison_formats import comparison_json, comparison_markdown, comparison_text
from ses_sending_policy.review.explanation import Explanation
from ses_sending_policy.review.explanation_formats import explanation_json, explanation_markdown, explanation_text
from ses_sending_policy.review.junit import check_junit
from ses_sending_policy.review.page_formats import comparison_html, explanation_html
from ses_sending_policy.review.paper import Paper
from ses_sending_policy.review.place import Repository
from ses_sending_policy.review.sarif import check_sarif

_ASSEMBLY: Final = "cdk.out"

_ABOUT: Final = """\
Tells who may send mail as your Amazon SES identities, and what is wrong with
that, from what `cdk synth` wrote: without an AWS account, a network or Node.js.
"""

_CODES: Final = """\
exit codes:
  0  looked at everything
  1  found what --fail-on names
  2  could not look at something, or was asked wrongly
"""


_V = TypeVar("_V")


@dataclass(frozen=True, slots=True)
class Answer(Generic[_V]):
    """What a command found.

    :param value: what its formats write.
    :param fails: whether that is what somebody wants to be stopped by.
    """

    value: _V
    fails: bool = False


@dataclass(frozen=True, slots=True)
class Command(Generic[_V]):
    """A command of the command line.

    :param help: what it does, in a line.
    :param about: what it does, in some.
    :param formats: how its answer is written, by name; the first is the default. Each takes the answer's value.
    :param answer: does it, or raises `ReviewError` where it could not look.
    :param add_arguments: its own, beside `--format`.
    """

    help: str
    about: str
    formats: Mapping[str, Callable[[_V, Paper], str]]
    answer: Callable[[argparse.Namespace], Answer[_V]]
    add_arguments: Callable[[argparse.ArgumentParser], None]


def _explain(options: argparse.Namespace) -> Answer[Explanation]:
    return Answer(Explanation.of(reviewed(options.paths)))


def _check(options: argparse.Namespace) -> Answer[Check]:
    check = _checked(reviewed(options.paths), options.fail_on)
    return Answer(check, check.fails)


def _checked(found: Reviewed, fail_on: FailOn = FailOn.NEVER) -> Check:
    return Check.of(found, Repository.around(Path.cwd()), datetime.now(UTC), fail_on)


def _diff(options: argparse.Namespace) -> Answer[Comparison]:
    faults: list[str] = []
    sides: list[Reviewed] = []
    for path in (options.old, options.new):
        try:
            sides.append(reviewed([path]))
        except ReviewError as fault:
            faults += fault.faults
    if faults:
        raise ReviewError(dict.fromkeys(faults))
    comparison = Comparison.of(*sides)
    return Answer(comparison, comparison.fails(options.fail_on))


def _explanation_html(explanation: Explanation) -> str:
    return explanation_html(explanation, _checked(explanation.reviewed))


def _comparison_html(comparison: Comparison) -> str:
    return comparison_html(comparison, Explanation.of(comparison.new), _checked(comparison.new))


def _add_paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        type=Path,
        default=[Path(_ASSEMBLY)],
        help=f"cloud assemblies and template files (default: {_ASSEMBLY})",
    )


def _add_check_arguments(parser: argparse.ArgumentParser) -> None:
    _add_paths(parser)
    parser.add_argument(
        "--fail-on",
        type=FailOn,
        choices=list(FailOn),
        default=FailOn.ERROR,
        metavar="{" + ",".join(FailOn) + "}",
        help="what exits with 1, unless it is acknowledged (default: error)",
    )


def _add_diff_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", metavar="OLD", type=Path, help="the assembly or template of before")
    parser.add_argument("new", metavar="NEW", type=Path, help="the one that takes its place")
    parser.add_argument(
        "--fail-on",
        type=DifferenceFailOn,
        choices=list(DifferenceFailOn),
        default=DifferenceFailOn.BROADENED,
        metavar="{" + ",".join(DifferenceFailOn) + "}",
        help="what exits with 1 (default: broadened, also where that cannot be told)",
    )


def _anywhere(write: Callable[[_V], str]) -> Callable[[_V, Paper], str]:
    """Return a format that is the same on every paper."""
    return lambda value, _: write(value)


COMMANDS: Final[Mapping[str, Command[Any]]] = {
    "explain": Command(
        "who may send as what",
        "Writes one sentence for each grant: who may send as which addresses, under which\nconditions.",
        {
            "text": explanation_text,
            "markdown": _anywhere(explanation_markdown),
            "json": _anywhere(explanation_json),
            "html": _anywhere(_explanation_html),
        },
        _explain,
        _add_paths,
    ),
    "check": Command(
        "what is wrong with that",
        "Writes what is found with what to do about it, and what is acknowledged with\nthe reason.",
        {
            "text": check_text,
            "markdown": _anywhere(check_markdown),
            "json": _anywhere(check_json),
            "sarif": _anywhere(check_sarif),
            "junit": _anywhere(check_junit),
            "github": _anywhere(check_github),
        },
        _check,
        _add_check_arguments,
    ),
    "diff": Command(
        "what changes in that",
        "Writes what becomes of each grant, with the words of before and after, and what\n"
        "that means: broadened, narrowed, changed or unchanged.",
        {
            "text": comparison_text,
            "markdown": _anywhere(comparison_markdown),
            "json": _anywhere(comparison_json),
            "html": _anywhere(_comparison_html),
        },
        _diff,
        _add_diff_arguments,
    ),
}


class _Version(argparse.Action):
    """Tells the version, which takes longer to find out than all the rest of `--help`."""

    def __init__(self, option_strings: Sequence[str], dest: str, **options: Any) -> None:  # noqa: ANN401 - argparse's
        super().__init__(option_strings, dest, nargs=0, **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        sys.stdout.write(f"sending-policy {ses_sending_policy.__version__}\n")
        parser.exit()


def parser() -> argparse.ArgumentParser:
    """Return what reads the arguments; they then have the command's name, its format and what is its own."""
    verbatim = argparse.RawDescriptionHelpFormatter
    main_parser = argparse.ArgumentParser(
        "sending-policy", description=_ABOUT, epilog=_CODES, formatter_class=verbatim, allow_abbrev=False
    )
    main_parser.add_argument("--version", action=_Version, help="tell the version, and end")
    subparsers = main_parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        subparser = subparsers.add_parser(
            name,
            help=command.help,
            description=command.about,
            epilog=_CODES,
            formatter_class=verbatim,
            allow_abbrev=False,
        )
        command.add_arguments(subparser)
        formats = list(command.formats)
        subparser.add_argument(
            "--format", choices=formats, default=formats[0], help=f"how to write it (default: {formats[0]})"
        )
    return main_parser


def _paper() -> Paper:
    if not sys.stdout.isatty():
        return Paper()
    # https://no-color.org: "when present and not an empty string (regardless of its value)"
    is_coloured = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Paper(shutil.get_terminal_size().columns, is_coloured)


def _write(text: str) -> None:
    """Write `text` to where the output goes, as far as somebody reads it."""
    try:
        # As UTF-8 everywhere; half a surrogate pair, which JSON may hold, as the escape that it came from.
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
    except BrokenPipeError:
        # Who has read enough closes the pipe, and Python would complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run(arguments: Sequence[str] | None = None) -> int:
    """Do what `arguments` say, and return the exit code.

    :param arguments: without the name of the program. Default: - those of the process.
    """
    options = parser().parse_args(arguments)
    command = COMMANDS[options.command]
    try:
        answer = command.answer(options)
        text = command.formats[options.format](answer.value, _paper())
    except ReviewError as fault:
        for each in fault.faults:
            print(f"sending-policy: {each}", file=sys.stderr)  # noqa: T201 - it is what the user asked for
        return 2
    except Exception:  # noqa: BLE001 - a fault of ours must not look like a finding, which Python's own exit code does
        traceback.print_exc()
        return 2
    _write(text)
    return int(answer.fails)


def main() -> None:
    """Run the command line of this process, and exit."""
    sys.exit(run())
