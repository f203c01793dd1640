"""What there is before a change of policies and after it: everywhere, and where nobody can tell for sure."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from ses_sending_policy.analysis.grants.condition import implies, is_any_of
from ses_sending_policy.analysis.grants.permission import (
    BY_FROM_ADDRESS,
    BY_UNLISTED_ADDRESS,
    Literal,
    Permission,
    PermissionScope,
)
from ses_sending_policy.analysis.grants.principal import Principal
from ses_sending_policy.analysis.reading.domains import parents_of
from ses_sending_policy.analysis.reading.intrinsics import is_known
from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.clause import acts
from ses_sending_policy.rules.actions import KEYS_OF_ACTION, SENDING_ACTIONS

_NOWHERE: Final = PermissionScope("", "", "")


class Permissions:
    """Permissions, each once, in which those are found that may cover another one."""

    def __init__(self, permissions: Iterable[Permission]) -> None:
        self._all = dict.fromkeys(permissions)
        self._named: dict[tuple[PermissionScope, str, Principal], list[Permission]] = {}
        for each in self._all:
            self._named.setdefault((each.place, each.effect, each.principal), []).append(each)

    def __iter__(self) -> Iterator[Permission]:
        return iter(self._all)

    def __contains__(self, permission: Permission) -> bool:
        return permission in self._all

    def covering(self, permission: Permission) -> Iterator[Permission]:
        """Yield those that are known to hold, each alone, for every request that `permission` holds for."""
        return (each for each in self._near(permission) if each.covers(permission))

    def uncovered(self, permission: Permission) -> Permission | None:
        """Return what is left of a permission that none of them is known to hold for; None where nothing is.

        Of a condition with several values each is looked for by itself.
        """
        if permission in self._all or any(self.covering(permission)):
            return None
        for condition in sorted(permission.conditions, key=lambda each: (each.key, each.operator, each.values)):
            if len(condition.values) > 1 and is_any_of(condition):
                others = permission.conditions - {condition}
                values = self._left(permission, condition, others)
                if not values:
                    return None
                permission = replace(permission, conditions=others | {replace(condition, values=values)})
        return permission

    def _left(self, permission: Permission, condition: Condition, others: AbstractSet[Condition]) -> tuple[str, ...]:
        """Return the values of a condition for which nothing is known to hold where the `others` do."""
        holding = []
        for each in filter(lambda each: each.covers_apart(permission), self._near(permission)):
            more = [mine for mine in each.conditions if not any(implies(other, mine) for other in others)]
            holding += more if len(more) == 1 and more[0].key == condition.key else []
        same = {value for each in holding if _compares_alike(each, condition) for value in each.values}
        left = (value for value in condition.values if value not in same)
        return tuple(
            value for value in left if not any(implies(replace(condition, values=(value,)), each) for each in holding)
        )

    @cached_property
    def by_place(self) -> dict[PermissionScope, list[Permission]]:
        """Those of each place."""
        found: dict[PermissionScope, list[Permission]] = {}
        for each in self._all:
            found.setdefault(each.place, []).append(each)
        return found

    @property
    def places(self) -> dict[PermissionScope, None]:
        """Where they hold."""
        return dict.fromkeys(self.by_place)

    def may_cover(self, permission: Permission) -> bool:
        """Return whether one would cover `permission` were stacks in one place that may be in one.

        What is called otherwise, or is no name, counts as another identity: who says that something is new may do so.
        """
        place = permission.place
        return place.is_named and any(
            replace(alike, place=place).covers(permission) and any(map(place.may_be, places))
            for principal in permission.covering_principals()
            for alike, places in self._anywhere.get((place.identity, permission.effect, principal), {}).items()
        )

    @cached_property
    def _anywhere(self) -> dict[tuple[str, str, Principal], dict[Permission, dict[PermissionScope, None]]]:
        """The permissions as they would be in one place, each with the places where it is: stacks are often alike."""
        found: dict[tuple[str, str, Principal], dict[Permission, dict[PermissionScope, None]]] = {}
        for each in self._all:
            alike = found.setdefault((each.place.identity, each.effect, each.principal), {})
            alike.setdefault(replace(each, place=_NOWHERE), {})[each.place] = None
        return found

    def _near(self, permission: Permission) -> Iterator[Permission]:
        for principal in permission.covering_principals():
            yield from self._named.get((permission.place, permission.effect, principal), ())


def _compares_alike(one: Condition, other: Condition) -> bool:
    """Return whether what fulfils `other` with one of its values fulfils `one` where that has the value as well."""
    return one.operator == other.operator and is_any_of(one)


@dataclass(frozen=True, slots=True)
class After:
    """What there is after a change.

    :param held: what is there for sure, and what is allowed by policies that may be there.
    :param worst: that, and what may be allowed where another identity's policies may hold.
    :param doubtful: what may be there, or not.
    :param least: what is allowed for sure, and all that may be denied.
    """

    held: Permissions
    worst: Sequence[Permission]
    doubtful: AbstractSet[Permission]
    least: Sequence[Permission]


def sides(old: Permissions, new: Permissions, doubtful: Permissions) -> tuple[Permissions, After]:
    """Return what there is before and after, where `new` is there for sure and `doubtful` perhaps."""
    places = dict.fromkeys([*old.places, *new.places, *doubtful.places])
    hidden = {
        each: is_sure
        for each, is_sure in _fallen_back(places, old, Permissions(()))
        # Of an identity whose name only the deploy knows, each domain would be one that it may be of.
        if each.effect != "Allow" or each.place in old.places or each.place.is_named
    }
    # What may hold before and after by the same doubt is no change.
    fallen = [(each, is_sure or each in hidden) for each, is_sure in _fallen_back(old.places, new, doubtful)]
    sure = dict.fromkeys([*new, *(each for each, is_sure in fallen if is_sure)])
    before = Permissions([*old, *hidden])
    # What may be there and says nothing new is left out.
    perhaps = dict.fromkeys([*doubtful, *(each for each, _ in fallen if not any(before.covering(each)))])
    unsure = (perhaps.keys() - sure.keys()) | {each for each, is_sure in hidden.items() if not is_sure}
    may_deny = (each for each in (*doubtful, *(each for each, _ in fallen)) if each.effect == "Deny")
    after = After(
        held=Permissions([*sure, *(each for each in doubtful if each.effect == "Allow")]),
        # An effect that only the deploy knows may be the one or the other.
        worst=[*sure, *(each for each in perhaps if each.effect != "Deny")],
        doubtful=unsure,
        least=[
            *(each for each in sure if each.effect == "Deny" or each not in unsure),
            *(each for each in may_deny if each not in sure),
        ],
    )
    return before, after


def _fallen_back(
    places: Iterable[PermissionScope], sure: Permissions, doubtful: Permissions
) -> Iterator[tuple[Permission, bool]]:
    """Yield what holds for an identity of `places` that has no policy of its own, or may have none, and whether surely.

    "Sending authorization policies that you attach to email address identities take precedence over policies that you
    attach to their corresponding domain identities."
    https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-identity-owner-tasks-policy.html

    Whether that depends on the ARN that the sender gives, it does not say: what holds so does not stand for what holds
    for the identity itself, nor the other way round.
    """
    there = {each.place for each in sure if not each.exists}
    all_of = Permissions([*sure, *doubtful])
    by_place = all_of.by_place
    for place in places:
        if place in there:
            continue
        absent, within = _absent(sure.by_place.get(place, ()))
        for domain in _domains(place, there, all_of.places):
            is_sure = place not in doubtful.places and _is_domain(domain, place)
            for each in by_place[domain]:
                grant = replace(each.grant, identity=place.identity)
                for action in _sending(each):
                    # Of SendBulkEmail AWS lists no From address, by which an identity is found.
                    is_found = "ses:FromAddress" in KEYS_OF_ACTION.get(action, ())
                    reading = {BY_FROM_ADDRESS} if is_found else {BY_FROM_ADDRESS, BY_UNLISTED_ADDRESS}
                    fallen = replace(
                        each,
                        place=place,
                        exists=each.exists | absent | reading,
                        within=each.within or within,
                        grant=grant,
                        action=action.lower(),
                        spelled=action,
                    )
                    # What is denied in one reading is so before and after, and what is allowed so is told to nobody.
                    yield fallen, is_sure and (is_found or each.effect == "Deny") and each in sure


def _absent(permissions: Sequence[Permission]) -> tuple[frozenset[Literal], str]:
    """Return what has to be so for an identity to have none of its policies, and the template that this is asked in."""
    ways = {(each.exists, each.within) for each in permissions}
    if len({within for _, within in ways}) == 1 and all(len(exists) == 1 for exists, _ in ways):
        within = next(within for _, within in ways)
        return frozenset((asked, not truth) for exists, _ in ways for asked, truth in exists), within
    told = sorted((sorted(exists), within) for exists, within in ways)
    return frozenset({(f"no policy of {told}", True)} if told else ()), ""


def _sending(permission: Permission) -> Iterator[str]:
    """Yield the actions of a permission that send: who manages an identity is held to its own policies alone."""
    if is_known(permission.action):
        yield from (each for each in SENDING_ACTIONS if acts(each.lower(), permission.action))
    else:
        yield permission.action


def _domains(
    place: PermissionScope, there: Iterable[PermissionScope], all_of: Iterable[PermissionScope]
) -> Iterator[PermissionScope]:
    """Yield the places whose policies hold where an identity has none: the nearest, and those that may be nearer."""
    domains = [each for each in all_of if not each.is_address and each != place]
    for name in parents_of(place.identity):
        domain = replace(place, identity=name)
        yield from filter(domain.may_be, domains)
        if domain in there:
            return
    if not place.is_named:
        # It may be an address of any domain.
        yield from filter(place.may_be, domains)


def _is_domain(domain: PermissionScope, place: PermissionScope) -> bool:
    return domain == replace(place, identity=domain.identity) and domain.identity in parents_of(place.identity)
