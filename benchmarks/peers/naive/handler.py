"""What a user writes first: crhelper and boto3, both with their defaults, and an update that is meant to create too."""
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
    """Do what Lambda is called for."""
    helper(event, context)
