"""An app with one stack, whose provider has a list of identities: ours, or one that a user keeps by hand."""

import json
import os
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses

from ses_sending_policy import SendingPolicy, SendingPolicyProvider

SES = ("Create", "Delete", "Update")
ACTIONS = ["ses:GetEmailIdentityPolicies", *(f"ses:{each}EmailIdentityPolicy" for each in SES)]


def by_hand(stack: cdk.Stack, arns: list[str]) -> SendingPolicyProvider:
    """Return a provider with a role of the user's own, whose only policy has the list and is updated in place."""
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    provider = SendingPolicyProvider(
        stack,
        "SendingPolicyProvider",
        role=role.without_policy_updates(),
        timeout=cdk.Duration.seconds(30),
        service_timeout=cdk.Duration.minutes(2),
    )
    questions = [f"cloudformation:DescribeStack{each}" for each in ("s", "Events", "Resource")]
    allowed = iam.Policy(
        stack,
        "ByHand",
        statements=[
            iam.PolicyStatement(actions=ACTIONS, resources=arns),
            iam.PolicyStatement(actions=questions, resources=[stack.stack_id]),
        ],
        roles=[role],
    )
    provider.function.node.add_dependency(allowed)
    return provider


def make(app: cdk.App, name: str, wanted: dict[str, Any]) -> None:
    env = cdk.Environment(account=os.environ["CDK_DEFAULT_ACCOUNT"], region=os.environ["CDK_DEFAULT_REGION"])
    stack = cdk.Stack(app, name, env=env)
    made = {
        id_: ses.EmailIdentity(stack, id_, identity=ses.Identity.domain(domain))
        for id_, domain in wanted["made"].items()
    }
    if wanted["listed"] is None:
        provider = SendingPolicyProvider(stack, "SendingPolicyProvider")
    elif wanted.get("by_hand"):
        own = [made[each].email_identity_arn for each in wanted["listed"]]
        provider = by_hand(stack, own)
    else:
        listed = [made.get(each, each) for each in wanted["listed"]]
        provider = SendingPolicyProvider(stack, "SendingPolicyProvider", identities=listed)
    function = provider.function
    assert isinstance(function, cdk.aws_lambda.Function)
    function.add_environment("AWS_ENDPOINT_URL_SESV2", wanted["gate"])
    for id_, identity in wanted["policies"].items():
        SendingPolicy(stack, id_, identity=made.get(identity, identity), provider=provider).allow_account(
            "222222222222"
        )


app = cdk.App()
for name, wanted in json.loads(app.node.get_context("stacks")).items():
    make(app, name, wanted)
app.synth()
