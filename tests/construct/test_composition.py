"""The construct works together with the CDK's own constructs."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from ses_sending_policy import DeclarationError, SendingPolicy, SendingPolicyProvider
from tests.construct.mail import ARN, DOCUMENT, ENVIRONMENT, only, policy, said, statement

FUNCTION = "AWS::Lambda::Function"


def declare(stack: cdk.Stack, **options: Any) -> SendingPolicy:
    return SendingPolicy(stack, "Partner", identity="example.com", **options)


def test_what_is_written_over_in_a_provider_is_the_functions(stack: cdk.Stack) -> None:
    provider = SendingPolicyProvider.of(declare(stack, statements=[statement()]))
    function = provider.node.default_child
    assert isinstance(function, lambda_.CfnFunction)
    function.add_property_override("TracingConfig.Mode", "Active")
    assert only(stack, FUNCTION)["Properties"]["TracingConfig"] == {"Mode": "Active"}


def test_a_statement_is_added_as_to_any_resource_with_a_policy(stack: cdk.Stack) -> None:
    declared = declare(stack)
    done = declared.add_to_resource_policy(statement())
    assert (done.statement_added, done.policy_dependable) == (True, declared)
    assert len(policy(stack)["Statement"]) == 1
    with pytest.raises(DeclarationError) as caught:
        declared.add_to_resource_policy(iam.PolicyStatement(actions=["ses:SendEmail"]))
    assert said(caught.value) == "statement 1 has no Principal: every statement needs one"


def test_a_grant_of_the_cdk_finds_the_policy_of_the_resource(stack: cdk.Stack) -> None:
    """A principal of another account gets no policy in this account: the resource's policy must allow it."""
    iam.Grant.add_to_principal_or_resource(
        grantee=iam.AccountPrincipal("222222222222"),
        actions=["ses:SendEmail"],
        resource_arns=[ARN],
        resource=declare(stack),
    )
    [granted] = policy(stack)["Statement"]
    assert granted == {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
        "Action": "ses:SendEmail",
        "Resource": ARN,
    }


DECLARED: dict[str, dict[str, Any]] = {
    "statements": {"statements": [statement(sid="First")]},
    "a document of the CDK's": {"document": iam.PolicyDocument(statements=[statement(sid="First")])},
    "parsed JSON": {"document": {"Statement": {"Sid": "First"} | DOCUMENT["Statement"][0]}},
}


@pytest.mark.parametrize("options", DECLARED.values(), ids=DECLARED)
def test_the_document_can_be_read_and_added_to(stack: cdk.Stack, options: dict[str, Any]) -> None:
    declared = declare(stack, **options)
    document = declared.policy_document
    assert [each["Sid"] for each in document.to_json()["Statement"]] == ["First"]
    document.add_statements(statement(sid="Second"))
    declared.allow_account("333333333333", from_addresses=["*@news.example.com"])
    assert declared.policy_document.statement_count == document.statement_count == 3
    found = policy(stack)["Statement"]
    assert {each["Sid"] for each in found} == {"First", "Second", "AllowAccount333333333333"}
    assert {each["Resource"] for each in found} == {ARN}


@pytest.mark.parametrize("options", DECLARED.values(), ids=DECLARED)
def test_who_reads_the_document_changes_nothing(app: cdk.App, stack: cdk.Stack, options: dict[str, Any]) -> None:
    other = cdk.Stack(app, "Other", env=ENVIRONMENT)
    declare(stack, **options)
    read = declare(other, **options)
    read.policy_document.to_json()
    read.allow_account("333333333333", from_addresses=["*@news.example.com"])
    assert [each["Sid"] for each in policy(other)["Statement"]] == ["AllowAccount333333333333", "First"]
    [was, is_] = [each for each in policy(stack)["Statement"] + policy(other)["Statement"] if each["Sid"] == "First"]
    assert was == is_


def test_what_the_document_gets_is_looked_at_at_synth(app: cdk.App, stack: cdk.Stack) -> None:
    declare(stack, statements=[statement()]).policy_document.add_statements(
        iam.PolicyStatement(actions=["ses:SendEmail"])
    )
    with pytest.raises(RuntimeError, match="Mail/Partner: statement 1 has no Principal: every statement needs one"):
        app.synth()


def test_a_document_with_a_token_for_a_statement_cannot_be_read(stack: cdk.Stack) -> None:
    declared = declare(stack, document={"Statement": [cdk.Fn.import_value("Statement")]})
    with pytest.raises(DeclarationError) as caught:
        _ = declared.policy_document
    assert said(caught.value).startswith("statement 0 is a token, which an iam.PolicyDocument cannot hold")
