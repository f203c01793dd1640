"""What a policy is declared with, beside its document: looked at where it is given."""

import aws_cdk as cdk

from ses_sending_policy.construct.tokens import checked_text, has_token
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.limits import check_policy_name
from ses_sending_policy.rules.wire import WhenExists


def checked_name(name: str) -> str:
    """Return a policy's name, or raise `DeclarationError` where SES takes it for none."""
    return name if has_token(checked_text("policy_name", name)) else check_policy_name(name)


def checked_choice(when_exists: WhenExists) -> WhenExists:
    """Return the choice, or raise `DeclarationError` where it is none."""
    try:
        return WhenExists(when_exists)
    except ValueError:
        raise DeclarationError(f"when_exists is {when_exists!r}: allowed are {', '.join(WhenExists)}") from None


def check_removal_policy(policy: cdk.RemovalPolicy) -> None:
    """Raise `DeclarationError` where SES has nothing of the kind."""
    if policy is cdk.RemovalPolicy.SNAPSHOT:
        raise DeclarationError(
            "removal_policy is SNAPSHOT, which SES does not have: use DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE"
        )
