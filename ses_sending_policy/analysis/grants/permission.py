"""A permission: one action, allowed or denied to one principal. A review compares policies by their permissions."""

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

DeployAnswer = tuple[str, bool]
"""An assumption about the deploy: the fingerprint of a yes-or-no question, and the assumed answer."""

BY_FROM_ADDRESS: Final[DeployAnswer] = ("SES looks for the policies of the From address", True)
"""An assumption about SES: the From address decides whose policies count.

AWS leaves it open. If it is false, an ARN that the sender gives decides.
"""

BY_UNLISTED_ADDRESS: Final[DeployAnswer] = ("SES looks for them where AWS lists no From address", True)
"""The same assumption as `BY_FROM_ADDRESS`, for an action for which AWS lists no From address."""

_REFERENCE: Final = re.compile(r"\$\{([^{}]*)\}")
_NO_BRACES: Final = str.maketrans("", "", "${}")


@dataclass(frozen=True, slots=True)
class PermissionScope:
    """Where a permission holds: for one identity, in one account and region.

    :param account: empty if the account is unknown.
    :param region: empty if the region is unknown.
    :param identity: the identity's name, or text with references if only the deploy knows the name.
    :param stack: the deployed stack, if the account or the region is unknown. If the identity's name or the place that
        an API call goes to is unknown, it names the nested stack as well, because the name of an unknown value means
        something in one template only. Default: - all of it is known.
    :param is_named: whether the identity's name is known.
    """

    account: str
    region: str
    identity: str
    stack: str = ""
    is_named: bool = True

    @classmethod
    def of(cls, policy: Declared) -> "PermissionScope":
        """Return where `policy` holds. Two equal scopes are known to be the same identity in the same place."""
        name, environment = policy.identity_name, policy.environment
        # Two functions without a name have the same text though they may differ, so their JSON stands for them.
        identity = compact(policy.identity) if UNKNOWN in name else name
        account, region = environment.account or "", environment.region or ""
        stack, marked = policy.home.name or policy.root, _marked(identity, policy.unknowns)
        away = "".join(f" {_marked(each, policy.unknowns)}" for each in policy.away)
        if away or not is_known(name):
            return cls(account, region, marked, f"{stack}/{policy.home.within}{away}", is_named=is_known(name))
        return cls(account, region, marked, "" if account and region else stack)

    def may_be(self, other: "PermissionScope") -> bool:
        """Return whether both may be the same place: nothing that is known of both differs."""
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
    """One action that one principal may call, or may not. Two equal permissions are known to mean the same.

    :param place: where it holds.
    :param effect: `Allow` or `Deny`; or something else, which only the deploy knows.
    :param principal: who may call the action, or may not.
    :param action: in lower case, and perhaps with wildcards.
    :param conditions: all of them must hold.
    :param unread: the elements and properties that also decide, but cannot be read, as JSON.
    :param exists: the assumed answers of the deploy under which the permission exists; empty if it always does.
    :param within: the template that the references in the permission belong to, if they mean something else in another
        template; else empty.
    :param variables: what text like `${aws:username}` in its conditions is: `variable` or `plain`; empty if there is
        none.
    :param spelled: the action as the document spells it. This, `policy` and `grant` do not count in comparisons.
    :param policy: the policy that the permission comes from.
    :param grant: the grant that the permission is a part of.
    """

    place: PermissionScope
    effect: str
    principal: Principal
    action: str
    conditions: frozenset[Condition]
    unread: str
    exists: frozenset[DeployAnswer]
    within: str
    variables: str
    spelled: str = field(compare=False)
    policy: Declared = field(compare=False)
    grant: Grant = field(compare=False)

    def covers(self, other: "Permission") -> bool:
        """Return whether this permission is known to hold for every request for which `other` holds."""
        return self.covers_apart(other) and all(
            any(implies(each, mine) for each in other.conditions) for mine in self.conditions
        )

    def covers_apart(self, other: "Permission") -> bool:
        """Return whether this permission would cover `other` if neither had conditions."""
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
        """Yield the principals whose permissions may cover this permission."""
        return self.principal.covering(self.effect, self.place.account)


