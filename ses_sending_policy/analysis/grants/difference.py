"""What somebody may do after a change of policies, and not before, or the other way round.

Requests are not evaluated, permissions are compared: a permission of one side is looked for in those of the other, each
for itself. Nothing new is allowed where each permission to do something is covered by one of before, and each denial of
before by one of after. So it is never said that nothing is new where something is; what is new only by the looks of
it, as two patterns that cover a third one together, is said to be new.

What only the deploy knows is equal to what is called the same in the same template, as long as what makes it the same
one is: `${Role.Arn}` is `${Role.Arn}`, and that of a role by another name is another. Two stacks that may be deployed
anywhere may be in one place or in two, and a policy that may stay may go: nothing is new where that is so in either
case, and where it is so in one of them, nobody knows.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from ses_sending_policy.analysis.grants.change import Change, Kind, Verdict
from ses_sending_policy.analysis.grants.grant import UNKNOWN
from ses_sending_policy.analysis.grants.permission import Permission, Place, permissions_of
from ses_sending_policy.analysis.grants.places import settled
from ses_sending_policy.analysis.grants.principal import Principal
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.domains import domains_of


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change of policies changes.

    :param changes: each for itself, by place, and there what broadens the access first.
    """

    changes: tuple[Change, ...]

    @property
    def verdict(self) -> Verdict:
        """What all changes together mean."""
        return min((change.verdict for change in self.changes), key=list(Verdict).index, default=Verdict.UNCHANGED)


def difference(old: Iterable[Declared], new: Iterable[Declared], doubtful: Iterable[Declared] = ()) -> Difference:
    """Return what `new` policies change that take the place of `old` ones.

    Policies are neither paired by their names nor by their stacks: what counts is what they allow and deny in an
    account, a region and for an identity. Another order, another spelling, or the same in other statements is no
    change.

    :param doubtful: policies that may be there as well after the change. Default: - none.
    """
    old, new, doubtful = settled(old, new, doubtful)
    before = _Permissions(permissions_of(old))
    after = _After.of(before, _Permissions(permissions_of(new)), _Permissions(permissions_of(doubtful)))
    gone = _Permissions(each for each in before if each not in after.held)
    come = _Permissions(each for each in after.worst if each not in before)
    lost = {each for each in gone if not after.held.cover(each)}
    gained = {each for each in come if not before.cover(each)}
    sure = {each for each in gained if not (each in after.doubtful or before.may_cover(each))}
    sure |= {each for each in lost if not (each in after.doubtful or after.held.may_cover(each))}
    found = []
    for group in _related(gone, come, lost | gained):
        earlier = [each for each in group if each in gone]
        later = [each for each in group if each in come]
        kind = _kind(earlier, later, is_less=not lost.isdisjoint(earlier), is_more=not gained.isdisjoint(later))
        if kind:
            found.append((kind, earlier, later, not sure.isdisjoint(group)))
    return Difference(tuple(sorted(_merged(found), key=_order)))


def with_witnesses(proven: Difference, likely: Difference) -> Difference:
    """Return the changes of a difference, and beside them what another reading of the same shows to be new.

    :param proven: read so that it holds whatever the parameters of the templates are given.
    :param likely: read with their defaults. That is but one possible value: what is new with that is new, and that
        nothing is with that proves nothing.
    """
    told: set[object] = set()
    new: list[Change] = []
    # What is new says more of the same places than what may be.
    for verdict in (Verdict.BROADENED, Verdict.CHANGED):
        told |= {_places(each) for each in (*proven.changes, *new) if each.verdict is verdict}
        new += [each for each in likely.changes if each.verdict is verdict and _places(each) not in told]
    return Difference(tuple(sorted([*proven.changes, *new], key=_order)))


def _places(change: Change) -> object:
    """Return where the grants of a change stand: the same in each reading."""
    return tuple(
        frozenset((each.policy.stack, each.policy.logical_id, each.grant.path, each.spelled) for each in side)
        for side in (change.before, change.after)
    )


_NOWHERE: Final = Place("", "", "")


class _Permissions:
    """Permissions, each once, in which those are found that may cover another one."""

    def __init__(self, permissions: Iterable[Permission]) -> None:
        self._all = dict.fromkeys(permissions)
        self._named: dict[tuple[Place, str, Principal], list[Permission]] = {}
        for each in self._all:
            self._named.setdefault((each.place, each.effect, each.principal), []).append(each)

    def __iter__(self) -> Iterator[Permission]:
        return iter(self._all)

    def __contains__(self, permission: Permission) -> bool:
        return permission in self._all

    def covering(self, permission: Permission) -> Iterator[Permission]:
        """Yield those that are known to hold, each alone, for every request that `permission` holds for."""
        return (each for each in self._near(permission) if each.covers(permission))

    def cover(self, permission: Permission) -> bool:
        """Return whether some of them are known to hold for every request that `permission` holds for."""
        if permission in self._all or any(self.covering(permission)):
            return True
        return any(all(any(self.covering(part)) for part in parts) for parts in permission.in_parts())

    @property
    def places(self) -> dict[Place, None]:
        """Where they hold."""
        return dict.fromkeys(each.place for each in self._all)

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
    def _anywhere(self) -> dict[tuple[str, str, Principal], dict[Permission, dict[Place, None]]]:
        """The permissions as they would be in one place, each with the places where it is: stacks are often alike."""
        found: dict[tuple[str, str, Principal], dict[Permission, dict[Place, None]]] = {}
        for each in self._all:
            alike = found.setdefault((each.place.identity, each.effect, each.principal), {})
            alike.setdefault(replace(each, place=_NOWHERE), {})[each.place] = None
        return found

    def _near(self, permission: Permission) -> Iterator[Permission]:
        for principal in permission.covering_principals():
            yield from self._named.get((permission.place, permission.effect, principal), ())


