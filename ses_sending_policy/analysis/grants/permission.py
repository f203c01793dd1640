"""The least that a policy can allow or deny: one action, to one principal. The unit in which two policies compare."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from ses_sending_policy.analysis.grants.condition import canonical, implies, is_any_of
from ses_sending_policy.analysis.grants.grant import UNKNOWN, Grant, grants_of
from ses_sending_policy.analysis.grants.pattern import Pattern
from ses_sending_policy.analysis.grants.principal import Principal
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.intrinsics import is_known
from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.rules.document import compact


@dataclass(frozen=True, slots=True)
class Place:
    """Where a permission holds: SES looks at one identity at a time, in one account and region.

    :param account: empty where nobody knows it.
    :param region: the same.
    :param identity: its name, or what stands for it.
    :param stack: the deployed stack that has it, where account or region are not known; where the identity is not, the
        nested one as well: what only the deploy knows has a name in one template alone. Default: - all is known.
    :param is_named: whether the identity's name is known.
    """

    account: str
    region: str
    identity: str
    stack: str = ""
    is_named: bool = True

    @classmethod
    def of(cls, policy: Declared) -> "Place":
        """Return where `policy` holds. Two that are equal are known to be one place."""
        name, environment = _name(policy), policy.environment
        # Two functions that nobody can read may have the same text.
        identity = compact(policy.identity) if UNKNOWN in name else name
        account, region = environment.account or "", environment.region or ""
        stack = policy.home.name or policy.root
        if not is_known(name):
            return cls(account, region, identity, f"{stack}/{policy.home.within}", is_named=False)
        return cls(account, region, identity, "" if account and region else stack)

    def may_be(self, other: "Place") -> bool:
        """Return whether this may be `other`: nothing that is known of both tells them apart."""
        pairs = ((self.account, other.account), (self.region, other.region))
        if any(one and another and one != another for one, another in pairs):
            return False
        return self.identity == other.identity or not (self.is_named and other.is_named)


@dataclass(frozen=True, slots=True)
class Permission:
    """One action that one principal may call, or may not. Two of them are equal if they are known to mean the same.

    :param place: where.
    :param effect: `Allow` or `Deny`; or something else, which only the deploy knows.
    :param principal: who.
    :param action: in lower case, and perhaps with wildcards.
    :param conditions: all of them must hold.
    :param unread: what else decides, and nobody can read.
    :param exists: the template's condition under which the policy is there at all; empty if it always is.
    :param within: the template whose references stand in it, which mean something else in another; empty for none.
    :param spelled: the action as the document has it. This and what follows has no part in the meaning.
    :param policy: the policy that it stands in.
    :param grant: the grant that it is a part of.
    """

    place: Place
    effect: str
    principal: Principal
    action: str
    conditions: frozenset[Condition]
    unread: str
    exists: str
    within: str
    spelled: str = field(compare=False)
    policy: Declared = field(compare=False)
    grant: Grant = field(compare=False)

    def covers(self, other: "Permission") -> bool:
        """Return whether this one is known to hold for every request that `other` holds for."""
        return (
            (self.place, self.effect, self.unread) == (other.place, other.effect, other.unread)
            and self.within in ("", other.within)
            and self.exists in ("", other.exists)
            and self.principal in other.covering_principals()
            and _is_within(other.action, self.action)
            and all(any(implies(each, mine) for each in other.conditions) for mine in self.conditions)
        )

    def in_parts(self) -> Iterator[list["Permission"]]:
        """Yield each way to say the same in several permissions, one for each value of a condition."""
        for condition in self.conditions:
            if len(condition.values) > 1 and is_any_of(condition):
                others = self.conditions - {condition}
                yield [replace(self, conditions=others | {replace(condition, values=(v,))}) for v in condition.values]

    def covering_principals(self) -> Iterator[Principal]:
        """Yield the principals whose permissions may cover this one."""
        return self.principal.covering(self.effect, self.place.account)


# The actions of all policies are few.
@lru_cache(maxsize=1024)
def _is_within(action: str, other: str) -> bool:
    """Return whether every action that `action` names is known to be one that `other` names."""
    if action == other:
        return True
    # A known one is in no other that is not: nothing that it names has a "${" in it.
    return is_known(action) and Pattern.like(action).within(Pattern.like(other))


def _name(policy: Declared) -> str:
    return policy.known_identity.name if policy.known_identity else policy.identity_text


# Neither a reference that is the same in all templates of a place nor a policy variable, as `${aws:username}`.
_OWN: Final = re.compile(r"\$\{(?!AWS::(?:Partition|URLSuffix|AccountId|Region)\}|Fn::ImportValue |[a-z][\w-]*:(?!:))")


def _within(policy: Declared, grant: Grant) -> str:
    """Return the template that `policy` is in, if what `grant` means depends on that."""
    texts = [grant.effect, grant.principal, *grant.actions, *(v for each in grant.conditions for v in each.values)]
    is_own = policy.condition or any(map(_OWN.search, texts)) or re.search(r'"(?:Ref|Fn::\w+)":', grant.unread)
    return f"{policy.home.name or policy.root}/{policy.home.within}" if is_own else ""


def permissions(policy: Declared) -> Iterator[Permission]:
    """Yield what `policy` allows and denies, each for itself."""
    place = Place.of(policy)
    for grant in grants_of(policy.document, _name(policy)):
        principal = Principal.of(grant.kind, grant.principal, policy.environment.partition)
        for action in grant.actions:
            yield Permission(
                place=place,
                effect=grant.effect,
                principal=principal,
                action=action.lower() if is_known(action) else action,
                conditions=frozenset(map(canonical, grant.conditions)),
                unread=grant.unread,
                exists=policy.condition,
                within=_within(policy, grant),
                spelled=action,
                policy=policy,
                grant=grant,
            )
