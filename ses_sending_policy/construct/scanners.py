"""What scanners of a template report of the function and its role, and the answer that it carries for them.

No scanner is needed for that: each reads the answers out of metadata. docs/reference/scanners.md has all of them.
"""

from collections.abc import Mapping
from typing import Final

import aws_cdk as cdk
from constructs import IConstruct

from ses_sending_policy.construct.identity import Environment
from ses_sending_policy.construct.tokens import has_token

_PACK: Final = "AwsSolutions"


def answer_cdk_nag(construct: IConstruct, rule: str, finding: str, reason: str) -> None:
    """Suppress a finding of cdk-nag's AwsSolutions on what `construct` makes.

    :param construct: what it is found on.
    :param rule: the rule, as `IAM5`.
    :param finding: which of the rule's findings, as `Resource::*`.
    :param reason: why it stays.
    """
    id_ = f"{_PACK}-{rule}"
    # cdk-nag 3 finds it by the CDK's acknowledgements, and cdk-nag 2 in the template.
    acknowledgment = cdk.Acknowledgment(id=f"{_PACK}::{id_}[{finding}]", reason=reason)
    cdk.Validations.of(construct).acknowledge(acknowledgment)
    resource = construct.node.default_child
    if isinstance(resource, cdk.CfnResource):
        suppression = {"id": id_, "reason": reason, "applies_to": [finding]}
        # A given role may have some already.
        others = (resource.get_metadata("cdk_nag") or {}).get("rules_to_suppress", [])
        resource.add_metadata("cdk_nag", {"rules_to_suppress": [*others, suppression]})


def as_cdk_nag_writes(environment: Environment) -> Environment:
    """Return `environment` as a finding's id has it: `<AWS::Region>` where only the deploy knows the region."""
    return Environment(
        partition=_written(environment.partition, "Partition"),
        region=_written(environment.region, "Region"),
        account=_written(environment.account, "AccountId"),
    )


def _written(value: str, name: str) -> str:
    return f"<AWS::{name}>" if has_token(value) else value


def answer_checkov(resource: cdk.CfnResource, reasons: Mapping[str, str]) -> None:
    """Have checkov skip some of its checks for `resource`: the id of each, and why."""
    skip = [{"id": check, "comment": reason} for check, reason in reasons.items()]
    resource.add_metadata("checkov", {"skip": skip})
