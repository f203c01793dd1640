"""Write docs/reference/wire.md from the rules that the construct writes by and the function reads by.

`python docs/wire.py` writes it; a test fails where the page is older than the rules.
"""

import ast
import inspect
import json
import re
import sys
import textwrap
from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Final

from ses_sending_policy.rules import wire
from ses_sending_policy.rules.equivalence import digest
from ses_sending_policy.rules.identity import Identity
from ses_sending_policy.rules.ownership import Marker, Origin, PhysicalId, Target, owner_token

PAGE = Path(__file__).parent / "reference" / "wire.md"

_STACK_ID: Final = "arn:aws:cloudformation:eu-west-1:111111111111:stack/Mail/6b0ff0e0-4c1b-11ef-9d2f-0a1b2c3d4e5f"
_LOGICAL_ID: Final = "Partner776273A3"
_TARGET: Final = Target(Identity.parse("example.com"), "partner")
_DOCUMENT: Final = {
    "Statement": {
        "Action": ["ses:SendEmail", "ses:SendRawEmail"],
        "Condition": {"StringLike": {"ses:FromAddress": "*@news.example.com"}},
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
        "Resource": "arn:aws:ses:eu-west-1:111111111111:identity/example.com",
        "Sid": "Account222222222222",
    },
    "Version": "2012-10-17",
}

_PAGE = """\
# The wire

<!-- written by docs/wire.py from ses_sending_policy/rules/wire.py and ownership.py: change it there -->

What CloudFormation carries between the construct, the function and SES. You need it to read a template, an event in the
function's log, or a policy in the SES console. The construct writes it; do not write it by hand.

## In the template

The resource is a `{resource_type}`, and these are its properties, in version {version} of the wire:

{properties}

```json
{example}
```

`ServiceToken` names the function and `ServiceTimeout` the seconds that CloudFormation waits for it; what else stands
there the function ignores. It reads every version that was ever deployed, for a Delete brings the properties of the
deploy before, however long ago that was. A version that is newer than the function is refused.

`WhenExists` is one of

{when_exists}
`OnDelete` is one of

{on_delete}
## What CloudFormation keeps

The physical id says which policy the resource owns:

    {made}
    {taken}
    {claimed}
    {unclaimed}

The identity, the policy's name, and a token: the first 16 hex digits of the SHA-256 of `<StackId>|<LogicalResourceId>`.
The token stands there once SES has accepted a write of this owner; until then, and where the outcome is unknown,
`unclaimed` does. Behind it stands how the policy came to its owner: `made`, or `adopted`, with the `Id` that it had,
percent-encoded, unless that makes the whole longer than 1 KB. Ids of earlier releases end with the token, and stay as
they are. It is read from the right, for an address may hold a `|`.

## What SES keeps

The document as it is declared, or as it was when it was adopted, with the owner's marker as its `Id`:

    {marker}
    {adopted}

The stack, the logical id and the token; `/adopted` where the policy was there before its owner. The token alone
decides [whose the policy is](../ownership.md).

## What the function answers

`Ref` of the resource is the physical id; `Fn::GetAtt` gives `EmailIdentity`, `PolicyName`, and `PolicyHash`, a
SHA-256 of what the document says: that of two is the same exactly where they say the same. The document itself is in
no answer.

    PolicyHash  {digest}
"""


def _documented(kind: type[StrEnum]) -> Iterator[str]:
    """Yield an item for each member, with the string that stands under it."""
    [node] = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(node, ast.ClassDef)  # noqa: S101 - a class's source is a class
    for line, below in pairwise(node.body):
        match line, below:
            case ast.Assign(targets=[ast.Name(id=name)]), ast.Expr(value=ast.Constant(value=str(meaning))):
                yield f"- `{kind[name].value}`: {meaning}\n"


def _properties() -> str:
    """Return a row for each property, with what its parameter of `wire.write` means."""
    said = dict(re.findall(r":param (\w+): (.*)", inspect.getdoc(wire.write) or ""))
    rows = ["| property | what |", "| --- | --- |"]
    for name in _written():
        parameter = re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        meaning = said[parameter] if name != "Wire" else f"the version, `{wire.WIRE}`."
        rows.append(f"| `{name}` | {meaning} |")
    return "\n".join(rows)


def _written() -> dict[str, object]:
    return wire.write(
        email_identity=_TARGET.identity.name,
        policy_name=_TARGET.policy_name,
        policy=_DOCUMENT,
        when_exists=wire.WhenExists.FAIL,
        on_delete=wire.default_on_delete(wire.WhenExists.FAIL),
    )


def written() -> str:
    """Return the page as the rules have it now."""
    token = owner_token(_STACK_ID, _LOGICAL_ID)
    marker = Marker("Mail", _LOGICAL_ID, token)
    return _PAGE.format(
        resource_type=wire.RESOURCE_TYPE,
        version=wire.WIRE,
        properties=_properties(),
        example=json.dumps({"Type": wire.RESOURCE_TYPE, "Properties": _written()}, indent=2),
        when_exists="".join(_documented(wire.WhenExists)),
        on_delete="".join(_documented(wire.OnDelete)),
        made=PhysicalId(_TARGET, token, Origin.MADE),
        taken=PhysicalId(_TARGET, token, Origin.ADOPTED, "mail team"),
        claimed=PhysicalId(_TARGET, token),
        unclaimed=PhysicalId(_TARGET, None),
        marker=marker,
        adopted=marker.as_adopted(),
        digest=digest(_DOCUMENT, "aws"),
    )


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} is written\n")
