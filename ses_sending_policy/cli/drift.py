"""`sending-policy drift`."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Final

from ses_sending_policy.cli.command import ASSEMBLY, WHICH, Command, CommandResult, add_fail_on, anywhere, or_text
from ses_sending_policy.cli.live import add_live_arguments, add_print_iam_policy, calls, printed
from ses_sending_policy.cli.progress import Progress, Watched
from ses_sending_policy.review.assembly import reviewed
from ses_sending_policy.review.constructs import Constructs
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.live.account import SesAccount
from ses_sending_policy.review.live.calls import Calls
from ses_sending_policy.review.live.declared_policies import DeclaredPolicy, of_files
from ses_sending_policy.review.live.drift import DriftFailOn, DriftResult
from ses_sending_policy.review.live.drift_formats import drift_json, drift_junit, drift_markdown, drift_text
from ses_sending_policy.review.live.permissions import drift_permissions
from ses_sending_policy.review.live.stacks import deployed
from ses_sending_policy.review.unread import Unread, noted

_Value = DriftResult | str


def _drift(options: argparse.Namespace) -> CommandResult[_Value]:
    if options.print_iam_policy:
        return printed(drift_permissions(every=options.all, stacks=options.stack, region=options.region))
    if options.paths and options.stack:
        raise ReviewError(["a PATH and --stack are both given: compare either files or deployed stacks"])
    # Files are looked at before anybody is asked for credentials.
    found = None if options.stack else reviewed(options.paths or [Path(ASSEMBLY)])
    answer = drift(calls(options), options, list(of_files(found)) if found else [])
    return replace(answer, notes=[*answer.notes, *noted(found.unread if found else ())])


def drift(aws: Calls, options: argparse.Namespace, files: list[DeclaredPolicy]) -> CommandResult[DriftResult]:
    """Return what became of what is declared.

    :param aws: reaches the account.
    :param options: those of the command.
    :param files: what is declared in files.
    """
    progress = Progress("identities")
    watched = Watched(aws, progress)
    try:
        of_stacks, parts = deployed(watched, options.stack)
        declarations = [*files, *of_stacks]
        found = DriftResult.of(SesAccount(watched), declarations, progress, every=options.all, fail_on=options.fail_on)
    finally:
        progress.end()
    # What SES holds of these is told as undeclared: nothing is left out.
    unread = noted(Unread.of(part, Constructs()) for part in parts)
    return CommandResult(found, found.fails, found.reasons, found.is_interrupted, notes=unread)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        type=Path,
        help=f"cloud assemblies and template files (default: {ASSEMBLY})",
    )
    parser.add_argument(
        "--stack",
        metavar="NAME",
        action="append",
        default=[],
        help="a deployed stack, in place of files; may be given more than once",
    )
    parser.add_argument(
        "--all", action="store_true", help="look at every identity, not only at those that are declared for"
    )
    add_live_arguments(parser)
    add_fail_on(
        parser,
        DriftFailOn.ANY,
        "what exits with 1: any policy that is not in-sync, or only a declared one (default: any)",
    )
    add_print_iam_policy(parser)


COMMAND: Final = Command(
    "Writes what became of each declared policy at SES, and which policies are on the\n"
    f"same identities that nobody declares. It reads one identity a second.\n{WHICH}",
    {
        "text": or_text(drift_text),
        "markdown": or_text(anywhere(drift_markdown)),
        "json": or_text(anywhere(drift_json)),
        "junit": or_text(anywhere(drift_junit)),
    },
    _drift,
    _add_arguments,
)
