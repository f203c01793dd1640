"""`sending-policy explain`."""

import argparse
from typing import Final

from ses_sending_policy.cli.check import checked
from ses_sending_policy.cli.command import Command, CommandResult, add_accept_unread, add_heading, add_paths, anywhere
from ses_sending_policy.review.assembly import reviewed
from ses_sending_policy.review.explanation import Explanation
from ses_sending_policy.review.explanation_formats import (
    explanation_json,
    explanation_markdown,
    explanation_text,
    review_page,
)
from ses_sending_policy.review.text_output import TextOutput
from ses_sending_policy.review.unread import unseen


def _explain(options: argparse.Namespace) -> CommandResult[Explanation]:
    found = reviewed(options.paths, options.accept_unread)
    return CommandResult(Explanation.of(found), unseen=unseen(found.unread))


def _html(explanation: Explanation, output: TextOutput) -> str:
    check = checked(explanation.reviewed, now=output.heading.moment)
    return review_page(explanation, check, None, output.heading)


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_paths(parser)
    add_accept_unread(parser)
    add_heading(parser)


COMMAND: Final = Command(
    "Lists who may send mail as which of your SES identities (domains and email\n"
    "addresses), and under which conditions: one sentence for each grant. A grant is\n"
    "what one statement of a policy allows or denies to one principal.",
    {
        "text": explanation_text,
        "markdown": anywhere(explanation_markdown),
        "json": anywhere(explanation_json),
        "html": _html,
    },
    _explain,
    _add_arguments,
)
