"""A first attempt at such a handler: crhelper and boto3 with their defaults, and an Update that should also create."""
# ruff: noqa: INP001 - the folder is what Lambda gets, and no package

from typing import Any

import boto3
from crhelper import CfnResource

helper = CfnResource()
ses = boto3.client("sesv2")


@helper.create
@helper.update
def put(event: dict[str, Any], _context: object) -> None:
    """Write the policy."""
    properties = event["ResourceProperties"]
    ses.update_email_identity_policy(
        EmailIdentity=properties["Identity"], PolicyName=properties["PolicyName"], Policy=properties["Policy"]
    )


@helper.delete
def remove(event: dict[str, Any], _context: object) -> None:
    """Delete the policy."""
    properties = event["ResourceProperties"]
    ses.delete_email_identity_policy(EmailIdentity=properties["Identity"], PolicyName=properties["PolicyName"])


def handler(event: dict[str, Any], context: object) -> None:
    """Handle an event."""
    helper(event, context)
