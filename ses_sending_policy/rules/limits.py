"""SES's numbers and grammar for policies, each under the sentence that it comes from."""

import re

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


def check_policy_size(text: str) -> str:
    """Return the policy's `text`, or raise `DeclarationError` where it has more bytes than SES takes."""
    size = len(text.encode())
    if size > POLICY_BYTES:
        raise DeclarationError(
            f"policy document is too large: {size} bytes with the owner's marker, {POLICY_BYTES} are allowed; "
            "spread its statements over several policies"
        )
    return text
