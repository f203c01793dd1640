"""The permissions before and after a change of policies: those that surely hold, and those that may hold."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from ses_sending_policy.analysis.grants.condition import implies, is_any_of
from ses_sending_policy.analysis.grants.permission import (
    BY_FROM_ADDRESS,
    BY_UNLISTED_ADDRESS,
    DeployAnswer,
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
    """A set of permissions, with an index to find those that cover another one."""

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
        """Yield the permissions of this set that are known to hold for every request for which `permission` holds."""
        return (each for each in self._near(permission) if each.covers(permission))

    def uncovered(self, permission: Permission) -> Permission | None:
        """Return the part of `permission` that this set is not known to cover; None if all of it is covered.

        If a condition has several values, different permissions may cover the single values.
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
        """Return the values of `condition` that no permission here is known to cover, if the `others` hold as well."""
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
        """The permissions of this set, by the place where they hold."""
        found: dict[PermissionScope, list[Permission]] = {}
        for each in self._all:
            found.setdefault(each.place, []).append(each)
        return found

    @property
    def places(self) -> dict[PermissionScope, None]:
        """The places where permissions of this set hold."""
        return dict.fromkeys(self.by_place)

    def may_cover(self, permission: Permission) -> bool:
        """Return whether this set may cover `permission`, if stacks of unknown account or region are in the same place.

        An identity of another or an unknown name counts as another identity, so a permission on it is still new.
        """
        place = permission.place
        return place.is_named and any(
            replace(alike, place=place).covers(permission) and any(map(place.may_be, places))
            for principal in permission.covering_principals()
            for alike, places in self._anywhere.get((place.identity, permission.effect, principal), {}).items()
        )

    @cached_property
    def _anywhere(self) -> dict[tuple[str, str, Principal], dict[Permission, dict[PermissionScope, None]]]:
        """The permissions without their place, each with all places where it holds, because stacks are often alike."""
        found: dict[tuple[str, str, Principal], dict[Permission, dict[PermissionScope, None]]] = {}
        for each in self._all:
            alike = found.setdefault((each.place.identity, each.effect, each.principal), {})
            alike.setdefault(replace(each, place=_NOWHERE), {})[each.place] = None
        return found

    def _near(self, permission: Permission) -> Iterator[Permission]:
        for principal in permission.covering_principals():
            yield from self._named.get((permission.place, permission.effect, principal), ())


def _compares_alike(one: Condition, other: Condition) -> bool:
    """Return whether equal values of `one` and `other` match the same requests, and one of them is enough for `one`."""
    return one.operator == other.operator and is_any_of(one)


@dataclass(frozen=True, slots=True)
class After:
    """The permissions after a change.

    :param held: those that surely exist, and the Allows of policies that may exist.
    :param worst: those that surely exist, and the others that may exist, except Denies.
    :param doubtful: those that may or may not exist.
    :param least: the Allows that surely exist, and all Denies that may exist.
    """

    held: Permissions
    worst: Sequence[Permission]
    doubtful: AbstractSet[Permission]
    least: Sequence[Permission]


