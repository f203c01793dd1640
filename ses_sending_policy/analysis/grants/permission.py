"""A permission: one action, allowed or denied to one principal. Two policies are compared by their permissions."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from ses_sending_policy.analysis.grants.condition import canonical, implies
from ses_sending_policy.analysis.grants.grant import CURRENT, UNKNOWN, Grant, grants_of
from ses_sending_policy.analysis.grants.principal import Principal
from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.intrinsics import is_known, name_of, unknown_functions
from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.key_condition import VARIABLE
from ses_sending_policy.analysis.requests.pattern import like
from ses_sending_policy.analysis.requests.texts import is_within
from ses_sending_policy.rules.document import DEFAULT_VERSION, compact

Literal = tuple[str, bool]
"""An answer assumed of the deploy: the question's fingerprint, and the answer."""

BY_FROM_ADDRESS: Final[Literal] = ("SES looks for the policies of the From address", True)
"""True in one reading of AWS. In the other one, an ARN that the sender gives decides whose policies count."""

BY_UNLISTED_ADDRESS: Final[Literal] = ("SES looks for them where AWS lists no From address", True)
"""The same for an action for which AWS lists no From address."""

_REFERENCE: Final = re.compile(r"\$\{([^{}]*)\}")
_NO_BRACES: Final = str.maketrans("", "", "${}")


@dataclass(frozen=True, slots=True)
class PermissionScope:
    """Where a permission holds: SES looks at one identity at a time, in one account and region.

    :param account: empty if it is unknown.
    :param region: the same.
    :param identity: its name, or what stands for it.
    :param stack: the deployed stack, if account or region are unknown. If the identity's name or the place that a call
        goes to is unknown, the nested stack as well, since names of unknown values mean something in one template only.
        Default: - all is known.
    :param is_named: whether the identity's name is known.
    """

    account: str
    region: str
    identity: str
    stack: str = ""
    is_named: bool = True

    @classmethod
    def of(cls, policy: Declared) -> "PermissionScope":
        """Return where `policy` holds. Two scopes that are equal are known to be one place."""
        name, environment = policy.identity_name, policy.environment
        # Different functions without a name have the same text.
        identity = compact(policy.identity) if UNKNOWN in name else name
        account, region = environment.account or "", environment.region or ""
        stack, marked = policy.home.name or policy.root, _marked(identity, policy.unknowns)
        away = "".join(f" {_marked(each, policy.unknowns)}" for each in policy.away)
        if away or not is_known(name):
            return cls(account, region, marked, f"{stack}/{policy.home.within}{away}", is_named=is_known(name))
        return cls(account, region, marked, "" if account and region else stack)

    def may_be(self, other: "PermissionScope") -> bool:
        """Return whether this may be the same place as `other`: nothing that is known of both differs."""
        pairs = ((self.account, other.account), (self.region, other.region))
        if any(one and another and one != another for one, another in pairs):
            return False
        return self.identity == other.identity or not (self.is_named and other.is_named)

    @property
    def is_address(self) -> bool:
        """Whether the identity is known to be an address: the known part of its name has an `@`."""
        return "@" in _REFERENCE.sub("", self.identity)


