"""Compare two sets of policies: find what somebody may do after a change and not before, or the other way round.

First, permissions are compared one by one. Nothing new is allowed if each Allow after the change is covered by one
before it, and each Deny before the change by one after it. For each permission that is not covered, a search looks for
a request that is allowed before or after the change only. If the search proves that there is no such request, nothing
is new. If it neither finds one nor proves that there is none, it is not known whether something is new. So the review
never says that nothing is new if something is.

Two unknown values count as equal if they have the same name in the same template and the same fingerprint.
`${Role.Arn}` equals `${Role.Arn}`, but not the ARN of a role with another name. If the account or region of two stacks
is unknown, they may be in one place or in two; and a policy that may stay at SES may also go. The review says that
nothing is new only if that holds in every such case. If it holds in some of them, it is not known.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from ses_sending_policy.analysis.grants.change import Change, Kind, Verdict
from ses_sending_policy.analysis.grants.environments import settled
from ses_sending_policy.analysis.grants.grant import UNKNOWN
from ses_sending_policy.analysis.grants.newly_allowed import newly_allowed
from ses_sending_policy.analysis.grants.permission import Permission, PermissionScope, permissions_of
from ses_sending_policy.analysis.grants.permission_sets import Permissions, permissions_before_and_after
from ses_sending_policy.analysis.grants.principal import Principal
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.requests.clause import keys_of
from ses_sending_policy.analysis.requests.search import NONE, SearchResult
from ses_sending_policy.rules.document import EFFECTS


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes between two sets of policies.

    :param changes: sorted by account, region and identity, and for each of them what broadens the access first.
    """

    changes: tuple[Change, ...]

    @property
    def verdict(self) -> Verdict:
        """The verdict on all changes together."""
        return min((change.verdict for change in self.changes), key=list(Verdict).index, default=Verdict.UNCHANGED)


def difference(old: Iterable[Declared], new: Iterable[Declared], doubtful: Iterable[Declared] = ()) -> Difference:
    """Return what changes if the `new` policies take the place of the `old` ones.

    Policies are not paired by name or stack. What counts is what they allow and deny for an identity in its account and
    region. The same permission in another order, another spelling or another statement is no change.

    :param doubtful: policies that may still be at SES after the change. Default: - none.
    """
    old, new, doubtful = settled(old, new, doubtful)
    before, after = permissions_before_and_after(*(Permissions(permissions_of(each)) for each in (old, new, doubtful)))
    gone = Permissions(each for each in before if each not in after.held)
    come = Permissions(each for each in after.worst if each not in before)
    lost = _left(gone, after.held)
    gained = _left(come, before)
    asked = sorted({key for each in (*before, *after.worst, *after.least) for key in keys_of(each.conditions)})
    loosened = _of(gained, "Allow", lost, "Deny")
    worst, least = _by_place(after.worst), _by_place(after.least)
    more = _searched(loosened, worst, before.by_place, asked)
    less = _searched(_of(lost, "Allow", gained, "Deny"), before.by_place, after.held.by_place)
    alike = {each for each, found in (*more.items(), *less.items()) if found.is_none}
    for each in alike:
        lost.pop(each, None)
        gained.pop(each, None)
    doubted = {
        each
        for each in more.keys() - alike
        if each in after.doubtful or (before if each in gained else after.held).may_cover(each)
    }
    more |= _searched(_of_doubt(loosened, more, worst, least), least, before.by_place, asked)
    found = []
    for group in _related(gone, come, lost.keys() | gained.keys()):
        earlier = tuple(each for each in group if each in gone)
        later = tuple(each for each in group if each in come)
        kind = _kind(
            earlier,
            later,
            is_less=not lost.keys().isdisjoint(earlier),
            is_more=not gained.keys().isdisjoint(later),
        )
        if kind:
            requests = (more[each].request for each in group if each in more and each not in doubted)
            witness = next(filter(None, requests), None)
            found.append(Change(kind, earlier, later, witness, may_be_there=not doubted.isdisjoint(group)))
    return Difference(tuple(sorted(_merged(found), key=_order)))


def _left(permissions: Iterable[Permission], others: Permissions) -> dict[Permission, Permission]:
    """Return each permission that `others` do not fully cover, with the part of it that is not covered."""
    found = ((each, others.uncovered(each)) for each in permissions)
    return {each: left for each, left in found if left}


