"""Makes statements from the arguments of the `allow_` methods: who may send, from where, to whom, and until when."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain, count
from typing import Final, TypedDict

from aws_cdk import aws_iam as iam

from ses_sending_policy.analysis.grants.narrowing import (
    Conditions,
    Words,
    is_named_address,
    merged,
    narrowing_conditions,
    source_conditions,
)
from ses_sending_policy.construct.account_statement import AccountStatement
from ses_sending_policy.construct.tokens import checked_text, has_token, token
from ses_sending_policy.rules.accounts import check_account, check_organization
from ses_sending_policy.rules.action_names import check_action
from ses_sending_policy.rules.actions import usual_actions
from ses_sending_policy.rules.cognito import COGNITO, region_fault, service_of_pool
from ses_sending_policy.rules.conditions import has_wildcard
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.moments import Moment, check_moment
from ses_sending_policy.rules.suggestions import closest


class Narrowing(TypedDict, total=False):
    """The arguments that narrow a grant. Each is optional, and all that are given must hold.

    A function of yours that passes them on takes `**narrowing: Unpack[Narrowing]`.

    Addresses and names may contain the wildcards `*` and `?`. Their case counts: `*admin*` does not match
    `Admin@example.com`.

    Example::

        policy.allow_organization(
            "o-a1b2c3d4e5",
            from_addresses=["*@news.example.com"],
            recipients=["*@example.org"],
            not_after="2031-01-01T00:00Z",
        )

    :param from_addresses: the addresses in From, as `*@news.example.com`. Default: - any address of the identity.
    :param from_display_names: the display names in From, as `Example News`. Default: - any name.
    :param feedback_addresses: the addresses in Return-Path, which get bounces and complaints. Default: - any address.
    :param recipients: every address in To, CC and BCC must be one of these; for `deny`, one of them is enough.
        Default: - any recipient.
    :param not_before: when the grant begins: a `datetime` with a time zone, or ISO 8601 as `2031-01-01T00:00Z`.
        Default: - at once.
    :param not_after: when the grant ends, in the same formats. Default: - never.
    :param actions: the actions of the grant. Default: - `ses:SendEmail` and `ses:SendRawEmail`, as in AWS's examples;
        for `deny` also `ses:SendTemplatedEmail` and `ses:SendBulkTemplatedEmail`.
    """

    from_addresses: Sequence[str]
    from_display_names: Sequence[str]
    feedback_addresses: Sequence[str]
    recipients: Sequence[str]
    not_before: datetime | str
    not_after: datetime | str
    actions: Sequence[str]


def statement(
    effect: iam.Effect, principal: iam.IPrincipal, sid: str, more: Conditions, narrowing: Narrowing
) -> iam.PolicyStatement:
    """Return the statement; raise `DeclarationError` if an argument of the narrowing is invalid.

    :param more: further conditions, by operator and key.
    """
    words = _words(narrowing)
    denies = effect is iam.Effect.DENY
    narrowed = narrowing_conditions(words, _may_be_pattern, denies=denies)
    if narrowed:
        _check_apart(principal, narrowed)
    conditions = merged(more, narrowed)
    return iam.PolicyStatement(
        sid=sid,
        effect=effect,
        principals=[principal],
        actions=list(words.get("actions", usual_actions(denies=denies))),
        conditions=conditions or None,
    )


def account_statement(account_ids: Sequence[str], partition: str, sid: str, narrowing: Narrowing) -> AccountStatement:
    """Return the statement that allows accounts; raise `DeclarationError` if an argument of the narrowing is invalid.

    :param account_ids: the accounts, as `accounts` returns them.
    :param partition: the accounts' partition.
    """
    words = _words(narrowing)
    actions = [*words.get("actions", usual_actions(denies=False))]
    return AccountStatement(account_ids, partition, sid, actions, narrowing_conditions(words, _may_be_pattern))


def _words(narrowing: Narrowing) -> Words:
    """Return the checked arguments of a narrowing; raise `DeclarationError` if one is unknown or invalid."""
    known = Narrowing.__annotations__
    for name in sorted(narrowing.keys() - known.keys()):
        meant = closest(name, known)
        hint = f"did you mean {meant}?" if meant else f"allowed are {', '.join(known)}"
        raise DeclarationError(f"{name} is no argument of a grant: {hint}")
    given = {name: value for name, value in narrowing.items() if value is not None}
    return {name: _CHECKS.get(name, checked_list)(name, value) for name, value in given.items()}


def checked_actions(name: str, values: object) -> list[str]:
    """Return `values`, or raise `DeclarationError` if one is no action of SES; `name` is the argument's name."""
    return [each if has_token(each) else check_action(each) for each in checked_list(name, values)]


def _addresses(name: str, values: object) -> list[str]:
    found = checked_list(name, values)
    for each in found:
        if is_named_address(each):
            raise DeclarationError(f"{name} holds {each!r}: give the address alone, and the name in from_display_names")
    return found


