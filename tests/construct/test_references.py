"""References to other stacks are found, whoever else reads a policy while the CDK looks for them."""

import json
from collections.abc import Callable
from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_iam as iam

from ses_sending_policy import SendingPolicy, SendingPolicyProvider
from tests.construct.mail import ENVIRONMENT, resources, statement


@pytest.fixture
def role(app: cdk.App) -> iam.Role:
    """Return a role of another stack."""
    return iam.Role(cdk.Stack(app, "Other", env=ENVIRONMENT), "Role", assumed_by=iam.AccountRootPrincipal())


@jsii.implements(cdk.IStableStringProducer)
class Told:
    """Gives a text when the CDK asks for it, but does something first."""

    def __init__(self, do: Callable[[], object]) -> None:
        self._do = do

    def produce(self) -> str:
        """Do it, and return the text."""
        self._do()
        return "told"


def look(declared: SendingPolicy) -> None:
    resource: Any = declared.node.default_child
    cdk.Stack.of(declared).resolve(resource._cfn_properties)  # noqa: SLF001 - as somebody's check does


def add(declared: SendingPolicy) -> None:
    if declared.policy_document.statement_count < 2:
        declared.allow_account("444444444444")


def count(declared: SendingPolicy) -> None:
    assert declared.policy_document.statement_count


def within(stack: cdk.Stack, *, nested: bool) -> cdk.Stack:
    return cdk.NestedStack(stack, "Nested") if nested else stack


@pytest.mark.parametrize("do", [look, add, count])
@pytest.mark.parametrize("nested", [False, True], ids=["stack", "nested"])
def test_they_are_found_whatever_is_done_while_the_cdk_looks(
    stack: cdk.Stack, role: iam.Role, do: Callable[[SendingPolicy], None], *, nested: bool
) -> None:
    """By a lazy value that the CDK asks for before it asks for the policy."""
    place, box = within(stack, nested=nested), list[SendingPolicy]()
    cdk.CfnOutput(place, "Before", value=cdk.Lazy.string(Told(lambda: do(box[0]))))
    box.append(SendingPolicy(place, "Partner", identity="example.com"))
    box[0].add_statements(statement(conditions={"StringEquals": {"aws:PrincipalArn": role.role_arn}}))
    [found] = resources(place).values()
    text = json.dumps(found["Properties"]["Policy"])
    assert "Fn::ImportValue" in text or "referencetoOther" in text
    assert "Fn::GetAtt" not in text


@pytest.mark.parametrize("nested", [False, True], ids=["stack", "nested"])
def test_they_are_found_where_providers_share_lanes(app: cdk.App, stack: cdk.Stack, *, nested: bool) -> None:
    """Arranging the lanes reads all policies."""
    place, other = within(stack, nested=nested), cdk.Stack(app, "Other", env=ENVIRONMENT)
    for number in range(2):
        role = iam.Role(other, f"Role{number}", assumed_by=iam.AccountRootPrincipal())
        provider = SendingPolicyProvider(place, f"Provider{number}", max_concurrency=1)
        declared = SendingPolicy(place, f"Partner{number}", identity="example.com", provider=provider)
        declared.allow_account("222222222222", from_addresses=[f"{role.role_name}@example.com"])
    texts = [json.dumps(each["Properties"]["Policy"]) for each in resources(place).values()]
    assert len(texts) == 2
    assert all("Fn::ImportValue" in text or "referencetoOther" in text for text in texts)