def permissions_before_and_after(
    old: Permissions, new: Permissions, doubtful: Permissions
) -> tuple[Permissions, After]:
    """Return the permissions before and after, if `new` policies surely exist and `doubtful` ones may exist."""
    places = dict.fromkeys([*old.places, *new.places, *doubtful.places])
    hidden = {
        each: is_sure
        for each, is_sure in _fallen_back(places, old, Permissions(()))
        # Left out: Allows for a new identity whose name only the deploy knows, because it may be of any domain.
        if each.effect != "Allow" or each.place in old.places or each.place.is_named
    }
    # A domain's permission that may count for an identity on both sides for the same reason is no change.
    fallen = [(each, is_sure or each in hidden) for each, is_sure in _fallen_back(old.places, new, doubtful)]
    sure = dict.fromkeys([*new, *(each for each, is_sure in fallen if is_sure)])
    before = Permissions([*old, *hidden])
    # A permission that may exist is left out if a permission before the change covers it, because it is nothing new.
    perhaps = dict.fromkeys([*doubtful, *(each for each, _ in fallen if not any(before.covering(each)))])
    unsure = (perhaps.keys() - sure.keys()) | {each for each, is_sure in hidden.items() if not is_sure}
    may_deny = (each for each in (*doubtful, *(each for each, _ in fallen)) if each.effect == "Deny")
    after = After(
        held=Permissions([*sure, *(each for each in doubtful if each.effect == "Allow")]),
        # An effect that only the deploy knows may be Allow, so all effects except Deny count here.
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
    """Yield the domains' permissions that count for identities without their own policy, and whether they surely count.

    These are the identities of `places` that may have no policy.

    "Sending authorization policies that you attach to email address identities take precedence over policies that you
    attach to their corresponding domain identities."
    https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-identity-owner-tasks-policy.html

    AWS does not say whether that depends on the ARN that the sender gives. So a permission that counts like this does
    not cover one of the identity itself, nor the other way round.
    """
    there = {each.place for each in sure if not each.exists}
    all_of = Permissions([*sure, *doubtful])
    by_place, domains = all_of.by_place, _Domains(all_of.places)
    for place in places:
        if place in there:
            continue
        absent, within = _absent(sure.by_place.get(place, ()))
        for domain in domains.around(place, there):
            is_sure = place not in doubtful.places and _is_domain(domain, place)
            for each in by_place[domain]:
                grant = replace(each.grant, identity=place.identity)
                for action in _sending(each):
                    # SES finds the identity by the From address, but AWS lists no From address for SendBulkEmail.
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
                    # Where AWS lists no From address, a Deny counts as sure. An Allow does not, so that it is never
                    # reported as new.
                    yield fallen, is_sure and (is_found or each.effect == "Deny") and each in sure


def _absent(permissions: Sequence[Permission]) -> tuple[frozenset[DeployAnswer], str]:
    """Return the deploy's answers under which an identity has no policy, and the template that they belong to."""
    ways = {(each.exists, each.within) for each in permissions}
    if len({within for _, within in ways}) == 1 and all(len(exists) == 1 for exists, _ in ways):
        within = next(within for _, within in ways)
        return frozenset((asked, not truth) for exists, _ in ways for asked, truth in exists), within
    told = sorted((sorted(exists), within) for exists, within in ways)
    return frozenset({(f"no policy of {told}", True)} if told else ()), ""


def _sending(permission: Permission) -> Iterator[str]:
    """Yield the actions of a permission that send.

    A domain's policies count for no others: managing an identity depends on its own policies.
    """
    if is_known(permission.action):
        yield from (each for each in SENDING_ACTIONS if acts(each.lower(), permission.action))
    else:
        yield permission.action


class _Domains:
    """The places whose identity may be a domain, with an index by its name."""

    def __init__(self, places: Iterable[PermissionScope]) -> None:
        self._numbers = {each: number for number, each in enumerate(places) if not each.is_address}
        self._unnamed = [each for each in self._numbers if not each.is_named]
        self._named: dict[str, list[PermissionScope]] = {}
        for each in self._numbers:
            if each.is_named:
                self._named.setdefault(each.identity, []).append(each)

    def around(self, place: PermissionScope, there: Collection[PermissionScope]) -> Iterator[PermissionScope]:
        """Yield the domains whose policies may count if the identity of `place` has none.

        That is the nearest domain with a policy, and each one that may be nearer.
        """
        for name in parents_of(place.identity):
            domain = replace(place, identity=name)
            yield from (each for each in self._like(domain) if each != place)
            if domain in there:
                return
        if not place.is_named:
            # An identity of unknown name may be an address of any domain.
            yield from (each for each in self._like(place) if each != place)

    def _like(self, domain: PermissionScope) -> Iterable[PermissionScope]:
        """Return the places that `domain` may be, in their order."""
        near = [*self._named.get(domain.identity, ()), *self._unnamed] if domain.is_named else self._numbers
        return sorted(filter(domain.may_be, near), key=self._numbers.__getitem__)


def _is_domain(domain: PermissionScope, place: PermissionScope) -> bool:
    return domain == replace(place, identity=domain.identity) and domain.identity in parents_of(place.identity)