def _of(
    some: Mapping[Permission, Permission], effect: str, others: Mapping[Permission, Permission], other: str
) -> dict[Permission, Permission]:
    """Return the permissions of `some` with the effect `effect`, and those of `others` with the effect `other`."""
    return {
        **{each: left for each, left in some.items() if each.effect == effect},
        **{each: left for each, left in others.items() if each.effect == other},
    }


def _of_doubt(
    some: Mapping[Permission, Permission],
    found: Mapping[Permission, SearchResult],
    worst: Mapping[PermissionScope, list[Permission]],
    least: Mapping[PermissionScope, list[Permission]],
) -> dict[Permission, Permission]:
    """Return those of `some` for which a request was found that may depend on policies that are not there for sure."""
    return {
        each: left
        for each, left in some.items()
        if found.get(each, NONE).request and worst.get(each.place) != least.get(each.place)
    }


def with_witnesses(proven: Difference, likely: Difference) -> Difference:
    """Return the changes of `proven`, and those of `likely` that `proven` does not show.

    :param proven: the difference that holds for all values of the templates' parameters.
    :param likely: the difference with the parameters' defaults. These are only one possible value each: what is new
        with them is new, but if nothing is, that proves nothing.
    """
    told: set[object] = set()
    new: list[Change] = []
    # For the same grants, "broadened" says more than "changed", so it comes first.
    for verdict in (Verdict.BROADENED, Verdict.CHANGED):
        told |= {_places(each) for each in (*proven.changes, *new) if each.verdict is verdict}
        new += [each for each in likely.changes if each.verdict is verdict and _places(each) not in told]
    return Difference(tuple(sorted([*proven.changes, *new], key=_order)))


def _places(change: Change) -> object:
    """Return the statements that a change is about, as a key that is the same in `proven` and `likely`."""
    return tuple(
        frozenset((each.policy.stack, each.policy.logical_id, each.grant.path, each.spelled) for each in side)
        for side in (change.before, change.after)
    )


def _by_place(permissions: Iterable[Permission]) -> Mapping[PermissionScope, list[Permission]]:
    found: dict[PermissionScope, list[Permission]] = {}
    for each in permissions:
        found.setdefault(each.place, []).append(each)
    return found


def _searched(
    permissions: Mapping[Permission, Permission],
    here: Mapping[PermissionScope, list[Permission]],
    there: Mapping[PermissionScope, list[Permission]],
    asked: Sequence[str] = (),
) -> dict[Permission, SearchResult]:
    """Return for each permission whether it makes a request allowed that `here` allows and `there` does not."""
    return {
        each: newly_allowed(left, here.get(each.place, ()), there.get(each.place, ()), asked)
        for each, left in permissions.items()
        if each.effect in EFFECTS
    }


def _related(gone: Permissions, come: Permissions, counting: AbstractSet[Permission]) -> Iterator[list[Permission]]:
    """Yield groups of permissions that belong to one change.

    If a permission of one side covers one of the other side, the two belong together: the old one has become the new
    one. Those without such a partner go together if they are for the same principal and action, because it is unknown
    which old one has become which new one.

    :param counting: the permissions that nothing on the other side covers.
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
    """Return a key that permissions share if one change shows them together: identity, effect, principal and action."""
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
    """Return what kind of change turns the permissions `earlier` into `later`; None if only their wording changed."""
    if is_more and is_less:
        return Kind.CHANGED
    if is_more:
        return Kind.WIDENED if earlier else Kind.ADDED
    if is_less:
        return Kind.NARROWED if later else Kind.REMOVED
    return None


def _merged(found: Iterable[Change]) -> Iterator[Change]:
    """Yield the changes, with those that differ only in their actions merged into one."""
    changes: dict[object, Change] = {}
    for each in found:
        alike = (frozenset(replace(one, action="") for one in side) for side in (each.before, each.after))
        key = (each.kind, each.verdict, *alike)
        first = changes.get(key)
        changes[key] = (
            replace(first, before=first.before + each.before, after=first.after + each.after) if first else each
        )
    yield from changes.values()


def _order(change: Change) -> tuple[str, str, str, str, int, str]:
    place = change.place
    verdict = list(Verdict).index(change.verdict)
    return (place.account, place.region, place.identity, place.stack, verdict, change.sentence)
