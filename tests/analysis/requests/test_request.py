"""A request as a witness: its sentence, its JSON, and what it has of the keys that tell who calls."""

from typing import Any

import pytest

from ses_sending_policy.analysis.requests.caller import Caller, Target
from ses_sending_policy.analysis.requests.request import Request, in_form

TARGET = Target("example.com", "111111111111")
FROM = {"ses:FromAddress": "a@example.com"}
ROLE = "arn:aws:iam::222222222222:role/path/Sender"
JANE = "arn:aws:iam::222222222222:user/path/Jane"
SESSION = "arn:aws:sts::222222222222:assumed-role/Sender/y"


def of(kind: str, name: str = "", account: str = "", *asked: str, keys: Any = FROM, **more: Any) -> Request:
    return Request.of(Caller(kind, more.pop("sort", ""), name, account, **more), "ses:SendEmail", TARGET, keys, asked)


@pytest.mark.parametrize(
    ("request_", "name", "account", "sentence"),
    [
        (
            of("AWS", JANE, "222222222222"),
            JANE,
            "222222222222",
            "user path/Jane of account 222222222222 may now send as a@example.com",
        ),
        (
            of("AWS", ROLE, "222222222222"),
            "arn:aws:sts::222222222222:assumed-role/Sender/x",
            "222222222222",
            "role path/Sender of account 222222222222 may now send as a@example.com",
        ),
        (
            of("AWS", "", "222222222222"),
            "arn:aws:iam::222222222222:user/x",
            "222222222222",
            "account 222222222222 may now send as a@example.com",
        ),
        (
            of("AWS", "", "222222222222", but=frozenset({"arn:aws:iam::222222222222:user/x"})),
            "arn:aws:iam::222222222222:user/x1",
            "222222222222",
            "account 222222222222 may now send as a@example.com",
        ),
        (
            of("AWS", "", "", but=frozenset({"999999999999", "000000000000"})),
            "arn:aws:iam::222222222222:user/x",
            "222222222222",
            "anybody, as account 222222222222, may now send as a@example.com",
        ),
        (
            of("Service", "s3.amazonaws.com"),
            "s3.amazonaws.com",
            "",
            "service s3.amazonaws.com may now send as a@example.com",
        ),
        (of("Service"), "example.amazonaws.com", "", "any service may now send as a@example.com"),
        (of("AWS", "${Role#Mail/}"), "${Role}", "", "principal ${Role} may now send as a@example.com"),
    ],
)
def test_who_calls(request_: Request, name: str, account: str, sentence: str) -> None:
    assert (request_.name, request_.account, request_.sentence) == (name, account, sentence)


@pytest.mark.parametrize(
    ("request_", "asked"),
    [
        (of("AWS", JANE, "222222222222", "aws:userid"), {"aws:userid": "AIDAEXAMPLE"}),
        (of("AWS", JANE, "222222222222", "aws:username"), {"aws:username": "Jane"}),
        (of("AWS", ROLE, "222222222222", "aws:username"), {}),
        (of("AWS", ROLE, "222222222222", "aws:userid"), {"aws:userid": "AROAEXAMPLE:x"}),
        (of("AWS", SESSION, "222222222222", "aws:userid"), {"aws:userid": "AROAEXAMPLE:y"}),
        (
            of("AWS", SESSION, "222222222222", "AWS:PrincipalArn"),
            {"AWS:PrincipalArn": "arn:aws:iam::222222222222:role/Sender"},
        ),
        (of("AWS", ROLE, "222222222222", "aws:PrincipalType"), {"aws:PrincipalType": "AssumedRole"}),
        (of("AWS", JANE, "222222222222", "aws:PrincipalAccount"), {"aws:PrincipalAccount": "222222222222"}),
        (
            of("Service", "s3.amazonaws.com", "", "aws:PrincipalServiceName"),
            {"aws:PrincipalServiceName": "s3.amazonaws.com"},
        ),
        (of("Service", "s3.amazonaws.com", "", "aws:PrincipalAccount"), {}),
        (of("Federated", "x", "", "aws:PrincipalAccount"), {"aws:PrincipalAccount": "999999999999"}),
        (of("CanonicalUser", "x", "", "aws:PrincipalAccount"), {}),
    ],
)
def test_the_keys_that_tell_who_calls(request_: Request, asked: dict[str, str]) -> None:
    assert request_.keys == {**asked, **FROM}
    assert " with " not in request_.sentence


def test_other_keys_are_told_in_order() -> None:
    keys = {"ses:Recipients": ("a@b.c", "d@e.f"), "aws:SourceIp": "10.0.0.1"}
    assert of("AWS", JANE, "222222222222", keys=keys | FROM).sentence.endswith(
        " may now send as a@example.com,"
        " with a@b.c among the recipients, with d@e.f among the recipients, from network 10.0.0.1"
    )
    assert of("AWS", JANE, "222222222222", keys={}).sentence.endswith(" may now send as any address of example.com")


def test_json() -> None:
    keys = {"ses:Recipients": ("a@b.c",), **FROM}
    assert of("AWS", JANE, "222222222222", keys=keys).as_json() == {
        "caller": {"kind": "AWS", "name": JANE, "account": "222222222222", "own_iam": True},
        "action": "ses:SendEmail",
        "identity": "example.com",
        "keys": {"ses:FromAddress": "a@example.com", "ses:Recipients": ["a@b.c"]},
    }
    assert not of("AWS", JANE, "222222222222", is_owner=True).own_iam


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("aws:EpochTime", "2030-01-01T00:00:00Z", "1893456000"),
        ("aws:EpochTime", "60", "60"),
        ("aws:CurrentTime", "1893456000", "2030-01-01T00:00Z"),
        ("aws:CurrentTime", "2030-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
        ("aws:SourceIp", "60", "60"),
    ],
)
def test_the_form_of_a_value(key: str, value: str, expected: str) -> None:
    assert in_form(key, value) == expected
