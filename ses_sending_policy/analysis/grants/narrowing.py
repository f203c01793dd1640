"""What narrows a grant: each word of it with the condition that says it, and the way back."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from typing import Final

from ses_sending_policy.rules.document import Json, as_list
from ses_sending_policy.rules.errors import DeclarationError

# What AWS's own examples of sending authorization policies grant.
# https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policy-examples.html
SENDING: Final = ("ses:SendEmail", "ses:SendRawEmail")

# "Sending email: ses:SendEmail, ses:SendRawEmail, ses:SendTemplatedEmail, ses:SendBulkTemplatedEmail"
# https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
# A Deny of fewer is got around by the others. The API v2's ses:SendBulkEmail is not among them: SES lists it with none
# of the keys of a message, and may refuse it beside them.
_EVERY_SENDING: Final = (*SENDING, "ses:SendTemplatedEmail", "ses:SendBulkTemplatedEmail")

Conditions = dict[str, dict[str, str | list[str]]]
Words = Mapping[str, str | list[str]]
"""What narrows a grant, by name: lists, and moments as text."""


def usual_actions(*, denies: bool) -> tuple[str, ...]:
    """Return what a statement is about where nobody says it.

    :param denies: whether it forbids.
    """
    return _EVERY_SENDING if denies else SENDING


# "ses:FromAddress, ses:FromDisplayName, ses:FeedbackAddress: String; ses:Recipients: ArrayOfString"
# https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
_LISTS: Final = (
    ("from_addresses", "ses:FromAddress"),
    ("from_display_names", "ses:FromDisplayName"),
    ("feedback_addresses", "ses:FeedbackAddress"),
    ("recipients", "ses:Recipients"),
)
_ARRAY: Final = "ses:Recipients"
_MOMENTS: Final = (("not_before", "DateGreaterThan"), ("not_after", "DateLessThan"))
_NOW: Final = "aws:CurrentTime"

# "*" and "?" are wildcards in the Like operators only.
_EXACT, _PATTERN = "StringEquals", "StringLike"


def has_wildcard(value: str) -> bool:
    """Return whether `value` is a pattern."""
    return bool(re.search(r"[*?]", value))


# "You must specify date/time values with one of the W3C implementations of the ISO 8601 date formats or in epoch (UNIX)
# time."
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
# https://www.w3.org/TR/NOTE-datetime: a time of day has a time zone. A year alone reads like an epoch.
_EPOCH: Final = re.compile(r"[0-9]+")
_MOMENT: Final = re.compile(
    r"(\d{4})-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)?", re.ASCII
)


def is_moment(text: str) -> bool:
    """Return whether a date operator can compare with `text`."""
    parts = _MOMENT.fullmatch(text)
    if not parts:
        return bool(_EPOCH.fullmatch(text))
    # What is left out is there on every day.
    year, month, day, hour, minute, second = map(int, parts.groups("1"))
    try:
        date(year, month, day)
        time(hour, minute, second)
    except ValueError:
        return False
    return True


def _quantifier(key: str, *, denies: bool) -> str:
    # Without one a list is compared with a single value, and nothing matches. A Deny that asked for all recipients
    # would let a mail pass that has one more.
    return "" if key != _ARRAY else "ForAnyValue:" if denies else "ForAllValues:"


def narrowing_conditions(
    words: Words, is_pattern: Callable[[str], bool] = has_wildcard, *, denies: bool = False
) -> Conditions:
    """Return the conditions that say `words`.

    :param is_pattern: tells of a value whether it may hold a wildcard.
    :param denies: whether the statement forbids.
    """
    found: Conditions = {}
    for name, key in _LISTS:
        if name in words:
            operator = _PATTERN if any(map(is_pattern, as_list(words[name]))) else _EXACT
            found.setdefault(_quantifier(key, denies=denies) + operator, {})[key] = words[name]
    for name, operator in _MOMENTS:
        if name in words:
            found.setdefault(operator, {})[_NOW] = words[name]
    return found


def source_conditions(
    source_arn: str | None, source_account: str | None, is_pattern: Callable[[str], bool] = has_wildcard
) -> Conditions:
    """Return what binds a service to one customer of its, or raise `DeclarationError` where nothing does.

    A service sends for all its customers; without a source it could be made to send for any of them.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
    """
    found: Conditions = {}
    if source_account is not None:
        found["StringEquals"] = {"aws:SourceAccount": source_account}
    if source_arn is not None:
        operator = "ArnLike" if is_pattern(source_arn) else "StringEquals"
        found.setdefault(operator, {})["aws:SourceArn"] = source_arn
    if not found:
        raise DeclarationError(
            "a service needs source_arn or source_account: without one it may send for any of its customers"
        )
    return found


def user_pool_conditions(arn: str, account: str) -> Conditions:
    """Return what binds Cognito to one user pool, as its own guide has it.

    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-ses-authorization-to-send-email.html
    """
    return {"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": arn}}


def merged(*parts: Conditions) -> Conditions:
    """Return conditions that hold where all `parts` do, which have no key of one operator in common."""
    found: Conditions = {}
    for part in parts:
        for operator, keys in part.items():
            found.setdefault(operator, {}).update(keys)
    return found


_NAMES: Final = {
    **{
        (_quantifier(key, denies=denies) + each, key): name
        for name, key in _LISTS
        for denies in (False, True)
        for each in (_EXACT, _PATTERN)
    },
    **{(operator, _NOW): name for name, operator in _MOMENTS},
}


def read_narrowing(condition: Json) -> tuple[Words, Mapping[str, Sequence[str]]] | None:
    """Return the words that may say a part of `condition`, and the values of all other keys; None for no text in it.

    Whether they do say it is to be seen by writing them again.
    """
    words: dict[str, str | list[str]] = {}
    others: dict[str, Sequence[str]] = {}
    for operator, keys in condition.items() if isinstance(condition, Mapping) else ():
        for key, value in keys.items() if isinstance(keys, Mapping) else ():
            values = as_list(value)
            if not values or not all(each and isinstance(each, str) for each in values):
                return None
            name = _NAMES.get((operator, key))
            is_date = operator in dict(_MOMENTS).values()
            if name is None or name in words or (is_date and not is_moment(values[0])):
                others[key] = values
            else:
                words[name] = values[0] if is_date else values
    return words, others
