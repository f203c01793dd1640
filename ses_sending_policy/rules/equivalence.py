"""When two policies mean the same.

What is not done here: policies are not evaluated. Two statements that say together what one says are not equal to it,
a pattern is equal to its own text only, and two different principals are never equal, not even a role and its account.
"""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256

from ses_sending_policy.rules.arns import Arn, is_account
from ses_sending_policy.rules.document import Document, Json, LivePolicy, as_list, as_text
from ses_sending_policy.rules.identity import canonical_name, identity_name


def _frozen(value: Json) -> Json:
    if isinstance(value, Mapping):
        return frozenset((key, _frozen(item)) for key, item in value.items())
    return frozenset(_frozen(item) if isinstance(item, Mapping | list) else item for item in as_list(value))


def _action_set(value: Json) -> Json:
    return _frozen([item.lower() if isinstance(item, str) else item for item in as_list(value)])


def _principal_set(value: Json, partition: str) -> Json:
    principals = {"AWS": value} if value == "*" else value
    if not isinstance(principals, Mapping):
        return ("", _frozen(principals))

    def root(item: Json) -> Json:
        # An account and the ARN of its root are one principal: `Arn.whole_account` has AWS's sentence.
        return f"arn:{partition}:iam::{item}:root" if is_account(item) else item

    return frozenset(
        (kind, _frozen([root(item) if kind == "AWS" else item for item in as_list(values)]))
        for kind, values in principals.items()
    )


def _resource_set(value: Json) -> Json:
    return _frozen([_canonical_resource(item) if isinstance(item, str) else item for item in as_list(value)])


def _canonical_resource(text: str) -> str:
    arn = Arn.parse(text)
    name = identity_name(arn) if arn else ""
    # The name of a policy variable is no domain.
    return text if "${" in name else text.removesuffix(name) + canonical_name(name)


def statement_parts(statement: Json, partition: str) -> dict[str, Json]:
    """Return what of a statement counts, by element: equal for two that mean the same, with every list as a set."""
    if not isinstance(statement, Mapping):
        return {"": _frozen(statement)}
    meaning: dict[str, Callable[[Json], Json]] = {
        "Action": _action_set,
        "NotAction": _action_set,
        "Principal": lambda value: _principal_set(value, partition),
        "NotPrincipal": lambda value: _principal_set(value, partition),
        "Resource": _resource_set,
        "NotResource": _resource_set,
    }
    return {key: meaning.get(key, _frozen)(value) for key, value in statement.items() if key != "Sid"}


def _statement_set(document: Json, partition: str) -> dict[Json, str]:
    statements = as_list(document.get("Statement", []))
    return {
        frozenset(statement_parts(item, partition).items()): (
            repr(item["Sid"]) if isinstance(item, Mapping) and item.get("Sid") else f"number {number}"
        )
        for number, item in enumerate(statements)
    }


def _written(meaning: Json) -> str:
    """Return what counts as a text: the same for equal sets, in whatever order Python keeps them."""
    if isinstance(meaning, frozenset | tuple):
        parts = [_written(each) for each in meaning]
        return f"{{{','.join(sorted(parts))}}}" if isinstance(meaning, frozenset) else f"[{','.join(parts)}]"
    return json.dumps(meaning)


def _apart(document: Mapping[str, Json]) -> dict[str, Json]:
    """Return what counts of a document beside its statements.

    "If you do not include a Version element, the value defaults to 2008-10-17", and a service may fill it in.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
    """
    default = ("Version", "2008-10-17")
    return {key: value for key, value in document.items() if key not in ("Id", "Statement") and (key, value) != default}


def digest(elements: Mapping[str, Json], partition: str) -> str:
    """Return the sha256, in hex, of what a document says: that of two is the same exactly where they are equivalent.

    :param partition: as in `differences`.
    """
    text = as_text(elements)
    rest = frozenset((key, _frozen(value)) for key, value in _apart(text).items() if value is not None)
    whole = (rest, frozenset(_statement_set(text, partition)))
    return sha256(_written(whole).encode()).hexdigest()


def differences(live: LivePolicy, declared: Document, partition: str) -> list[str]:
    """Return what the `live` policy and the `declared` document do not have in common; empty where they are equivalent.

    :param partition: where an account's root ARN is looked for: `aws`, `aws-us-gov` and so on.
    """
    return element_differences(live, declared.elements, partition)


def element_differences(live: LivePolicy, declared: Mapping[str, Json], partition: str) -> list[str]:
    """Do the same for what is declared, whether or not SES would take it as a document."""
    there, here = as_text(live.elements), as_text(declared)
    if not isinstance(there, Mapping):
        return ["the live policy is no JSON object"]
    live_rest, declared_rest = _apart(there), _apart(here)
    found = [
        f"{key} is {there.get(key)!r} live and {here.get(key)!r} declared"
        for key in sorted(live_rest.keys() | declared_rest.keys())
        if _frozen(live_rest.get(key)) != _frozen(declared_rest.get(key))
    ]
    lives, declareds = _statement_set(there, partition), _statement_set(here, partition)
    found += [f"live statement {name} is not declared" for key, name in lives.items() if key not in declareds]
    found += [f"declared statement {name} is not live" for key, name in declareds.items() if key not in lives]
    return found
