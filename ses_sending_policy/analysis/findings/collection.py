"""Rules about several policies together: on one identity, with one name, or on an address and its domain."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from ses_sending_policy.analysis.findings.finding import Finding, Rule, Severity
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.domains import domains_of
from ses_sending_policy.analysis.reading.intrinsics import is_known, text_of
from ses_sending_policy.rules.document import compact
from ses_sending_policy.rules.limits import POLICIES_PER_IDENTITY

_SOURCE: Final = "https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-identity-owner-tasks-policy.html"


def _by_identity(policies: Sequence[Declared]) -> Iterator[list[Declared]]:
    """Yield the policies of each identity, without those that do not exist under some conditions of the template.

    Several variants of one resource, depending on conditions, count as one policy.
    """
    groups: dict[tuple[str, ...], dict[object, Declared]] = {}
    for policy in policies:
        if not policy.is_conditional:
            groups.setdefault(policy.identity_key, {}).setdefault((policy.template, policy.owner), policy)
    for group in groups.values():
        yield list(group.values())


class TooMany(Rule):
    """An identity has more policies than SES takes."""

    id = "SES008"
    severity = Severity.ERROR
    title = "an identity has more policies than SES takes"
    reason = f"SES takes {POLICIES_PER_IDENTITY} policies on an identity; those that nobody declares count as well."
    source = _SOURCE
    fix = "put the statements of several policies into one"

    def findings(self, policies: Sequence[Declared], _now: datetime, /) -> Iterator[Finding]:
        """Yield, for each identity with too many policies, the first one that exceeds the limit."""
        for group in _by_identity(policies):
            for policy in islice(group, POLICIES_PER_IDENTITY, POLICIES_PER_IDENTITY + 1):
                message = (
                    f"identity {policy.identity_text!r} gets {len(group)} policies, {POLICIES_PER_IDENTITY} are allowed"
                )
                yield self.found(policy, "Properties/EmailIdentity", message)


class SameName(Rule):
    """Two resources declare the same policy."""

    id = "SES009"
    severity = Severity.ERROR
    title = "two resources declare the same policy"
    reason = (
        "A policy is known by its identity and its name. Of two resources with the same ones the second fails to "
        "deploy, or the two write over each other in turn."
    )
    source = _SOURCE
    fix = "give one of them another policy name, or put the statements into one policy"

    def findings(self, policies: Sequence[Declared], _now: datetime, /) -> Iterator[Finding]:
        """Yield each policy that has the same identity and name as an earlier one."""
        for group in _by_identity(policies):
            owners: dict[tuple[str, str], Declared] = {}
            for policy in group:
                name = text_of(policy.policy_name)
                # Unknown names are compared within one stack: in another stack, the same function may give another
                # value.
                key = ("", name) if is_known(name) else (policy.stack, compact(policy.policy_name))
                first = owners.setdefault(key, policy)
                if first is not policy:
                    message = f"policy name {name!r} on {policy.identity_text!r} is also that of {first.owner}"
                    yield self.found(policy, "Properties/PolicyName", message)


class HiddenDomain(Rule):
    """A domain's policy does not count for an address that has a policy of its own."""

    id = "SES103"
    severity = Severity.WARNING
    title = "an address's policy hides its domain's"
    reason = (
        "Where an address is an identity of its own and has a policy, SES looks at that one, and a Deny of the "
        "domain's does not hold for mail from the address. IAM would add both up."
    )
    source = _SOURCE
    fix = "say on the address all that is to hold for it, or leave its policy out"

    def findings(self, policies: Sequence[Declared], _now: datetime, /) -> Iterator[Finding]:
        """Yield the first policy of each address whose domain also has a policy."""
        firsts = [group[0] for group in _by_identity(policies)]
        domains = {
            (policy.place, policy.known_identity.name): policy
            for policy in firsts
            if policy.known_identity and "@" not in policy.known_identity.name
        }
        for policy in firsts:
            name = policy.known_identity.name if policy.known_identity else ""
            hidden = [domains[policy.place, each] for each in domains_of(name) if (policy.place, each) in domains]
            for domain in hidden[:1]:
                message = f"mail from {name!r} is not held to the policies of {domain.identity_text!r}"
                yield self.found(policy, "Properties/EmailIdentity", message)
