"""`sending-policy adopt`."""

import argparse
from typing import Final

from ses_sending_policy.cli.command import Answer, Command, anywhere
from ses_sending_policy.cli.live import account, add_live_arguments
from ses_sending_policy.review.live.account import Account
from ses_sending_policy.review.live.adoption import Adoption
from ses_sending_policy.review.live.adoption_formats import adoption_json
from ses_sending_policy.review.live.adoption_python import adoption_python


def _adopt(options: argparse.Namespace) -> Answer[Adoption]:
    return adopted(account(options), options)


def adopted(live: Account, options: argparse.Namespace) -> Answer[Adoption]:
    """Return how an identity's policies are declared.

    :param live: the account that is asked.
    :param options: those of the command.
    """
    adoption = Adoption.of(live, options.identity)
    return Answer(adoption, unseen=adoption.reasons, notes=list(adoption.notes))


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("identity", metavar="IDENTITY", help="the domain or address, or its ARN")
    add_live_arguments(parser)


COMMAND: Final = Command(
    "Writes the Python that declares the policies of an identity unchanged, and takes\n"
    "them over when it is deployed. It reads them by one call, and changes nothing.",
    {"python": anywhere(adoption_python), "json": anywhere(adoption_json)},
    _adopt,
    _add_arguments,
)