def _check_apart(principal: iam.IPrincipal, narrowed: Conditions) -> None:
    """Raise `DeclarationError` if the narrowing would overwrite a condition of the principal in the CDK's statement."""
    if isinstance(principal, iam.ArnPrincipal):
        return  # an `ArnPrincipal` never has conditions, and asking for them takes two calls to Node
    own = principal.policy_fragment.conditions
    for operator, keys in narrowed.items():
        if not isinstance(own.get(operator, {}), Mapping):
            raise DeclarationError(
                f"{operator} of the principal's conditions is a token, and the CDK would mix the narrowing of the "
                "grant into it: write the whole statement, and add it by add_statements"
            )
        for key in sorted(keys.keys() & own.get(operator, {}).keys()):
            raise DeclarationError(
                f"{key} is compared by {operator} twice, in a condition of the principal and in the narrowing of the "
                "grant: leave one out"
            )


def service_conditions(source_arn: str | None, source_account: str | None) -> Conditions:
    """Return the conditions that limit a service to one source; raise `DeclarationError` if neither is given."""
    for name, value in (("source_arn", source_arn), ("source_account", source_account)):
        if value is not None:
            checked_text(name, value)
    return source_conditions(source_arn, source_account, lambda arn: not has_token(arn) and has_wildcard(arn))


def checked_account(account_id: str) -> str:
    """Return `account_id`, or raise `DeclarationError` if it is not an account's id."""
    return account_id if has_token(checked_text("account", account_id)) else check_account(account_id)


def accounts(account_ids: Sequence[str]) -> list[str]:
    """Return the account ids without duplicates; raise `DeclarationError` if one is not an account's id."""
    return list(dict.fromkeys(map(checked_account, account_ids)))


def cognito_service(pool_region: str, identity_region: str) -> iam.IPrincipal:
    """Return the service that a pool calls SES as; raise `DeclarationError` if it cannot send through that region."""
    if has_token(pool_region) or has_token(identity_region):
        return iam.ServicePrincipal(COGNITO)
    fault = region_fault(pool_region, identity_region)
    if fault:
        raise DeclarationError(
            f"{fault}: declare the policy and its identity in a stack there, or use allow_service where Cognito's "
            "guide says otherwise by now"
        )
    return iam.ServicePrincipal(service_of_pool(pool_region, identity_region))


def checked_organization(organization_id: str) -> str:
    """Return `organization_id`, or raise `DeclarationError` if it is not an organization's id."""
    known = not has_token(checked_text("organization", organization_id))
    return check_organization(organization_id) if known else token(organization_id)


class Sids:
    """Makes statement ids from words on the principal, each unique in its document."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def new(self, *words: str) -> str:
        """Return an id of these words, with a number behind if the same words were used before."""
        parts = [part for word in words if not has_token(word) for part in re.findall(r"[A-Za-z0-9]+", word)]
        sid = "".join(part[0].upper() + part[1:] for part in parts)
        numbered = (f"{sid}{number}" for number in count(2))
        new = next(each for each in chain([sid], numbered) if each not in self._given)
        self._given.add(new)
        return new


def checked_list(name: str, values: object) -> list[str]:
    """Return `values` as a list, or raise `DeclarationError` if they are not strings; `name` is the argument's name."""
    if isinstance(values, str) and values:
        raise DeclarationError(f"{name} is {values!r}: give a list, as [{values!r}]")
    # A list, because a generator can be read only once.
    found = list(values) if isinstance(values, Iterable) and not isinstance(values, str) else []
    if not found:
        raise DeclarationError(f"{name} is {values!r}: give a list with at least one value, or leave it out")
    for value in found:
        if not (isinstance(value, str) and value):
            raise DeclarationError(f"{name} holds {value!r}: give strings that are not empty")
    return found


def _may_be_pattern(value: str) -> bool:
    # A token may contain a wildcard, so it counts as a pattern: without one, StringLike compares as StringEquals does.
    return has_token(value) or has_wildcard(value)


def _date(name: str, moment: object) -> str:
    if isinstance(moment, str):
        return moment if has_token(moment) else check_moment(name, moment)
    if not isinstance(moment, datetime):
        raise DeclarationError(
            f"{name} is {moment!r}: give a datetime with a time zone, or a string as 2031-01-01T00:00Z"
        )
    if moment.utcoffset() is None:
        raise DeclarationError(f"{name} is {moment.isoformat()} without a time zone: give one, as datetime.UTC")
    try:
        # Rounded down to whole seconds, which are easier to read.
        return str(Moment.of(moment.replace(microsecond=0)))
    except OverflowError:
        raise DeclarationError(f"{name} is {moment.isoformat()}: give one of the years 1 to 9999 in UTC") from None


_CHECKS: Final[Mapping[str, Callable[[str, object], str | list[str]]]] = {
    "from_addresses": _addresses,
    "not_before": _date,
    "not_after": _date,
    "actions": checked_actions,
}


def principal_name(grantee: iam.IGrantable) -> str:
    """Return the word for `grantee` in a statement's id: the construct's id if it is a construct, else "Principal".

    Raises `DeclarationError` if `grantee` is a string.
    """
    if isinstance(grantee, str):
        raise DeclarationError(
            f"grantee is {grantee!r}: give a role, a user or a principal, as iam.ArnPrincipal makes of an ARN"
        )
    node = getattr(grantee, "node", None)
    return "Principal" if node is None else str(node.id)
