"""User pools: which service sends for them, by region, and what is created first."""

import re
from graphlib import CycleError, TopologicalSorter
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_ses as ses
from constructs import Construct

from ses_sending_policy import DeclarationError, SendingPolicy
from tests.construct.mail import new_app, policy, resources, said
from tests.support.pages import step


def stack_in(region: str | None) -> cdk.Stack:
    account = "111111111111" if region else None
    return cdk.Stack(new_app(), "Mail", env=cdk.Environment(account=account, region=region))


def pool_in(scope: Construct, region: str) -> cognito.IUserPool:
    arn = f"arn:aws:cognito-idp:{region}:111111111111:userpool/{region}_AbCdEfGhI"
    return cognito.UserPool.from_user_pool_arn(scope, "Users", arn)


def allowed(stack: cdk.Stack) -> dict[str, Any]:
    [statement] = policy(stack)["Statement"]
    return dict(statement)


def test_a_user_pool(stack: cdk.Stack) -> None:
    SendingPolicy(stack, "Mail", identity="example.com").allow_cognito_user_pool(pool_in(stack, "eu-west-1"))
    statement = allowed(stack)
    assert statement["Sid"] == "AllowCognitoUsers"
    assert statement["Principal"] == {"Service": "email.cognito-idp.amazonaws.com"}
    assert statement["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "111111111111"},
        "ArnLike": {"aws:SourceArn": "arn:aws:cognito-idp:eu-west-1:111111111111:userpool/eu-west-1_AbCdEfGhI"},
    }


@pytest.mark.parametrize(
    ("identity", "pool", "service"),
    [
        ("eu-west-1", "ap-south-1", "email.cognito-idp"),
        ("eu-central-1", "me-central-1", "cognito-idp.me-central-1"),
        ("eu-west-2", "me-central-1", "cognito-idp.me-central-1"),
        ("us-east-1", "mx-central-1", "cognito-idp.mx-central-1"),
        ("me-central-1", "me-central-1", "email.cognito-idp"),
        ("ap-northeast-2", "ap-east-2", "cognito-idp.ap-east-2"),
        (None, "eu-west-1", "email.cognito-idp"),
    ],
)
def test_the_service_is_that_of_the_pool_s_region(identity: str | None, pool: str, service: str) -> None:
    stack = stack_in(identity)
    SendingPolicy(stack, "Mail", identity="example.com").allow_cognito_user_pool(pool_in(stack, pool))
    assert allowed(stack)["Principal"] == {"Service": f"{service}.amazonaws.com"}


def test_a_pool_of_a_stack_for_any_region_sends_as_everywhere() -> None:
    stack = stack_in(None)
    SendingPolicy(stack, "Mail", identity="example.com").allow_cognito_user_pool(cognito.UserPool(stack, "Users"))
    assert allowed(stack)["Principal"] == {"Service": "email.cognito-idp.amazonaws.com"}


def test_a_pool_that_is_a_token_sends_as_everywhere(stack: cdk.Stack) -> None:
    pool = cognito.UserPool.from_user_pool_arn(stack, "Users", cdk.Fn.import_value("Pool"))
    SendingPolicy(stack, "Mail", identity="example.com").allow_cognito_user_pool(pool)
    assert allowed(stack)["Principal"] == {"Service": "email.cognito-idp.amazonaws.com"}


def test_a_pool_that_never_sends_with_the_identity_is_refused() -> None:
    stack = stack_in("eu-central-1")
    with pytest.raises(DeclarationError) as refusal:
        SendingPolicy(stack, "Mail", identity="example.com").allow_cognito_user_pool(pool_in(stack, "ap-south-1"))
    assert said(refusal.value) == (
        "a Cognito user pool in ap-south-1 sends with an identity in ap-south-1, us-east-1, us-west-2 or eu-west-1, "
        "and never with one in eu-central-1: declare the policy and its identity in a stack there, or use "
        "allow_service where Cognito's guide says otherwise by now"
    )


def made_pool(stack: cdk.Stack, identity: ses.EmailIdentity) -> cognito.UserPool:
    email = cognito.UserPoolEmail.with_ses(from_email="no-reply@example.com", ses_verified_domain="example.com")
    pool = cognito.UserPool(stack, "Users", email=email)
    pool.node.add_dependency(identity)
    return pool


def circles(stack: cdk.Stack) -> list[str]:
    """Return a circle of resources that wait for each other, as CloudFormation would find it."""
    found = assertions.Template.from_stack(stack).to_json()["Resources"]
    needs = {name: {other for other in found.keys() - {name} if f"'{other}'" in str(found[name])} for name in found}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("nested", [False, True])
def test_a_pool_that_waits_for_its_own_grant_is_told_in_a_sentence(
    app: cdk.App, stack: cdk.Stack, *, nested: bool
) -> None:
    """CloudFormation would refuse the template, and only list the resources."""
    home = cdk.NestedStack(stack, "Nested") if nested else stack
    identity = ses.EmailIdentity(home, "Identity", identity=ses.Identity.domain("example.com"))
    pool = made_pool(home, identity)
    mail = SendingPolicy(home, "Mail", identity=identity)
    granted = mail.allow_cognito_user_pool(pool)
    assert granted.policy_dependable
    pool.node.add_dependency(granted.policy_dependable)
    path = "Mail/Nested/" if nested else "Mail/"
    sentence = (
        f"[{path}Mail] user pool '{path}Users' waits for this policy, which names it, so that neither can be made "
        "first: name the account's pools with cognito.UserPool.from_user_pool_arn and an ARN that ends in userpool/*"
    )
    with pytest.raises(RuntimeError, match=re.escape(sentence)):
        app.synth()


def test_a_pool_that_waits_for_another_policy_is_no_circle(app: cdk.App, stack: cdk.Stack) -> None:
    identity = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain("example.com"))
    pool = made_pool(stack, identity)
    SendingPolicy(stack, "Mail", identity=identity).allow_cognito_user_pool(pool)
    first = SendingPolicy(stack, "First", identity=identity)
    first.allow_account("222222222222", from_addresses=["*@news.example.com"])
    pool.node.add_dependency(first)
    app.synth()


def test_a_grant_stands_before_the_pools_of_the_account(app: cdk.App, stack: cdk.Stack) -> None:
    """As in the how-to."""
    step("authorize-cognito", "before-the-pool").run({"stack": stack})
    statement = allowed(stack)
    assert statement["Principal"] == {"Service": "email.cognito-idp.amazonaws.com"}
    assert statement["Condition"] == {
        "ArnLike": {"aws:SourceArn": "arn:aws:cognito-idp:eu-west-1:111111111111:userpool/*"},
        "StringEquals": {"aws:SourceAccount": "111111111111", "ses:FromAddress": "no-reply@example.com"},
    }
    [pool] = resources(stack, "AWS::Cognito::UserPool").values()
    [name] = resources(stack)
    assert name in pool["DependsOn"]
    assert circles(stack) == []
    app.synth()
