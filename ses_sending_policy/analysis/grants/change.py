"""A change of permissions: what there was before, what there is after, and whether that is more."""

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
    """What became of something that is allowed or denied."""

    ADDED = "added"
    REMOVED = "removed"
    WIDENED = "widened"
    """It allows more than it did, or denies more."""
    NARROWED = "narrowed"
    """It allows less than it did, or denies less."""
    CHANGED = "changed"
    """It allows or denies something else, and it is not known whether that is more."""


class Verdict(StrEnum):
    """What became of the access. Of the verdicts on its parts, the whole has the one that comes first here."""

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
        """Whether somebody may do what was not allowed before, or that is not known."""
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

# What the sentence begins with, for each effect.
_WORDS: Final = {
    Kind.ADDED: {"Allow": "from now on", "Deny": "from now on"},
    Kind.REMOVED: {"Allow": "no longer", "Deny": "no longer"},
    Kind.WIDENED: {"Allow": "more than before", "Deny": "stricter than before"},
    Kind.NARROWED: {"Allow": "less than before", "Deny": "laxer than before"},
    Kind.CHANGED: {"Allow": "not as before", "Deny": "not as before"},
}


@dataclass(frozen=True, slots=True)
class Standing:
    """A grant, and the policy that it stands in.

    :param policy: the policy.
    :param grant: the part of the grant that is changed.
    """

    policy: Declared
    grant: Grant

    @property
    def sentence(self) -> str:
        """Who may send as what, under which conditions, those of the template included, and by whose policy."""
        domain = self.policy.identity_name
        counts = f"by the policy of {domain}, which counts while {self.grant.identity} has none of its own"
        by_domain = [] if self.grant.identity == domain else [counts]
        return ", ".join([sentence(self.grant), *by_domain, *self.policy.provisos])


@dataclass(frozen=True)
class Change:
    """One change in one place.

    :param kind: what became of the permissions.
    :param before: the permissions before; empty if something is added.
    :param after: the permissions after; empty if something is removed.
    :param witness: a request that is allowed after the change and was not before, wherever the stacks are and whatever
        becomes of policies that may stay. Default: - none is known.
    :param may_be_there: whether what it lets through may have been allowed before as well. Default: - it was not.
    """

    kind: Kind
    before: tuple[Permission, ...]
    after: tuple[Permission, ...]
    witness: Request | None = None
    may_be_there: bool = False

    @property
    def effect(self) -> str:
        """`Allow` or `Deny`; or something else, which only the deploy knows."""
        return (self.after or self.before)[0].effect

    @property
    def place(self) -> PermissionScope:
        """Where the change is."""
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
        """What it means for the access: to deny less is to allow more."""
        if self.witness:
            return Verdict.BROADENED
        verdict = {"Allow": _OF_ALLOWS, "Deny": _OF_DENIALS}.get(self.effect, {}).get(self.kind, Verdict.CHANGED)
        return Verdict.CHANGED if verdict is Verdict.BROADENED else verdict

    # Cached, because each output format asks for these more than once, and each time they are put together anew.
    @cached_property
    def standing_before(self) -> list[Standing]:
        """The grants of `before`, each with the actions that belong to it."""
        return _standing(self.before)

    @cached_property
    def standing_after(self) -> list[Standing]:
        """The grants of `after`, each with the actions that belong to it."""
        return _standing(self.after)

    @cached_property
    def sentence(self) -> str:
        """One plain sentence: in lower case, and without a full stop."""
        before, after = _listed(self.standing_before), _listed(self.standing_after)
        words = _WORDS[self.kind].get(self.effect, "not as before")
        if before == after:
            return f"{words}, in what these words do not say: {after}"
        return f"{words}: {after}; it was: {before}" if before and after else f"{words}: {before or after}"


def _listed(standing: Sequence[Standing]) -> str:
    return "; and ".join(each.sentence for each in standing)


def _standing(permissions: Sequence[Permission]) -> list[Standing]:
    """Return the grants that `permissions` are parts of, with no more actions than those."""
    groups: dict[Permission, list[Permission]] = {}
    for each in permissions:
        groups.setdefault(replace(each, action=""), []).append(each)
    found = []
    for whole, parts in groups.items():
        actions = sorted({each.action: each.spelled for each in parts}.values())
        found.append(Standing(whole.policy, replace(whole.grant, actions=tuple(actions))))
    return sorted(found, key=lambda standing: standing.sentence) if len(found) > 1 else found
