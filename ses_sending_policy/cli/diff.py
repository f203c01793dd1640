"""`sending-policy diff`."""

import argparse
from pathlib import Path
from typing import Final

from ses_sending_policy.cli.check import checked
from ses_sending_policy.cli.command import (
    WHICH,
    Command,
    CommandResult,
    add_accept_unread,
    add_fail_on,
    add_heading,
    anywhere,
)
from ses_sending_policy.review.assembly import Reviewed, reviewed
from ses_sending_policy.review.comparison import Comparison, DifferenceFailOn
from ses_sending_policy.review.comparison_formats import (
    comparison_data,
    comparison_json,
    comparison_markdown,
    comparison_text,
)
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.explanation import Explanation
from ses_sending_policy.review.explanation_formats import review_page
from ses_sending_policy.review.pairing import Options
from ses_sending_policy.review.text_output import TextOutput
from ses_sending_policy.review.unread import unseen


def _diff(options: argparse.Namespace) -> CommandResult[Comparison]:
    faults: list[str] = []
    sides: list[Reviewed] = []
    for path in (options.old, options.new):
        try:
            sides.append(reviewed([path], options.accept_unread))
        except ReviewError as fault:
            faults += fault.faults
    if faults:
        raise ReviewError(dict.fromkeys(faults))
    old, new = sides
    comparison = Comparison.of(old, new, Options(options.pair, options.destroyed))
    return CommandResult(
        comparison, comparison.fails(options.fail_on), unseen(each.unread for each in comparison.unread)
    )


def _html(comparison: Comparison, output: TextOutput) -> str:
    check = checked(comparison.new, now=output.heading.moment)
    return review_page(Explanation.of(comparison.new), check, comparison_data(comparison), output.heading)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", metavar="OLD", type=Path, help="assembly or template before the change")
    parser.add_argument("new", metavar="NEW", type=Path, help="assembly or template after the change")
    parser.add_argument(
        "--pair",
        metavar="OLD=NEW",
        action="append",
        default=[],
        help="compare this stack of OLD with that stack of NEW although their names differ; '*' stands for any part of "
        "a name; may be given more than once",
    )
    parser.add_argument(
        "--destroyed",
        metavar="STACK",
        action="append",
        default=[],
        help="this stack of OLD is going to be destroyed; may be given more than once (default: a stack that is not in "
        "NEW stays deployed)",
    )
    add_accept_unread(parser)
    add_heading(parser)
    add_fail_on(
        parser,
        DifferenceFailOn.BROADENED,
        "exit with 1 if more is allowed than before, or may be (broadened, the default), if anything changes (any), "
        "or never",
    )


COMMAND: Final = Command(
    "Compares the policies of two versions of an app. Writes each grant that changes,\n"
    "before and after, and what the change means: more is allowed (broadened), less\n"
    "(narrowed), something else and possibly more (changed), or the same (unchanged).\n"
    f"A grant is what one statement of a policy allows or denies to one principal.\n{WHICH}",
    {
        "text": comparison_text,
        "markdown": anywhere(comparison_markdown),
        "json": anywhere(comparison_json),
        "html": _html,
    },
    _diff,
    _add_arguments,
)
