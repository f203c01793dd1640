"""What all commands have in common that ask a live account."""

import argparse
from typing import Final

from ses_sending_policy.cli.command import CommandResult
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.json_text import json_text
from ses_sending_policy.review.live.calls import Calls
from ses_sending_policy.rules.document import Json
from ses_sending_policy.rules.pacer import Pacer

_INSTALL: Final = 'a live account is asked by boto3: pip install "ses-sending-policy[live]"'


def add_live_arguments(parser: argparse.ArgumentParser) -> None:
    """Take which account is asked, as the AWS CLI does."""
    parser.add_argument("--profile", help="of the AWS configuration (default: AWS_PROFILE, else as boto3 finds it)")
    parser.add_argument("--region", help="for instance eu-west-1 (default: AWS_REGION, else that of the profile)")


def add_print_iam_policy(parser: argparse.ArgumentParser) -> None:
    """Take whether only the permissions are told that the command line needs."""
    parser.add_argument(
        "--print-iam-policy",
        action="store_true",
        help="write the IAM policy that this command line needs, without asking AWS",
    )


def printed(policy: Json) -> CommandResult[str]:
    """Return an IAM policy as the answer of a command."""
    return CommandResult(json_text(policy))


def calls(options: argparse.Namespace, pacer: Pacer | None = None) -> Calls:
    """Return what reaches the account that is asked for, or raise `ReviewError` where nothing does.

    :param options: with those of `add_live_arguments`.
    :param pacer: see `Aws`.
    """
    try:
        from ses_sending_policy.review.live.aws import Aws  # noqa: PLC0415 - boto3 is there for whoever wants it
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"boto3", "botocore"}:
            raise
        raise ReviewError([_INSTALL]) from error
    return Aws(options.profile, options.region, pacer)
