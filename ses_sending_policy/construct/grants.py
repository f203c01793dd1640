"""Statements in the words of those who grant: who may send, from where, to whom, and until when."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, TypedDict

from aws_cdk import aws_iam as iam

from ses_sending_policy.construct.tokens import has_token
from ses_sending_policy.rules.errors import DeclarationError

# What AWS's own examples of sending authorization policies grant.
# https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policy-examples.html
SENDING: Final = ("ses:SendEmail", "ses:SendRawEmail")

Conditions = dict[str, dict[str, str | list[str]]]


class Narrowing(TypedDict, total=False):
    """What narrows a grant; every part of it is optional, and all that are given must hold.

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
    :param recipients: each of To, CC and BCC must be one of these. Default: - anybody.
    :param not_before: sending begins then. Default: - it may at once.
    :param not_after: sending ends then. Default: - it never does.
    :param actions: what may be done. Default: - `ses:SendEmail` and `ses:SendRawEmail`, as in AWS's examples.
    """

    from_addresses: Sequence[str]
    from_display_names: Sequence[str]
    feedback_addresses: Sequence[str]
    recipients: Sequence[str]
    not_before: datetime | str
    not_after: datetime | str
    actions: Sequence[str]


def statement(
    effect: iam.Effect,
    principal: iam.IPrincipal,
    sid: str,
    more: Conditions,
    *,
    from_addresses: Sequence[str] | None = None,
    from_display_names: Sequence[str] | None = None,
    feedback_addresses: Sequence[str] | None = None,
    recipients: Sequence[str] | None = None,
    not_before: datetime | str | None = None,
    not_after: datetime | str | None = None,
    actions: Sequence[str] = SENDING,
) -> iam.PolicyStatement:
    """Return the statement, or raise `DeclarationError` where an argument says nothing.

    :param more: conditions besides those of the narrowing, by operator and key.
    """
    conditions: Conditions = {operator: dict(keys) for operator, keys in more.items()}
    # "ses:FromAddress, ses:FromDisplayName, ses:FeedbackAddress: String; ses:Recipients: ArrayOfString"
    # https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
    for name, values, key, prefix in (
        ("from_addresses", from_addresses, "ses:FromAddress", ""),
        ("from_display_names", from_display_names, "ses:FromDisplayName", ""),
        ("feedback_addresses", feedback_addresses, "ses:FeedbackAddress", ""),
        # Without a quantifier a list is compared with a single value, and nothing matches.
        ("recipients", recipients, "ses:Recipients", "ForAllValues:"),
    ):
        if values is not None:
            checked = checked_list(name, values)
            conditions.setdefault(prefix + _operator(checked), {})[key] = checked
    for name, moment, operator in (
        ("not_before", not_before, "DateGreaterThan"),
        ("not_after", not_after, "DateLessThan"),
    ):
        if moment is not None:
            conditions.setdefault(operator, {})["aws:CurrentTime"] = _date(name, moment)
    return iam.PolicyStatement(
        sid=sid,
        effect=effect,
        principals=[principal],
        actions=checked_list("actions", actions),
        conditions=conditions or None,
    )


def service_conditions(source_arn: str | None, source_account: str | None) -> Conditions:
    """Return what binds a service to one customer of its, or raise `DeclarationError` where nothing does.

    A service sends for all its customers; without a source it could be made to send for any of them.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    conditions: Conditions = {}
    if source_account is not None:
        conditions["StringEquals"] = {"aws:SourceAccount": source_account}
    if source_arn is not None:
        operator = "ArnLike" if _has_wildcard(source_arn) else "StringEquals"
        conditions.setdefault(operator, {})["aws:SourceArn"] = source_arn
    if not conditions:
        raise DeclarationError(
            "a service needs source_arn or source_account: without one it may send for any of its customers"
        )
    return conditions


def checked_account(account_id: str) -> str:
    """Return an account's id, or raise `DeclarationError` where it is none."""
    if not has_token(account_id) and not re.fullmatch(r"\d{12}", account_id):
        raise DeclarationError(f"account {account_id!r} is not an account's id: give its 12 digits")
    return account_id


def checked_organization(organization_id: str) -> str:
    """Return an organization's id, or raise `DeclarationError` where it is none."""
    # "o-" followed by from 10 to 32 lowercase letters or digits
    # https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
    if not has_token(organization_id) and not re.fullmatch(r"o-[a-z0-9]{10,32}", organization_id):
        raise DeclarationError(
            f"organization {organization_id!r} is not an organization's id: it looks like o-a1b2c3d4e5"
        )
    return organization_id


class Sids:
    """Statement ids that tell whom they are about, each once in a document."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def new(self, *words: str) -> str:
        """Return an id of these words; a second one of the same gets a number."""
        sid = "".join(part.capitalize() for word in words for part in re.findall(r"[A-Za-z0-9]+", _plain(word)))
        self._given[sid] = self._given.get(sid, 0) + 1
        return sid if self._given[sid] == 1 else f"{sid}{self._given[sid]}"


def _plain(word: str) -> str:
    return "" if has_token(word) else word


def checked_list(name: str, values: Sequence[str]) -> list[str]:
    """Return `values`, or raise `DeclarationError` where they are none; `name` is what they call them."""
    if isinstance(values, str) or not values:
        raise DeclarationError(f"{name} is {values!r}: give a list with at least one value, or leave it out")
    return list(values)


def _has_wildcard(value: str) -> bool:
    return not has_token(value) and bool(re.search(r"[*?]", value))


def _operator(values: Sequence[str]) -> str:
    # "*" and "?" are wildcards in the Like operators only. Nobody knows whether a token holds one: without any, Like
    # compares as Equals does.
    return "StringLike" if any(has_token(value) or _has_wildcard(value) for value in values) else "StringEquals"


def _date(name: str, moment: datetime | str) -> str:
    if isinstance(moment, str):
        return moment
    if moment.tzinfo is None:
        raise DeclarationError(f"{name} is {moment.isoformat()} without a time zone: give one, as datetime.UTC")
    at = moment.astimezone(UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ" if at.second else "%Y-%m-%dT%H:%MZ")


def principal_name(grantee: iam.IGrantable) -> str:
    """Return what a statement about `grantee` is called: the id of the construct that it is, if it is one."""
    node = getattr(grantee, "node", None)
    return "Principal" if node is None else str(node.id)
