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
    comparison_html,
    comparison_json,
    comparison_markdown,
    comparison_text,
)
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.explanation import Explanation
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
    return comparison_html(comparison, Explanation.of(comparison.new), check, output.heading)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", metavar="OLD", type=Path, help="the assembly or template of before")
    parser.add_argument("new", metavar="NEW", type=Path, help="the one that takes its place")
    parser.add_argument(
        "--pair",
        metavar="OLD=NEW",
        action="append",
        default=[],
        help="a stack of OLD and the one of NEW that it is, where their names differ; with '*' for a part of a name, "
        "and may be given again",
    )
    parser.add_argument(
        "--destroyed",
        metavar="STACK",
        action="append",
        default=[],
        help="a stack of OLD that is destroyed; may be given again (default: one that is not in NEW stays)",
    )
    add_accept_unread(parser)
    add_heading(parser)
    add_fail_on(
        parser, DifferenceFailOn.BROADENED, "what exits with 1 (default: broadened, also where that cannot be told)"
    )


COMMAND: Final = Command(
    "Writes what becomes of each grant, with the words of before and after, and what\n"
    f"that means: broadened, narrowed, changed or unchanged.\n{WHICH}",
    {
        "text": comparison_text,
        "markdown": anywhere(comparison_markdown),
        "json": anywhere(comparison_json),
        "html": _html,
    },
    _diff,
    _add_arguments,
)
