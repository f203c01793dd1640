"""Dummy values, which the CDK writes for look-ups that it has yet to make. They count as unknown before the deploy."""

import re
from collections.abc import Mapping
from typing import Final

from ses_sending_policy.rules.document import Json
from ses_sending_policy.rules.lookups import DUMMY

_DUMMY: Final = re.compile(f"({DUMMY})")


def known_text(text: str | None) -> str | None:
    """Return `text`; None if a dummy value is in it."""
    return None if text is None or _DUMMY.search(text) else text


def without_dummies(value: Json) -> Json:
    """Return a part of a template with a reference in place of each dummy value.

    No real reference of a template looks like these: no logical id has a `-` or a `:` in it.

    >>> without_dummies({"AWS": "arn:aws:iam::dummy-value-for-/mail/partner:root"})
    {'AWS': {'Fn::Join': ['', ['arn:aws:iam::', {'Ref': 'dummy-value-for-/mail/partner'}, ':root']]}}
    >>> without_dummies({"Fn::Sub": "arn:${AWS::Partition}:iam::dummy-value-for-/mail/partner:root"})
    {'Fn::Sub': 'arn:${AWS::Partition}:iam::${dummy-value-for-/mail/partner}:root'}
    """
    match value:
        case str(text):
            return _text(text)
        case list():
            return [without_dummies(item) for item in value]
        case {"Fn::Sub": str(text)}:
            return {**value, "Fn::Sub": _marked(text)}
        case {"Fn::Sub": [str(text), *variables]}:
            return {**value, "Fn::Sub": [_marked(text), *map(without_dummies, variables)]}
        case Mapping():
            return {key: without_dummies(item) for key, item in value.items()}
    return value


def _text(text: str) -> Json:
    # The pattern has a group, so the parts at odd places are its matches: the dummy values.
    parts = _DUMMY.split(text)
    if len(parts) == 1:
        return text
    found = [{"Ref": part} if place % 2 else part for place, part in enumerate(parts) if part]
    return found[0] if len(found) == 1 else {"Fn::Join": ["", found]}


def _marked(text: str) -> str:
    return _DUMMY.sub(r"${\1}", text)
