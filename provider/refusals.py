"""Builds the failures, as sentences for the user, of policies that cannot be deployed or deleted."""

from provider.reasons import Failure, Reason, without_middle
from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.limits import POLICIES_PER_IDENTITY
from ses_sending_policy.rules.ownership import StackId, Target


def policy_limit(target: Target) -> Failure:
    """Return the failure of a policy whose identity already has the most policies that SES allows."""
    return Failure(
        Reason.POLICY_LIMIT,
        f"{target.identity.name!r} has {POLICIES_PER_IDENTITY} policies already, and SES allows no more; "
        f"put {target.policy_name!r} together with another, or delete one",
    )


def no_identity(target: Target, place: StackId) -> Failure:
    """Return the failure of a policy whose identity is not in the account and region of its stack."""
    return Failure(
        Reason.IDENTITY_NOT_FOUND,
        f"account {place.account} has no identity {target.identity.name!r} in {place.region}; "
        "make it there first, or deploy the policy where it is",
    )


def policy_exists(target: Target, live: LivePolicy) -> Failure:
    """Return the failure of a policy whose name is taken by another policy."""
    owner = f"belongs to {live.marker.owner}" if live.marker else "was not made by a SendingPolicy"
    return Failure(
        Reason.POLICY_EXISTS,
        f"{target} exists and {owner}",
        "choose another policy_name, or say when_exists ADOPT or OVERWRITE",
    )


def not_equivalent(target: Target, different: list[str]) -> Failure:
    """Return the failure to adopt a policy that is not equivalent: `different` has a sentence for each difference."""
    return Failure(
        Reason.NOT_EQUIVALENT,
        f"{target} cannot be adopted: {'; '.join(different)}",
        "declare what is there, or say when_exists OVERWRITE",
        without_middle,
    )


def adopted_and_unasked(target: Target, place: StackId, logical_id: str) -> Failure:
    """Return the failure of a Delete of an adopted policy, if it is not known whether the stack is rolling back."""
    doubt = f"{target} was adopted, and CloudFormation cannot be asked whether a rollback gives it back"
    return _unasked(doubt, "DescribeStacks and DescribeStackEvents", place, logical_id)


def unmarked_and_unasked(target: Target, place: StackId, logical_id: str) -> Failure:
    """Return the failure of a late Delete of a policy without a marker, if CloudFormation cannot be asked."""
    doubt = f"{target} has no marker any more, and CloudFormation cannot be asked whether it is to go"
    return _unasked(doubt, "DescribeStackResource", place, logical_id)


def _unasked(doubt: str, rights: str, place: StackId, logical_id: str) -> Failure:
    return Failure(
        Reason.ACCESS_DENIED,
        f"{doubt}; allow cloudformation:{rights} to the function's role, or keep it: aws cloudformation delete-stack "
        f"--stack-name {place.stack_name} --retain-resources {logical_id}",
    )
