"""Random policies without intrinsic functions, and the templates that declare them.

They have what real policies have: accounts, roles, services and everybody, some actions, and conditions, a few with
a policy variable, which is plain text to CloudFormation.
"""

import json
from copy import deepcopy
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final

ACCOUNT: Final = "111111111111"
REGION: Final = "eu-west-1"
IDENTITIES: Final = ("example.com", "news.example.com", "ceo@example.com")

_PRINCIPALS: Final[tuple[Any, ...]] = (
    "*",
    {"AWS": "*"},
    {"AWS": "222222222222"},
    {"AWS": ["222222222222", "333333333333"]},
    {"AWS": "arn:aws:iam::222222222222:root"},
    {"AWS": f"arn:aws:iam::{ACCOUNT}:role/Sender"},
    {"AWS": [f"arn:aws:iam::{ACCOUNT}:role/mail/Sender", "arn:aws:iam::222222222222:role/Sender"]},
    {"AWS": f"arn:aws:iam::{ACCOUNT}:user/Jane"},
    {"Service": "ses.amazonaws.com"},
    {"AWS": "333333333333", "Service": "email.cognito-idp.amazonaws.com"},
)
_ACTIONS: Final[tuple[Any, ...]] = (
    "ses:SendEmail",
    ["ses:SendEmail", "ses:SendRawEmail"],
    ["ses:SendRawEmail", "ses:SendTemplatedEmail", "ses:SendBulkTemplatedEmail"],
    "ses:*",
)
_CONDITIONS: Final[tuple[dict[str, Any], ...]] = (
    {"StringLike": {"ses:FromAddress": "*@news.example.com"}},
    {"StringLike": {"ses:FromAddress": ["a@example.com", "b@example.com", "c?@example.com"]}},
    {"StringEquals": {"ses:FromAddress": "news@example.com"}},
    {"StringLike": {"ses:FromAddress": "${aws:PrincipalTag/mail}@example.com"}},
    {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
    {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    {"ArnLike": {"aws:SourceArn": f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/*"}},
    {"NumericLessThan": {"aws:MultiFactorAuthAge": "3"}},
    {"NumericLessThan": {"aws:MultiFactorAuthAge": ["3", "5"]}},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"DateLessThan": {"aws:CurrentTime": "2040-01-01T00:00:00Z"}},
)


@dataclass(frozen=True)
class Policy:
    """A policy that a template declares."""

    identity: str
    name: str
    document: dict[str, Any]
    is_call: bool
    """Whether an `AwsCustomResource` writes it."""
    on_delete: str | None

    def resource(self) -> dict[str, Any]:
        """Return the resource that declares it."""
        if self.is_call:
            return _call(self)
        properties = {
            "ServiceToken": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:handler",
            "EmailIdentity": self.identity,
            "PolicyName": self.name,
            "Policy": deepcopy(self.document),
            "Wire": "1",
        }
        if self.on_delete:
            properties["OnDelete"] = self.on_delete
        return {"Type": "Custom::SendingPolicy", "Properties": properties}


def _call(policy: Policy) -> dict[str, Any]:
    named = {"Identity": policy.identity, "PolicyName": policy.name}
    put = {
        "service": "SES",
        "action": "putIdentityPolicy",
        "parameters": named | {"Policy": json.dumps(policy.document, separators=(",", ":"))},
        "physicalResourceId": {"id": f"{policy.identity}/{policy.name}"},
    }
    delete = {"service": "SES", "action": "deleteIdentityPolicy", "parameters": named}
    calls = {"Create": put, "Update": put, "Delete": delete}
    properties = {name: json.dumps(call, separators=(",", ":")) for name, call in calls.items()}
    token = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:calls"
    return {"Type": "Custom::AWS", "Properties": {"ServiceToken": token} | properties}


def policies(random: Random) -> list[Policy]:
    """Return one to three policies."""
    return [
        Policy(
            identity := random.choice(IDENTITIES),
            f"partner-{number}",
            _document(random, identity),
            is_call=random.random() < 0.2,
            on_delete=random.choice([None, None, "DELETE", "RELEASE"]),
        )
        for number in range(random.choice([1, 1, 2, 3]))
    ]


def _document(random: Random, identity: str) -> dict[str, Any]:
    statements = [_statement(random, identity, number) for number in range(random.choice([1, 1, 2, 3]))]
    is_alone = len(statements) == 1 and random.random() < 0.2
    return {"Version": "2012-10-17", "Statement": statements[0] if is_alone else statements}


def _statement(random: Random, identity: str, number: int) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Sid": f"S{number}",
        "Effect": "Deny" if random.random() < 0.15 else "Allow",
        "Principal": deepcopy(random.choice(_PRINCIPALS)),
        "Action": deepcopy(random.choice(_ACTIONS)),
        "Resource": f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{identity}",
    }
    if random.random() < 0.6:
        statement["Condition"] = deepcopy(random.choice(_CONDITIONS))
    return statement


def statements_of(policy: Policy) -> list[dict[str, Any]]:
    """Return the statements of a policy, which may be one without a list."""
    found = policy.document["Statement"]
    return found if isinstance(found, list) else [found]


def with_another_principal(random: Random, some: list[Policy]) -> list[Policy]:
    """Return the policies with one principal replaced by another."""
    place = random.randrange(len(some))
    changed = replace(some[place], document=deepcopy(some[place].document))
    statement = random.choice(statements_of(changed))
    statement["Principal"] = {"AWS": random.choice(["*", "444444444444", "arn:aws:iam::444444444444:role/Sender"])}
    return [*some[:place], changed, *some[place + 1 :]]


def smaller(some: list[Policy]) -> list[list[Policy]]:
    """Return each way to leave out one of the policies, or one statement of one."""
    fewer = [some[:place] + some[place + 1 :] for place in range(len(some)) if len(some) > 1]
    for place, policy in enumerate(some):
        statements = statements_of(policy)
        for left_out in range(len(statements)):
            rest = statements[:left_out] + statements[left_out + 1 :]
            if rest:
                document = policy.document | {"Statement": rest}
                fewer.append([*some[:place], replace(policy, document=document), *some[place + 1 :]])
    return fewer


def template(some: list[Policy]) -> dict[str, Any]:
    """Return the template that declares the policies and nothing else."""
    return {"Resources": {f"P{number}": policy.resource() for number, policy in enumerate(some)}}
