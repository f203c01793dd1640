"""`sending-policy adopt`."""

import argparse
from typing import Final

from ses_sending_policy.cli.command import Command, CommandResult, anywhere, or_text
from ses_sending_policy.cli.live import add_live_arguments, add_print_iam_policy, calls, printed
from ses_sending_policy.cli.progress import Progress, Watched
from ses_sending_policy.review.live.account import Account, SesAccount
from ses_sending_policy.review.live.adoption import Adoption, named
from ses_sending_policy.review.live.adoption_formats import adoption_json, adoption_python
from ses_sending_policy.review.live.permissions import adopt_permissions

_Value = Adoption | str


def _adopt(options: argparse.Namespace) -> CommandResult[_Value]:
    if options.print_iam_policy:
        return printed(adopt_permissions(named(options.identity), options.region))
    progress = Progress("identities")
    try:
        return adopted(SesAccount(Watched(calls(options), progress)), options)
    finally:
        progress.end()


def adopted(live: Account, options: argparse.Namespace) -> CommandResult[Adoption]:
    """Return how an app declares the live policies of an identity.

    :param live: the account to read the policies from.
    :param options: the options of the command line.
    """
    adoption = Adoption.of(live, options.identity)
    return CommandResult(adoption, unseen=adoption.reasons, notes=list(adoption.notes))


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("identity", metavar="IDENTITY", help="the domain or email address, or its ARN")
    add_live_arguments(parser)
    add_print_iam_policy(parser)


COMMAND: Final = Command(
    "Writes a CDK app in Python that declares the policies of an SES identity exactly\n"
    "as SES holds them. Deploying that app takes the policies over. The command reads\n"
    "them from the account in one call, and changes nothing.",
    {"python": or_text(anywhere(adoption_python)), "json": or_text(anywhere(adoption_json))},
    _adopt,
    _add_arguments,
)
