"""Short words that all tests of the construct share."""

import inspect
import re
from typing import Any

import aws_cdk as cdk
from aws_cdk import assertions
from aws_cdk import aws_iam as iam
from constructs import Construct

from ses_sending_policy.analysis.findings.catalogue import PLUGIN
from ses_sending_policy.rules.wire import RESOURCE_TYPE

ENVIRONMENT = cdk.Environment(account="111111111111", region="eu-west-1")
ARN = "arn:aws:ses:eu-west-1:111111111111:identity/example.com"
DOCUMENT: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "222222222222"}, "Action": "ses:SendEmail"}],
}

# The CDK's own validation takes two seconds per template; the oldest supported releases have none.
_HAS_A_LOOK = "builtin_cloud_formation_validation" in inspect.signature(cdk.App.__init__).parameters
QUICK: dict[str, Any] = {"builtin_cloud_formation_validation": False} if _HAS_A_LOOK else {}


def new_app(**context: Any) -> cdk.App:
    # With a literal partition, people can read the ARNs.
    flags = {"@aws-cdk/core:enablePartitionLiterals": True}
    return cdk.App(context=flags | context, **QUICK)


def statement(*accounts: str, **options: Any) -> iam.PolicyStatement:
    principals = [iam.AccountPrincipal(account) for account in accounts or ("222222222222",)]
    arguments: dict[str, Any] = {"actions": ["ses:SendEmail"], "principals": principals}
    return iam.PolicyStatement(**arguments | options)


def resources(stack: cdk.Stack, type_: str = RESOURCE_TYPE) -> dict[str, dict[str, Any]]:
    """Return the stack's resources of a type, by logical id."""
    template = assertions.Template.from_stack(stack).to_json()
    return {key: item for key, item in template["Resources"].items() if item["Type"] == type_}


def only(stack: cdk.Stack, type_: str = RESOURCE_TYPE) -> dict[str, Any]:
    """Return the stack's only resource of a type."""
    [resource] = resources(stack, type_).values()
    return resource


def policy(stack: cdk.Stack) -> Any:
    """Return the document of the stack's only policy, as the template has it."""
    return only(stack)["Properties"]["Policy"]


def acknowledge(scope: Construct, rule: str) -> None:
    """Acknowledge what a rule finds in this scope."""
    acknowledgment = cdk.Acknowledgment(id=f"{PLUGIN}::{rule}", reason="agreed in MAIL-1")
    cdk.Validations.of(scope).acknowledge(acknowledgment)


def said(error: Exception) -> str:
    """Return an error's sentence, without the path of its construct at the beginning."""
    path, _, sentence = str(error).partition(": ")
    assert re.fullmatch(r"\w+(/\w+)+", path), f"it names no construct: {error}"
    return sentence
