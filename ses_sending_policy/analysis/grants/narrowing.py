"""The parameters that narrow a grant: turn them into conditions, and conditions back into them."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from ses_sending_policy.rules.conditions import has_wildcard
from ses_sending_policy.rules.document import Json, as_list
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.moments import Moment

Conditions = dict[str, dict[str, str | list[str]]]
Words = Mapping[str, str | list[str]]
"""The narrowing parameters of a grant, by name: their values are lists of texts, or moments as text."""


_FROM: Final = "ses:FromAddress"
# "ses:FromAddress, ses:FromDisplayName, ses:FeedbackAddress: String; ses:Recipients: ArrayOfString"
# https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
_LISTS: Final = (
    ("from_addresses", _FROM),
    ("from_display_names", "ses:FromDisplayName"),
    ("feedback_addresses", "ses:FeedbackAddress"),
    ("recipients", "ses:Recipients"),
)
_ARRAY: Final = "ses:Recipients"
_MOMENTS: Final = (("not_before", "DateGreaterThan"), ("not_after", "DateLessThan"))
_NOW: Final = "aws:CurrentTime"

# "*" and "?" are wildcards in the Like operators only.
_EXACT, _PATTERN = "StringEquals", "StringLike"


# "Example News <news@example.com>": SES compares the address and the display name by a condition key each.
# https://docs.aws.amazon.com/ses/latest/dg/policy-anatomy.html
_NAMED_ADDRESS: Final = re.compile(r".*<.*>\s*", re.DOTALL)


def is_named_address(value: str) -> bool:
    """Return whether `value` is an address with a display name, as `Example News <news@example.com>`."""
    return bool(_NAMED_ADDRESS.fullmatch(value))


def _quantifier(key: str, *, denies: bool) -> str:
    # Without a quantifier, SES compares a list with a single value, and nothing matches. A Deny has `ForAnyValue`: with
    # `ForAllValues`, mail with one more recipient would pass.
    return "" if key != _ARRAY else "ForAnyValue:" if denies else "ForAllValues:"


def narrowing_conditions(
    words: Words, is_pattern: Callable[[str], bool] = has_wildcard, *, denies: bool = False
) -> Conditions:
    """Return the conditions that the narrowing parameters of a grant stand for.

    :param words: the parameters, by name.
    :param is_pattern: tells whether a value may hold a wildcard.
    :param denies: whether the statement is a Deny.
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
    """Return the conditions that bind a service to one of its customers, or raise `DeclarationError` without a source.

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
    """Return the conditions that bind Cognito to one user pool, as in its own guide.

    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-ses-authorization-to-send-email.html
    """
    return {"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": arn}}


def merged(*parts: Conditions) -> Conditions:
    """Return one set of conditions that holds if all `parts` hold; no two parts have the same key and operator."""
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
    """Return the narrowing parameters that `condition` may come from, and the values of all keys that belong to none.

    None if a value is empty or is not a text. The caller checks the parameters by turning them into conditions again.
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
            # The construct refuses such a value for a parameter, so it did not come from one.
            is_refused = not Moment.read(values[0]) if is_date else key == _FROM and any(map(is_named_address, values))
            if name is None or name in words or is_refused:
                others[key] = values
            else:
                words[name] = values[0] if is_date else values
    return words, others
