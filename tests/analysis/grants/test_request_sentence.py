"""The sentence of a request: which keys it mentions, and which it leaves out."""

from typing import Any

import pytest

from ses_sending_policy.analysis.grants.request_sentence import request_sentence
from ses_sending_policy.analysis.requests.caller import Caller
from ses_sending_policy.analysis.requests.request import Request
from tests.analysis.requests.made import FROM, JANE, of

MEMBER = "account 222222222222 of organization path o-a1/r-b2/"
SENT = "account 222222222222 may now send as a@example.com"


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"aws:PrincipalArn": JANE}, "user path/Jane of account 222222222222 may now send as a@example.com"),
        ({"AWS:UserId": "AIDAX", "aws:UserAgent": "x"}, f"{SENT}, with the user agent x"),
        # Usual keys and those about the identity are left out.
        ({"aws:CurrentTime": "2027-01-01T00:00:00Z", "aws:ResourceAccount": "111111111111"}, SENT),
        ({"AWS:SourceIp": "198.51.100.1", "AWS:ResourceOrgID": "o-ownorganization"}, SENT),
        (
            {"aws:PrincipalOrgID": "o-ownorganization"},
            "account 222222222222 of the owner's organization may now send as a@example.com",
        ),
        (
            {"aws:PrincipalOrgID": "o-a1", "aws:SourceVpce": "vpce-1"},
            "account 222222222222 of organization o-a1 may now send as a@example.com, through VPC endpoint vpce-1",
        ),
        (
            {"aws:PrincipalOrgPaths": ("o-a1/r-b2/", "o-a1/r-c3/")},
            f"{MEMBER} and of organization path o-a1/r-c3/ may now send as a@example.com",
        ),
        ({"aws:UserAgent": "${aws:username}"}, f'{SENT}, with the user agent the text "${{aws:username}}"'),
        ({"a:b": "c"}, f"{SENT}, where a:b is c"),
        ({"aws:SourceArn": "arn:aws:s3:::x"}, "account 222222222222 may now send as a@example.com, for arn:aws:s3:::x"),
        ({"aws:SecureTransport": "true"}, f"{SENT}, over TLS"),
        ({"ses:FromAddress": "a, b@example.com"}, 'account 222222222222 may now send as "a, b@example.com"'),
        ({"ses:FeedbackAddress": "${aws:username}@b.c"}, f'{SENT}, with bounces to the text "${{aws:username}}@b.c"'),
        ({"AWS:MultiFactorAuthPresent": "false"}, f"{SENT}, without MFA"),
        ({"aws:CurrentTime": "2030-01-01T00:00Z"}, f"{SENT}, at 2030-01-01T00:00Z"),
        ({"aws:EpochTime": "1893456000"}, f"{SENT}, at 2030-01-01T00:00Z"),
        ({"ses:FromAddress": "a#b@example.com"}, "account 222222222222 may now send as a#b@example.com"),
        (
            {"ses:FromAddress": "${A#}b@example.com"},
            "account 222222222222 may now send as ${A}b@example.com",
        ),
        *(
            ({key: "x"}, SENT)
            for key in (
                *(
                    "aws:PrincipalAccount",
                    "aws:userid",
                    "aws:username",
                    "aws:PrincipalType",
                    "AWS:PrincipalIsAWSService",
                ),
                *("aws:PrincipalServiceName", "aws:PrincipalServiceNamesList", "aws:ResourceAccount"),
            )
        ),
        ({"a:b": "x StringEquals y StringEquals z"}, f'{SENT}, where a:b is "x StringEquals y StringEquals z"'),
    ],
)
def test_what_a_request_has_is_told(keys: Any, sentence: str) -> None:
    assert request_sentence(of("AWS", "", "222222222222", keys=FROM | keys)(), is_new=True) == sentence


@pytest.mark.parametrize(
    ("action", "done"),
    [
        ("ses:SendEmail", "send as a@example.com"),
        ("ses:SendRawEmail", "send with ses:SendRawEmail as a@example.com"),
        ("ses:DeleteEmailIdentity", "call ses:DeleteEmailIdentity on example.com"),
    ],
)
def test_what_may_be_done_and_what_may_be_done_now(action: str, done: str) -> None:
    request = of("AWS", JANE, "222222222222", action=action)()
    assert request_sentence(request, is_new=False) == f"user path/Jane of account 222222222222 may {done}"
    assert request_sentence(request, is_new=True) == f"user path/Jane of account 222222222222 may now {done}"


def test_marks_that_tell_apart_what_has_one_name_are_not_told() -> None:
    marked = "${Name#Mail/}"
    keys = {"ses:FromAddress": f"{marked}@example.com", "ses:Recipients": (marked, "a@b.c")}
    found = of("Service", marked, keys=keys, action=f"ses:{marked}", identity=marked)()
    assert found.as_json() == {
        "caller": {"kind": "Service", "name": "${Name}", "account": "", "own_iam": True},
        "action": "ses:${Name}",
        "identity": "${Name}",
        "keys": {"ses:FromAddress": "${Name}@example.com", "ses:Recipients": ["${Name}", "a@b.c"]},
    }
    assert "#" not in request_sentence(found, is_new=True)


def test_other_keys_are_told_in_order() -> None:
    keys = {"ses:Recipients": ("a@b.c", "d@e.f"), "aws:SourceIp": "10.0.0.1"}
    assert request_sentence(of("AWS", JANE, "222222222222", keys=keys | FROM)(), is_new=True).endswith(
        " may now send as a@example.com,"
        " with a@b.c among the recipients, with d@e.f among the recipients, from network 10.0.0.1"
    )
    without_keys = request_sentence(of("AWS", JANE, "222222222222", keys={})(), is_new=True)
    assert without_keys.endswith(" may now send as any address of example.com")


def test_a_request_is_let_through_by_its_own_account_unless_that_is_the_owner_s() -> None:
    caller = Caller("AWS", "user", JANE, "222222222222")
    assert Request("AWS", JANE, "222222222222", caller, JANE, "ses:SendEmail", "example.com", {}).own_iam is True
