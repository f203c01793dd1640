"""Checks the ids of AWS accounts and organizations."""

import re
from typing import Final

from ses_sending_policy.rules.arns import is_account
from ses_sending_policy.rules.errors import DeclarationError

# "o-" followed by from 10 to 32 lowercase letters or digits
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
_ORGANIZATION: Final = re.compile(r"o-[a-z0-9]{10,32}")


def check_account(text: str) -> str:
    """Return `text`, or raise `DeclarationError` if it is not the id of an account."""
    if not is_account(text):
        raise DeclarationError(f"account {text!r} is not an account's id: give its 12 digits")
    return text


def is_organization(text: str) -> bool:
    """Return whether `text` is the id of an organization."""
    return bool(_ORGANIZATION.fullmatch(text))


def check_organization(text: str) -> str:
    """Return `text`, or raise `DeclarationError` if it is not the id of an organization."""
    if not is_organization(text):
        raise DeclarationError(f"organization {text!r} is not an organization's id: it looks like o-a1b2c3d4e5")
    return text
