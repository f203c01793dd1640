"""What SES refuses, as boto3 shows it: code, message, and that nothing was written."""

import json
from collections.abc import Callable
from typing import Any

import botocore.exceptions
import pytest

from emulator import AccountRegion, StrictSes

Document = Callable[..., str]
# boto3 makes its classes at run time.
Client = Any
ARN = "arn:aws:ses:eu-west-1:111111111111:identity/example.com"
CONSTRAINT = "1 validation error detected: Value at '{}' failed to satisfy constraint: Member must "


def sent(client: Client, operation: str, policy: str, name: str = "partner") -> str:
    """Send a write, and return the message of its refusal, empty if it is accepted."""
    try:
        getattr(client, operation)(EmailIdentity="example.com", PolicyName=name, Policy=policy)
    except botocore.exceptions.ClientError as error:
        answer = error.response
    else:
        return ""
    assert (answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]) == (400, "BadRequestException")
    return str(answer["Error"]["Message"])


NAMES = [
    ("a", ""),
    ("A-z_09", ""),
    ("n" * 64, ""),
    ("n" * 65, CONSTRAINT.format("policyName") + "have length less than or equal to 64"),
    *(
        (
            name,
            "PolicyName is invalid. Policy names must only include alpha-numeric characters, dashes, and underscores.",
        )
        for name in ("a b", "a.b", "a/b", "ä", "a\n", "a|b", "a+b")
    ),
]


@pytest.mark.parametrize(("name", "refusal"), NAMES, ids=[repr(name)[:12] for name, _ in NAMES])
@pytest.mark.parametrize("operation", ["create_email_identity_policy", "update_email_identity_policy"])
def test_a_name(ses: StrictSes, client: Client, document: Document, operation: str, *, name: str, refusal: str) -> None:
    ses.change(update_missing="upsert")
    assert sent(client, operation, document(), name) == refusal
    assert [policy.name for policy in ses.policies()] == ([] if refusal else [name])


# What is changed in a valid document, and the refusal.
DOCUMENTS: list[tuple[str, dict[str, Any], str]] = [
    ("right", {}, ""),
    ("deny", {"Effect": "Deny"}, ""),
    ("anybody", {"Principal": "*"}, ""),
    ("resource in a list", {"Resource": [ARN]}, ""),
    ("condition", {"Condition": {"StringLike": {"ses:FromAddress": "*@example.com"}}}, ""),
    ("key in lower case", {"Condition": {"StringEquals": {"aws:SourceAccount": "222222222222"}}}, ""),
    ("effect", {"Effect": "Maybe"}, "Statement 1 has the Effect Maybe, it must be Allow or Deny"),
    ("effect in lower case", {"Effect": "allow"}, "Statement 1 has the Effect allow, it must be Allow or Deny"),
    *(
        (f"no {it}", {"drop": it}, f"Statement 1 must have the element {it}")
        for it in ("Effect", "Principal", "Action", "Resource")
    ),
    ("empty principal", {"Principal": {}}, "Statement 1 must have the element Principal"),
    ("not principal", {"drop": "Principal", "NotPrincipal": "*"}, "Statement 1 must have the element Principal"),
    ("not action", {"drop": "Action", "NotAction": "ses:*"}, "Statement 1 must have the element Action"),
    ("not resource", {"drop": "Resource", "NotResource": ARN}, "Statement 1 must have the element Resource"),
    ("any resource", {"Resource": "*"}, "Invalid ARN: ARNs must start with 'arn:': *"),
    ("name for an ARN", {"Resource": "example.com"}, "Invalid ARN: ARNs must start with 'arn:': example.com"),
    *(
        (
            f"resource {it}",
            {"Resource": it},
            f"Statement 1 has the Resource {it}, it must be the ARN of the identity: {ARN}",
        )
        for it in (
            ARN.replace("eu-west-1", "us-east-1"),
            ARN.replace("eu-west-1", "*"),
            ARN.replace("111111111111", "222222222222"),
            ARN.replace("example.com", "other.com"),
            ARN.replace("example.com", "*"),
            ARN.replace("arn:aws:", "arn:aws-cn:"),
            ARN.upper().replace("ARN:", "arn:"),
        )
    ),
    (
        "two resources",
        {"Resource": [ARN, ARN]},
        f"Statement 1 must have exactly one Resource, the ARN of the identity: {ARN}",
    ),
    (
        "key in upper case",
        {"Condition": {"StringEquals": {"AWS:SourceAccount": "222222222222"}}},
        "Unknown or unapplicable condition field 'AWS:SourceAccount'.",
    ),
    (
        "condition without operator",
        {"Condition": {"ses:FromAddress": "a@example.com"}},
        "Statement 1 has a Condition that is not an object of operators with their keys",
    ),
]


