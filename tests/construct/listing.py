"""A provider with a list of identities, in short words, and the forms in which an identity can be given."""

from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_ses as ses

from ses_sending_policy import SendingPolicy, SendingPolicyProvider
from tests.construct.mail import only, statement

ARN = "arn:aws:ses:eu-west-1:111111111111:identity/"
POLICY = "AWS::IAM::Policy"


def provider(stack: cdk.Stack, *identities: Any, **options: Any) -> SendingPolicyProvider:
    return SendingPolicyProvider(stack, "SendingPolicyProvider", identities=identities, **options)


def declare(stack: cdk.Stack, identity: Any = "example.com", id_: str = "Policy", **options: Any) -> SendingPolicy:
    return SendingPolicy(stack, id_, identity=identity, statements=[statement()], **options)


def domain(stack: cdk.Stack, id_: str, name: str) -> ses.EmailIdentity:
    return ses.EmailIdentity(stack, id_, identity=ses.Identity.domain(name))


def listed(stack: cdk.Stack) -> Any:
    """Return the identities that the role's only policy names."""
    [about] = [
        each["Resource"]
        for each in only(stack, POLICY)["Properties"]["PolicyDocument"]["Statement"]
        if "ses:DeleteEmailIdentityPolicy" in each["Action"]
    ]
    return about


FORMS: dict[str, Callable[[cdk.Stack], Any]] = {
    "name": lambda _: "example.com",
    "capitals": lambda _: "Example.COM",
    "arn": lambda _: f"{ARN}example.com",
    "imported": lambda stack: ses.EmailIdentity.from_email_identity_name(stack, "Imported", "example.com"),
    "L2": lambda stack: ses.EmailIdentity(stack, "Made", identity=ses.Identity.domain("example.com")),
    "L1": lambda stack: ses.CfnEmailIdentity(stack, "Made", email_identity="example.com"),
}
