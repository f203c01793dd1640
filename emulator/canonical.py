"""Rewrites a policy document as other AWS services do before they return it. Whether SES does so is not known.

Other services were seen to return resource policies without white space, with the keys in one order, a list of one as
its element, an account as the ARN of its root, no principal twice, a single statement as a list, a missing `Version`
as `2008-10-17`, and `allow` as `Allow`.
"""

import json
import re
from collections.abc import Mapping
from typing import Final

# "If you do not include a Version element, the value defaults to 2008-10-17".
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
_VERSION: Final = "2008-10-17"

_DOCUMENT: Final = ("Version", "Id", "Statement")
_STATEMENT: Final = (
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
)
_ACCOUNT: Final = re.compile(r"[0-9]{12}")


def canonical(text: str, partition: str) -> str:
    """Return a policy document rewritten as the module says; any other text is returned as it is.

    :param partition: the partition for the ARNs of accounts, for instance `aws`.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if not isinstance(document, dict) or "Statement" not in document:
        return text
    found = document["Statement"]
    statements = [_statement(each, partition) for each in (found if isinstance(found, list) else [found])]
    kept = _ordered({"Version": _VERSION} | document | {"Statement": statements}, _DOCUMENT)
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _statement(statement: object, partition: str) -> object:
    if not isinstance(statement, Mapping):
        return statement
    kept = {key: _element(key, value, partition) for key, value in statement.items()}
    return _ordered(kept, _STATEMENT)


def _element(key: str, value: object, partition: str) -> object:
    match key:
        case "Effect" if isinstance(value, str):
            return value.capitalize()
        case "Principal" | "NotPrincipal" if isinstance(value, Mapping):
            return {kind: _principals(kind, each, partition) for kind, each in value.items()}
        case "Condition" if isinstance(value, Mapping):
            return {operator: _values(keys) for operator, keys in value.items()}
    return _lone(value)


def _principals(kind: str, value: object, partition: str) -> object:
    if not isinstance(value, str | list):
        return value
    each = value if isinstance(value, list) else [value]
    if kind == "AWS":
        each = [_root(one, partition) for one in each]
    return _lone([one for index, one in enumerate(each) if one not in each[:index]])


def _root(principal: object, partition: str) -> object:
    is_account = isinstance(principal, str) and _ACCOUNT.fullmatch(principal)
    return f"arn:{partition}:iam::{principal}:root" if is_account else principal


def _values(keys: object) -> object:
    return {key: _lone(value) for key, value in keys.items()} if isinstance(keys, Mapping) else keys


def _lone(value: object) -> object:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _ordered(value: Mapping[str, object], first: tuple[str, ...]) -> dict[str, object]:
    return {key: value[key] for key in first if key in value} | dict(value)