@pytest.mark.parametrize(("changes", "refusal"), [row[1:] for row in DOCUMENTS], ids=[row[0] for row in DOCUMENTS])
def test_a_statement(ses: StrictSes, client: Client, document: Document, changes: dict[str, Any], refusal: str) -> None:
    assert sent(client, "create_email_identity_policy", document(**changes)) == refusal
    assert len(ses.policies()) == (0 if refusal else 1)


TEXTS = [
    ("[]", "Policy must be a JSON object"),
    ("null", "Policy must be a JSON object"),
    ('"text"', "Policy must be a JSON object"),
    ("{}", "Policy must have a Statement"),
    ('{"Statement":[]}', "Policy must have at least one Statement"),
    ('{"Statement":["x"]}', "Statement 1 must be a JSON object"),
    ('{"Statement":null}', "Statement 1 must be a JSON object"),
]


@pytest.mark.parametrize(("text", "refusal"), TEXTS, ids=[text for text, _ in TEXTS])
def test_a_text(ses: StrictSes, client: Client, text: str, refusal: str) -> None:
    assert sent(client, "create_email_identity_policy", text) == refusal
    assert ses.policies() == []


@pytest.mark.parametrize("text", ["no json", "{'Statement': []}", "{", '{"a": NaN}', "[" * 2000, " "])
def test_a_text_that_is_no_json(ses: StrictSes, client: Client, text: str) -> None:
    assert sent(client, "create_email_identity_policy", text).startswith("Policy is not valid JSON: ")
    assert ses.policies() == []


def test_the_second_statement_is_checked_too(client: Client, document: Document) -> None:
    both = json.loads(document())
    both["Statement"].append(both["Statement"][0] | {"Effect": "Perhaps"})
    refusal = sent(client, "create_email_identity_policy", json.dumps(both))
    assert refusal == "Statement 2 has the Effect Perhaps, it must be Allow or Deny"


def test_a_statement_may_stand_without_a_list(client: Client, document: Document) -> None:
    alone = json.loads(document())
    alone["Statement"] = alone["Statement"][0]
    assert sent(client, "create_email_identity_policy", json.dumps(alone)) == ""


@pytest.mark.parametrize(
    ("letter", "over", "refusal"),
    [
        ("x", 0, ""),
        ("x", 1, "Policy is 4097 bytes long, the maximum is 4096"),
        ("é", 0, ""),
        ("é", 2, "Policy is 4098 bytes long, the maximum is 4096"),
    ],
)
def test_4096_bytes_of_utf8_are_the_limit(
    client: Client, document: Document, letter: str, over: int, refusal: str
) -> None:
    base = document(Sid="")
    free = 4096 - len(base.encode()) + over
    sid = letter * (free // len(letter.encode())) + "y" * (free % len(letter.encode()))
    text = base.replace('"Sid":""', f'"Sid":"{sid}"')
    assert len(text.encode()) == 4096 + over
    assert sent(client, "create_email_identity_policy", text) == refusal


def test_white_space_does_not_count_towards_the_limit(client: Client, document: Document) -> None:
    assert sent(client, "create_email_identity_policy", document().replace(",", " " * 5000 + ",")) == ""


@pytest.mark.parametrize(
    ("region", "partition"),
    [("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("eusc-de-east-1", "aws-eusc"), ("ap-south-1", "aws")],
)
def test_the_resource_is_in_the_partition_of_the_region(
    ses: StrictSes, document: Document, region: str, partition: str
) -> None:
    place = AccountRegion("111111111111", region)
    client = ses.client(place)
    text = document(Resource=f"arn:{partition}:ses:{region}:111111111111:identity/example.com")
    assert sent(client, "create_email_identity_policy", text) == ""
    wrong = text.replace(f"arn:{partition}:ses", "arn:aws-other:ses")
    assert "it must be the ARN of the identity" in sent(client, "update_email_identity_policy", wrong)
    client.close()
