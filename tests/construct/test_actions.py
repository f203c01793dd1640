"""The actions of a grant."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from ses_sending_policy import DeclarationError, SendingPolicy
from tests.construct.mail import policy, said


@pytest.mark.parametrize("action", ["SES:sendrawemail", "ses:Send*", "*"])
def test_an_action_of_ses(stack: cdk.Stack, action: str) -> None:
    SendingPolicy(stack, "Guard", identity="example.com").deny(iam.AccountPrincipal("222222222222"), actions=[action])
    assert policy(stack)["Statement"][0]["Action"] == action


def test_an_action_may_be_a_token(stack: cdk.Stack) -> None:
    action = cdk.Fn.import_value("Action")
    SendingPolicy(stack, "Guard", identity="example.com").deny(iam.AnyPrincipal(), actions=[action])
    assert policy(stack)["Statement"][0]["Action"] == {"Fn::ImportValue": "Action"}


@pytest.mark.parametrize("grant", ["allow_account", "deny"])
def test_another_is_refused(stack: cdk.Stack, grant: str) -> None:
    mail = SendingPolicy(stack, "Mail", identity="example.com")
    whom = iam.AnyPrincipal() if grant == "deny" else "222222222222"
    with pytest.raises(DeclarationError) as refusal:
        getattr(mail, grant)(whom, actions=["ses:SendRawEmail", "SendEmail"])
    assert said(refusal.value) == (
        "action 'SendEmail' is none that SES has for an identity: did you mean 'ses:SendEmail'?"
    )
