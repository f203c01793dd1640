"""`sending-policy plan`."""

import argparse
import os
from functools import partial
from pathlib import Path
from typing import Final

from ses_sending_policy.cli.check import checked
from ses_sending_policy.cli.command import (
    ASSEMBLY,
    WHICH,
    Command,
    CommandResult,
    add_accept_unread,
    add_fail_on,
    add_heading,
    anywhere,
    or_text,
)
from ses_sending_policy.cli.live import add_live_arguments, add_print_iam_policy, calls, printed
from ses_sending_policy.cli.progress import Progress, Watched
from ses_sending_policy.review.assembly import reviewed
from ses_sending_policy.review.comparison import DifferenceFailOn
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.explanation import Explanation
from ses_sending_policy.review.explanation_formats import review_page
from ses_sending_policy.review.live.calls import Calls
from ses_sending_policy.review.live.fingerprint import Fingerprint, of_assembly
from ses_sending_policy.review.live.permissions import plan_permissions
from ses_sending_policy.review.live.plan import Plan, seen_again
from ses_sending_policy.review.live.plan_formats import plan_data, plan_json, plan_markdown, plan_text
from ses_sending_policy.review.text_output import TextOutput
from ses_sending_policy.review.unread import unseen

_Value = Plan | str


def _plan(options: argparse.Namespace) -> CommandResult[_Value]:
    if options.print_iam_policy:
        return printed(plan_permissions(options.region))
    if options.verify:
        return verified(calls(options), options)
    return plan(calls(options), options)


def plan(aws: Calls, options: argparse.Namespace) -> CommandResult[Plan]:
    """Return what a deploy would do. If `--out` is given, also write the result to that file.

    :param aws: calls AWS in the account.
    :param options: the options of the command line.
    """
    read = partial(reviewed, [options.path], options.accept_unread)
    # The digests are computed before the files are read, so that `--verify` notices a file that is written in between.
    files = of_assembly(options.path) if options.path.is_dir() else {}
    progress = Progress("identities")
    try:
        found = Plan.of(Watched(aws, progress), read, files, progress)
    finally:
        progress.end()
    if options.out:
        _write(options.out, plan_json(found))
    return CommandResult(
        found,
        found.fails(options.fail_on),
        [*found.unseen, *unseen(each.unread for each in found.comparison.unread)],
    )


def verified(aws: Calls, options: argparse.Namespace) -> CommandResult[str]:
    """Return a sentence if nothing that the plan is based on has changed; else raise `ReviewError` with the changes."""
    planned = Fingerprint.read(options.verify)
    progress = Progress("identities")
    try:
        now = seen_again(Watched(aws, progress), planned, of_assembly(options.path), progress)
    finally:
        progress.end()
    moved = list(planned.moved(now))
    if moved:
        raise ReviewError(f"{each}: plan again" for each in moved)
    return CommandResult(f"nothing has changed since the plan: npx cdk deploy --app {options.path}\n")


def _write(path: Path, text: str) -> None:
    """Write a file completely or not at all, even if the command is ended meanwhile. A pipe is written directly."""
    whole = path.resolve()
    part = whole.with_name(f".{whole.name}.{os.getpid()}")
    try:
        if whole.exists() and not whole.is_file():
            whole.write_text(text, encoding="utf-8")
            return
        try:
            part.write_text(text, encoding="utf-8")
            part.replace(whole)
        finally:
            part.unlink(missing_ok=True)
    except OSError as fault:
        raise ReviewError([f"{str(path)!r} cannot be written: {fault.strerror}"]) from fault


def _html(found: Plan, output: TextOutput) -> str:
    check = checked(found.new, now=output.heading.moment)
    return review_page(Explanation.of(found.new), check, plan_data(found), output.heading)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "path",
        metavar="PATH",
        nargs="?",
        type=Path,
        default=Path(ASSEMBLY),
        help=f"folder that `cdk synth` wrote (cloud assembly) and that is to be deployed (default: {ASSEMBLY})",
    )
    parser.add_argument("--out", metavar="FILE", type=Path, help="also write the plan to this file, as JSON")
    parser.add_argument(
        "--verify",
        metavar="FILE",
        type=Path,
        help="only check whether the assembly, stacks and policies are still as in this plan, which --out wrote; exit "
        "with 2 if not",
    )
    add_live_arguments(parser)
    add_accept_unread(parser)
    add_heading(parser)
    add_fail_on(
        parser,
        DifferenceFailOn.BROADENED,
        "exit with 1 if the deploy would fail or more is allowed than before, or may be (broadened, the default), if "
        "it would fail or anything changes (any), or never",
    )
    add_print_iam_policy(parser)


COMMAND: Final = Command(
    "Tells what a deploy would do: which policies it would create, update or delete\n"
    "at SES, whether it would fail, and each grant that would change. A grant is what\n"
    "one statement of a policy allows or denies to one principal. Only reads from the\n"
    f"account, one identity a second.\n{WHICH}",
    {
        "text": or_text(plan_text),
        "markdown": or_text(anywhere(plan_markdown)),
        "json": or_text(anywhere(plan_json)),
        "html": or_text(_html),
    },
    _plan,
    _add_arguments,
)
