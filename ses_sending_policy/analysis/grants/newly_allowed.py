"""Search for a request that one permission makes allowed on one side of a change only: before it, or after it."""

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
# Requests are looked for under these assumptions about what AWS leaves open.
_READING: Final = Assumptions(references_differ=True)
_REFERENCE: Final = re.compile(r"\$\{([^{}]*)\}")


def newly_allowed(
    permission: Permission, here: Sequence[Permission], there: Sequence[Permission], asked: Sequence[str] = ()
) -> SearchResult:
    """Return a request that is allowed on the side `here` and not on the side `there`, because of `permission`.

    :param permission: an Allow of the side `here`, or a Deny of the side `there`.
    :param here: all permissions for the same identity on the side (before or after the change) where the request is
        allowed.
    :param there: all permissions for that identity on the other side.
    :param asked: the condition keys that any policy asks for: the request gets a value for each. Default: - none.
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
    # Not proven: a caller in the owner's own account may send by an IAM policy alone, without an Allow of the
    # identity's.
    return UNDECIDED


def _is_read(permission: Permission) -> bool:
    """Return whether all conditions of a permission can be read.

    If one cannot, it is unknown which requests fulfil it.
    """
    return not permission.grant.is_open and all(
        comparison(each, each.values, _READING, has_variables=False).is_read for each in permission.conditions
    )


# Cached, because each permission of a place is compared with every other one.
@lru_cache(maxsize=1024)
def clause_of(permission: Permission) -> Clause:
    """Return the clause for a permission: what it asks of a request."""
    scope = permission.within.translate(_NO_BRACES)

    def scoped(text: str) -> str:
        if "${" not in text:
            return text
        # A reference gets the template as a suffix, because the same name stands for another value in another template.
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
    """Return the identity of `place`, in the form in which requests name it.

    :param known_as: the identity's name with references in it, used if only the deploy knows the name.
    """
    return TargetIdentity(place.identity if place.is_named else known_as, place.account, partition or "aws")
