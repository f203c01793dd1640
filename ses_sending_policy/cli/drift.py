"""`sending-policy drift`."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Final

from ses_sending_policy.cli.command import (
    ASSEMBLY,
    PATHS_HELP,
    WHICH,
    Command,
    CommandResult,
    add_fail_on,
    anywhere,
    or_text,
)
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
    # Files are read before AWS is called, so that a mistake in them is told even without credentials.
    found = None if options.stack else reviewed(options.paths or [Path(ASSEMBLY)])
    answer = drift(calls(options), options, list(of_files(found)) if found else [])
    return replace(answer, notes=[*answer.notes, *noted(found.unread if found else ())])


def drift(aws: Calls, options: argparse.Namespace, files: list[DeclaredPolicy]) -> CommandResult[DriftResult]:
    """Return how the policies at SES differ from the declared ones.

    :param aws: calls AWS in the account.
    :param options: the options of the command line.
    :param files: the policies that files declare. Those of the stacks named by `--stack` are read from the account.
    """
    progress = Progress("identities")
    watched = Watched(aws, progress)
    try:
        of_stacks, parts = deployed(watched, options.stack)
        declarations = [*files, *of_stacks]
        found = DriftResult.of(SesAccount(watched), declarations, progress, every=options.all, fail_on=options.fail_on)
    finally:
        progress.end()
    # An unread part needs only a note: a live policy that comes from the part is listed as undeclared.
    unread = noted(Unread.of(part, Constructs()) for part in parts)
    return CommandResult(found, found.fails, found.reasons, found.is_interrupted, notes=unread)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        type=Path,
        help=PATHS_HELP,
    )
    parser.add_argument(
        "--stack",
        metavar="NAME",
        action="append",
        default=[],
        help="compare with this deployed stack instead of with files; may be given more than once",
    )
    parser.add_argument(
        "--all",
        action="store_true",
        help="read every identity of the account and region, not only those with a declared policy",
    )
    add_live_arguments(parser)
    add_fail_on(
        parser,
        DriftFailOn.ANY,
        "exit with 1 if any policy differs from what is declared or is not declared (any, the default), only if a "
        "declared one differs (declared), or never",
    )
    add_print_iam_policy(parser)


COMMAND: Final = Command(
    "Compares the policies at SES with those that files or deployed stacks declare.\n"
    "Lists which of these were changed or removed or belong to another stack, and\n"
    "which policies on the same identities are not declared. Only reads from the\n"
    f"account, one identity a second.\n{WHICH}",
    {
        "text": or_text(drift_text),
        "markdown": or_text(anywhere(drift_markdown)),
        "json": or_text(anywhere(drift_json)),
        "junit": or_text(anywhere(drift_junit)),
    },
    _drift,
    _add_arguments,
)
