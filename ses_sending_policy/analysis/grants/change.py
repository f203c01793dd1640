"""A change of permissions: what was allowed before, what is allowed after, and whether that is more."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Final

from ses_sending_policy.analysis.grants.grant import Grant
from ses_sending_policy.analysis.grants.permission import Permission, PermissionScope
from ses_sending_policy.analysis.grants.sentence import sentence
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.requests.request import Request


class Kind(StrEnum):
    """What happened to something that a policy allows or denies."""

    ADDED = "added"
    REMOVED = "removed"
    WIDENED = "widened"
    """The Allow permits more than it did, or the Deny forbids more."""
    NARROWED = "narrowed"
    """The Allow permits less than it did, or the Deny forbids less."""
    CHANGED = "changed"
    """It allows or denies something else, and it is unknown whether that is more."""


class Verdict(StrEnum):
    """What happened to the access. Several changes together have that of their verdicts that comes first here."""

    BROADENED = "broadened"
    """Somebody may do what was not allowed before."""
    CHANGED = "changed"
    """It is not known whether somebody may do what was not allowed before."""
    NARROWED = "narrowed"
    """Nobody may do what was not allowed before, and somebody may no longer do what was."""
    UNCHANGED = "unchanged"
    """The same is allowed as before."""

    @property
    def may_allow_more(self) -> bool:
        """Whether the change allows, or may allow, what was not allowed before."""
        return self in (Verdict.BROADENED, Verdict.CHANGED)


_OF_ALLOWS: Final = {
    Kind.ADDED: Verdict.BROADENED,
    Kind.WIDENED: Verdict.BROADENED,
    Kind.REMOVED: Verdict.NARROWED,
    Kind.NARROWED: Verdict.NARROWED,
    Kind.CHANGED: Verdict.CHANGED,
}
_OF_DENIALS: Final = _OF_ALLOWS | {
    Kind.ADDED: Verdict.NARROWED,
    Kind.WIDENED: Verdict.NARROWED,
    Kind.REMOVED: Verdict.BROADENED,
    Kind.NARROWED: Verdict.BROADENED,
}

# For each effect, the words with which the sentence about a change begins.
_WORDS: Final = {
    Kind.ADDED: {"Allow": "from now on", "Deny": "from now on"},
    Kind.REMOVED: {"Allow": "no longer", "Deny": "no longer"},
    Kind.WIDENED: {"Allow": "more than before", "Deny": "stricter than before"},
    Kind.NARROWED: {"Allow": "less than before", "Deny": "laxer than before"},
    Kind.CHANGED: {"Allow": "not as before", "Deny": "not as before"},
}


@dataclass(frozen=True, slots=True)
class ComparedGrant:
    """A grant, and the policy that it stands in.

    :param policy: the policy.
    :param grant: the grant, with only those actions that are changed.
    """

    policy: Declared
    grant: Grant

    @property
    def sentence(self) -> str:
        """Who may send as what and under which conditions, including conditions of the template.

        If a domain's policy counts for an identity without its own, the sentence says so.
        """
        domain = self.policy.identity_name
        counts = f"by the policy of {domain}, which counts while {self.grant.identity} has none of its own"
        by_domain = [] if self.grant.identity == domain else [counts]
        return ", ".join([sentence(self.grant), *by_domain, *self.policy.provisos])


@dataclass(frozen=True)
class Change:
    """One change of what is allowed, for one identity in one account and region.

    :param kind: what happened to the permissions.
    :param before: the permissions before; empty if something is added.
    :param after: the permissions after; empty if something is removed.
    :param witness: a request that is allowed after the change and was not before, whichever accounts and regions the
        stacks are in, and whether or not a policy that may stay does stay. Default: - none is known.
    :param may_be_there: whether what the change allows may have been allowed before as well. Default: - it was not.
    """

    kind: Kind
    before: tuple[Permission, ...]
    after: tuple[Permission, ...]
    witness: Request | None = None
    may_be_there: bool = False

    @property
    def effect(self) -> str:
        """`Allow` or `Deny`; or another text if only the deploy knows the effect."""
        return (self.after or self.before)[0].effect

    @property
    def place(self) -> PermissionScope:
        """The account, region and identity that the change is about."""
        return (self.after or self.before)[0].place

    @property
    def identity(self) -> str:
        """The identity's name for people."""
        return (self.after or self.before)[0].grant.identity

    @property
    def policy(self) -> Declared:
        """The policy that a reviewer looks into first."""
        return (self.after or self.before)[0].policy

    @property
    def verdict(self) -> Verdict:
        """What the change means for the access: to deny less is to allow more."""
        if self.witness:
            return Verdict.BROADENED
        verdict = {"Allow": _OF_ALLOWS, "Deny": _OF_DENIALS}.get(self.effect, {}).get(self.kind, Verdict.CHANGED)
        return Verdict.CHANGED if verdict is Verdict.BROADENED else verdict

    # Cached, because each output format uses these properties more than once, and they are costly to build.
    @cached_property
    def grants_before(self) -> list[ComparedGrant]:
        """The grants that the permissions `before` are parts of, each with only the actions of these permissions."""
        return _compared_grants(self.before)

    @cached_property
    def grants_after(self) -> list[ComparedGrant]:
        """The grants that the permissions `after` are parts of, each with only the actions of these permissions."""
        return _compared_grants(self.after)

    @cached_property
    def sentence(self) -> str:
        """The change as one plain sentence: in lower case, and without a full stop."""
        before, after = _listed(self.grants_before), _listed(self.grants_after)
        words = _WORDS[self.kind].get(self.effect, "not as before")
        if before == after:
            return f"{words}, in what these words do not say: {after}"
        return f"{words}: {after}; it was: {before}" if before and after else f"{words}: {before or after}"


def _listed(grants: Sequence[ComparedGrant]) -> str:
    return "; and ".join(each.sentence for each in grants)


def _compared_grants(permissions: Sequence[Permission]) -> list[ComparedGrant]:
    """Return the grants that `permissions` are parts of, each with only the actions of these permissions."""
    groups: dict[Permission, list[Permission]] = {}
    for each in permissions:
        groups.setdefault(replace(each, action=""), []).append(each)
    found = []
    for whole, parts in groups.items():
        actions = sorted({each.action: each.spelled for each in parts}.values())
        found.append(ComparedGrant(whole.policy, replace(whole.grant, actions=tuple(actions))))
    return sorted(found, key=lambda entry: entry.sentence) if len(found) > 1 else found
