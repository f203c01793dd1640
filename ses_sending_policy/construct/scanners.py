"""Suppresses findings of cdk-nag and checkov on the function and its role, with a reason for each, in metadata.

The scanners themselves are not needed for that: they read the metadata. docs/reference/scanners.md lists all of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import aws_cdk as cdk
from constructs import IConstruct

from ses_sending_policy.construct.identity import Environment
from ses_sending_policy.construct.tokens import has_token

# cdk-nag's packs that refuse every inline policy of a role, whatever it allows.
_NO_INLINE_POLICY: Final = ("NIST.800.53.R4", "NIST.800.53.R5", "HIPAA.Security", "PCI.DSS.321")

_ABOUT_FUNCTIONS: Final = ("NIST.800.53.R5", "HIPAA.Security")


@dataclass(frozen=True, slots=True)
class NagSuppression:
    """A suppression of a finding of cdk-nag.

    :param pack: the pack that the rule belongs to, as `AwsSolutions`.
    :param rule: the rule, as `IAM5`.
    :param reason: why the finding is suppressed.
    :param finding: which of the rule's findings, as `Resource::*`. Default: - the rule has only one on a resource.
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
        """The suppression as cdk-nag 3 reads it."""
        which = f"[{self.finding}]" if self.finding else ""
        return cdk.Acknowledgment(id=f"{self.pack}::{self.id}{which}", reason=self.reason)

    @property
    def suppression(self) -> dict[str, Any]:
        """The suppression as cdk-nag 2 reads it."""
        only = {"applies_to": [self.finding]} if self.finding else {}
        return {"id": self.id, "reason": self.reason} | only


def in_controls(rule: str, reason: str) -> tuple[NagSuppression, ...]:
    """Return the suppressions of a rule about functions, for both packs that have it."""
    return tuple(NagSuppression(pack, rule, reason) for pack in _ABOUT_FUNCTIONS)


def inline_policy(reason: str) -> tuple[NagSuppression, ...]:
    """Return the suppressions for all packs that refuse an inline policy of a role."""
    return tuple(NagSuppression(pack, "IAMNoInlinePolicy", reason) for pack in _NO_INLINE_POLICY)


def answer(construct: IConstruct, *answers: NagSuppression) -> None:
    """Suppress some findings of cdk-nag on the resource of `construct`, if it has one, else on `construct`."""
    resource = construct.node.default_child
    if not isinstance(resource, cdk.CfnResource):
        cdk.Validations.of(construct).acknowledge(*(each.acknowledgment for each in answers))
        return
    # A given role may already have suppressions.
    others = (resource.get_metadata("cdk_nag") or {}).get("rules_to_suppress", [])
    answer_new(construct, resource, *answers, others=others)


def answer_new(
    construct: IConstruct, resource: cdk.CfnResource, *answers: NagSuppression, others: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Suppress findings on the `resource` of `construct`, which has no suppressions in its metadata but `others`."""
    # cdk-nag 3 reads the CDK's acknowledgements, and cdk-nag 2 the resource's metadata.
    cdk.Validations.of(construct).acknowledge(*(each.acknowledgment for each in answers))
    resource.add_metadata("cdk_nag", {"rules_to_suppress": [*others, *(each.suppression for each in answers)]})


def as_cdk_nag_writes(environment: Environment) -> Environment:
    """Return `environment` as cdk-nag writes it in a finding's id: with `<AWS::Region>` for an unknown region."""
    return Environment(
        partition=_written(environment.partition, "Partition"),
        region=_written(environment.region, "Region"),
        account=_written(environment.account, "AccountId"),
    )


def _written(value: str, name: str) -> str:
    return f"<AWS::{name}>" if has_token(value) else value


def answer_checkov(resource: cdk.CfnResource, reasons: Mapping[str, str]) -> None:
    """Make checkov skip some checks for `resource`: `reasons` has a reason for each check's id."""
    skip = [{"id": check, "comment": reason} for check, reason in reasons.items()]
    resource.add_metadata("checkov", {"skip": skip})
