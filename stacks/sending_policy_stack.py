"""The example stack: a domain that a partner's account and a Cognito user pool may send as, each with its limits."""

from collections.abc import Iterator
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ses as ses
from constructs import Construct

from ses_sending_policy import SendingPolicy, SendingPolicyProvider

_CONTROLS: Final = ("NIST.800.53.R4", "NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321")
_LIMITS: Final = ("NIST.800.53.R5", "HIPAA.Security")

# Rules of cdk-nag's packs for regulated accounts that this example does not follow, with reasons. If you must follow
# one, give the SendingPolicyProvider the option for it instead: docs/reference/scanners.md lists them.
_DONE_WITHOUT: Final = {
    "LambdaInsideVPC": (_CONTROLS, "SES and CloudFormation are called at their public endpoints, with TLS."),
    "CloudWatchLogGroupEncrypted": (_CONTROLS, "CloudWatch Logs encrypts the log with a key of its own."),
    "LambdaConcurrency": (
        _LIMITS,
        "A reserve is taken from the account's other functions; a pacer keeps this one below SES's quota.",
    ),
    "LambdaDLQ": (
        _LIMITS,
        "CloudFormation waits for each event and fails what was not answered: nobody would read a queue.",
    ),
}


def _acknowledgments() -> Iterator[cdk.Acknowledgment]:
    for rule, (packs, reason) in _DONE_WITHOUT.items():
        for pack in packs:
            yield cdk.Acknowledgment(id=f"{pack}::{pack}-{rule}", reason=reason)


class SendingPolicyStack(cdk.Stack):
    """An email identity, and the policies for those who may send as it.

    :param scope: the app.
    :param id: the stack's name.
    :param domain: the identity's domain, as `example.com`.
    :param partner_account: the account that may send as the domain, twelve digits.
    :param partner_from_address: the addresses that the partner may send from, a pattern as `*@news.example.com`.
    :param cognito_user_pool: whether to make a user pool that sends its mail as the domain.
    :param options: the options of every stack, as `env`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        domain: str,
        partner_account: str,
        partner_from_address: str,
        cognito_user_pool: bool,
        **options: Any,  # noqa: ANN401 - handed on as they are
    ) -> None:
        super().__init__(scope, id, **options)
        identity = ses.EmailIdentity(self, "Identity", identity=ses.Identity.domain(domain))
        cdk.Validations.of(SendingPolicyProvider.of(self)).acknowledge(*_acknowledgments())
        partner = SendingPolicy(self, "Partner", identity=identity)
        partner.allow_account(partner_account, from_addresses=[partner_from_address])
        if cognito_user_pool:
            # The pool's own FROM address is not set here: Cognito takes only that of a verified identity, and this one
            # is verified by the DNS records that you make after the first deploy.
            pool = cognito.UserPool(
                self,
                "Users",
                mfa=cognito.Mfa.REQUIRED,
                mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
                password_policy=cognito.PasswordPolicy(
                    min_length=12,
                    require_digits=True,
                    require_lowercase=True,
                    require_symbols=True,
                    require_uppercase=True,
                ),
                removal_policy=cdk.RemovalPolicy.DESTROY,
            )
            no_plus = cdk.Acknowledgment(
                id="AwsSolutions::AwsSolutions-COG8",
                reason="The Plus plan is paid for each user: whoever keeps the pool decides that.",
            )
            cdk.Validations.of(pool).acknowledge(no_plus)
            SendingPolicy(self, "UserPool", identity=identity).allow_cognito_user_pool(pool)
