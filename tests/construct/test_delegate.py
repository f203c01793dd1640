"""The sender's side: what a role needs to send as somebody else's identity."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses

from ses_sending_policy import DeclarationError, DelegatedIdentity, SendingPolicy
from tests.construct.mail import ARN, ENVIRONMENT, only, said

SENDER = cdk.Environment(account="222222222222", region="eu-west-1")
SET_ARN = "arn:aws:ses:eu-west-1:222222222222:configuration-set/"


@pytest.fixture
def sender(app: cdk.App) -> cdk.Stack:
    """Return a stack of the sender."""
    return cdk.Stack(app, "Sender", env=SENDER)


def role(stack: cdk.Stack) -> iam.Role:
    """Return a role that sends."""
    return iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))


def allowed(stack: cdk.Stack) -> Any:
    """Return the statements of the stack's only role policy."""
    [statement] = only(stack, "AWS::IAM::Policy")["Properties"]["PolicyDocument"]["Statement"]
    return statement


def test_a_role_may_send(sender: cdk.Stack) -> None:
    identity = DelegatedIdentity(sender, "Company", identity_arn=ARN)
    grant = identity.grant_send(role(sender))
    assert grant.success
    assert allowed(sender) == {"Effect": "Allow", "Action": ["ses:SendEmail", "ses:SendRawEmail"], "Resource": ARN}
    assert (identity.identity_arn, identity.region) == (ARN, "eu-west-1")


def test_with_a_configuration_set_by_name(sender: cdk.Stack) -> None:
    DelegatedIdentity(sender, "Company", identity_arn=ARN).grant_send(role(sender), configuration_set="news")
    assert allowed(sender)["Resource"] == [ARN, SET_ARN + "news"]


@pytest.mark.parametrize("make", [ses.ConfigurationSet, ses.CfnConfigurationSet], ids=["L2", "L1"])
def test_with_a_configuration_set_of_the_stack(sender: cdk.Stack, make: Any) -> None:
    made = make(sender, "Set")
    DelegatedIdentity(sender, "Company", identity_arn=ARN).grant_send(role(sender), configuration_set=made)
    logical_id = sender.resolve(made.configuration_set_ref.configuration_set_name)["Ref"]
    assert allowed(sender)["Resource"] == [ARN, {"Fn::Join": ["", [SET_ARN, {"Ref": logical_id}]]}]


def test_the_configuration_set_is_where_the_identity_is(sender: cdk.Stack) -> None:
    elsewhere = ARN.replace("eu-west-1", "us-east-1")
    identity = DelegatedIdentity(sender, "Company", identity_arn=elsewhere)
    identity.grant_send(role(sender), configuration_set="news")
    assert allowed(sender)["Resource"] == [elsewhere, SET_ARN.replace("eu-west-1", "us-east-1") + "news"]
    made = ses.ConfigurationSet(sender, "Set")
    sentence = (
        "configuration set 'Sender/Set' is in the region 'eu-west-1' and the identity in 'us-east-1': SES sends with "
        "what is in the identity's region, so use one of that region"
    )
    with pytest.raises(DeclarationError, match=sentence):
        identity.grant_send(role(cdk.Stack(cdk.App(), "S")), configuration_set=made)


def test_both_regions_of_a_global_endpoint(sender: cdk.Stack) -> None:
    everywhere = ARN.replace("eu-west-1", "*")
    identity = DelegatedIdentity(sender, "Company", identity_arn=everywhere)
    identity.grant_send(role(sender), configuration_set=ses.ConfigurationSet(sender, "Set", configuration_set_name="n"))
    [own, configuration_set] = allowed(sender)["Resource"]
    assert own == everywhere
    assert configuration_set["Fn::Join"][1][0] == SET_ARN.replace("eu-west-1", "*")


