"""Random policies made of few values, so that they overlap."""

from copy import deepcopy
from random import Random
from typing import Any, Final

from tests.analysis.meaning.aws_reading import CONDITIONS as CONDITIONS_OF_TEMPLATES
from tests.analysis.meaning.aws_reading import JANE
from tests.analysis.meaning.evaluator import OWNER, Policy
from tests.analysis.meaning.every_request import ACTIONS

ADMIN: Final = f"arn:aws:iam::{OWNER}:user/Admin"
REFERENCE: Final[dict[str, Any]] = {"Ref": "Reference"}
CHOICE: Final[dict[str, Any]] = {"Fn::If": ["A", "a@example.com", JANE]}
OTHER_CHOICE: Final[dict[str, Any]] = {"Fn::If": ["A", JANE, "a@example.com"]}
ROLE: Final = "arn:aws:iam::333333333333:role/Sender"
SESSION: Final = "arn:aws:sts::333333333333:assumed-role/Sender/deploy"
COGNITO: Final = "cognito-idp.amazonaws.com"

PRINCIPALS: Final[list[Any]] = [
    "*",
    {"AWS": "*"},
    {"AWS": "222222222222"},
    {"AWS": ["arn:aws:iam::222222222222:root", "333333333333"]},
    {"AWS": [JANE]},
    {"AWS": [JANE, "arn:aws:iam::222222222222:user/Joe"]},
    {"AWS": ROLE},
    {"AWS": [SESSION, JANE]},
    {"AWS": "AROASENDER"},
    {"AWS": OWNER},
    {"AWS": [OWNER, ADMIN]},
    {"AWS": ADMIN},
    {"AWS": f"arn:aws:iam::{OWNER}:role/Deploy"},
    {"Service": COGNITO},
    {"AWS": "333333333333", "Service": [COGNITO]},
    {"Federated": "cognito-identity.amazonaws.com"},
    {"AWS": REFERENCE},
    {"AWS": CHOICE},
    {"AWS": [OTHER_CHOICE, "333333333333"]},
]
ACTIONS_MEANT: Final = [*ACTIONS, "SES:sendemail", "ses:*", "ses:Send*", "ses:Send?mail", "ses:SendEmail*", "*"]
_TEXTS: Final = ["StringEquals", "StringLike", "StringEqualsIgnoreCase", "StringNotEquals", "StringNotLike"]
_ARNS: Final = ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"]
_BOUNDS: Final = ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"]

