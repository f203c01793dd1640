"""The command `sending-policy`: what a reviewer asks before the merge."""

import argparse
import os
import shutil
import sys
import traceback
from collections.abc import Collection, Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any, Final, TextIO

import ses_sending_policy
from ses_sending_policy.cli.command import INTERRUPTED, Command
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.paper import Paper, shown

_ABOUT: Final = """\
Tells who may send mail as your Amazon SES identities, and what is wrong with
that, from what `cdk synth` wrote: without an AWS account, a network or Node.js.
Only `drift`, `adopt` and `probe` look into an account.
"""

_FAILS: Final = "  1    found what --fail-on names\n"
_CODES: Final = f"""\
exit codes:
  0    looked at everything
{_FAILS}  2    could not look at something, or the command line is wrong
  130  was interrupted
"""

COMMANDS: Final[Mapping[str, str]] = {
    "explain": "who may send as what",
    "check": "what is wrong with that",
    "diff": "what changes in that",
    "drift": "what SES holds instead",
    "adopt": "the Python that takes over what SES holds",
    "probe": "what a real SES does where its documentation is unclear",
}
"""What each command does, in a line; each has a module of its name."""


def command_named(name: str) -> Command[Any]:
    """Return a command; only what is asked for is loaded, or `--help` would take as long as all of them."""
    command: Command[Any] = import_module(f"{__name__}.{name}").COMMAND
    return command


class _Version(argparse.Action):
    """Tells the version, which takes longer to find out than all the rest of `--help`."""

    def __init__(self, option_strings: Sequence[str], dest: str, **options: Any) -> None:  # noqa: ANN401 - argparse's
        super().__init__(option_strings, dest, nargs=0, **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        _write(f"sending-policy {ses_sending_policy.__version__}\n")
        parser.exit()


class _Parser(argparse.ArgumentParser):
    """Writes its help as the commands write their answers; argparse's own complains where nobody reads on."""

    def print_help(self, file: Any = None) -> None:  # noqa: ANN401, ARG002 - argparse's own
        _write(self.format_help())


def parser(asked: Collection[str] = COMMANDS) -> argparse.ArgumentParser:
    """Return what reads the arguments; they then have the command's name, its format and what is its own.

    :param asked: the commands whose own arguments are read. Default: - all.
    """
    verbatim = argparse.RawDescriptionHelpFormatter
    main_parser = _Parser(
        "sending-policy", description=_ABOUT, epilog=_CODES, formatter_class=verbatim, allow_abbrev=False
    )
    main_parser.add_argument("--version", action=_Version, help="show the version and exit")
    subparsers = main_parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)
    for name, help_ in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=help_, epilog=_CODES, formatter_class=verbatim, allow_abbrev=False)
        if name not in asked:
            continue
        command = command_named(name)
        subparser.description = command.about
        command.add_arguments(subparser)
        if subparser.get_default("fail_on") is None:
            subparser.epilog = _CODES.replace(_FAILS, "")
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


def _discard(stream: TextIO) -> None:
    """Take away what could not be written to `stream`: Python would try again at its end, and exit as it likes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _write(text: str) -> None:
    """Write `text` to where the output goes, as far as somebody reads it; raise `ReviewError` where it does not fit."""
    try:
        # As UTF-8 everywhere; half a surrogate pair, which JSON may hold, as the escape that it came from.
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.flush()
    except BrokenPipeError:
        # Who has read enough closes the pipe.
        _discard(sys.stdout)
    except OSError as fault:
        _discard(sys.stdout)
        raise ReviewError([f"the output cannot be written: {fault.strerror}"]) from fault


def _complain(faults: Iterable[str]) -> None:
    try:
        for each in faults:
            print(f"sending-policy: {shown(each)}", file=sys.stderr)  # noqa: T201 - it is what the user asked for
    except OSError:
        # Nobody can be told, and the exit code says it still.
        _discard(sys.stderr)


def run(arguments: Sequence[str] | None = None) -> int:
    """Do what `arguments` say, and return the exit code.

    :param arguments: without the name of the program. Default: - those of the process.
    """
    words = sys.argv[1:] if arguments is None else arguments
    try:
        options = parser(frozenset(words)).parse_args(words)
        command = command_named(options.command)
        answer = command.answer(options)
        text = command.formats[options.format](answer.value, _paper())
        _complain([*answer.notes, *answer.unseen])
        _write(text)
    except ReviewError as fault:
        _complain(fault.faults)
        return 2
    except KeyboardInterrupt:
        _complain(["interrupted"])
        return INTERRUPTED
    except Exception:  # noqa: BLE001 - a fault of ours must not look like a finding, which Python's own exit code does
        traceback.print_exc()
        return 2
    return answer.code


def main() -> None:
    """Run the command line of this process, and exit."""
    sys.exit(run())