@dataclass(frozen=True, slots=True)
class _After:
    """What there is after a change.

    :param held: what is there for sure, and what is allowed by policies that may be there.
    :param worst: that, and what may be allowed to an address where a domain's policies may hold for it.
    :param doubtful: what may be there, or not.
    """

    held: _Permissions
    worst: Sequence[Permission]
    doubtful: AbstractSet[Permission]

    @classmethod
    def of(cls, before: _Permissions, new: _Permissions, doubtful: _Permissions) -> "_After":
        """Return what there is where `new` is for sure, and `doubtful` perhaps."""
        fallen = list(_falling_back(before, new, doubtful))
        sure = dict.fromkeys([*new, *(each for each, is_sure in fallen if is_sure)])
        perhaps = dict.fromkeys([*doubtful, *(each for each, _ in fallen)])
        return cls(
            held=_Permissions([*sure, *(each for each in doubtful if each.effect == "Allow")]),
            # An effect that only the deploy knows may be the one or the other.
            worst=[*sure, *(each for each in perhaps if each.effect != "Deny")],
            doubtful=perhaps.keys() - sure.keys(),
        )


def _falling_back(before: _Permissions, new: _Permissions, doubtful: _Permissions) -> Iterator[tuple[Permission, bool]]:
    """Yield what holds for an address that has no policy any more, which hid that of its domain, and whether for sure.

    "Sending authorization policies that you attach to email address identities take precedence over policies that you
    attach to their corresponding domain identities."
    https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-identity-owner-tasks-policy.html
    """
    there, perhaps = new.places, doubtful.places
    after = _Permissions([*new, *doubtful])
    for place in before.places:
        if place in there:
            continue
        for domain in _domains(place, there, after.places):
            is_sure = place not in perhaps and _is_domain(domain, place)
            for each in after:
                if each.place == domain:
                    grant = replace(each.grant, identity=place.identity)
                    yield replace(each, place=place, grant=grant), is_sure and each in new


def _domains(place: Place, there: Iterable[Place], after: Iterable[Place]) -> Iterator[Place]:
    """Yield the places whose policies hold where an address has none: the nearest, and those that may be nearer."""
    domains = [each for each in after if not each.is_address]
    for name in domains_of(place.identity):
        domain = replace(place, identity=name)
        yield from filter(domain.may_be, domains)
        if domain in there:
            return
    if not place.is_named:
        # It may be an address of any domain.
        yield from filter(place.may_be, domains)


def _is_domain(domain: Place, place: Place) -> bool:
    return domain == replace(place, identity=domain.identity) and domain.identity in domains_of(place.identity)


def _related(gone: _Permissions, come: _Permissions, counting: AbstractSet[Permission]) -> Iterator[list[Permission]]:
    """Yield groups of permissions that tell of one change.

    One that covers another one is what that has become, or was. Those that have none such on the other side and are for
    the same principal and action go together: nobody can say which of them became which.

    :param counting: those that nothing on the other side covers.
    """
    groups: dict[Permission, list[Permission]] = {each: [each] for each in (*gone, *come)}
    for one in groups:
        for other in (come if one in gone else gone).covering(one):
            _join(groups, one, other)
    firsts: dict[object, Permission] = {}
    for each in [each for each, group in groups.items() if len(group) == 1 and each in counting]:
        _join(groups, each, firsts.setdefault(_subject(each), each))
    yield from {id(group): group for group in groups.values()}.values()


def _subject(permission: Permission) -> object:
    """Return what one says something of that tells of the same change: by the names that people have for it."""
    grant = permission.grant
    is_read = grant.effect in ("Allow", "Deny")
    principal = Principal.of(grant.kind, grant.principal, permission.policy.environment.partition)
    is_named = is_read or grant.kind != UNKNOWN
    place = replace(permission.place, identity=grant.identity)
    return (place, is_read and grant.effect, is_named and principal, permission.spelled.lower())


def _join(groups: dict[Permission, list[Permission]], one: Permission, other: Permission) -> None:
    mine, others = groups[one], groups[other]
    if mine is not others:
        mine += others
        groups.update(dict.fromkeys(others, mine))


def _kind(earlier: Sequence[Permission], later: Sequence[Permission], *, is_less: bool, is_more: bool) -> Kind | None:
    """Return what became of the permissions `earlier`, or None where nothing but the words did."""
    if is_more and is_less:
        return Kind.CHANGED
    if is_more:
        return Kind.WIDENED if earlier else Kind.ADDED
    if is_less:
        return Kind.NARROWED if later else Kind.REMOVED
    return None


def _merged(found: Iterable[tuple[Kind, Sequence[Permission], Sequence[Permission], bool]]) -> Iterator[Change]:
    """Yield one change for all actions that it is the same for."""
    changes: dict[object, tuple[Kind, list[Permission], list[Permission], bool]] = {}
    for kind, earlier, later, is_sure in found:
        key = (kind, is_sure, *(frozenset(replace(each, action="") for each in side) for side in (earlier, later)))
        _, before, after, _ = changes.setdefault(key, (kind, [], [], is_sure))
        before += earlier
        after += later
    for kind, before, after, is_sure in changes.values():
        yield Change(kind, tuple(before), tuple(after), is_sure)


def _order(change: Change) -> tuple[str, str, str, str, int, str]:
    place = change.place
    verdict = list(Verdict).index(change.verdict)
    return (place.account, place.region, place.identity, place.stack, verdict, change.sentence)
