"""When two policies mean the same.

What is not done here: policies are not evaluated. Two statements that say together what one says are not equal to it,
an absent `Version` is not any `Version`, a pattern is equal to its own text only, and two different principals are
never equal, not even a role and its account.
"""

import re
from collections.abc import Callable, Mapping
from hashlib import sha256

from ses_sending_policy.rules.document import Document, Json, LivePolicy, as_list, as_text, compact

_ACCOUNT = re.compile(r"\d{12}")


def _meaning(value: Json) -> Json:
    """Return `value` in the one form of all that mean the same: sorted, without doubles, a lone element in a list."""
    if isinstance(value, Mapping):
        return {key: _meaning(value[key]) for key in sorted(value)}
    items = [_meaning(item) if isinstance(item, Mapping | list) else item for item in as_list(value)]
    distinct = {compact(item): item for item in items}
    return [distinct[text] for text in sorted(distinct)]


def _actions(value: Json) -> Json:
    return _meaning([item.lower() if isinstance(item, str) else item for item in as_list(value)])


def _principals(value: Json, partition: str) -> Json:
    principals = {"AWS": value} if value == "*" else value
    if not isinstance(principals, Mapping):
        return _meaning(principals)

    def root(item: Json) -> Json:
        # "AWS account ID [...] 123456789012, arn:aws:iam::123456789012:root" name the same principal.
        is_account = isinstance(item, str) and _ACCOUNT.fullmatch(item)
        return f"arn:{partition}:iam::{item}:root" if is_account else item

    return {
        kind: _meaning([root(item) if kind == "AWS" else item for item in as_list(principals[kind])])
        for kind in sorted(principals)
    }


def _statement(statement: Json, partition: str) -> Json:
    if not isinstance(statement, Mapping):
        return _meaning(statement)
    meanings: dict[str, Callable[[Json], Json]] = {
        "Action": _actions,
        "NotAction": _actions,
        "Principal": lambda value: _principals(value, partition),
        "NotPrincipal": lambda value: _principals(value, partition),
    }
    return {key: meanings.get(key, _meaning)(statement[key]) for key in sorted(statement) if key != "Sid"}


def _statements(document: Json, partition: str) -> dict[str, str]:
    """Return what people call each statement, by its meaning."""
    return {
        compact(_statement(item, partition)): (
            repr(item["Sid"]) if isinstance(item, Mapping) and item.get("Sid") else f"number {number}"
        )
        for number, item in enumerate(as_list(document.get("Statement", [])))
    }


def digest(elements: Mapping[str, Json], partition: str) -> str:
    """Return the sha256, in hex, of what a document says: that of two is the same exactly where they are equivalent.

    :param partition: as in `differences`.
    """
    text = as_text(elements)
    rest = {key: _meaning(text[key]) for key in sorted(text.keys() - {"Id", "Statement"}) if text[key] is not None}
    whole = rest | {"Statement": sorted(_statements(text, partition))}
    return sha256(compact(whole).encode("utf-8", "surrogatepass")).hexdigest()


def differences(live: LivePolicy, declared: Document, partition: str) -> list[str]:
    """Return what the `live` policy and the `declared` document do not have in common; empty where they are equivalent.

    :param partition: where an account's root ARN is looked for: `aws`, `aws-us-gov` and so on.
    """
    there, here = as_text(live.elements), as_text(declared.elements)
    if not isinstance(there, Mapping):
        return ["the live policy is no JSON object"]
    found = [
        f"{key} is {there.get(key)!r} live and {here.get(key)!r} declared"
        for key in sorted((there.keys() | here.keys()) - {"Id", "Statement"})
        if _meaning(there.get(key)) != _meaning(here.get(key))
    ]
    lives, declareds = _statements(there, partition), _statements(here, partition)
    found += [f"live statement {name} is not declared" for key, name in lives.items() if key not in declareds]
    found += [f"declared statement {name} is not live" for key, name in declareds.items() if key not in lives]
    return found
