"""An app as a user would write it, with the stacks that a test gives in the context `stacks`."""

import json
import os
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns

from ses_sending_policy import SendingPolicy, SendingPolicyDriftCheck, SendingPolicyProvider, WhenExists
from tests.deployed.assets import broken, code_of


def statement(principal: str, **conditions: dict[str, str]) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        principals=[iam.AccountPrincipal(principal)],
        actions=["ses:SendEmail", "ses:SendRawEmail"],
        conditions=conditions or None,
    )


def broken_code(stack: cdk.Stack, kind: str) -> dict[str, Any]:
    """Return the code of a function that does not work."""
    if kind == "silent":
        return {"ZipFile": "def handler(event, context): return None"}
    return code_of(stack, broken)


def make(app: cdk.App, name: str, wanted: dict[str, Any]) -> None:
    stack = cdk.Stack(
        app,
        name,
        env=cdk.Environment(account=os.environ["CDK_DEFAULT_ACCOUNT"], region=os.environ["CDK_DEFAULT_REGION"]),
    )
    provider = None
    if "broken" in wanted:
        provider = SendingPolicyProvider(
            stack, "Broken Provider", timeout=cdk.Duration.seconds(30), service_timeout=cdk.Duration.seconds(30)
        )
        [function] = [each for each in provider.node.find_all() if isinstance(each, cdk.aws_lambda.CfnFunction)]
        function.add_property_override("Code", broken_code(stack, wanted["broken"]))
        if wanted["broken"] == "silent":
            function.add_property_override("Handler", "index.handler")
    if "max_concurrency" in wanted:
        provider = SendingPolicyProvider(stack, "SendingPolicyProvider", max_concurrency=wanted["max_concurrency"])
    identities = {
        domain: ses.EmailIdentity(stack, domain, identity=ses.Identity.domain(domain))
        for domain in wanted.get("identities", [])
    }
    made: dict[str, SendingPolicy] = {}
    for name_in_stack, policy in wanted.get("policies", {}).items():
        made[name_in_stack] = SendingPolicy(
            stack,
            name_in_stack,
            identity=identities.get(policy["identity"], policy["identity"]),
            policy_name=policy.get("name"),
            when_exists=WhenExists(policy.get("when_exists", "FAIL")),
            statements=[statement(policy.get("account", "222222222222"))],
            provider=provider,
        )
        if "after" in policy:
            made[name_in_stack].node.add_dependency(made[policy["after"]])

    if wanted.get("drift_check"):
        SendingPolicyDriftCheck(stack, "Drift", topic=sns.Topic(stack, "Operators"))


app = cdk.App()
for name, wanted in json.loads(app.node.get_context("stacks")).items():
    make(app, name, wanted)
app.synth()
