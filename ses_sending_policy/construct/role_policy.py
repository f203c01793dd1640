"""The IAM policy of a provider's role: for all identities of its account and region, or for those of a list."""

import json
import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk.interfaces.aws_ses import IEmailIdentityRef
from constructs import Construct

from ses_sending_policy.analysis.reading.sizes import least_bytes
from ses_sending_policy.construct.identity import Environment, NamedIdentity, named_identity
from ses_sending_policy.construct.scanners import NagSuppression, as_cdk_nag_writes, inline_policy
from ses_sending_policy.construct.tokens import has_token
from ses_sending_policy.rules.errors import DeclarationError

# The four calls that the function makes. Each takes an identity as its resource, and nothing else:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
_ACTIONS: Final = (
    "ses:CreateEmailIdentityPolicy",
    "ses:DeleteEmailIdentityPolicy",
    "ses:GetEmailIdentityPolicies",
    "ses:UpdateEmailIdentityPolicy",
)

# The calls by which the function asks CloudFormation about its own stack. All three have a stack's ARN as resource:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
_QUESTIONS: Final = (
    "cloudformation:DescribeStackEvents",  # which policy CloudFormation completed, after an overtaken event
    "cloudformation:DescribeStackResource",  # whether an event is still wanted, after it waited for SES
    "cloudformation:DescribeStacks",  # whether the stack is being rolled back
)

_WHY_EVERY_IDENTITY: Final = (
    "A policy is deleted after its identity has left the template: a role with a list of identities would lose the "
    "right to clean up exactly then. It is bound to four actions on the identities of one account and region."
)

_WHY_INLINE: Final = (
    "It is what the function of this one stack does: it goes with its one role, and nobody else has use for it."
)

# "the total aggregate policy size (the sum size of all inline policies) per entity cannot exceed the following limits:
# [...] Role policy size cannot exceed 10,240 characters."
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_ROLE_CHARACTERS: Final = 10240
# Half, because the policies of a changed list and of the old list exist side by side until the clean-up.
_MOST_CHARACTERS: Final = _ROLE_CHARACTERS // 2

# "You can use wildcard characters (* and ?) within any ARN segment", and "${" begins a variable:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
# "Policy documents can contain only [...] characters in the range U+0020 to U+00FF."
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
_NOT_LITERAL: Final = re.compile(r"[*?]|\$\{|[^\x20-\xff]")

# The digits of the hash that tells one list from another.
_DIGITS: Final = 8
# "Names of [...] policies [...] Maximum length 128 characters", with the hash behind.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_NAME_LENGTH: Final = 128 - _DIGITS - 1


class ListedIdentities:
    """The list of identities that a provider is limited to.

    :param given: the identities, as `SendingPolicyProvider` takes them.
    :param stack: the provider's stack.
    :param environment: the stack's environment.
    """

    def __init__(self, given: Sequence[IEmailIdentityRef | str], stack: cdk.Stack, environment: Environment) -> None:
        if isinstance(given, str) or not given:
            raise DeclarationError(
                f"identities is {given!r}: give a list of at least one, or leave it out for every identity of the "
                "account and region"
            )
        named = [_checked(named_identity(each, environment)) for each in given]
        self._labels = sorted({each.label for each in named})
        # ARNs of declared names where these are known, and not of references: a reference stays the same when an
        # `EmailIdentity` is renamed, and the function calls SES with the canonical form of the name.
        arns = [each.arn if has_token(each.label) else environment.identity_arn(each.label) for each in named]
        # Keyed by their JSON in the template, because tokens differ from synth to synth.
        self._by_text: dict[str, str] = dict(sorted(zip(map(json.dumps, stack.resolve(arns)), arns, strict=True)))

    @property
    def arns(self) -> list[str]:
        """The identities' ARNs, without duplicates."""
        return list(self._by_text.values())

    @property
    def digest(self) -> str:
        """A short hash of the list, which does not depend on its order."""
        return sha256("\n".join(self._by_text).encode()).hexdigest()[:_DIGITS]

    def check(self, named: NamedIdentity) -> None:
        """Raise `DeclarationError` if `named` is certainly not in the list: one known only at deploy may be in it."""
        labels = self._labels
        if named.label in labels or any(map(has_token, (named.label, *labels))):
            return
        domain = named.label.rpartition("@")[2]
        hint = ", for a policy hangs on the address and not on its domain" if domain in labels else ""
        raise DeclarationError(
            f"identity {named.label!r} is not among the provider's, which are {', '.join(map(repr, labels))}: add it "
            f"to its identities{hint}, or give another provider"
        )


