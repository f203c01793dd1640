"""What a provider's role may do: with all identities of its account and region, or with those of a list."""

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

# What the function asks CloudFormation about its own stack. All three take a stack's ARN as their resource:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudformation.html
_QUESTIONS: Final = (
    "cloudformation:DescribeStackEvents",  # what the last event that was answered declared, after being overtaken
    "cloudformation:DescribeStackResource",  # whether it is still wanted, while it waits for its turn at SES
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
# A list that has changed stands beside the one before until that is cleaned up.
_MOST_CHARACTERS: Final = _ROLE_CHARACTERS // 2

# "You can use wildcard characters (* and ?) within any ARN segment", and "${" begins a variable:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
# "Policy documents can contain only [...] characters in the range U+0020 to U+00FF."
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
_NOT_LITERAL: Final = re.compile(r"[*?]|\$\{|[^\x20-\xff]")

# Of the hash that tells one list from another.
_DIGITS: Final = 8
# "Names of [...] policies [...] Maximum length 128 characters", with the hash behind.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_NAME_LENGTH: Final = 128 - _DIGITS - 1


class ListedIdentities:
    """The identities that a provider is for.

    :param given: as `SendingPolicyProvider` takes them.
    :param stack: the stack of the provider.
    :param environment: that of the stack.
    """

    def __init__(self, given: Sequence[IEmailIdentityRef | str], stack: cdk.Stack, environment: Environment) -> None:
        if isinstance(given, str) or not given:
            raise DeclarationError(
                f"identities is {given!r}: give a list of at least one, or leave it out for every identity of the "
                "account and region"
            )
        named = [_checked(named_identity(each, environment)) for each in given]
        self._labels = sorted({each.label for each in named})
        # By the declared name, where that is known, and not by a reference: that stays where an `EmailIdentity` gets
        # another name, and the function calls SES with the one form that a name has.
        arns = [each.arn if has_token(each.label) else environment.identity_arn(each.label) for each in named]
        # By what they are in a template, for a token is another one in each synth.
        self._by_text: dict[str, str] = dict(sorted(zip(map(json.dumps, stack.resolve(arns)), arns, strict=True)))

    @property
    def arns(self) -> list[str]:
        """Their ARNs, each once."""
        return list(self._by_text.values())

    @property
    def digest(self) -> str:
        """A few digits that are others for another list, in whatever order that is."""
        return sha256("\n".join(self._by_text).encode()).hexdigest()[:_DIGITS]

    def check(self, named: NamedIdentity) -> None:
        """Raise `DeclarationError` where `named` is not among them; what only the deploy knows may be."""
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
    """Return `named`, or raise `DeclarationError` where a role's policy would not mean it alone."""
    if named.label.startswith("#{"):
        raise DeclarationError(
            "identities has a list in it of which only the deploy knows what it has: give each identity by itself"
        )
    # A token is written in the way of a variable.
    found = None if has_token(named.label) else _NOT_LITERAL.search(named.label)
    if found:
        raise DeclarationError(
            f"identities has {named.label!r}, and with {found[0]!r} in it the policy of a role would not mean that "
            "one: give the whole name of each, and one that has such a character a provider without a list"
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
    """Return the policy of a provider's role, for that to be attached to, and what is answered to scanners on it.

    :param scope: the provider.
    :param listed: the identities that it is for. None is every identity.
    :param environment: that of the stack.
    :param stack_id: the stack that the function asks about.
    :param log_group: what the function writes to.
    :param key: of the function's environment.
    """
    # Every identity, and not those that the policies name: when an identity leaves the template, its policy is deleted
    # after the role has been updated. A list in a policy that is updated would have lost the right to do that by then
    # (aws-cdk issues 9840 and 14037). So another list is another policy, and the one before goes by itself: behind
    # the policies at SES that wait for it.
    statements = [
        *([_allow(("kms:Decrypt",), key.key_arn)] if key else []),
        _allow(_ACTIONS, *(listed.arns if listed else [environment.identity_arn("*")])),
        _allow(_QUESTIONS, stack_id),
        # The log group is there: `logs:CreateLogGroup` would make one without a retention when it has gone.
        _allow(("logs:CreateLogStream", "logs:PutLogEvents"), log_group.log_group_arn),
    ]
    # All at once: each `iam.PolicyStatement` is a call to Node.
    document = iam.PolicyDocument.from_json({"Statement": statements})
    if listed is None:
        policy = iam.Policy(scope, "Policy", document=document)
        every_identity = as_cdk_nag_writes(environment).identity_arn("*")
        wildcard = NagSuppression("AwsSolutions", "IAM5", _WHY_EVERY_IDENTITY, f"Resource::{every_identity}")
        return policy, (wildcard, *inline_policy(_WHY_INLINE))
    # With the stack in its name: a role may be another stack's as well, and would have one policy of a name.
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
            f"identities are {len(listed.arns)}, and the policy of the role has {size} characters with them: allowed "
            f"are {_MOST_CHARACTERS}, half of what a role holds, for a changed list stands beside the one before; give "
            "some of them to a provider of their own"
        )