def test_in_the_partition_of_the_sender(app: cdk.App) -> None:
    stack = cdk.Stack(app, "Sender", env=cdk.Environment(account="222222222222", region="us-gov-west-1"))
    arn = "arn:aws-us-gov:ses:us-gov-west-1:111111111111:identity/example.com"
    DelegatedIdentity(stack, "Company", identity_arn=arn).grant_send(role(stack), configuration_set="news")
    expected = "arn:aws-us-gov:ses:us-gov-west-1:222222222222:configuration-set/news"
    assert allowed(stack)["Resource"] == [arn, expected]


def test_both_sides_in_one_app(stack: cdk.Stack, sender: cdk.Stack) -> None:
    policy = SendingPolicy(stack, "Partner", identity="example.com")
    policy.allow_account(sender.account)
    DelegatedIdentity(sender, "Company", identity_arn=policy.identity_arn).grant_send(role(sender))
    assert allowed(sender)["Resource"] == ARN
    assert ENVIRONMENT.account != sender.account


def test_an_arn_that_only_the_deploy_knows(sender: cdk.Stack) -> None:
    told = cdk.CfnParameter(sender, "IdentityArn").value_as_string
    identity = DelegatedIdentity(sender, "Company", identity_arn=told)
    identity.grant_send(role(sender), configuration_set="news")
    region = {"Fn::Select": [3, {"Fn::Split": [":", {"Ref": "IdentityArn"}]}]}
    assert sender.resolve(identity.region) == region
    assert allowed(sender)["Resource"] == [
        {"Ref": "IdentityArn"},
        {"Fn::Join": ["", ["arn:aws:ses:", region, ":222222222222:configuration-set/news"]]},
    ]


@pytest.mark.parametrize("name", ["", "a b", "n" * 65, SET_ARN, 5])
def test_a_configuration_set_is_a_construct_or_a_name(sender: cdk.Stack, name: Any) -> None:
    """An ARN would become part of another ARN, and SES would refuse the mail."""
    identity = DelegatedIdentity(sender, "Company", identity_arn=ARN)
    with pytest.raises(DeclarationError) as refusal:
        identity.grant_send(role(sender), configuration_set=name)
    assert said(refusal.value) == (
        f"configuration set {name!r} is neither a construct nor a name: a name has 1 to 64 letters, digits, '-' or '_'"
    )


def test_configuration_sets_may_be_a_pattern(sender: cdk.Stack) -> None:
    DelegatedIdentity(sender, "Company", identity_arn=ARN).grant_send(role(sender), configuration_set="news-*")
    [_, configuration_set] = allowed(sender)["Resource"]
    assert configuration_set == f"{SET_ARN}news-*"


def test_a_configuration_set_may_be_a_token(sender: cdk.Stack) -> None:
    told = cdk.CfnParameter(sender, "Set").value_as_string
    DelegatedIdentity(sender, "Company", identity_arn=ARN).grant_send(role(sender), configuration_set=told)
    [_, configuration_set] = allowed(sender)["Resource"]
    assert configuration_set["Fn::Join"][1][-1] == {"Ref": "Set"}


def test_other_actions(sender: cdk.Stack) -> None:
    identity = DelegatedIdentity(sender, "Company", identity_arn=ARN)
    identity.grant_send(role(sender), actions=["ses:SendTemplatedEmail"])
    assert allowed(sender)["Action"] == "ses:SendTemplatedEmail"
    with pytest.raises(DeclarationError, match=r"actions is \[\]: give a list with at least one value"):
        identity.grant_send(role(cdk.Stack(cdk.App(), "S")), actions=[])


@pytest.mark.parametrize("arn", ["example.com", "arn:aws:s3:::example.com", ARN.replace("example.com", "nowhere")])
def test_what_is_no_identity_s_arn_is_refused(sender: cdk.Stack, arn: str) -> None:
    with pytest.raises(
        DeclarationError, match=r"is not the ARN of an email identity|is neither a domain nor an email address"
    ):
        DelegatedIdentity(sender, "Company", identity_arn=arn)


def test_a_policy_is_of_one_region(stack: cdk.Stack) -> None:
    with pytest.raises(DeclarationError, match="is not the ARN of an email identity"):
        SendingPolicy(stack, "Partner", identity=ARN.replace("eu-west-1", "*"))
