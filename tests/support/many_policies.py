"""Assemblies with many policies, or with policies that have long lists of addresses, to measure reviews on."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ses_sending_policy.rules.wire import RESOURCE_TYPE, WIRE

LISTED: Final = 20
LONG: Final = 150
"""The policies with lists, as many as SES takes on an identity, and the length of a list; hardly more fit in 4 KB."""

_STACKS: Final = 50

# By the shape of the addresses in a list, what one looks like: given the number of its policy, and its own.
SHAPES: Final[Mapping[str, Callable[[int, int], str]]] = {
    "addresses": lambda policy, number: f"x{number}-{policy}@example.com",
    "prefixes": lambda policy, number: f"x{number}-{policy}*@example.com",
    "suffixes": lambda policy, number: f"*x{number}-{policy}@example.com",
    "infixes": lambda policy, number: f"*x{number}-{policy}*@example.com",
    "question marks": lambda policy, number: f"x{number}-{policy}?@example.com",
    "subdomains": lambda policy, number: f"*@x{number}-{policy}.example.com",
}
PRINCIPALS: Final[Mapping[str, Callable[[int], int]]] = {
    "one account": lambda _: 222222222222,
    "an account each": lambda policy: 222222222000 + policy,
}


def lists(shape: str, principals: str, count: int, folder: Path) -> Path:
    """Write an assembly of twenty policies on one identity, with `count` addresses each; return its folder."""
    address, account = SHAPES[shape], PRINCIPALS[principals]
    policies = [
        _policy("example.com", each, account(each), [address(each, number) for number in range(count)])
        for each in range(LISTED)
    ]
    return _assembly(folder, [policies])


def many(policies: int, identities: int, address: str, folder: Path) -> Path:
    """Write an assembly of up to fifty templates with so many policies, evenly on the identities; return its folder."""
    names = [f"{number}.example" for number in range(identities)]
    return _assembly(
        folder,
        [
            [
                _policy(name, number, number, [address])
                for name in names[stack::_STACKS]
                for number in range(policies // max(1, identities))
            ]
            for stack in range(min(_STACKS, identities))
        ],
    )


def _assembly(folder: Path, stacks: Iterable[Sequence[Mapping[str, Any]]]) -> Path:
    folder.mkdir(parents=True)
    artifacts = {}
    for number, policies in enumerate(stacks):
        file = f"Mail{number}.template.json"
        artifacts[f"Mail{number}"] = {
            "type": "aws:cloudformation:stack",
            "environment": "aws://111111111111/eu-west-1",
            "properties": {"templateFile": file},
        }
        resources = {f"Policy{each}": policy for each, policy in enumerate(policies)}
        (folder / file).write_text(json.dumps({"Resources": resources}), encoding="utf-8")
    manifest = {"version": "48.0.0", "artifacts": artifacts}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def _policy(domain: str, number: int, account: int, addresses: Sequence[str]) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account:012}:root"},
        "Action": ["ses:SendEmail", "ses:SendRawEmail"],
        "Resource": f"arn:aws:ses:eu-west-1:111111111111:identity/{domain}",
        "Condition": {"StringLike": {"ses:FromAddress": addresses}},
    }
    properties = {
        "EmailIdentity": domain,
        "PolicyName": f"policy{number}",
        "Policy": {"Version": "2012-10-17", "Statement": statement},
        "Wire": WIRE,
    }
    return {"Type": RESOURCE_TYPE, "Properties": properties}
