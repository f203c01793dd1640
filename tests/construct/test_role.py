"""The role of a function, as far as the user chooses it; test_provider.py has what the role may do."""

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms

from ses_sending_policy import SendingPolicy, SendingPolicyProvider
from tests.construct.mail import ENVIRONMENT, new_app, only, resources, statement


def declare(stack: cdk.Stack, provider: SendingPolicyProvider) -> None:
    SendingPolicy(stack, "Policy", identity="example.com", statements=[statement()], provider=provider)


@pytest.mark.parametrize("of_role", ["its own", "another stack's"])
def test_the_role_may_decrypt_the_environment_with_its_key_and_no_other(
    app: cdk.App, stack: cdk.Stack, of_role: str
) -> None:
    """Lambda decrypts it with the role's rights, and a function that cannot read its environment answers nothing."""
    other = cdk.Stack(app, "Other", env=ENVIRONMENT)
    given = iam.Role(other, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    role = given if of_role == "another stack's" else None
    arn = "arn:aws:kms:eu-west-1:111111111111:key/1234abcd"
    key = kms.Key.from_key_arn(stack, "Key", arn)
    declare(stack, provider=SendingPolicyProvider(stack, "Own", role=role, environment_encryption=key))
    statements = only(stack, "AWS::IAM::Policy")["Properties"]["PolicyDocument"]["Statement"]
    assert [each for each in statements if "kms" in str(each["Action"])] == [
        {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": arn}
    ]


def test_a_role_of_another_stack_gets_its_rights_in_this_one(app: cdk.App, stack: cdk.Stack) -> None:
    """In the other stack, `AWS::StackId` would be that stack's id."""
    other = cdk.Stack(app, "Other", env=ENVIRONMENT)
    role = iam.Role(other, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    declare(stack, provider=SendingPolicyProvider(stack, "Own", role=role))
    assert resources(stack, "AWS::IAM::Role") == resources(other, "AWS::IAM::Policy") == {}
    assert "Fn::ImportValue" in only(stack, "AWS::IAM::Policy")["Properties"]["Roles"][0]


def test_a_role_that_takes_no_policies_keeps_what_it_has(stack: cdk.Stack) -> None:
    role = iam.Role.from_role_arn(stack, "Role", "arn:aws:iam::111111111111:role/mail", mutable=False)
    declare(stack, provider=SendingPolicyProvider(stack, "Own", role=role))
    assert resources(stack, "AWS::IAM::Policy") == {}
    assert only(stack, "AWS::Lambda::Function")["Properties"]["Role"] == "arn:aws:iam::111111111111:role/mail"


def test_a_role_that_somebody_made_before_gets_no_policy() -> None:
    """A user who customizes an app's roles may not be allowed to create anything in IAM."""
    app = new_app()
    made = {"Mail/SendingPolicyProvider/Role": "made-before"}
    iam.Role.customize_roles(app, prevent_synthesis=True, use_precreated_roles=made)
    stack = cdk.Stack(app, "Mail", env=ENVIRONMENT)
    SendingPolicy(stack, "Policy", identity="example.com", statements=[statement()])
    assert resources(stack, "AWS::IAM::Policy") == {}
    assert resources(stack, "AWS::IAM::Role") == {}
