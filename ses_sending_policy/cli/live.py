"""What the commands that read from an AWS account share: their options, and how they call AWS."""

import argparse
from typing import Final

from ses_sending_policy.cli.command import CommandResult
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.json_text import json_text
from ses_sending_policy.review.live.calls import Calls
from ses_sending_policy.rules.document import Json
from ses_sending_policy.rules.pacer import Pacer

_INSTALL: Final = 'boto3 is needed to read from an AWS account: pip install "ses-sending-policy[live]"'


def add_live_arguments(parser: argparse.ArgumentParser) -> None:
    """Add `--profile` and `--region`, which choose the account and region as in the AWS CLI."""
    parser.add_argument(
        "--profile", help="profile of the AWS configuration (default: AWS_PROFILE, else as boto3 finds credentials)"
    )
    parser.add_argument(
        "--region", help="AWS region, for instance eu-west-1 (default: AWS_REGION, else that of the profile)"
    )


def add_print_iam_policy(parser: argparse.ArgumentParser) -> None:
    """Add the option that only writes the IAM policy with the permissions that the command needs."""
    parser.add_argument(
        "--print-iam-policy",
        action="store_true",
        help="only write the IAM policy that this command line needs, without calling AWS",
    )


def printed(policy: Json) -> CommandResult[str]:
    """Return an IAM policy as the result of a command."""
    return CommandResult(json_text(policy))


def calls(options: argparse.Namespace, pacer: Pacer | None = None) -> Calls:
    """Return what calls AWS in the chosen account and region; raise `ReviewError` if boto3 or a setting is missing.

    :param options: the options of the command line, with `--profile` and `--region`.
    :param pacer: decides when a call begins, and whether it is repeated. Default: - as soon as SES allows it.
    """
    try:
        from ses_sending_policy.review.live.aws import Aws  # noqa: PLC0415 - boto3 is an optional dependency
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"boto3", "botocore"}:
            raise
        raise ReviewError([_INSTALL]) from error
    return Aws(options.profile, options.region, pacer)