@lru_cache(maxsize=1024)
def _needed(conditions: frozenset[Condition]) -> frozenset[str]:
    """Return the keys of policy variables that have no default: without these keys, the conditions may be invalid.

    "this might cause the entire statement to be invalid":
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    values = (value for each in conditions for value in each.values if "${" in value)
    found = (each for value in values for each in VARIABLE.finditer(value))
    return frozenset(each[1].lower() for each in found if each[1] and each[2] is None)


# Cached, because all policies together have few actions.
@lru_cache(maxsize=1024)
def _is_within(action: str, other: str) -> bool:
    """Return whether every action that the pattern `action` matches is known to match the pattern `other` as well."""
    if action == other:
        return True
    # An unknown action counts as within no other one, and it includes no known one: none of them has a "${" in it.
    return is_known(action) and is_within(like(action), like(other))


# `_OWN` finds references whose meaning depends on their template: no policy variables, as `${aws:username}`, and no
# references that mean the same in all templates of one account and region. `_SENT` finds those as well, for a call that
# goes elsewhere.
_OF_PLACE: Final = tuple(f"AWS::{name}" for name in ("Partition", "URLSuffix", "AccountId", "Region"))
_SENT: Final = re.compile(r"\$\{(?![A-Za-z][\w-]*:(?!:))")
_OWN: Final = re.compile(
    r"\$\{(?!AWS::(?:Partition|URLSuffix|AccountId|Region)\}|Fn::ImportValue |[A-Za-z][\w-]*:(?!:))"
)


def _within(policy: Declared, grant: Grant, *, is_open: bool) -> str:
    """Return the template that `policy` is in if the meaning of `grant` depends on the template; else an empty text."""
    texts = [grant.effect, grant.principal, *grant.actions, *(v for each in grant.conditions for v in each.values)]
    own = _SENT if policy.sent else _OWN
    is_own = is_open or any(map(own.search, texts)) or re.search(r'"(?:Ref|Fn::\w+)":', grant.unread + policy.beside)
    return f"{policy.home.name or policy.root}/{policy.home.within}" if is_own else ""


def _marked(text: str, unknowns: Mapping[str, str]) -> str:
    """Return a text in which the fingerprint of each unknown value stands after the value's name."""
    return _REFERENCE.sub(
        lambda found: f"${{{found[1]}#{unknowns[found[1]]}}}" if found[1] in unknowns else found[0], text
    )


def _marked_json(text: str, unknowns: Mapping[str, str]) -> str:
    """Return a JSON text, followed by the name and the fingerprint of each function in it."""
    names = map(name_of, unknown_functions(json.loads(text))) if text else ()
    return "".join((text, *(f"{name}#{unknowns[name]}" for name in names if name in unknowns)))


def deploy_answers(policy: Declared) -> dict[DeployAnswer, str]:
    """Return the answers of the deploy that `policy` assumes, each with the condition in words."""
    return {(asked, truth): words if truth else f"not {words}" for asked, truth, words in policy.answers}


def permissions(policy: Declared) -> Iterator[Permission]:
    """Yield the permissions of `policy`: what it allows and denies."""
    place, unknowns, exists = PermissionScope.of(policy), dict(policy.unknowns), frozenset(deploy_answers(policy))
    if policy.sent:
        # The call goes to another account or region, where references such as `${AWS::Region}` stand for other values.
        unknowns |= dict.fromkeys(_OF_PLACE, policy.home.name or policy.root)
    # These count, because the code of a third-party resource may take any property for a region, a switch or a
    # principal.
    beside = _marked_json(policy.beside, unknowns)
    partition = policy.environment.partition
    for grant in grants_of(policy.document, policy.identity_name, partition):
        # For `NotPrincipal`, one principal stands for all of them: the whole list is in `unread`.
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
    """Return a value in which policy variables count as unknown, if the Version may or may not know variables."""
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

    If a resource gives a permission both when a condition is true and when it is false, the permission does not depend
    on that condition.
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
        words = [words for answer, words in deploy_answers(first.policy).items() if answer in exists]
        policy = replace(first.policy, condition=" and ".join(words))
        yield replace(first, exists=exists, within=_within(policy, first.grant, is_open=bool(exists)), policy=policy)


def _merged(ways: set[frozenset[DeployAnswer]]) -> list[frozenset[DeployAnswer]]:
    """Return the fewest sets of answers that mean the same as `ways`.

    A question drops out if both of its answers are among them.
    """
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
