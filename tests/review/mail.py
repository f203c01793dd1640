"""An app with policies of every kind in AWS's examples, in several stacks, a stage and a nested stack."""

import json
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from aws_cdk import custom_resources as cr
from constructs import Construct

from ses_sending_policy import SendingPolicy
from tests.analysis.findings.examples import SENDING

ENVIRONMENT = cdk.Environment(account="111111111111", region="eu-west-1")
OFFERS: dict[str, Any] = {"from_addresses": ["*@offers.example.com"]}


class Examples(cdk.Stack):
    """AWS's own examples, one policy each."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id, env=ENVIRONMENT)
        for name, document in SENDING.items():
            identity = "sender@example.com" if name == "two statements" else "example.com"
            title = name.title().replace(" ", "").replace(",", "")
            SendingPolicy(self, title, identity=identity, document=document)


class Campaign(cdk.NestedStack):
    """A role of the parent stack that may send, and a policy that exists only under a condition."""

    def __init__(self, scope: Construct, id: str, *, sender: iam.IRole) -> None:
        super().__init__(scope, id)
        SendingPolicy(self, "Sender", identity="news.example.com").allow_principal(sender, **OFFERS)
        sometimes = SendingPolicy(self, "Sometimes", identity="news.example.com")
        sometimes.allow_account("333333333333")
        wanted = cdk.CfnParameter(self, "Wanted", default="no")
        condition = cdk.CfnCondition(self, "IsWanted", expression=cdk.Fn.condition_equals(wanted, "yes"))
        resource = sometimes.node.default_child
        assert isinstance(resource, cdk.CfnResource)
        resource.cfn_options.condition = condition


class Production(cdk.Stage):
    """A stage with risky policies, which are acknowledged in different places."""

    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id, env=cdk.Environment(account="999999999999", region="us-east-1"))
        stack = cdk.Stack(self, "Mail")
        identity = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain("example.com"))
        anybody = iam.PolicyStatement(actions=["ses:SendEmail"], principals=[iam.StarPrincipal()])
        relay = SendingPolicy(stack, "Relay", identity=identity, statements=[anybody])
        acknowledge(relay, "SES001", "a relay for everybody, agreed in MAIL-1")
        SendingPolicy(stack, "Open", identity=identity, statements=[anybody])
        denied = SendingPolicy(stack, "Guarded", identity=identity)
        denied.allow_account("222222222222", **OFFERS)
        denied.deny(iam.AnyPrincipal(), from_addresses=["*admin*"])
        role = iam.Role(stack, "Sender", assumed_by=iam.AccountPrincipal("222222222222"))
        Campaign(stack, "Campaign", sender=role)
        accepted = called(stack, "Accepted", role, identity)
        acknowledge(accepted, "SES003", "it is replaced in MAIL-2")
        acknowledge(self, "SES102", "partners are whole accounts, says MAIL-3")


def called(scope: Construct, id: str, role: iam.IRole, identity: ses.IEmailIdentity) -> Construct:
    """Write a policy the way people do without this package."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": role.role_arn},
        "Action": ["ses:SendEmail", "ses:DeleteEmailIdentity"],
        "Resource": identity.email_identity_arn,
    }
    document = {"Version": "2012-10-17", "Statement": [statement]}
    call = cr.AwsSdkCall(
        service="SESv2",
        action="createEmailIdentityPolicy",
        parameters={
            "EmailIdentity": identity.email_identity_name,
            "PolicyName": "ByHand",
            "Policy": cdk.Stack.of(scope).to_json_string(document),
        },
        physical_resource_id=cr.PhysicalResourceId.of(id),
    )
    permissions = cr.AwsCustomResourcePolicy.from_sdk_calls(resources=["*"])
    return cr.AwsCustomResource(scope, id, on_create=call, policy=permissions, install_latest_aws_sdk=False)


def acknowledge(scope: Construct, rule: str, reason: str) -> None:
    """Acknowledge what a rule finds in this scope."""
    acknowledgment = cdk.Acknowledgment(id=f"ses-sending-policy::{rule}", reason=reason)
    cdk.Validations.of(scope).acknowledge(acknowledgment)


app = cdk.App(context={"@aws-cdk/core:enablePartitionLiterals": True}, builtin_cloud_formation_validation=False)
Examples(app, "Examples")
anywhere = cdk.Stack(app, "Anywhere")
domain = cdk.CfnParameter(anywhere, "Domain").value_as_string
SendingPolicy(anywhere, "Partner", identity=domain).allow_account("222222222222", **OFFERS)
legacy = cr.AwsSdkCall(
    service="SES",
    action="putIdentityPolicy",
    parameters={"Identity": "old.example.com", "PolicyName": "Old", "Policy": json.dumps(SENDING["two users"])},
    physical_resource_id=cr.PhysicalResourceId.of("Old"),
)
permissions = cr.AwsCustomResourcePolicy.from_sdk_calls(resources=["*"])
cr.AwsCustomResource(anywhere, "Old", on_update=legacy, policy=permissions, install_latest_aws_sdk=False)
Production(app, "Production")
app.synth()
