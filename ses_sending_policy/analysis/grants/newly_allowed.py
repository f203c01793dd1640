"""Search for a request that is allowed on one side of a change and not on the other because of one permission."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from ses_sending_policy.analysis.grants.permission import (
    BY_FROM_ADDRESS,
    BY_UNLISTED_ADDRESS,
    Permission,
    PermissionScope,
)
from ses_sending_policy.analysis.requests.caller import TargetIdentity
from ses_sending_policy.analysis.requests.clause import UNREAD, Clause
from ses_sending_policy.analysis.requests.key_condition import VARIABLE, Assumptions, comparison
from ses_sending_policy.analysis.requests.search import NONE, UNDECIDED, SearchResult, find_request

_NO_BRACES: Final = str.maketrans("{}", "()")
# The reading in which requests are looked for.
_READING: Final = Assumptions(references_differ=True)
_REFERENCE: Final = re.compile(r"\$\{([^{}]*)\}")


def newly_allowed(
    permission: Permission, here: Sequence[Permission], there: Sequence[Permission], asked: Sequence[str] = ()
) -> SearchResult:
    """Return a request that is allowed on one side and not on the other because of `permission`.

    :param permission: an Allow of `here`, or a Deny of `there`.
    :param here: all permissions of the same place, on the side on which the request is to be allowed.
    :param there: the same of the other side.
    :param asked: the keys that all policies ask for, which the request shows too. Default: - none.
    """
    target = target_of(permission.place, permission.policy.environment.partition, permission.grant.identity)
    clause = clause_of(permission)
    denies = [clause_of(each) for each in here if each.effect == "Deny"]
    if permission.effect == "Allow":
        found = find_request(
            [clause], [*denies, *(clause_of(each) for each in there if each.effect == "Allow")], target, asked=asked
        )
        return found if found.is_none or _is_read(permission) else UNDECIDED
    if find_request([clause], denies, target).is_none:
        return NONE
    for each in here if _is_read(permission) else ():
        if each.effect == "Allow" and _is_read(each):
            found = find_request([clause_of(each), clause], denies, target, asked=asked)
            if found.request:
                return found
    # Somebody in the owner's own account may send by IAM alone.
    return UNDECIDED


def _is_read(permission: Permission) -> bool:
    """Return whether all its conditions can be read: it is unknown which requests fulfil an unreadable one."""
    return not permission.grant.is_open and all(
        comparison(each, each.values, _READING, has_variables=False).is_read for each in permission.conditions
    )


# Cached, because each permission of a place is compared with every other one.
@lru_cache(maxsize=1024)
def clause_of(permission: Permission) -> Clause:
    """Return what a permission asks of a request."""
    scope = permission.within.translate(_NO_BRACES)

    def scoped(text: str) -> str:
        if "${" not in text:
            return text
        # An unknown value is another one in another template.
        return _REFERENCE.sub(
            lambda found: found[0] if VARIABLE.fullmatch(found[0]) else f"${{{found[1]}#{scope}}}", text
        )

    unread = [(f"{UNREAD}{permission.within} {permission.unread}", True)] if permission.unread else []
    return Clause(
        permission.effect,
        permission.principal.kind,
        scoped(permission.principal.name),
        scoped(permission.action),
        [replace(each, values=tuple(map(scoped, each.values))) for each in permission.conditions],
        has_variables=permission.variables == "variable",
        switches=[
            *unread,
            *(
                each if each in (BY_FROM_ADDRESS, BY_UNLISTED_ADDRESS) else (f"{permission.within} {each[0]}", each[1])
                for each in permission.exists
            ),
        ],
    )


def target_of(place: PermissionScope, partition: str | None, known_as: str = "") -> TargetIdentity:
    """Return the identity of a place, as requests have it.

    :param known_as: its name with references in it, used if only the deploy knows the name.
    """
    return TargetIdentity(place.identity if place.is_named else known_as, place.account, partition or "aws")
