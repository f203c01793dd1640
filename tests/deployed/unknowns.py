"""Stacks whose policies have parameters in them; the context `stacks` says which, and what else they have."""

import json
import os
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ses as ses

from ses_sending_policy import SendingPolicy, SendingPolicyProvider
from tests.deployed.assets import code_of, without_rules


def grant(policy: SendingPolicy, kind: str) -> None:
    """Add a grant whose decisive value is a parameter."""
    is_list = kind == "addresses"
    parameter = cdk.CfnParameter(policy, "Value", type="CommaDelimitedList" if is_list else "String")
    parameter.override_logical_id("Value")
    value = parameter.value_as_string if not is_list else ""
    match kind:
        case "principal":
            policy.allow_principal(iam.ArnPrincipal(value))
        case "account":
            policy.allow_account(value)
        case "date":
            policy.allow_account("222222222222", not_after=value)
        case "addresses":
            policy.allow_account("222222222222", from_addresses=parameter.value_as_list)
        case "action":
            policy.allow_account("222222222222", actions=[value])


def make(app: cdk.App, name: str, wanted: dict[str, Any]) -> None:
    env = cdk.Environment(account=os.environ["CDK_DEFAULT_ACCOUNT"], region=os.environ["CDK_DEFAULT_REGION"])
    stack = cdk.Stack(app, name, env=env)
    domain = f"{name.lower()}.example"
    identity = ses.EmailIdentity(stack, "Identity", identity=ses.Identity.domain(domain))
    if wanted.get("before"):
        provider = SendingPolicyProvider.of(stack)
        [function] = [each for each in provider.node.find_all() if isinstance(each, cdk.aws_lambda.CfnFunction)]
        function.add_property_override("Code", code_of(stack, without_rules))
    policy = SendingPolicy(stack, "Policy", identity=identity, policy_name="policy")
    grant(policy, wanted["kind"])
    for rule in wanted.get("acknowledged", []):
        acknowledgment = cdk.Acknowledgment(id=f"ses-sending-policy::{rule}", reason="agreed")
        cdk.Validations.of(policy).acknowledge(acknowledgment)
    if wanted.get("fails_last"):
        last = SendingPolicy(stack, "Last", identity="nowhere.example")
        last.allow_account("222222222222")
        last.node.add_dependency(policy)


def earlier(template: Path) -> None:
    """Write a template as a release did that had no such properties."""
    whole = json.loads(template.read_text(encoding="utf-8"))
    for resource in whole["Resources"].values():
        if resource["Type"] == "Custom::SendingPolicy":
            assert resource["Properties"].pop("Unknown")
    template.write_text(json.dumps(whole), encoding="utf-8")


app = cdk.App()
stacks = json.loads(app.node.get_context("stacks"))
for name, wanted in stacks.items():
    make(app, name, wanted)
assembly = app.synth()
for name, wanted in stacks.items():
    if wanted.get("before"):
        earlier(Path(assembly.directory, f"{name}.template.json"))
