"""Random documents that SES takes: as people write them by hand, as tools do, and as nobody should."""

import json
from random import Random
from typing import Any, Final

from emulator.errors import SesError
from emulator.rules import check_document
from tests.analysis.meaning.pairs import pair
from tests.support.events import ACCOUNT, REGION

_EVIL: Final = [
    "it's",
    'a "b" \\',
    "line\nline",
    '"""\nimport os\n"""',
    "# fmt: off",
    "${aws:username}",
    "Müller \u202e \u4f60\u597d \U0001f4e8",
    "\x7f\xad\x85\u2028",
    "{braces} %s {{name}} ${Name}",
    "x" * 120,
]
_PEOPLE: Final = ["222222222222", "arn:aws:iam::333333333333:root", "444444444444"]
_MEMBERS: Final = ["arn:aws:iam::222222222222:user/Jane", "arn:aws:iam::333333333333:role/path/Sender"]
_ADDRESSES: Final = ["*@news.example.com", "a@example.com", "b+?@example.com", "Example News"]
_SOURCES: Final = ["arn:aws:cognito-idp:eu-west-1:222222222222:userpool/eu-west-1_AbCdEfGhI", "arn:aws:s3:::mails-*"]
_NARROWING: Final = [
    ("ses:FromAddress", ""),
    ("ses:FromDisplayName", ""),
    ("ses:FeedbackAddress", ""),
    ("ses:Recipients", "ForAllValues:"),
]


def identity_arn(identity: str) -> str:
    """Return the ARN of an identity in these tests."""
    return f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{identity}"


def text(random: Random, identity: str) -> str:
    """Return the text of a random policy on an identity, which SES takes."""
    statements = _identified([_statement(random, identity) for _ in range(random.choice((1, 1, 1, 2, 3)))])
    document: dict[str, Any] = {}
    if random.random() < 0.9:
        document["Version"] = random.choice(("2012-10-17",) * 9 + ("2008-10-17",))
    if random.random() < 0.3:
        document["Id"] = random.choice((*_EVIL, "ExamplePolicy", "Other/Theirs1A2B3C4D/0123456789abcdef"))
    document["Statement"] = statements if len(statements) > 1 or random.random() < 0.8 else statements[0]
    found = json.dumps(document, ensure_ascii=random.random() < 0.5, indent=random.choice((None, 2)))
    check_document(found, identity_arn(identity))
    return found


def _identified(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the statements, without each Sid that an earlier statement has."""
    seen: set[Any] = set()
    found = []
    for each in statements:
        found.append({key: value for key, value in each.items() if key != "Sid" or value not in seen})
        seen.add(each.get("Sid"))
    return found


def _statement(random: Random, identity: str) -> dict[str, Any]:
    statement = _grant(random) if random.random() < 0.6 else _any(random)
    arn = identity_arn(identity)
    statement["Resource"] = arn if random.random() < 0.8 else [arn]
    if random.random() < 0.6:
        statement["Sid"] = random.choice(("AuthorizeMarketer", *_EVIL))
    items = list(statement.items())
    random.shuffle(items)
    return dict(items)


def _grant(random: Random) -> dict[str, Any]:
    """Return a random statement of the kinds in AWS's guides."""
    condition: dict[str, Any] = {}
    principal: Any
    match random.randrange(5):
        case 0:
            principal = {"AWS": random.choice(_PEOPLE)}
        case 1:
            principal = {"AWS": random.sample([*_PEOPLE, *_MEMBERS], random.choice((1, 1, 2)))}
        case 2:
            principal = random.choice(("*", {"AWS": "*"}, {"AWS": ["*"]}))
            condition["StringEquals"] = {"aws:PrincipalOrgID": random.choice(("o-a1b2c3d4e5", ["o-a1b2c3d4e5"]))}
        case 3:
            principal = {"Service": random.choice(("cognito-idp.amazonaws.com", "email.cognito-idp.amazonaws.com"))}
            condition["StringEquals"] = {"aws:SourceAccount": "222222222222"}
            if random.random() < 0.7:
                operator = random.choice(("ArnLike", "StringEquals", "ArnEquals"))
                condition.setdefault(operator, {})["aws:SourceArn"] = random.choice(_SOURCES)
        case _:
            principal = random.choice(_MEMBERS)
    for key, quantifier in random.sample(_NARROWING, random.choice((0, 1, 1, 2))):
        values = random.sample([*_ADDRESSES, *_EVIL], random.choice((1, 1, 2)))
        is_pattern = any(each in value for value in values for each in "*?") ^ (random.random() < 0.1)
        operator = quantifier + ("StringLike" if is_pattern else "StringEquals")
        condition.setdefault(operator, {})[key] = values[0] if len(values) == 1 else values
    if random.random() < 0.2:
        condition["DateGreaterThan"] = {"aws:CurrentTime": "2031-01-01T00:00Z"}
    if random.random() < 0.1:
        condition["Bool"] = {"aws:SecureTransport": True}
    actions = random.choice(
        (["ses:SendEmail", "ses:SendRawEmail"], ["SES:SendRawEmail", "ses:sendemail"], "ses:SendRawEmail", "ses:Send*")
    )
    effect = "Deny" if random.random() < 0.2 else "Allow"
    return {"Effect": effect, "Principal": principal, "Action": actions} | (
        {"Condition": condition} if condition else {}
    )


def _any(random: Random) -> dict[str, Any]:
    """Return a random statement of the kinds that the tests of `diff` compare, without references to a template."""
    while True:
        old, _ = pair(random)
        statements = [each for policy in old for each in policy.document["Statement"] if not _has_reference(each)]
        found: dict[str, Any] = random.choice(statements) if statements else {}
        if found and _is_taken(found):
            return dict(found)


def _is_taken(statement: dict[str, Any]) -> bool:
    """Return whether SES takes a statement: for instance, not if only an id is left of a deleted principal."""
    arn = identity_arn("example.com")
    try:
        check_document(json.dumps({"Version": "2012-10-17", "Statement": [statement | {"Resource": arn}]}), arn)
    except SesError:
        return False
    return True


def _has_reference(value: Any) -> bool:
    return any(f'"{name}"' in json.dumps(value) for name in ("Ref", "Fn::If"))
