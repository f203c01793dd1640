"""docs/howto/allow-or-grant.md, line by line: whose policy each way of granting changes."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses

from ses_sending_policy import DelegatedIdentity, SendingPolicy
from tests.construct.mail import ARN, acknowledge, resources

ELSEWHERE = iam.ArnPrincipal("arn:aws:iam::222222222222:role/Sender")


class Mail:
    """A stack with an identity, its policy, and a role that sends."""

    def __init__(self, stack: cdk.Stack) -> None:
        self.stack = stack
        self.identity = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain("example.com"))
        self.policy = SendingPolicy(stack, "Policy", identity=self.identity)
        self.policy.deny(iam.AnyPrincipal(), from_addresses=["ceo@*"])
        acknowledge(self.policy, "SES102")
        self.role = iam.Role(stack, "Sender", assumed_by=iam.AccountRootPrincipal())

    def changed(self) -> set[str]:
        """Return whose policies allow somebody to send."""
        of_roles = [name for name in resources(self.stack, "AWS::IAM::Policy") if name.startswith("Sender")]
        [declared] = resources(self.stack).values()
        allowing = [each for each in declared["Properties"]["Policy"]["Statement"] if each["Effect"] == "Allow"]
        return {*(["role"] if of_roles else []), *(["identity"] if allowing else [])}


def whoever(mail: Mail, grantee: iam.IGrantable) -> Any:
    return iam.Grant.add_to_principal_or_resource(
        grantee=grantee, actions=["ses:SendEmail"], resource_arns=[ARN], resource=mail.policy
    )


WAYS: dict[str, tuple[Callable[[Mail], Any], set[str], type]] = {
    "the CDK's grant, here": (lambda mail: mail.identity.grant_send_email(mail.role), {"role"}, iam.Grant),
    "the CDK's grant, elsewhere": (lambda mail: mail.identity.grant_send_email(ELSEWHERE), set(), iam.Grant),
    "an account": (
        lambda mail: mail.policy.allow_account("222222222222"),
        {"identity"},
        iam.AddToResourcePolicyResult,
    ),
    "a role of this account": (
        lambda mail: mail.policy.allow_principal(mail.role),
        {"identity"},
        iam.AddToResourcePolicyResult,
    ),
    "a service": (
        lambda mail: mail.policy.allow_service("email.cognito-idp.amazonaws.com", source_account="111111111111"),
        {"identity"},
        iam.AddToResourcePolicyResult,
    ),
    "nobody": (
        lambda mail: mail.policy.deny(ELSEWHERE, from_addresses=["a@*"]),
        set(),
        iam.AddToResourcePolicyResult,
    ),
    "the sender's side": (
        lambda mail: DelegatedIdentity(mail.stack, "House", identity_arn=ARN).grant_send(mail.role),
        {"role"},
        iam.Grant,
    ),
    "whoever it is, here": (lambda mail: whoever(mail, mail.role), {"role"}, iam.Grant),
    "whoever it is, elsewhere": (lambda mail: whoever(mail, ELSEWHERE), {"identity"}, iam.Grant),
}


@pytest.mark.parametrize(("grants", "whose", "gives"), WAYS.values(), ids=WAYS)
def test_it_changes_the_policy_that_the_page_says(
    stack: cdk.Stack, grants: Callable[[Mail], Any], whose: set[str], gives: type
) -> None:
    mail = Mail(stack)
    given = grants(mail)
    assert isinstance(given, gives)
    assert mail.changed() == whose


def test_the_cdk_s_grant_elsewhere_says_that_it_did_nothing(stack: cdk.Stack) -> None:
    assert not Mail(stack).identity.grant_send_email(ELSEWHERE).success
