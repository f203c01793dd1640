"""The command `sending-policy`: its arguments, its help and its exit code."""

import argparse
import sys
from collections.abc import Collection, Mapping, Sequence
from importlib import import_module
from typing import Any, Final

import ses_sending_policy
from ses_sending_policy.cli.command import Command
from ses_sending_policy.cli.program import Parser, add_command, code_of, write

_ABOUT: Final = """\
Reviews the Amazon SES sending authorization policies of an AWS CDK app: who may
send mail as your SES identities (domains and email addresses), which mistakes
the policies have, and what a change of them allows.

`explain`, `check` and `diff` read what `cdk synth` wrote, and need no AWS
account, network or Node.js. `plan`, `drift` and `adopt` also read from an AWS
account, and change nothing there.
"""

_FAILS: Final = "  1    everything was read, and the result is one that --fail-on rejects\n"
_CODES: Final = f"""\
exit codes:
  0    everything was read
{_FAILS}  2    something could not be read, or the command line is wrong
  130  interrupted by Ctrl-C; 143 by SIGTERM
"""

COMMANDS: Final[Mapping[str, str]] = {
    "explain": "list who may send mail as which of your identities",
    "check": "list mistakes in the policies, with how to fix each",
    "diff": "compare two versions of an app: is more allowed than before?",
    "plan": "list what a deploy would change in the policies at SES",
    "drift": "compare the policies at SES with the declared ones",
    "adopt": "write the Python that takes over the policies of an identity",
}
"""For each command what it does, in one line. Each command has a module of the same name."""


def command_named(name: str) -> Command[Any]:
    """Load the module of a command and return the command. Loading all modules would slow down every start."""
    command: Command[Any] = import_module(f"{__name__}.{name}").COMMAND
    return command


class _Version(argparse.Action):
    """The option `--version`. Looks the version up only when asked, because that takes longer than all of `--help`."""

    def __init__(self, option_strings: Sequence[str], dest: str, **options: Any) -> None:  # noqa: ANN401 - argparse's
        super().__init__(option_strings, dest, nargs=0, **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        write(f"sending-policy {ses_sending_policy.__version__}\n")
        parser.exit()


def parser(asked: Collection[str] = COMMANDS) -> argparse.ArgumentParser:
    """Return the parser of the command line. Its result has `command`, `format` and the command's own options.

    :param asked: the commands whose own arguments the parser knows. Default: - all.
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
    """Run the command line, and return the exit code.

    :param arguments: the arguments without the program's name. Default: - those of the process.
    """
    words = sys.argv[1:] if arguments is None else arguments

    def asked() -> tuple[Command[Any], argparse.Namespace]:
        options = parser(frozenset(words)).parse_args(words)
        return command_named(options.command), options

    return code_of("sending-policy", asked)


def main() -> None:
    """Run the command line of this process, and exit with its code."""
    sys.exit(run())
