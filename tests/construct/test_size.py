"""How many bytes SES allows, and when it is known that there are too many."""

from typing import Any

import aws_cdk as cdk
import jsii
import pytest

from ses_sending_policy import DeclarationError, SendingPolicy, WhenExists
from ses_sending_policy.rules.document import compact
from ses_sending_policy.rules.limits import POLICY_BYTES
from tests.construct.mail import ARN, DOCUMENT, new_app, policy, said, statement


def declare(stack: cdk.Stack, **options: Any) -> SendingPolicy:
    return SendingPolicy(stack, "Policy", identity="example.com", **options)


def document_of(size: int) -> dict[str, Any]:
    """Return a document with this many bytes."""
    [elements] = DOCUMENT["Statement"]
    document = {"Statement": [elements | {"Resource": ARN, "Sid": ""}]}
    document["Statement"][0]["Sid"] = "a" * (size - len(compact(document)))
    return document


def test_a_document_that_is_too_large_is_refused_at_once(stack: cdk.Stack) -> None:
    with pytest.raises(DeclarationError) as caught:
        declare(stack, document=document_of(POLICY_BYTES + 1))
    assert said(caught.value) == (
        f"policy document is too large: {POLICY_BYTES + 1} bytes, {POLICY_BYTES} are allowed; "
        "spread its statements over several policies"
    )


def test_the_statement_that_makes_it_too_large_is_refused_at_once(stack: cdk.Stack) -> None:
    declared = declare(stack, document=document_of(POLICY_BYTES))
    with pytest.raises(DeclarationError, match=r"^Mail/\w+: policy document is too large: \d{4} bytes"):
        declared.add_statements(statement())


def rename(declared: SendingPolicy) -> None:
    """Give the resource the logical id `Policy`."""
    resource = declared.node.default_child
    assert isinstance(resource, cdk.CfnResource)
    resource.override_logical_id("Policy")


@pytest.mark.parametrize("when_exists", WhenExists)
def test_the_owner_s_marker_counts_at_synth(app: cdk.App, stack: cdk.Stack, when_exists: WhenExists) -> None:
    adopted = "" if when_exists is WhenExists.FAIL else "/adopted"
    most = POLICY_BYTES - len(f'"Id":"Mail/Policy/0123456789abcdef{adopted}",')
    rename(declare(stack, document=document_of(most), when_exists=when_exists))
    app.synth()


@pytest.mark.parametrize("when_exists", WhenExists)
def test_a_byte_more_with_the_marker_is_refused(app: cdk.App, stack: cdk.Stack, when_exists: WhenExists) -> None:
    adopted = "" if when_exists is WhenExists.FAIL else "/adopted"
    most = POLICY_BYTES - len(f'"Id":"Mail/Policy/0123456789abcdef{adopted}",')
    rename(declare(stack, document=document_of(most + 1), when_exists=when_exists))
    with pytest.raises(RuntimeError) as caught:
        app.synth()
    assert (
        f"Mail/Policy: policy document is too large: {POLICY_BYTES + 1} bytes with the owner's marker, "
        f"{POLICY_BYTES} are allowed; spread its statements over several policies"
    ) in str(caught.value)


def test_what_only_synth_knows_counts_only_there(stack: cdk.Stack) -> None:
    @jsii.implements(cdk.IStableStringProducer)
    class Long:
        def produce(self) -> str:
            return "a" * POLICY_BYTES

    pattern = cdk.Lazy.string(Long())
    declare(stack, statements=[statement(conditions={"StringLike": {"ses:FromAddress": pattern}})])
    with pytest.raises(RuntimeError, match=r"Mail/Policy: policy document is too large: \d+ bytes with the owner"):
        policy(stack)


def test_what_only_synth_knows_may_be_short(stack: cdk.Stack) -> None:
    name = cdk.CfnParameter(stack, "Name").value_as_string
    addresses = [f"{name}{number}" for number in range(250)]
    assert sum(map(len, addresses)) > POLICY_BYTES
    declare(stack, statements=[statement(conditions={"StringLike": {"ses:FromAddress": addresses}})])
    assert len(policy(stack)["Statement"][0]["Condition"]["StringLike"]["ses:FromAddress"]) == 250


def test_what_is_written_around_what_only_synth_knows_counts_at_once(stack: cdk.Stack) -> None:
    name = cdk.CfnParameter(stack, "Name").value_as_string
    too_long = f"{'a' * (POLICY_BYTES // 2)}{name}{'b' * (POLICY_BYTES // 2)}"
    with pytest.raises(DeclarationError, match=r"^Mail/\w+: policy document is too large: \d{4} bytes"):
        declare(stack, statements=[statement(conditions={"StringLike": {"ses:FromAddress": too_long}})])


def test_intrinsic_functions_count_as_what_they_are_at_least() -> None:
    """In a stack that may be deployed anywhere, partition, region and account are intrinsic functions."""
    stack = cdk.Stack(new_app(), "Mail")
    accounts = [f"{number:012}" for number in range(120)]
    rename(declare(stack, statements=[statement(*accounts)]))
    with pytest.raises(RuntimeError) as caught:
        policy(stack)
    least = {
        "Version": "2012-10-17",
        "Id": "Mail/Policy/0123456789abcdef",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": [f"arn:aws:iam::{account}:root" for account in accounts]},
                "Action": "ses:SendEmail",
                "Resource": "arn:aws:ses:us-east-1:111111111111:identity/example.com",
            }
        ],
    }
    assert f"is too large: {len(compact(least))} bytes with the owner's marker" in str(caught.value)
