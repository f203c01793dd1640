"""What the grammar of policies refuses and accepts, on Create and on Update."""

import json
from collections.abc import Callable
from typing import Any

import botocore.exceptions
import pytest

from emulator import StrictSes

Document = Callable[..., str]
# boto3 makes its classes at run time.
Client = Any
Row = tuple[str, dict[str, Any], str]
EXAMPLE = {"EmailIdentity": "example.com", "PolicyName": "partner"}
ACCOUNT = "222222222222"


def principal(kind: str, *named: object) -> dict[str, Any]:
    return {"Principal": {kind: named[0] if len(named) == 1 else list(named)}}


def when(operator: str, key: str, *values: object) -> dict[str, Any]:
    return {"Condition": {operator: {key: values[0] if len(values) == 1 else list(values)}}}


def nobody(kind: str, named: object) -> str:
    return f"Invalid principal in policy: {kind} {named}"


def unfit(operator: str, key: str, value: str, kind: str) -> str:
    return f"Statement 1: {operator} {key} has the value {value}, it must be a {kind}"


def unknown_kind(kind: str) -> str:
    return f"Statement 1 has a Principal of the kind {kind}, it must be one of AWS, Service, Federated"


def unknown_key(key: str) -> str:
    return f"Unknown or unapplicable condition field '{key}'."


ELEMENTS: list[Row] = [
    *(
        (f"element {it}", {it: "x"}, f"Statement 1 has the unknown element {it}")
        for it in ("Conditions", "condition", "Sids", "NotAction", "NotResource", "NotPrincipal", "Id", "Version")
    ),
    ("sid of objects", {"Sid": {"a": "b"}}, "Statement 1 has the element Sid, which must be a string"),
    ("sid of null", {"Sid": None}, "Statement 1 has the element Sid, which must be a string"),
    ("sid with a space", {"Sid": "any string: ä"}, ""),
    ("sid of a number", {"Sid": 1}, ""),
    *(
        (f"action {it}", {"Action": it}, f"Statement 1 has the Action {it}, it must be one of SES, as ses:SendEmail")
        for it in ("SendEmail", "s3:GetObject", "ses:", "ses:Send Email", "ses:SendEmail,ses:SendRawEmail")
    ),
    (
        "one wrong action of two",
        {"Action": ["ses:SendEmail", 7]},
        "Statement 1 has the Action 7, it must be one of SES, as ses:SendEmail",
    ),
    ("no action", {"Action": []}, "Statement 1 must have the element Action"),
    *((f"action {it}", {"Action": it}, "") for it in ("*", "ses:*", "SES:SendEmail", "ses:Send*", "ses:SendNothing")),
    ("two actions", {"Action": ["ses:SendEmail", "ses:SendRawEmail"]}, ""),
]

PRINCIPALS: list[Row] = [
    *((f"kind {it}", principal(it, ACCOUNT), unknown_kind(it)) for it in ("aws", "Aws", "CanonicalUser", "service")),
    *(
        (f"principal {it}", principal("AWS", it), nobody("AWS", it))
        for it in (
            "22222222222",
            "2222222222222",
            "22222222222a",
            "٢٢٢٢٢٢٢٢٢٢٢٢",
            222222222222,
            "partner",
            f"{ACCOUNT} ",
            f"arn:aws:iam::{ACCOUNT}:role/a*",
            f"arn:aws:iam::{ACCOUNT}:user/?",
            "arn:aws:iam::*:root",
            "arn:aws:iam::22222222222:root",
            f"arn:aws:iam::{ACCOUNT}:group/all",
            f"arn:aws:iam::{ACCOUNT}:role/",
            f"arn:aws:iam::{ACCOUNT}:Root",
            f"arn:aws:sts::{ACCOUNT}:assumed-role/Mail/*",
            f"arn:aws:sts::{ACCOUNT}:assumed-role/Mail",
            "arn:aws:s3:::bucket",
            "cognito-idp.amazonaws.com",
        )
    ),
    ("one of two", principal("AWS", ACCOUNT, "x"), nobody("AWS", "x")),
    ("none", {"Principal": {"AWS": []}}, "Statement 1: Principal AWS must have at least one value"),
    ("bare", {"Principal": "partner"}, nobody("AWS", "partner")),
    ("service *", principal("Service", "*"), nobody("Service", "*")),
    ("service of an account", principal("Service", ACCOUNT), nobody("Service", ACCOUNT)),
    ("service in part", principal("Service", "*.amazonaws.com"), nobody("Service", "*.amazonaws.com")),
    ("provider", principal("Federated", "*"), nobody("Federated", "*")),
    *(
        (f"principal {it}", principal("AWS", it), "")
        for it in (
            "*",
            ACCOUNT,
            f"arn:aws-us-gov:iam::{ACCOUNT}:root",
            f"arn:aws:iam::{ACCOUNT}:role/path/Mail+=,.@_-",
            f"arn:aws:iam::{ACCOUNT}:user/Jane",
            f"arn:aws:sts::{ACCOUNT}:assumed-role/Mail/session@example.com",
            f"arn:aws:sts::{ACCOUNT}:federated-user/Jane",
        )
    ),
    ("bare user", {"Principal": f"arn:aws:iam::{ACCOUNT}:user/Jane"}, ""),
    ("bare account", {"Principal": ACCOUNT}, ""),
    ("service", principal("Service", "email.cognito-idp.amazonaws.com"), ""),
    ("federated", principal("Federated", "accounts.google.com"), ""),
    ("saml", principal("Federated", f"arn:aws:iam::{ACCOUNT}:saml-provider/corp"), ""),
    ("two kinds", {"Principal": {"AWS": [ACCOUNT], "Service": "ses.amazonaws.com"}}, ""),
]

