"""SES's numbers and grammar for policies, each under the sentence that it comes from."""

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
# Whether bytes or characters are meant is not said; bytes are never fewer.
POLICY_BYTES = 4096

# "You can attach up to 20 policies to each identity."
# https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-identity-owner-tasks-policy.html
POLICIES_PER_IDENTITY = 20


def check_policy_name(name: str) -> str:
    """Return `name`, or raise `DeclarationError` where SES would refuse it."""
    if not _POLICY_NAME.fullmatch(name):
        raise DeclarationError(
            f"policy name {name!r} is not allowed: use 1 to {POLICY_NAME_LENGTH} letters, digits, '-' or '_'"
        )
    return name


SPREAD: Final = "spread its statements over several policies"
"""What to do about a document that is too large."""


def oversize(size: int, *, has_marker: bool = True) -> str | None:
    """Return the sentence that refuses a document of `size` bytes, or None where SES takes so many.

    :param has_marker: whether the owner's marker is among them.
    """
    if size <= POLICY_BYTES:
        return None
    counted = " with the owner's marker" if has_marker else ""
    return f"policy document is too large: {size} bytes{counted}, {POLICY_BYTES} are allowed"


def check_policy_size(size: int, *, has_marker: bool = True) -> None:
    """Raise `DeclarationError` where SES does not take a document of `size` bytes; as `oversize`."""
    fault = oversize(size, has_marker=has_marker)
    if fault:
        raise DeclarationError(f"{fault}; {SPREAD}")
