"""Invalid, old or unusual properties; rows 54 to 59 of the fault table."""

import json
from typing import Any

import pytest

from tests.support.events import Resource, document, statement
from tests.support.fake_aws import FakeAws
from tests.support.rows import row

PARTNER = Resource()
UNCLAIMED = "example.com|partner|unclaimed"

BAD: list[tuple[dict[str, Any], str]] = [
    (
        {"PolicyName": "no such name"},
        "policy name 'no such name' is not allowed: use 1 to 64 letters, digits, '-' or '_'",
    ),
    (
        {"EmailIdentity": "nowhere"},
        (
            "identity 'nowhere' is neither a domain nor an email address: "
            "give a name like example.com or a@example.com, or the ARN of an identity"
        ),
    ),
    ({"Policy": "{}"}, "Policy: policy document is '{}': it must be an object with a Statement"),
    (
        {"Policy": document({"Effect": "Allow"})},
        (
            "Policy: statement 0 has no Principal: every statement needs one; "
            "Policy: statement 0 has no Action: every statement needs one; "
            "Policy: statement 0 has no Resource: every statement needs one"
        ),
    ),
    (
        {"Policy": document(statement([f"{number:012}" for number in range(400)]))},
        (
            "policy document is too large: 6255 bytes with the owner's marker, 4096 are allowed; "
            "spread its statements over several policies"
        ),
    ),
    ({"WhenExists": "SOMETIMES"}, "WhenExists is 'SOMETIMES': allowed are FAIL, ADOPT, OVERWRITE"),
]


@pytest.mark.parametrize(("change", "reason"), BAD)
@row(
    54,
    "a bad document, size, name or identity",
    "refused before any call; the Delete of such a resource is SUCCESS",
    note="the ARN of an identity is taken: it is reduced to the name",
)
def test_row_54_bad_properties(aws: FakeAws, change: dict[str, Any], reason: str) -> None:
    answer = aws.handle(PARTNER.create(aws.url, **change))
    assert answer["Status"] == "FAILED"
    assert f"InvalidDeclaration: {reason}".startswith(answer["Reason"].removesuffix("… (whole in the log)"))
    assert aws.calls == []
    deleted = aws.handle(PARTNER.delete(aws.url, answer["PhysicalResourceId"], **change))
    assert deleted["Status"] == "SUCCESS"


def test_a_bad_update_keeps_the_events_id_and_the_policy(aws: FakeAws) -> None:
    physical_id = aws.handle(PARTNER.create(aws.url))["PhysicalResourceId"]
    before = aws.live()
    answer = aws.handle(PARTNER.update(aws.url, physical_id, Policy={}))
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("FAILED", physical_id)
    assert aws.live() == before


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"EmailIdentity": None}, "EmailIdentity is missing"),
        ({"EmailIdentity": ["example.com"]}, "EmailIdentity is ['example.com']: it must be a string"),
        ({"EmailIdentity": None, "PolicyName": None, "Policy": None}, "EmailIdentity is missing; Policy is missing"),
    ],
)
@row(
    55,
    "properties that are missing or of another type, or unknown",
    "FAILED, naming the field; unknown ones do not count",
)
def test_row_55_missing_properties(aws: FakeAws, change: dict[str, Any], reason: str) -> None:
    answer = aws.handle(PARTNER.create(aws.url, Unknown="is ignored", **change))
    assert answer["Reason"] == f"InvalidDeclaration: {reason}"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("arn:aws:ses:eu-west-1:111111111111:identity/example.com", "example.com"),
        ("EXAMPLE.com", "example.com"),
        ("A|b+c@Example.COM", "A|b+c@example.com"),
        ("\N{SNOWMAN}@example.com", "\N{SNOWMAN}@example.com"),
    ],
)
@row(56, "an identity with |, +, @, other scripts or upper case", "its id can be read back, its path is encoded")
def test_row_56_odd_identities(aws: FakeAws, given: str, name: str) -> None:
    aws.ses.add_identity(name)
    policy = document(statement(identity=name))
    created = aws.handle(PARTNER.create(aws.url, EmailIdentity=given, Policy=policy))
    assert (created["Status"], created["Data"]["EmailIdentity"]) == ("SUCCESS", name)
    assert aws.live(identity=name) is not None
    respelled = aws.handle(PARTNER.update(aws.url, created["PhysicalResourceId"], EmailIdentity=name, Policy=policy))
    assert respelled["PhysicalResourceId"] == created["PhysicalResourceId"]
    aws.handle(PARTNER.delete(aws.url, created["PhysicalResourceId"], EmailIdentity=given, Policy=policy))
    assert aws.live(identity=name) is None


@row(57, "SES gives the document back in another form", "equal by what it says, scalars as strings")
def test_row_57_another_form(aws: FakeAws) -> None:
    condition = {"Bool": {"aws:SecureTransport": True}, "StringLike": {"ses:FromAddress": ["b@x.com", "a@x.com"]}}
    written = {"Bool": {"aws:SecureTransport": "true"}, "StringLike": {"ses:FromAddress": ["a@x.com", "b@x.com"]}}
    aws.seed(json.dumps(document(statement(Condition=condition)), indent=4))
    answer = aws.handle(PARTNER.create(aws.url, WhenExists="ADOPT", Policy=document(statement(Condition=written))))
    assert answer["Status"] == "SUCCESS"


@row(
    58,
    "an Update of an absent policy that says SUCCESS and does nothing",
    "the policy is there after the deploy",
    note="no read-back: an Update never meets an absent policy, see row 33 under every reading",
)
def test_row_58_a_silent_update(aws: FakeAws) -> None:
    aws.ses.change(update_missing="no-op")
    assert aws.handle(PARTNER.update(aws.url, f"{UNCLAIMED[:-9]}3709feb27d9890ae"))["Status"] == "SUCCESS"
    assert aws.live() is not None


@row(59, "an event that an older version of the construct makes", "Update and Delete work")
def test_row_59_the_first_wire(aws: FakeAws) -> None:
    """The properties of release 0.1.0, as templates have them from now on: never change this text."""
    properties = json.loads(
        """{"ServiceToken": "arn:aws:lambda:eu-west-1:111111111111:function:provider", "ServiceTimeout": "1200",
        "EmailIdentity": "example.com", "PolicyName": "Mail-Partner-1A2B3C4D",
        "Policy": {"Version": "2012-10-17", "Statement": [{"Action": ["ses:SendEmail", "ses:SendRawEmail"],
        "Condition": {"StringLike": {"ses:FromAddress": "*@example.com"}}, "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
        "Resource": "arn:aws:ses:eu-west-1:111111111111:identity/example.com"}]},
        "WhenExists": "FAIL", "OnDelete": "DELETE", "Wire": "1"}"""
    )
    create = PARTNER.create(aws.url) | {"ResourceProperties": properties}
    physical_id = aws.handle(create)["PhysicalResourceId"]
    assert physical_id == "example.com|Mail-Partner-1A2B3C4D|3709feb27d9890ae|made"
    same = {"ResourceProperties": properties, "OldResourceProperties": properties}
    assert aws.handle(PARTNER.update(aws.url, physical_id) | same)["Status"] == "SUCCESS"
    assert aws.handle(PARTNER.delete(aws.url, physical_id) | same)["Status"] == "SUCCESS"
    assert aws.ses.policies() == []
