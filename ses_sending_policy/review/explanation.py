"""Who may send as what: the grants of each policy, each as a sentence."""

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

# What is one resource's stands side by side.
_WAYS: Final = MOST_VARIANTS


@dataclass(frozen=True, slots=True)
class Explained:
    """A policy, and what it gives.

    :param policy: the policy.
    :param path: that of its construct, or nothing where that is not known.
    :param grants: each with its sentence, what is allowed first, and the identities that it does not count for.
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
        """Where a person looks for it: in the app, or else in the stack."""
        return self.path or self.policy.owner


@dataclass(frozen=True, slots=True)
class Explanation:
    """Who may send as what.

    :param policies: all of them, those of one identity in one place beside each other.
    :param reviewed: what it was read from.
    """

    policies: Sequence[Explained]
    reviewed: Reviewed

    @classmethod
    def of(cls, reviewed: Reviewed) -> "Explanation":
        """Return the explanation of all that is reviewed."""
        # Two ways in which a condition comes true may make the same of a policy.
        said: list[Declared] = []
        policies = []
        hiding = Hiding(reviewed.policies)
        for policy in reviewed.policies:
            if replace(policy, answers=()) not in said[-_WAYS:]:
                said.append(replace(policy, answers=()))
                policies.append(_explained(policy, reviewed.constructs.path(policy), hiding))
        return cls(policies, reviewed)

    def by_identity(self) -> Iterator[tuple[str, list[Explained]]]:
        """Yield the policies of each identity in one place, under what people call the two."""
        for _, group in groupby(self.policies, lambda each: (each.policy.identity_key, each.policy.identity_text)):
            found = list(group)
            yield f"{found[0].policy.identity_text} in {place_of(found[0].policy)}", found


def place_of(policy: Declared) -> str:
    """Return where a policy is deployed, in words; with its stack, where account or region is not known before."""
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