def _checked(named: NamedIdentity) -> NamedIdentity:
    """Return `named`; raise `DeclarationError` if its ARN in an IAM policy could match other identities as well."""
    if named.label.startswith("#{"):
        raise DeclarationError(
            "identities contains a token for a list, whose items only the deploy knows: give each identity by itself"
        )
    # A token is skipped, since it is written like a policy variable.
    found = None if has_token(named.label) else _NOT_LITERAL.search(named.label)
    if found:
        raise DeclarationError(
            f"identities has {named.label!r}, which the policy of a role cannot name exactly because of {found[0]!r}: "
            "give whole names, and for a name with such a character use a provider without a list"
        )
    return named


def role_policy(
    scope: Construct,
    listed: ListedIdentities | None,
    environment: Environment,
    *,
    stack_id: str,
    log_group: logs.ILogGroup,
    key: kms.IKey | None,
) -> tuple[iam.Policy, tuple[NagSuppression, ...]]:
    """Return the IAM policy to attach to a provider's role, and the suppressions of scanners' findings on it.

    :param scope: the provider.
    :param listed: the identities that the provider is limited to; None means every identity.
    :param environment: the stack's environment.
    :param stack_id: the stack that the function asks CloudFormation about.
    :param log_group: the log group that the function writes to.
    :param key: the key of the function's environment.
    """
    # Every identity by default, and not those that the policies name: when an identity leaves the template, its policy
    # at SES is deleted after the role has been updated, which would have taken away the permission for that (aws-cdk
    # issues 9840 and 14037). For the same reason a changed list becomes a new IAM policy: the old one is deleted after
    # the policies at SES that wait for it.
    statements = [
        *([_allow(("kms:Decrypt",), key.key_arn)] if key else []),
        _allow(_ACTIONS, *(listed.arns if listed else [environment.identity_arn("*")])),
        _allow(_QUESTIONS, stack_id),
        # Without `logs:CreateLogGroup`, by which the function could make a deleted log group again, without retention.
        _allow(("logs:CreateLogStream", "logs:PutLogEvents"), log_group.log_group_arn),
    ]
    # From JSON, because each `iam.PolicyStatement` would be a call to Node.
    document = iam.PolicyDocument.from_json({"Statement": statements})
    if listed is None:
        policy = iam.Policy(scope, "Policy", document=document)
        every_identity = as_cdk_nag_writes(environment).identity_arn("*")
        wildcard = NagSuppression("AwsSolutions", "IAM5", _WHY_EVERY_IDENTITY, f"Resource::{every_identity}")
        return policy, (wildcard, *inline_policy(_WHY_INLINE))
    # With the stack in its name: other stacks may use the same role, in which policies of equal names would be one.
    name = cdk.Names.unique_resource_name(scope, max_length=_NAME_LENGTH, separator="-")
    id_ = f"Policy{listed.digest}"
    policy = iam.Policy(scope, id_, policy_name=f"{name}-{listed.digest}", document=document)
    _check_size(policy, listed)
    return policy, inline_policy(_WHY_INLINE)


def _allow(actions: Sequence[str], *resources: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": [*actions], "Resource": [*resources]}


def _check_size(policy: iam.Policy, listed: ListedIdentities) -> None:
    size = least_bytes(cdk.Stack.of(policy).resolve(policy.document))
    if size > _MOST_CHARACTERS:
        raise DeclarationError(
            f"identities are {len(listed.arns)}, with which the policy of the role has {size} characters: allowed are "
            f"{_MOST_CHARACTERS}, half of what a role can have, because a changed list is added before the old one is "
            "deleted; give some of them to a provider of their own"
        )
