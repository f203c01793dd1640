"""It behaves like the CDK's own constructs: removal policies, dependencies and Aspects."""

from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_ses as ses
from constructs import IConstruct

from ses_sending_policy import DeclarationError, SendingPolicy, WhenExists
from ses_sending_policy.rules.wire import RESOURCE_TYPE
from tests.construct.mail import only, resources, statement

REMOVAL = [
    (WhenExists.FAIL, None, "DELETE", None),
    (WhenExists.ADOPT, None, "RELEASE", None),
    (WhenExists.OVERWRITE, None, "DELETE", None),
    (WhenExists.FAIL, cdk.RemovalPolicy.DESTROY, "DELETE", "Delete"),
    (WhenExists.ADOPT, cdk.RemovalPolicy.DESTROY, "DELETE", "Delete"),
    (WhenExists.FAIL, cdk.RemovalPolicy.RETAIN, "DELETE", "Retain"),
    (WhenExists.ADOPT, cdk.RemovalPolicy.RETAIN, "RELEASE", "Retain"),
    (WhenExists.FAIL, cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE, "DELETE", "RetainExceptOnCreate"),
]


@pytest.mark.parametrize(("when_exists", "removal_policy", "on_delete", "deletion_policy"), REMOVAL)
def test_removal(
    stack: cdk.Stack,
    when_exists: WhenExists,
    removal_policy: cdk.RemovalPolicy | None,
    on_delete: str,
    deletion_policy: str | None,
) -> None:
    SendingPolicy(
        stack,
        "Policy",
        identity="example.com",
        statements=[statement()],
        when_exists=when_exists,
        removal_policy=removal_policy,
    )
    resource = only(stack)
    assert (resource["Properties"]["WhenExists"], resource["Properties"]["OnDelete"]) == (when_exists, on_delete)
    assert resource.get("DeletionPolicy") == deletion_policy
    assert resource.get("UpdateReplacePolicy") == (deletion_policy and deletion_policy.removesuffix("ExceptOnCreate"))


@pytest.mark.parametrize("later", [cdk.RemovalPolicy.DESTROY, cdk.RemovalPolicy.RETAIN])
def test_what_is_applied_later_is_as_if_it_was_given(stack: cdk.Stack, later: cdk.RemovalPolicy) -> None:
    def declare(name: str, given: cdk.RemovalPolicy) -> SendingPolicy:
        options: dict[str, Any] = {"when_exists": WhenExists.ADOPT, "removal_policy": given}
        return SendingPolicy(stack, name, identity="example.com", statements=[statement()], **options)

    declare("Given", later)
    declare("Applied", cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE).apply_removal_policy(later)
    one, other = resources(stack).values()
    for each in (one, other):
        del each["Properties"]["PolicyName"]
    assert one == other


def test_no_snapshot_can_be_applied(stack: cdk.Stack) -> None:
    declared = SendingPolicy(stack, "Policy", identity="example.com", statements=[statement()])
    with pytest.raises(DeclarationError, match="removal_policy is SNAPSHOT, which SES does not have"):
        declared.apply_removal_policy(cdk.RemovalPolicy.SNAPSHOT)


def test_all_policies_below_can_be_retained(stack: cdk.Stack) -> None:
    SendingPolicy(stack, "Policy", identity="example.com", statements=[statement()])
    cdk.RemovalPolicies.of(stack).retain(apply_to_resource_types=[RESOURCE_TYPE])
    assert only(stack)["DeletionPolicy"] == "Retain"


def test_it_is_a_resource_of_its_stack(stack: cdk.Stack) -> None:
    declared = SendingPolicy(stack, "Policy", identity="example.com", statements=[statement()])
    assert isinstance(declared, cdk.Resource)
    assert (declared.stack, declared.env.region) == (stack, "eu-west-1")


def test_an_aspect_visits_it(stack: cdk.Stack) -> None:
    seen: list[Any] = []

    @jsii.implements(cdk.IAspect)
    class Visitor:
        def visit(self, node: IConstruct) -> None:
            seen.append(node)

    declared = SendingPolicy(stack, "Policy", identity="example.com", statements=[statement()])
    cdk.Aspects.of(stack).add(Visitor())
    only(stack)
    assert declared in seen
    assert declared.node.default_child in seen


def test_tags_reach_what_has_some(stack: cdk.Stack) -> None:
    SendingPolicy(stack, "Policy", identity="example.com", statements=[statement()])
    cdk.Tags.of(stack).add("team", "mail")
    assert only(stack, "AWS::Lambda::Function")["Properties"]["Tags"] == [{"Key": "team", "Value": "mail"}]
    assert "Tags" not in only(stack)["Properties"]


def test_what_waits_for_a_grant_waits_for_the_policy(stack: cdk.Stack) -> None:
    declared = SendingPolicy(stack, "Policy", identity="example.com")
    sender = cdk.CfnResource(stack, "Sender", type="AWS::SNS::Topic")
    dependable = declared.allow_account("222222222222").policy_dependable
    assert dependable is not None
    sender.node.add_dependency(dependable)
    [policy] = resources(stack)
    assert only(stack, "AWS::SNS::Topic")["DependsOn"] == [policy]


@pytest.mark.parametrize("identity", ["example.com", "arn:aws:ses:eu-west-1:111111111111:identity/Example.com"])
@pytest.mark.parametrize("is_first", [True, False], ids=["identity first", "policy first"])
def test_it_waits_for_the_identity_of_that_name(stack: cdk.Stack, identity: str, *, is_first: bool) -> None:
    def make() -> None:
        ses.EmailIdentity(stack, "Other", identity=ses.Identity.domain("other.example"))
        ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain("EXAMPLE.com"))

    if is_first:
        make()
    SendingPolicy(stack, "Policy", identity=identity, statements=[statement()])
    if not is_first:
        make()
    [logical_id] = [
        name
        for name, resource in resources(stack, "AWS::SES::EmailIdentity").items()
        if resource["Properties"]["EmailIdentity"] == "EXAMPLE.com"
    ]
    [invoke_config] = resources(stack, "AWS::Lambda::EventInvokeConfig")
    assert only(stack)["DependsOn"] == sorted([logical_id, invoke_config])


def test_it_waits_for_an_identity_that_is_named_by_the_same_token(stack: cdk.Stack) -> None:
    name = cdk.CfnParameter(stack, "Name").value_as_string
    SendingPolicy(stack, "Policy", identity=name, statements=[statement()])
    ses.CfnEmailIdentity(stack, "Identity", email_identity=name)
    assert "Identity" in only(stack)["DependsOn"]


def test_it_waits_for_no_identity_of_a_nested_stack(stack: cdk.Stack) -> None:
    SendingPolicy(stack, "Policy", identity="example.com", statements=[statement()])
    nested = cdk.NestedStack(stack, "Nested")
    ses.CfnEmailIdentity(nested, "Identity", email_identity="example.com")
    [invoke_config] = resources(stack, "AWS::Lambda::EventInvokeConfig")
    assert only(stack)["DependsOn"] == [invoke_config]