@dataclass(frozen=True, slots=True)
class Permission:
    """One action that one principal may call, or may not. Two of them are equal if they are known to mean the same.

    :param place: where it holds.
    :param effect: `Allow` or `Deny`; or something else, which only the deploy knows.
    :param principal: who may call the action, or may not.
    :param action: in lower case, and perhaps with wildcards.
    :param conditions: all of them must hold.
    :param unread: what else decides but cannot be read.
    :param exists: the answers of the deploy under which it holds, all of them; empty if it always does.
    :param within: the template whose references are in it, if they mean something else in another template; or empty.
    :param variables: what a text like `${aws:username}` in its conditions is, `variable` or `plain`; or empty.
    :param spelled: the action as the document has it. This and the next two do not count in comparisons.
    :param policy: the policy that it stands in.
    :param grant: the grant that it is a part of.
    """

    place: PermissionScope
    effect: str
    principal: Principal
    action: str
    conditions: frozenset[Condition]
    unread: str
    exists: frozenset[Literal]
    within: str
    variables: str
    spelled: str = field(compare=False)
    policy: Declared = field(compare=False)
    grant: Grant = field(compare=False)

    def covers(self, other: "Permission") -> bool:
        """Return whether this one is known to hold for every request that `other` holds for."""
        return self.covers_apart(other) and all(
            any(implies(each, mine) for each in other.conditions) for mine in self.conditions
        )

    def covers_apart(self, other: "Permission") -> bool:
        """Return whether this one covers `other` if the conditions of both are left aside."""
        return (
            (self.place, self.effect, self.unread) == (other.place, other.effect, other.unread)
            and self.within in ("", other.within)
            and self.variables in ("", other.variables)
            and (self.variables != "variable" or _needed(self.conditions) <= _needed(other.conditions))
            and self.exists <= other.exists
            and self.principal in other.covering_principals()
            and _is_within(other.action, self.action)
        )

    def covering_principals(self) -> Iterator[Principal]:
        """Yield the principals whose permissions may cover this one."""
        return self.principal.covering(self.effect, self.place.account)


@lru_cache(maxsize=1024)
def _needed(conditions: frozenset[Condition]) -> frozenset[str]:
    """Return the keys of policy variables without a default: conditions may be invalid without these keys.

    "this might cause the entire statement to be invalid":
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    values = (value for each in conditions for value in each.values if "${" in value)
    found = (each for value in values for each in VARIABLE.finditer(value))
    return frozenset(each[1].lower() for each in found if each[1] and each[2] is None)


# Cached, because all policies together have few actions.
@lru_cache(maxsize=1024)
def _is_within(action: str, other: str) -> bool:
    """Return whether every action that `action` names is known to be one that `other` names."""
    if action == other:
        return True
    # No unknown action includes a known one: no action that a known one names has a "${" in it.
    return is_known(action) and is_within(like(action), like(other))


# `_OWN` finds references that depend on their template: no policy variables, as `${aws:username}`, and no references
# that are the same in all templates of a place. `_SENT` finds the latter too, for a call that goes to another place.
_OF_PLACE: Final = tuple(f"AWS::{name}" for name in ("Partition", "URLSuffix", "AccountId", "Region"))
_SENT: Final = re.compile(r"\$\{(?![A-Za-z][\w-]*:(?!:))")
_OWN: Final = re.compile(
    r"\$\{(?!AWS::(?:Partition|URLSuffix|AccountId|Region)\}|Fn::ImportValue |[A-Za-z][\w-]*:(?!:))"
)


def _within(policy: Declared, grant: Grant, *, is_open: bool) -> str:
    """Return the template that `policy` is in, if the meaning of `grant` depends on it, else nothing."""
    texts = [grant.effect, grant.principal, *grant.actions, *(v for each in grant.conditions for v in each.values)]
    own = _SENT if policy.sent else _OWN
    is_own = is_open or any(map(own.search, texts)) or re.search(r'"(?:Ref|Fn::\w+)":', grant.unread + policy.beside)
    return f"{policy.home.name or policy.root}/{policy.home.within}" if is_own else ""


def _marked(text: str, unknowns: Mapping[str, str]) -> str:
    """Return a text with the fingerprint of each unknown value beside its name."""
    return _REFERENCE.sub(
        lambda found: f"${{{found[1]}#{unknowns[found[1]]}}}" if found[1] in unknowns else found[0], text
    )


def _marked_json(text: str, unknowns: Mapping[str, str]) -> str:
    """Return a JSON text, and behind it the name and the fingerprint of each function in it."""
    names = map(name_of, unknown_functions(json.loads(text))) if text else ()
    return "".join((text, *(f"{name}#{unknowns[name]}" for name in names if name in unknowns)))


def literals(policy: Declared) -> dict[Literal, str]:
    """Return the answers that `policy` assumes, each with its words."""
    return {(asked, truth): words if truth else f"not {words}" for asked, truth, words in policy.answers}


def permissions(policy: Declared) -> Iterator[Permission]:
    """Yield the permissions of `policy`: what it allows and denies."""
    place, unknowns, exists = PermissionScope.of(policy), dict(policy.unknowns), frozenset(literals(policy))
    if policy.sent:
        # The call takes these references to another place, where those of the same names are others.
        unknowns |= dict.fromkeys(_OF_PLACE, policy.home.name or policy.root)
    # The third-party resource may take any other property for a region, a switch or one more principal.
    beside = _marked_json(policy.beside, unknowns)
    partition = policy.environment.partition
    for grant in grants_of(policy.document, policy.identity_name, partition):
        # One principal of NotPrincipal stands for all: the whole list is in `unread`.
        principal = min(Principal.of(kind, _marked(name, unknowns), partition) for kind, name in grant.principals)
        version = _marked(grant.version, unknowns)
        conditions = [
            replace(each, values=tuple(_marked(_opened(value, version), unknowns) for value in each.values))
            for each in grant.conditions
        ]
        for action in grant.actions:
            yield Permission(
                place=place,
                effect=_marked(grant.effect, unknowns),
                principal=principal,
                action=action.lower() if is_known(action) else _marked(action, unknowns),
                conditions=frozenset(map(canonical, conditions)),
                unread=_marked_json(grant.unread, unknowns) + beside,
                exists=exists,
                within=_within(policy, grant, is_open=bool(exists)),
                variables=_variables(version, conditions),
                spelled=action,
                policy=policy,
                grant=grant,
            )


def _opened(value: str, version: str) -> str:
    """Return a value in which policy variables are unknown values, if it is unknown what the Version makes of them."""
    if version in (CURRENT, DEFAULT_VERSION):
        return value
    return VARIABLE.sub(lambda found: f"${{{f'Version {version} {found[0]}'.translate(_NO_BRACES)}}}", value)


def _variables(version: str, conditions: Iterable[Condition]) -> str:
    """Return what texts that look like policy variables are: `variable` or `plain`; empty if there are none.

    "If you set Version to an earlier date, variables such as ${aws:username} are treated as literal strings", as it is
    without one: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    if not any(VARIABLE.search(value) for each in conditions for value in each.values):
        return ""
    return "variable" if version == CURRENT else "plain"


