"""What CloudFormation gets."""

from typing import Any

import aws_cdk as cdk
import jsii
import pytest
from aws_cdk import aws_iam as iam

from ses_sending_policy import SendingPolicy
from tests.construct.mail import ARN, DOCUMENT, ENVIRONMENT, new_app, only, policy, resources, statement


def test_a_whole_resource(stack: cdk.Stack) -> None:
    conditions = {"StringLike": {"ses:FromAddress": ["*@news.example.com"]}}
    declared = SendingPolicy(stack, "Partner", identity="example.com", statements=[statement(conditions=conditions)])
    [function] = resources(stack, "AWS::Lambda::Function")
    [invoke_config] = resources(stack, "AWS::Lambda::EventInvokeConfig")
    assert only(stack) == {
        "Type": "Custom::SendingPolicy",
        "Properties": {
            "ServiceToken": {"Fn::GetAtt": [function, "Arn"]},
            "ServiceTimeout": "1200",
            "EmailIdentity": "example.com",
            "PolicyName": declared.policy_name,
            "Policy": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
                        "Action": "ses:SendEmail",
                        "Resource": ARN,
                        "Condition": {"StringLike": {"ses:FromAddress": "*@news.example.com"}},
                    }
                ],
            },
            "WhenExists": "FAIL",
            "OnDelete": "DELETE",
            "Wire": "1",
        },
        "DependsOn": [invoke_config],
    }


def test_another_order_is_the_same_template() -> None:
    """Tokens are numbered in the order of their creation, and must not be sorted by number."""

    def declared(accounts: list[str], actions: list[str], sids: list[str]) -> Any:
        stack = cdk.Stack(new_app(), "Mail")  # partition, region and account are tokens
        statements = [
            statement(
                *accounts,
                sid=sid,
                actions=actions,
                conditions={"Bool": {"b": True, "a": False}, "StringLike": {"x": sids}},
            )
            for sid in sids
        ]
        SendingPolicy(stack, "Policy", identity="example.com", statements=statements)
        return policy(stack)

    accounts, actions, sids = ["222222222222", "333333333333"], ["ses:SendEmail", "ses:SendRawEmail"], ["A", "B"]
    assert declared(accounts, actions, sids) == declared(accounts[::-1], actions[::-1], sids[::-1])
    assert declared(accounts, actions, sids) != declared(accounts[:1], actions, sids)


def test_the_order_inside_of_intrinsic_functions_stays(stack: cdk.Stack) -> None:
    address = cdk.Fn.join("", ["z", cdk.Aws.STACK_NAME, "a"])
    conditions = {"StringEquals": {"ses:FromAddress": [address, "y@example.com"]}}
    SendingPolicy(stack, "Policy", identity="example.com", statements=[statement(conditions=conditions)])
    assert policy(stack)["Statement"][0]["Condition"]["StringEquals"]["ses:FromAddress"] == [
        "y@example.com",
        {"Fn::Join": ["", ["z", {"Ref": "AWS::StackName"}, "a"]]},
    ]


def test_every_scalar_is_a_string(stack: cdk.Stack) -> None:
    conditions = {"Bool": {"aws:SecureTransport": True}, "NumericLessThan": {"n": 14}}
    SendingPolicy(stack, "Policy", identity="example.com", statements=[statement(conditions=conditions)])
    assert policy(stack)["Statement"][0]["Condition"] == {
        "Bool": {"aws:SecureTransport": "true"},
        "NumericLessThan": {"n": "14"},
    }


