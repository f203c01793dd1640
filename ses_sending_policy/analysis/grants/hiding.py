"""For which identities a domain's policies do not count: those that have policies of their own.

"Sending authorization policies that you attach to email address identities take precedence over policies that you
attach to their corresponding domain identities."
https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-identity-owner-tasks-policy.html
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ses_sending_policy.analysis.grants.grant import Grant
from ses_sending_policy.analysis.grants.sentence import any_address
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.domains import parents_of
from ses_sending_policy.analysis.reading.intrinsics import is_known
from ses_sending_policy.analysis.requests.caller import TargetIdentity
from ses_sending_policy.analysis.requests.clause import acts
from ses_sending_policy.analysis.requests.pattern import Pattern, exactly, in_any_case, like
from ses_sending_policy.analysis.requests.texts import Budget, TooHardError, find_text
from ses_sending_policy.rules.actions import SENDING_ACTIONS
from ses_sending_policy.rules.conditions import has_wildcard

_STEPS: Final = 10_000
_MOST_NAMES: Final = 8
_DECIDE: Final = (
    (True, "", ("policy decides", "policies decide")),
    (False, " perhaps", ("policy may decide", "policies may decide")),
)
# A condition on the sender with another operator is taken to let every sender through.
_PATTERNS: Final[Mapping[str, Callable[[str], Pattern]]] = {
    "StringEquals": exactly,
    "StringEqualsIgnoreCase": in_any_case,
    "StringLike": like,
}


@dataclass(frozen=True, slots=True, order=True)
class Hidden:
    """An identity for which a grant of its domain does not count, because it has a policy of its own.

    :param identity: the name of that identity.
    :param is_sure: whether the identity certainly has a policy, and not only under conditions of the template.
    """

    identity: str
    is_sure: bool


class Hiding:
    """Finds the identities for which their domain's policies do not count, because they have their own.

    :param policies: the policies of the review. Only those in the same account and region are taken together.
    """

    def __init__(self, policies: Iterable[Declared]) -> None:
        names: dict[tuple[str, ...], dict[str, bool]] = {}
        for policy in policies:
            if policy.known_identity:
                there = names.setdefault(policy.place, {})
                name = policy.known_identity.name
                there[name] = there.get(name, False) or not policy.is_conditional
        self._hidden: dict[tuple[tuple[str, ...], str], list[Hidden]] = {}
        for place, there in names.items():
            for name, is_sure in there.items():
                for domain in parents_of(name):
                    self._hidden.setdefault((place, domain), []).append(Hidden(name, is_sure))
                    # Only the policies of the nearest domain count, so the search upwards ends at a domain that surely
                    # has one.
                    if there.get(domain):
                        break

    def of(self, policy: Declared, grant: Grant) -> list[Hidden]:
        """Return the identities for which `grant` of `policy` would count if they had no policies of their own."""
        identity = policy.known_identity
        found = self._hidden.get((policy.place, identity.name), []) if identity else []
        return sorted(each for each in found if _reaches(grant, each.identity))


def except_for(hidden: Sequence[Hidden]) -> list[str]:
    """Return words such as `except as news@example.com whose own policy decides`, which follow the grant's sentence."""
    told = []
    for is_sure, perhaps, decide in _DECIDE:
        names = [any_address(each.identity).removeprefix("as ") for each in hidden if each.is_sure is is_sure]
        more = [f"{len(names) - _MOST_NAMES} more"] if len(names) > _MOST_NAMES else []
        shown = " or ".join([*sorted(names)[:_MOST_NAMES], *more])
        if names:
            told.append(f"except{perhaps} as {shown} whose own {decide[len(names) > 1]}")
    return told


def _reaches(grant: Grant, identity: str) -> bool:
    """Return whether a grant may allow or deny sending from `identity`."""
    named = [each.lower() for each in grant.actions if is_known(each) and " " not in each]
    if len(named) == len(grant.actions) and not any(acts(a.lower(), b) for a in SENDING_ACTIONS for b in named):
        return False
    senders = [each for each in grant.conditions if each.key.lower() == "ses:fromaddress"]
    return all(any(_may_be_from(each.comparison, value, identity) for value in each.values) for each in senders)


@lru_cache(maxsize=65536)
def _may_be_from(comparison: str, value: str, identity: str) -> bool:
    make = _PATTERNS.get(comparison)
    if not make or not is_known(value):
        return True
    if make is not in_any_case and not has_wildcard(value):
        local, _, domain = value.rpartition("@")
        senders = [f"{each}@{domain.lower()}" for each in (local, local.partition("+")[0])]
        return identity in (*senders, *parents_of(senders[0]))
    local = identity.rpartition("@")[0]
    # A quick check without a search: most values do not begin like any address of the identity.
    start = re.split(r"[*?]", value)[0]
    if make is like and not start.startswith(local) and not local.startswith(start):
        return False
    try:
        return find_text([[make(value)], TargetIdentity(identity, "").in_any_case], (), Budget(_STEPS)) is not None
    except TooHardError:
        return True
