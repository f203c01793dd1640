"""Statements in the words of those who grant: who may send, from where, to whom, and until when."""

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
    """What narrows a grant; every part of it is optional, and all that are given must hold.

    A function of yours that hands them on takes `**narrowing: Unpack[Narrowing]`.

    Addresses and names may hold the wildcards `*` and `?`. They are compared with their case: `*admin*` does not match
    `Admin@example.com`.

    Example::

        policy.allow_organization(
            "o-a1b2c3d4e5",
            from_addresses=["*@news.example.com"],
            recipients=["*@example.org"],
            not_after="2031-01-01T00:00Z",
        )

    :param from_addresses: the addresses in From, as `*@news.example.com`. Default: - any of the identity.
    :param from_display_names: the names beside them, as `Example News`. Default: - any.
    :param feedback_addresses: the Return-Path, where bounces and complaints go. Default: - any.
    :param recipients: each of To, CC and BCC must be one of these; for `deny`, one of them is enough.
        Default: - anybody.
    :param not_before: the grant begins then: a `datetime` with a time zone, or ISO 8601 as `2031-01-01T00:00Z`.
        Default: - at once.
    :param not_after: the grant ends then, said in the same way. Default: - never.
    :param actions: what may be done. Default: - `ses:SendEmail` and `ses:SendRawEmail`, as in AWS's examples; for
        `deny` also `ses:SendTemplatedEmail` and `ses:SendBulkTemplatedEmail`.
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
    """Return the statement, or raise `DeclarationError` where an argument says nothing.

    :param more: conditions besides those of the narrowing, by operator and key.
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
    """Return the statement that lets accounts send, or raise `DeclarationError` where an argument says nothing.

    :param account_ids: as `accounts` returns them.
    :param partition: where they are.
    """
    words = _words(narrowing)
    actions = [*words.get("actions", usual_actions(denies=False))]
    return AccountStatement(account_ids, partition, sid, actions, narrowing_conditions(words, _may_be_pattern))


def _words(narrowing: Narrowing) -> Words:
    """Return what a narrowing says, or raise `DeclarationError` where that is nothing that a grant takes."""
    known = Narrowing.__annotations__
    for name in sorted(narrowing.keys() - known.keys()):
        meant = closest(name, known)
        hint = f"did you mean {meant}?" if meant else f"allowed are {', '.join(known)}"
        raise DeclarationError(f"{name} is nothing that a grant takes: {hint}")
    given = {name: value for name, value in narrowing.items() if value is not None}
    return {name: _CHECKS.get(name, checked_list)(name, value) for name, value in given.items()}


def checked_actions(name: str, values: object) -> list[str]:
    """Return `values`, or raise `DeclarationError` where one is no action of SES; `name` is what they call them."""
    return [each if has_token(each) else check_action(each) for each in checked_list(name, values)]


def _addresses(name: str, values: object) -> list[str]:
    found = checked_list(name, values)
    for each in found:
        if is_named_address(each):
            raise DeclarationError(f"{name} holds {each!r}: give the address alone, and the name in from_display_names")
    return found


def _check_apart(principal: iam.IPrincipal, narrowed: Conditions) -> None:
    """Raise `DeclarationError` where the principal has a condition in whose place the CDK would write another."""
    if isinstance(principal, iam.ArnPrincipal):
        return  # no kind of these has any, and to ask is two calls to Node
    own = principal.policy_fragment.conditions
    for operator, keys in narrowed.items():
        if not isinstance(own.get(operator, {}), Mapping):
            raise DeclarationError(
                f"{operator} of the principal's conditions is a token, and what narrows the grant would be mixed into "
                "it: say it in a statement"
            )
        for key in sorted(keys.keys() & own.get(operator, {}).keys()):
            raise DeclarationError(
                f"{key} is compared by {operator} twice, once in a condition of the principal and once by what "
                "narrows the grant: say it in one of the two"
            )


def service_conditions(source_arn: str | None, source_account: str | None) -> Conditions:
    """Return what binds a service to one customer of its, or raise `DeclarationError` where nothing does."""
    for name, value in (("source_arn", source_arn), ("source_account", source_account)):
        if value is not None:
            checked_text(name, value)
    return source_conditions(source_arn, source_account, lambda arn: not has_token(arn) and has_wildcard(arn))


def checked_account(account_id: str) -> str:
    """Return an account's id, or raise `DeclarationError` where it is none."""
    return account_id if has_token(checked_text("account", account_id)) else check_account(account_id)


def accounts(account_ids: Sequence[str]) -> list[str]:
    """Return the ids of accounts, each once, or raise `DeclarationError` where one is no account's id."""
    return list(dict.fromkeys(map(checked_account, account_ids)))


def cognito_service(pool_region: str, identity_region: str) -> iam.IPrincipal:
    """Return whom a pool of a region sends as, or raise `DeclarationError` where it never sends with the identity."""
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
    """Return an organization's id, or raise `DeclarationError` where it is none."""
    known = not has_token(checked_text("organization", organization_id))
    return check_organization(organization_id) if known else token(organization_id)


class Sids:
    """Statement ids that tell whom they are about, each once in a document."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def new(self, *words: str) -> str:
        """Return an id of these words; a second one of the same gets a number."""
        parts = [part for word in words for part in re.findall(r"[A-Za-z0-9]+", _plain(word))]
        sid = "".join(part[0].upper() + part[1:] for part in parts)
        numbered = (f"{sid}{number}" for number in count(2))
        new = next(each for each in chain([sid], numbered) if each not in self._given)
        self._given.add(new)
        return new


def _plain(word: str) -> str:
    return "" if has_token(word) else word


def checked_list(name: str, values: object) -> list[str]:
    """Return `values`, or raise `DeclarationError` where they are none; `name` is what they call them."""
    if isinstance(values, str) and values:
        raise DeclarationError(f"{name} is {values!r}: give a list, as [{values!r}]")
    # A generator is read once.
    found = list(values) if isinstance(values, Iterable) and not isinstance(values, str) else []
    if not found:
        raise DeclarationError(f"{name} is {values!r}: give a list with at least one value, or leave it out")
    for value in found:
        if not (isinstance(value, str) and value):
            raise DeclarationError(f"{name} holds {value!r}: give strings that are not empty")
    return found


def _may_be_pattern(value: str) -> bool:
    # Nobody knows whether a token holds a wildcard: without any, Like compares as Equals does.
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
        # Whole seconds: a part of one says nothing to a person.
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
    """Return what a statement about `grantee` is called: the id of the construct that it is, if it is one.

    Raises `DeclarationError` where it is the text of an ARN.
    """
    if isinstance(grantee, str):
        raise DeclarationError(
            f"grantee is {grantee!r}: give a role, a user or a principal, as iam.ArnPrincipal makes of an ARN"
        )
    node = getattr(grantee, "node", None)
    return "Principal" if node is None else str(node.id)