FROM, TIME, SECURE, IP = "ses:FromAddress", "aws:CurrentTime", "aws:SecureTransport", "aws:SourceIp"
AGE = "aws:MultiFactorAuthAge"

OPERATORS: list[Row] = [
    *(
        (f"operator {it}", when(it, FROM, "a"), f"Invalid Condition type : {it}")
        for it in (
            "StringEqual",
            "stringEquals",
            "StringMatches",
            "NullIfExists",
            "ForAllValue:StringLike",
            "forAllValues:StringLike",
            "ForAllValues:",
            "ForAllValues:ForAnyValue:StringLike",
            "StringLikeIfExistsIfExists",
            "IfExists",
            "Equals",
            "",
        )
    ),
    ("no key", {"Condition": {"StringEquals": {}}}, "Statement 1 has the operator StringEquals without a key"),
    ("no condition", {"Condition": {}}, ""),
    *(
        (f"operator {it}", when(it, FROM, "a@example.com"), "")
        for it in ("StringNotEqualsIgnoreCase", "ForAllValues:StringLike", "ForAnyValue:StringLikeIfExists", "ArnLike")
    ),
    *(
        (f"key {it}", when("StringEquals", it, "x"), unknown_key(it))
        for it in (
            *("ses:FromAdress", "ses:fromaddress", "SES:FromAddress", "ses:", "FromAddress", ""),
            *("aws:SourceAcount", "aws:sourceaccount", "AWS:SourceArn", "s3:prefix", "aws:PrincipalTag/"),
        )
    ),
    *(
        (f"key {it}", when("StringEquals", it, "x"), "")
        for it in ("ses:Recipients", "ses:TenantName", "aws:userid", "aws:PrincipalTag/a b", "aws:SourceVpce")
    ),
]

VALUES: list[Row] = [
    *(
        (f"date {it}", when("DateLessThan", TIME, it), unfit("DateLessThan", TIME, it, "date"))
        for it in (
            *("tomorrow", "2030-13-01", "2030-02-30", "2030-01-01T00:00:00", "2030-01-01T25:00Z", "01.01.2030"),
            *("2030-01-01 00:00Z", "2030-01T00:00Z", "2030-1-1", "2030-*", "٢٠٣٠", "${aws:CurrentTime}", "", "-1"),
        )
    ),
    *(
        (f"date {it}", when("DateLessThan", TIME, it), "")
        for it in ("2030", "2030-01", "2030-01-01", "2030-01-01T00:00Z", "2030-01-01T00:00:00.5+02:00", "1893456000")
    ),
    *(
        (f"number {it}", when("NumericLessThan", AGE, it), unfit("NumericLessThan", AGE, it, "number"))
        for it in ("many", "1,5", "1e3", "0x10", "", "${aws:MultiFactorAuthAge}")
    ),
    *((f"number {it!r}", when("NumericLessThan", AGE, it), "") for it in ("3600", 3600, "-1.5")),
    *(
        (f"boolean {it}", when("Bool", SECURE, it), unfit("Bool", SECURE, it, "boolean"))
        for it in ("yes", "True", "1", "")
    ),
    ("null in words", when("Null", FROM, "${aws:x}"), unfit("Null", FROM, "${aws:x}", "boolean")),
    *((f"boolean {it!r}", when("Bool", SECURE, it), "") for it in ("true", False, "${aws:PrincipalTag/safe}")),
    ("null", when("Null", FROM, "true"), ""),
    *(
        (f"network {it}", when("NotIpAddress", IP, it), unfit("NotIpAddress", IP, it, "IP address or network"))
        for it in ("example.com", "203.0.113.0/33", "203.0.113.*", "203.0.113", "203.0.113.0/255.255.255.0", "1::/129")
    ),
    *((f"network {it}", when("IpAddress", IP, it), "") for it in ("203.0.113.7", "203.0.113.7/24", "2001:DB8::/32")),
    (
        "base64",
        when("BinaryEquals", FROM, "QmluYX*J5"),
        unfit("BinaryEquals", FROM, "QmluYX*J5", "value in base64"),
    ),
    ("bytes", when("BinaryEquals", FROM, "QmluYXJ5"), ""),
    (
        "no value",
        {"Condition": {"StringEquals": {FROM: []}}},
        f"Statement 1: StringEquals {FROM} must have at least one value",
    ),
    ("null for a value", when("StringEquals", FROM, None), unfit("StringEquals", FROM, "None", "string")),
    ("one of two", when("DateLessThan", TIME, "2030", "never"), unfit("DateLessThan", TIME, "never", "date")),
    ("a list of lists", when("StringLike", FROM, ["a"], "b"), unfit("StringLike", FROM, "['a']", "string")),
    ("two values", when("StringEquals", FROM, "a@example.com", ""), ""),
]


