"""The result of `explain`: who may send as which identity, a sentence for each grant of each policy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from ses_sending_policy.analysis.grants.grant import Grant, grants_of
from ses_sending_policy.analysis.grants.hiding import Hidden, Hiding, except_for
from ses_sending_policy.analysis.grants.sentence import sentence
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.variants import MOST_VARIANTS
from ses_sending_policy.review.assembly import Reviewed

# With how many policies before it each policy is compared, to find duplicates. It is enough, because the variants of
# one resource are next to each other.
_WAYS: Final = MOST_VARIANTS


@dataclass(frozen=True, slots=True)
class Explained:
    """A policy and its grants.

    :param policy: the policy.
    :param path: the path of its construct, or empty if it is not known.
    :param grants: for each grant its sentence, the grant, and the identities that it has no effect on because they have
        policies of their own. Grants that allow come before those that deny.
    """

    policy: Declared
    path: str
    grants: Sequence[tuple[str, Grant, Sequence[Hidden]]]

    @property
    def name(self) -> str:
        """The policy's name at SES."""
        return self.policy.name

    @property
    def origin(self) -> str:
        """Where a reader finds the policy: the path of its construct, or else its stack and logical id."""
        return self.path or self.policy.owner


@dataclass(frozen=True, slots=True)
class Explanation:
    """Who may send as which identity.

    :param policies: all policies; those of the same identity, account and region are next to each other.
    :param reviewed: what was read, with the policies, the constructs and the unread parts.
    """

    policies: Sequence[Explained]
    reviewed: Reviewed

    @classmethod
    def of(cls, reviewed: Reviewed) -> "Explanation":
        """Return the explanation of all reviewed policies."""
        # The conditions of a template may turn out in several ways. If two of them give the same policy, it is listed
        # once.
        said: list[Declared] = []
        policies = []
        hiding = Hiding(reviewed.policies)
        for policy in reviewed.policies:
            if replace(policy, answers=()) not in said[-_WAYS:]:
                said.append(replace(policy, answers=()))
                policies.append(_explained(policy, reviewed.constructs.path(policy), hiding))
        return cls(policies, reviewed)

    def by_identity(self) -> Iterator[tuple[str, list[Explained]]]:
        """Yield a heading for each identity, with its account and region, and the policies on this identity."""
        for _, group in groupby(self.policies, lambda each: (each.policy.identity_key, each.policy.identity_text)):
            found = list(group)
            yield f"{found[0].policy.identity_text} in {place_of(found[0].policy)}", found


def place_of(policy: Declared) -> str:
    """Return the account and region of a policy in words; if one of them is not known, its stack as well."""
    environment = policy.environment
    account = f"account {environment.account}" if environment.account else ""
    stack = "" if account and environment.region else f"stack {policy.root}"
    away = f"sent to {' and '.join(policy.away)}" if policy.away else ""
    return ", ".join(filter(None, (account, environment.region, stack, away)))


def _explained(policy: Declared, path: str, hiding: Hiding) -> Explained:
    told = {}
    for grant in grants_of(policy.document, policy.identity_text):
        hidden = hiding.of(policy, grant)
        words = ", ".join([sentence(grant), *except_for(hidden)])
        told[words] = (words, grant, hidden)
    return Explained(policy, path, sorted(told.values(), key=lambda each: (each[1].effect != "Allow", each[0])))
