"""The command `sending-policy`: what a reviewer asks before the merge."""

import argparse
import sys
from collections.abc import Collection, Mapping, Sequence
from importlib import import_module
from typing import Any, Final

import ses_sending_policy
from ses_sending_policy.cli.command import Command
from ses_sending_policy.cli.program import Parser, add_command, code_of, write

_ABOUT: Final = """\
Tells who may send mail as your Amazon SES identities, and what is wrong with
that, from what `cdk synth` wrote: without an AWS account, a network or Node.js.
Only `plan`, `drift` and `adopt` look into an account.
"""

_FAILS: Final = "  1    found what --fail-on names\n"
_CODES: Final = f"""\
exit codes:
  0    looked at everything
{_FAILS}  2    could not look at something, or the command line is wrong
  130  was interrupted; 143 by SIGTERM
"""

COMMANDS: Final[Mapping[str, str]] = {
    "explain": "who may send as what",
    "check": "what is wrong with that",
    "diff": "what changes in that",
    "plan": "what a deploy changes, and does at SES",
    "drift": "what SES holds instead",
    "adopt": "the Python that takes over what SES holds",
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
        write(f"sending-policy {ses_sending_policy.__version__}\n")
        parser.exit()


def parser(asked: Collection[str] = COMMANDS) -> argparse.ArgumentParser:
    """Return what reads the arguments; they then have the command's name, its format and what is its own.

    :param asked: the commands whose own arguments are read. Default: - all.
    """
    verbatim = argparse.RawDescriptionHelpFormatter
    main_parser = Parser(
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
        add_command(subparser, command)
        if subparser.get_default("fail_on") is None:
            subparser.epilog = _CODES.replace(_FAILS, "")
    return main_parser


def run(arguments: Sequence[str] | None = None) -> int:
    """Do what `arguments` say, and return the exit code.

    :param arguments: without the name of the program. Default: - those of the process.
    """
    words = sys.argv[1:] if arguments is None else arguments

    def asked() -> tuple[Command[Any], argparse.Namespace]:
        options = parser(frozenset(words)).parse_args(words)
        return command_named(options.command), options

    return code_of("sending-policy", asked)


def main() -> None:
    """Run the command line of this process, and exit."""
    sys.exit(run())
