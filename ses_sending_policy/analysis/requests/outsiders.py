"""Callers for checks of public access: strangers to the owner, and the role that deploys the owner's policies."""

from collections.abc import Iterable, Iterator
from typing import Final

from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.caller import OWN_ORGANIZATION, Caller, TargetIdentity
from ses_sending_policy.analysis.requests.key_condition import has_reference
from ses_sending_policy.analysis.requests.keys import one_name
from ses_sending_policy.analysis.requests.pattern import Pattern, exactly, like
from ses_sending_policy.rules.arns import Arn, is_account
from ses_sending_policy.rules.conditions import WHO_KEYS, has_wildcard

_WHO: Final = frozenset(one_name(key) for key in WHO_KEYS)
# Keys with another account than the caller's own. The caller's own account and ARN are left to `Caller.but`.
_ACCOUNTS: Final = ("aws:sourceaccount", "aws:sourceowner", "aws:vpceaccount")
_ARNS: Final = ("aws:sourcearn", "aws:sourcevpcarn")
_ORGANIZATIONS: Final = ("aws:principalorgid", "aws:sourceorgid", "aws:vpceorgid")
_PATHS: Final = ("aws:principalorgpaths", "aws:sourceorgpaths", "aws:vpceorgpaths")


def strangers(conditions: Iterable[Condition], target: TargetIdentity) -> list[Caller]:
    """Return strangers, who have nothing that conditions name: a user, a role, and a service that works for them.

    Whatever a condition names belongs to the owner or a partner: an account, also within an ARN; an organization, also
    within a path; the id of a role. Whatever a pattern leaves open may belong to a stranger: `vpce-*` matches every
    endpoint.
    """
    named = [(one_name(each.key), value) for each in conditions for value in each.values]
    theirs = [(key, value) for key, value in named if key in _WHO]
    but = frozenset({account for _, value in theirs for account in _accounts(value)} | ({target.owner} - {""}))
    never = (*dict.fromkeys(_never(theirs, but)),)
    return [
        *(Caller("AWS", sort, "", "", but=but, never=never) for sort in ("user", "role")),
        Caller("Service", "", "", "", never=never),
    ]


def by_service(name: str, conditions: Iterable[Condition], target: TargetIdentity) -> Caller:
    """Return the service `name` as a caller that works for a stranger."""
    return Caller("Service", "", name, "", never=strangers(conditions, target)[-1].never)


def _accounts(value: str) -> Iterator[str]:
    arn = Arn.parse(value)
    account = arn.account if arn else value
    if is_account(account):
        yield account


def _never(named: Iterable[tuple[str, str]], accounts: Iterable[str]) -> Iterator[tuple[str, Pattern]]:
    for account in sorted(accounts):
        yield from ((key, exactly(account)) for key in _ACCOUNTS)
        yield from ((key, like(f"arn:*:*:*:{account}:*")) for key in _ARNS)
    for organization in (OWN_ORGANIZATION, *sorted({value.partition("/")[0] for _, value in named})):
        if organization.startswith("o-") and not has_wildcard(organization):
            yield from ((key, exactly(organization)) for key in _ORGANIZATIONS)
            yield from ((key, like(f"{organization}/*")) for key in _PATHS)
    for key, value in named:
        head = value.partition(":")[0]
        if has_reference(value):
            # A value that only the deploy knows counts as the owner's or a partner's.
            yield key, like(value)
        elif not has_wildcard(value):
            yield key, exactly(value)
        elif key == "aws:userid" and not has_wildcard(head):
            # The id is a role's that a stranger does not have, so no session of it is a stranger's.
            yield key, like(f"{head}:*")


def deployer(conditions: Iterable[Condition], target: TargetIdentity) -> Caller:
    """Return the role that writes policies: in the owner's account and organization, over TLS, without MFA."""
    organizations = [
        value
        for each in conditions
        if one_name(each.key) in _ORGANIZATIONS
        for value in each.values
        if "${" not in value
    ]
    always = {
        "aws:principalorgid": organizations or [OWN_ORGANIZATION],
        "aws:securetransport": ["true"],
        "aws:principalisawsservice": ["false"],
    }
    return Caller(
        "AWS",
        "role",
        "",
        target.owner or "${AWS::AccountId}",
        is_owner=True,
        always=tuple((key, tuple(map(exactly, values))) for key, values in always.items()),
    )