@jsii.implements(cdk.IStableAnyProducer)
class Produced:
    """A user's value that is known only at synth."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def produce(self) -> Any:
        """Return the value."""
        return self.value


def test_tokens_pass_everywhere(stack: cdk.Stack) -> None:
    name = cdk.CfnParameter(stack, "Name").value_as_string
    accounts = cdk.CfnParameter(stack, "Accounts", type="CommaDelimitedList").value_as_list
    lazy = cdk.Lazy.any(Produced({"StringEquals": {"ses:FromAddress": ["a@example.com"]}}))
    document = {
        "Version": name,
        "Statement": [
            {
                "Sid": name,
                "Effect": name,
                "Principal": {"AWS": accounts},
                "Action": name,
                "Resource": name,
                "Condition": lazy,
            },
            cdk.Lazy.any(Produced(DOCUMENT["Statement"][0] | {"Resource": ARN})),
        ],
    }
    SendingPolicy(stack, "Policy", identity=name, policy_name=name, document=document)
    properties, reference = only(stack)["Properties"], {"Ref": "Name"}
    assert (properties["EmailIdentity"], properties["PolicyName"]) == (reference, reference)
    assert properties["Policy"] == {
        "Version": reference,
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": "222222222222"},
                "Action": "ses:SendEmail",
                "Resource": ARN,
            },
            {
                "Sid": reference,
                "Effect": reference,
                "Principal": {"AWS": {"Ref": "Accounts"}},
                "Action": reference,
                "Resource": reference,
                "Condition": {"StringEquals": {"ses:FromAddress": "a@example.com"}},
            },
        ],
    }


@pytest.mark.parametrize("nested", [False, True])
def test_a_principal_of_another_stack_is_imported(app: cdk.App, stack: cdk.Stack, nested: bool) -> None:
    """The CDK looks for such references among the tokens; if the document had no tokens, they would be missed."""
    other = cdk.Stack(app, "Other", env=ENVIRONMENT)
    role = iam.Role(other, "Role", assumed_by=iam.AccountRootPrincipal())
    home = cdk.NestedStack(stack, "Nested") if nested else stack
    granted = iam.PolicyStatement(actions=["ses:SendEmail"], principals=[role])
    SendingPolicy(home, "Policy", identity="example.com", statements=[granted])
    exports = app.synth().get_stack_by_name("Other").template["Outputs"]
    [name] = [output["Export"]["Name"] for output in exports.values()]
    assert policy(home)["Statement"][0]["Principal"] == {"AWS": {"Fn::ImportValue": name}}


def test_in_a_stage() -> None:
    app = new_app()
    stage = cdk.Stage(app, "Prod", env=ENVIRONMENT)
    stack = cdk.Stack(stage, "Mail")
    SendingPolicy(stack, "Policy", identity="example.com", statements=[statement()])
    template = app.synth().get_nested_assembly("assembly-Prod").get_stack_by_name("Prod-Mail").template
    [resource] = [item for item in template["Resources"].values() if item["Type"] == "Custom::SendingPolicy"]
    assert resource["Properties"]["PolicyName"].startswith("Prod-Mail-Policy-")
    assert resource["Properties"]["Policy"]["Statement"][0]["Resource"] == ARN


def test_the_resource_is_the_default_child(stack: cdk.Stack) -> None:
    declared = SendingPolicy(stack, "Policy", identity="example.com", statements=[statement()])
    resource = declared.node.default_child
    assert isinstance(resource, cdk.CfnResource)
    assert resource.cfn_resource_type == "Custom::SendingPolicy"
    resource.add_property_override("PolicyName", "another")
    assert only(stack)["Properties"]["PolicyName"] == "another"


def test_what_a_user_makes_it_wait_for_stays(stack: cdk.Stack) -> None:
    topic = cdk.CfnResource(stack, "Topic", type="AWS::SNS::Topic")
    declared = SendingPolicy(stack, "Policy", identity="example.com", statements=[statement()])
    declared.node.add_dependency(topic)
    [invoke_config] = resources(stack, "AWS::Lambda::EventInvokeConfig")
    assert only(stack)["DependsOn"] == [invoke_config, "Topic"]


def test_a_hundred_policies_are_each_their_own(stack: cdk.Stack) -> None:
    """They are rendered together, and must not be mixed up."""
    for number in range(100):
        account = f"{number:012}"
        statements = [statement(account, sid=f"{each}") for each in range(number % 3)]
        document = {"Statement": [DOCUMENT["Statement"][0] | {"Principal": {"AWS": account}}]}
        # SES allows twenty policies on an identity.
        identity = f"{number}.example.com"
        declared = SendingPolicy(stack, f"P{number}", identity=identity, document=document, policy_name=account)
        declared.add_statements(*statements)
    for item in resources(stack).values():
        account = item["Properties"]["PolicyName"]
        principals = [each["Principal"]["AWS"] for each in item["Properties"]["Policy"]["Statement"]]
        assert principals == [account] + [f"arn:aws:iam::{account}:root"] * (int(account) % 3)
