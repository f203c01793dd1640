"""SES's limits for policies and their names, each under the sentence of AWS's documentation that it comes from."""

import re
from typing import Final

from ses_sending_policy.rules.errors import DeclarationError

# "The name of the policy. The policy name cannot exceed 64 characters and can only include alphanumeric
# characters, dashes, and underscores." Length constraints: minimum length of 1.
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentityPolicy.html
POLICY_NAME_LENGTH = 64
_POLICY_NAME = re.compile(rf"[A-Za-z0-9_-]{{1,{POLICY_NAME_LENGTH}}}")

# "The text of the policy in JSON format. The policy cannot exceed 4 KB."
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentityPolicy.html
# AWS does not say whether bytes or characters are meant; a text never has fewer bytes than characters.
POLICY_BYTES = 4096

# "You can attach up to 20 policies to each identity."
# https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-identity-owner-tasks-policy.html
POLICIES_PER_IDENTITY = 20


def check_policy_name(name: str) -> str:
    """Return `name`, or raise `DeclarationError` if SES would refuse it."""
    if not _POLICY_NAME.fullmatch(name):
        raise DeclarationError(
            f"policy name {name!r} is not allowed: use 1 to {POLICY_NAME_LENGTH} letters, digits, '-' or '_'"
        )
    return name


SPREAD: Final = "spread its statements over several policies"
"""The advice for a document that is too large."""


def oversize(size: int, *, has_marker: bool = True) -> str | None:
    """Return the error sentence for a document of `size` bytes, or None if SES accepts that size.

    :param has_marker: whether `size` includes the owner's marker.
    """
    if size <= POLICY_BYTES:
        return None
    counted = " with the owner's marker" if has_marker else ""
    return f"policy document is too large: {size} bytes{counted}, {POLICY_BYTES} are allowed"


def check_policy_size(size: int, *, has_marker: bool = True) -> None:
    """Raise `DeclarationError` if SES refuses a document of `size` bytes, with the owner's marker if `has_marker`."""
    fault = oversize(size, has_marker=has_marker)
    if fault:
        raise DeclarationError(f"{fault}; {SPREAD}")