def permissions_of(policies: Iterable[Declared]) -> Iterator[Permission]:
    """Yield the permissions of `policies`.

    A permission that a resource gives whether a condition is true or not does not depend on that condition.
    """
    same: dict[object, list[Permission]] = {}
    for policy in policies:
        for each in permissions(policy):
            resource = (policy.template, policy.stack, policy.logical_id, policy.call)
            same.setdefault((resource, replace(each, exists=frozenset())), []).append(each)
    for found in same.values():
        yield from _simplified(found)


def _simplified(found: Sequence[Permission]) -> Iterator[Permission]:
    for exists in _merged({each.exists for each in found}):
        first = next(each for each in found if exists <= each.exists)
        if exists == first.exists:
            yield first
            continue
        words = [words for literal, words in literals(first.policy).items() if literal in exists]
        policy = replace(first.policy, condition=" and ".join(words))
        yield replace(first, exists=exists, within=_within(policy, first.grant, is_open=bool(exists)), policy=policy)


def _merged(ways: set[frozenset[Literal]]) -> list[frozenset[Literal]]:
    """Return the fewest sets of answers that say the same: a question drops out if both of its answers are there."""
    while True:
        halves = {
            one - {(name, truth)}
            for one in ways
            for name, truth in one
            if (one - {(name, truth)}) | {(name, not truth)} in ways
        }
        more = {one for one in ways | halves if not any(other < one for other in ways)}
        if more == ways:
            return sorted(ways, key=sorted)
        ways = more
