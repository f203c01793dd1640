"""The example app; its context is in cdk.json or on the command line: `npx cdk deploy -c domain=example.org`."""

import os

import aws_cdk as cdk

from stacks.sending_policy_stack import SendingPolicyStack

app = cdk.App()
SendingPolicyStack(
    app,
    "SendingPolicyExample",
    domain=app.node.get_context("domain"),
    partner_account=app.node.get_context("partner_account"),
    partner_from_address=app.node.get_context("partner_from_address"),
    # The context is a string if it comes from the command line.
    cognito_user_pool=str(app.node.get_context("cognito_user_pool")).lower() == "true",
    env=cdk.Environment(account=os.environ.get("CDK_DEFAULT_ACCOUNT"), region=os.environ.get("CDK_DEFAULT_REGION")),
)
app.synth()