def refusal(write: Callable[..., object], policy: str) -> str:
    """Send a write, and return the message of its refusal, empty if it is accepted."""
    try:
        write(**EXAMPLE, Policy=policy)
    except botocore.exceptions.ClientError as error:
        told = error.response["Error"]
    else:
        return ""
    assert told["Code"] == "BadRequestException"
    return str(told["Message"])


ROWS = [*ELEMENTS, *PRINCIPALS, *OPERATORS, *VALUES]


@pytest.mark.parametrize(("changes", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_statement(
    ses: StrictSes, client: Client, document: Document, changes: dict[str, Any], expected: str
) -> None:
    policy, before = document(**changes), document()
    assert refusal(client.create_email_identity_policy, policy) == expected
    assert [each.document for each in ses.policies()] == ([] if expected else [policy])
    if expected:
        client.create_email_identity_policy(**EXAMPLE, Policy=before)
    assert refusal(client.update_email_identity_policy, policy) == expected
    assert [each.document for each in ses.policies()] == [before if expected else policy]


DOCUMENTS = [
    ("Conditions", '"Conditions":{},', "Policy has the unknown element Conditions"),
    ("Condition", '"Condition":{},', "Policy has the unknown element Condition"),
    ("version", '"version":"2012-10-17",', "Policy has the unknown element version"),
    ("Effect", '"Effect":"Allow",', "Policy has the unknown element Effect"),
    ("Id of a list", '"Id":["x"],', "Policy has the element Id, which must be a string"),
    ("Version of null", '"Version":null,', "Policy has the element Version, which must be a string"),
    ("Id twice", '"Id":"x","Id":"x",', "Policy has the key Id more than once in one element"),
    ("an unknown version", '"Version":"2031-01-01",', ""),
    ("an old version", '"Version":"2008-10-17","Id":"any string: ä",', ""),
    ("no version", "", ""),
]


@pytest.mark.parametrize(("first", "expected"), [row[1:] for row in DOCUMENTS], ids=[row[0] for row in DOCUMENTS])
def test_a_document(client: Client, document: Document, first: str, expected: str) -> None:
    statements = json.dumps(json.loads(document())["Statement"])
    assert refusal(client.create_email_identity_policy, f'{{{first}"Statement":{statements}}}') == expected


@pytest.mark.parametrize(
    ("once", "twice"),
    [
        ('"Effect":"Allow"', '"Effect":"Allow","Effect":"Deny"'),
        ('"AWS":', '"AWS":"333333333333","AWS":'),
        ('"Sid":"a"', '"Sid":"a","Condition":{"StringEquals":{"ses:FromAddress":"a","ses:FromAddress":"b"}}'),
        ('"Sid":"a"', '"Sid":"a","Condition":{"StringEquals":{},"StringEquals":{}}'),
    ],
)
def test_nothing_may_have_the_same_key_twice(client: Client, document: Document, once: str, twice: str) -> None:
    right = document(Sid="a")
    assert once in right
    told = refusal(client.create_email_identity_policy, right.replace(once, twice))
    assert told.endswith(" more than once in one element")
    assert refusal(client.create_email_identity_policy, right) == ""


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("a", "a", "Policy has more than one statement of the Sid a"),
        (1, "1", "Policy has more than one statement of the Sid 1"),
        ("a", "A", ""),
        ("a", None, ""),
        (None, None, ""),
    ],
)
def test_a_sid_identifies_one_statement(
    client: Client, document: Document, first: object, second: object, expected: str
) -> None:
    both = json.loads(document())
    (statement,) = both["Statement"]
    both["Statement"] = [statement | ({} if sid is None else {"Sid": sid}) for sid in (first, second)]
    assert refusal(client.create_email_identity_policy, json.dumps(both)) == expected