_ADDRESSES: Final[list[Any]] = [
    *("a@example.com", "b@example.com", "ab@example.com", "A@EXAMPLE.com", "a@sub.example.com", "a@exampel.com"),
    *("*", "*@example.com", "a*", "?@example.com", "??@example.com", "*b@*", "*.example.com", "*@sub.example.com"),
    *("a*@*example.com", "*a*b*", "**", "*@*"),
    *(REFERENCE, CHOICE, OTHER_CHOICE),
    *("${aws:username}@example.com", "${aws:PrincipalTag/team, 'a'}@example.com", "a${*}@example.com"),
    "${ses:FromAddress}",
]
_PEOPLE: Final[list[Any]] = [JANE, ROLE, "arn:aws:iam::2*:user/*", "arn:aws:iam::222222222222:*", "arn:aws:iam::*:*"]
# For each key, operators and values that it may be compared with.
CONDITIONS: Final[dict[str, tuple[list[str], list[Any]]]] = {
    "ses:FromAddress": ([*_TEXTS, "StringNotEqualsIgnoreCase"], _ADDRESSES),
    "ses:Recipients": (_TEXTS, [*_ADDRESSES, "*@other.example", "b@*"]),
    "ses:FeedbackAddress": (_TEXTS, ["a@example.com", "*@example.com", "back@other.example", "*"]),
    "ses:FromDisplayName": (_TEXTS, ["Marketing", "*Marketing", "Marketing?", "*"]),
    "aws:CurrentTime": (
        [f"Date{name}" for name in _BOUNDS],
        ["2026-01-01T00:00:00Z", "2026-01-01T01:00:00+01:00", "2026-02-28T00:00:00Z", "2026-06-01T00:00:00Z"],
    ),
    "aws:SourceIp": (
        ["IpAddress", "NotIpAddress"],
        ["10.0.0.0/8", "10.0.0.0/16", "10.0.0.1", "10.1.0.1/32", "0.0.0.0/0", "::/0", "2001:db8::/32"],
    ),
    "aws:SourceVpce": (_TEXTS, ["vpce-1", "vpce-*", "*"]),
    "aws:SourceArn": (
        [*_TEXTS[:2], *_ARNS],
        [
            *("arn:aws:s3:::bucket", "arn:aws:s3:::other:bucket", "arn:aws:s3:::*", "arn:*:s3:::*bucket"),
            *("arn:aws:*:*:*:*", "arn:aws:*:*:*:bucket", "arn:aws:s*:*:*:?*", "arn:*"),
            "arn:aws:sns:eu-west-1:222222222222:topic",
        ],
    ),
    "aws:SourceAccount": (_TEXTS[:2], ["222222222222", "333333333333", "2*"]),
    "aws:PrincipalAccount": (_TEXTS, ["222222222222", "333333333333", OWNER, "2*", "*", "${aws:PrincipalAccount}"]),
    "aws:PrincipalArn": ([*_TEXTS, *_ARNS], _PEOPLE),
    "aws:PrincipalOrgID": (_TEXTS, ["o-a1b2c3d4e5", "o-other00000", "o-*", "${aws:ResourceOrgID}"]),
    "aws:userid": (_TEXTS, ["AIDAJANE", "AROASENDER:deploy", "*:deploy", "AROASENDER:*", "${aws:userid}"]),
    "aws:username": (_TEXTS, ["Jane", "J*", "Admin", "${aws:username}"]),
    "aws:PrincipalTag/team": (_TEXTS, ["red", "r*", "*", "${aws:username}"]),
    "aws:PrincipalIsAWSService": (["Bool"], ["true", "false"]),
    "aws:MultiFactorAuthAge": ([f"Numeric{name}" for name in _BOUNDS], ["4", "5", "5.0", "5.5", "60"]),
    "aws:MultiFactorAuthPresent": (["Bool"], ["true", "false"]),
    "aws:SecureTransport": (["Bool"], ["true", "false"]),
}
_OFTEN: Final = ["ses:FromAddress"] * 6 + ["ses:Recipients"] * 3 + ["aws:SourceIp", "aws:CurrentTime", "aws:SourceArn"]
_PLACES: Final = [
    *[(OWNER, "example.com")] * 4,
    (OWNER, "a@example.com"),
    (OWNER, "a@example.com"),
    (OWNER, "sub.example.com"),
    ("999999999999", "example.com"),
]
CONDITIONS_OF_RESOURCES: Final = [""] * 12 + [*CONDITIONS_OF_TEMPLATES]
VERSIONS: Final = ["2012-10-17"] * 8 + ["2008-10-17", None]


def policies(random: Random) -> list[Policy]:
    """Return random policies of a template."""
    return [policy(random) for _ in range(random.choice((1, 1, 1, 2, 2, 3)))]


def policy(random: Random) -> Policy:
    """Return a random policy on a random identity."""
    statements = [statement(random) for _ in range(random.choice((1, 1, 2, 3)))]
    condition = random.choice(CONDITIONS_OF_RESOURCES)
    return Policy(*random.choice(_PLACES), document(random.choice(VERSIONS), statements), condition)


def document(version: Any, statements: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a document, without a Version if that is None."""
    return ({} if version is None else {"Version": version}) | {"Statement": statements}


def statement(random: Random) -> dict[str, Any]:
    """Return a random statement."""
    condition: dict[str, Any] = {}
    for _ in range(random.choice((0, 1, 1, 2))):
        add_condition(random, condition)
    return {
        "Effect": random.choice(("Allow", "Allow", "Allow", "Deny")),
        "Principal": deepcopy(random.choice(PRINCIPALS)),
        "Action": random.sample(ACTIONS_MEANT, random.choice((1, 1, 2))),
        "Condition": condition,
    }


def add_condition(random: Random, condition: dict[str, Any]) -> None:
    """Add a condition, or replace the one with the same operator and key."""
    key = random.choice([*CONDITIONS, *_OFTEN])
    operators, values = CONDITIONS[key]
    operator = _operator(random, key, random.choice(operators))
    few = min(len(values), random.choice((1, 1, 2, 3)))
    chosen = [random.choice(("true", "false"))] if operator == "Null" else deepcopy(random.sample(values, few))
    condition.setdefault(operator, {})[key] = chosen[0] if len(chosen) == 1 else chosen


def _operator(random: Random, key: str, comparison: str) -> str:
    if random.random() < 0.05:
        return "Null"
    quantified = 0.8 if key == "ses:Recipients" else 0.05
    quantifier = random.choice(("ForAllValues:", "ForAnyValue:")) if random.random() < quantified else ""
    return quantifier + comparison + random.choice(("", "", "", "IfExists"))
