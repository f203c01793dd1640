"""What scanners of a template report of the function and its role, and the answer that it carries for them.

No scanner is needed for that: each reads the answers out of metadata. docs/reference/scanners.md has all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import aws_cdk as cdk
from constructs import IConstruct

from ses_sending_policy.construct.identity import Environment
from ses_sending_policy.construct.tokens import has_token

# Those of cdk-nag's packs that refuse every policy in a role, whatever it allows.
_NO_INLINE_POLICY: Final = ("NIST.800.53.R4", "NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321")

_ABOUT_FUNCTIONS: Final = ("NIST.800.53.R5", "HIPAA.Security")


@dataclass(frozen=True, slots=True)
class NagSuppression:
    """Why a finding of cdk-nag stays.

    :param pack: whose rule it is, as `AwsSolutions`.
    :param rule: the rule, as `IAM5`.
    :param reason: why it stays.
    :param finding: which of the rule's findings, as `Resource::*`. Default: - the rule has but one on a resource.
    """

    pack: str
    rule: str
    reason: str
    finding: str = ""

    @property
    def id(self) -> str:
        """The id of the rule."""
        return f"{self.pack}-{self.rule}"

    @property
    def acknowledgment(self) -> cdk.Acknowledgment:
        """What cdk-nag 3 reads."""
        which = f"[{self.finding}]" if self.finding else ""
        return cdk.Acknowledgment(id=f"{self.pack}::{self.id}{which}", reason=self.reason)

    @property
    def suppression(self) -> dict[str, Any]:
        """What cdk-nag 2 reads."""
        only = {"applies_to": [self.finding]} if self.finding else {}
        return {"id": self.id, "reason": self.reason} | only


def in_controls(rule: str, reason: str) -> tuple[NagSuppression, ...]:
    """Return the answers to a rule about functions of the two packs that have it."""
    return tuple(NagSuppression(pack, rule, reason) for pack in _ABOUT_FUNCTIONS)


def inline_policy(reason: str) -> tuple[NagSuppression, ...]:
    """Return the answers to all packs that refuse a policy in a role."""
    return tuple(NagSuppression(pack, "IAMNoInlinePolicy", reason) for pack in _NO_INLINE_POLICY)


def answer_cdk_nag(construct: IConstruct, rule: str, finding: str, reason: str) -> None:
    """Suppress a finding of cdk-nag's AwsSolutions on what `construct` makes.

    :param construct: what it is found on.
    :param rule: the rule, as `IAM5`.
    :param finding: which of the rule's findings, as `Resource::*`.
    :param reason: why it stays.
    """
    answer(construct, NagSuppression("AwsSolutions", rule, reason, finding))


def answer(construct: IConstruct, *answers: NagSuppression) -> None:
    """Suppress some findings of cdk-nag on what `construct` makes."""
    resource = construct.node.default_child
    if not isinstance(resource, cdk.CfnResource):
        cdk.Validations.of(construct).acknowledge(*(each.acknowledgment for each in answers))
        return
    # A given role may have some already.
    others = (resource.get_metadata("cdk_nag") or {}).get("rules_to_suppress", [])
    answer_new(construct, resource, *answers, others=others)


def answer_new(
    construct: IConstruct, resource: cdk.CfnResource, *answers: NagSuppression, others: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Do so where `resource` is what `construct` makes, and nobody has answered anything but `others` there."""
    # cdk-nag 3 finds it by the CDK's acknowledgements, and cdk-nag 2 in the template.
    cdk.Validations.of(construct).acknowledge(*(each.acknowledgment for each in answers))
    resource.add_metadata("cdk_nag", {"rules_to_suppress": [*others, *(each.suppression for each in answers)]})


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
