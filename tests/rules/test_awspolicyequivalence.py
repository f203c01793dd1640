"""The test pairs of HashiCorp's awspolicyequivalence, with which Terraform tells whether a policy changed.

Their facts are https://github.com/hashicorp/awspolicyequivalence/blob/main/aws_policy_equivalence_test.go. Where the
verdict here is another one, the reason stands beside it.
"""

import json
from typing import Any, Final, NamedTuple

import pytest

from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.equivalence import digest, element_differences


class Pair(NamedTuple):
    """Two documents, the verdict of that library, and the reason if ours differs."""

    one: Any
    other: Any
    same: bool
    but: str = ""


def of(*statements: Any, version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


FLEET: Final = {"Service": "spotfleet.amazonaws.com"}
ROLE: Final = {"Sid": "", "Effect": "Allow", "Principal": FLEET, "Action": "sts:AssumeRole"}
NOBODY: Final = {key: value for key, value in ROLE.items() if key != "Principal"}
LISTED: Final = ROLE | {"Principal": {"Service": ["spotfleet.amazonaws.com"]}}
ANY: Final = {"Sid": "", "Effect": "Allow", "Action": "*", "Resource": "*"}
BUCKET: Final = "arn:aws:s3:::BUCKET-NAME"
OBJECT: Final = {
    "Sid": "statement1",
    "Effect": "Allow",
    "Action": ["s3:PutObject"],
    "Resource": ["arn:aws:s3:::examplebucket/*"],
}
TIMES: Final = {
    "DateGreaterThan": {"aws:CurrentTime": "2013-08-16T12:00:00Z"},
    "DateLessThan": {"aws:CurrentTime": "2013-08-16T15:00:00Z"},
    "IpAddress": {"aws:SourceIp": ["192.0.2.0/24", "203.0.113.0/24"]},
}
HOMES: Final = [
    {"Effect": "Allow", "Action": ["s3:ListAllMyBuckets", "s3:GetBucketLocation"], "Resource": "arn:aws:s3:::*"},
    {
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": BUCKET,
        "Condition": {"StringLike": {"s3:prefix": ["", "home/", "home/${aws:username}/"]}},
    },
    {
        "Effect": "Allow",
        "Action": "s3:*",
        "Resource": [f"{BUCKET}/home/${{aws:username}}", f"{BUCKET}/home/${{aws:username}}/*"],
    },
]


def acl(value: Any, operator: str = "StringEquals") -> dict[str, Any]:
    return of(OBJECT | {"Condition": {operator: {"s3:x-amz-acl": value}}})


def when(operator: str, value: Any) -> dict[str, Any]:
    return of(OBJECT | {"Condition": {operator: {"aws:MultiFactorAuthPresent": value}}})


def to(principal: Any) -> dict[str, Any]:
    return of(ANY | {"Principal": principal})


def roles(*names: str) -> dict[str, Any]:
    return to({"AWS": [f"arn:aws:iam::123456789012:role/{name}" for name in names]})


def root(account: str) -> str:
    # In the library's tests, the partition of the account's ARN is filled in.
    return f"arn:aws:iam::{account}:root"


EC2: Final = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}}
QUEUE: Final = {
    "Action": "sqs:SendMessage",
    "Condition": {"ArnEquals": {"aws:SourceArn": []}},
    "Effect": "Allow",
    "Principal": "*",
    "Resource": "arn:aws:sqs:***:redacted:redacted",
}
_REQUIRED: Final = "SES requires a Principal: one that names nobody is not the same as none, and neither is a policy"

PAIRS: Final = {
    "identical": Pair(of(ROLE), of(ROLE), same=True),
    "an action in a list": Pair(of(ROLE), of(ROLE | {"Action": ["sts:AssumeRole"]}), same=True),
    "another action in a list": Pair(of(ROLE), of(ROLE | {"Action": ["sts:GetSessionToken"]}), same=False),
    "NotAction beside Action, in a list": Pair(
        of(ROLE | {"NotAction": ["sts:GetSessionToken"]}), of(ROLE | {"NotAction": "sts:GetSessionToken"}), same=True
    ),
    "NotAction on one side": Pair(of(ROLE), of(ROLE | {"NotAction": "sts:GetSessionToken"}), same=False),
    "a principal in a list": Pair(of(ROLE), of(LISTED), same=True),
    "another principal in a list": Pair(of(EC2), of(LISTED), same=False),
    "a plain principal": Pair(of(NOBODY | {"Principal": "*"}), of({"Principal": "*", **NOBODY}), same=True),
    "a plain NotPrincipal": Pair(of(NOBODY | {"NotPrincipal": "*"}), of({"NotPrincipal": "*", **NOBODY}), same=True),
    "another NotPrincipal": Pair(
        of(NOBODY | {"NotPrincipal": {"Service": "ec2.amazonaws.com"}}),
        of(NOBODY | {"NotPrincipal": {"Service": ["spotfleet.amazonaws.com"]}}),
        same=False,
    ),
    "another Version": Pair(of(ROLE), of(ROLE, version="2012-06-17"), same=False),
    "another Effect": Pair(of(ROLE | {"Effect": "Deny"}), of(ROLE), same=False),
    "the same Condition": Pair(acl(["public-read"]), acl(["public-read"]), same=True),
    "another operator": Pair(acl(["public-read"], "StringNotEquals"), acl(["public-read"]), same=False),
    "a value in a list": Pair(acl("public-read"), acl(["public-read"]), same=True),
    "other conditions": Pair(acl("public-read"), of(OBJECT | {"Condition": TIMES}), same=False),
    "the same conditions": Pair(of(OBJECT | {"Condition": TIMES}), of(OBJECT | {"Condition": TIMES}), same=True),
    "the same statements": Pair(of(*HOMES), of(*HOMES), same=True),
    "a statement less": Pair(of(*HOMES), of(HOMES[0], HOMES[2]), same=False),
    "the case of Effect": Pair(of(ROLE), of(ROLE | {"Effect": "allow", "Action": ["sts:AssumeRole"]}), same=True),
    "a statement alone": Pair({**of(), "Statement": ROLE}, of(ROLE | {"Effect": "allow"}), same=True),
    "no principal, and none of a kind": Pair(
        of(ROLE | {"Principal": {}}), of(ROLE | {"Principal": {"Service": []}}), same=True
    ),
    "none of one kind and of another": Pair(
        of(ROLE | {"Principal": {"Service": []}}), of(ROLE | {"Principal": {"AWS": []}}), same=True
    ),
    "an empty Principal and none": Pair(of(ROLE | {"Principal": {}}), of(NOBODY), same=True, but=_REQUIRED),
    "empty kinds and no Principal": Pair(
        of(ROLE | {"Principal": {"Service": [], "AWS": []}}), of(NOBODY), same=True, but=_REQUIRED
    ),
    "a plain account and its root": Pair(to("123456789012"), to(root("123456789012")), same=True),
    "an account and its root": Pair(to({"AWS": "123456789012"}), to({"AWS": root("123456789012")}), same=True),
    "the same in lists": Pair(to({"AWS": ["123456789012"]}), to({"AWS": [root("123456789012")]}), same=True),
    "the same of two accounts": Pair(
        to({"AWS": ["123456789012", root("999999999999")]}),
        to({"AWS": [root("123456789012"), root("999999999999")]}),
        same=True,
    ),
    "no Statement": Pair({"Version": "2012-10-17"}, {"Version": "2012-10-17"}, same=True),
    "a Statement that is a number": Pair({"Statement": 42}, {"Statement": 42}, same=True),
    "a Resource that is an object": Pair(of(OBJECT | {"Resource": {}}), of(OBJECT | {"Resource": {}}), same=True),
    "a Resource that is a list in a list": Pair(
        of(OBJECT | {"Resource": [[42]]}), of(OBJECT | {"Resource": [[42]]}), same=True
    ),
    "principals in another order": Pair(roles("a", "b", "c", "d"), roles("d", "b", "a", "c"), same=True),
    "one principal of many": Pair(roles("d", "b", "a", "c"), roles("d", "b", "a", "e"), same=False),
    "a boolean": Pair(when("Bool", True), when("Bool", "true"), same=True),  # noqa: FBT003 - a value of JSON
    "a number": Pair(when("NumericLessThanEquals", 100), when("NumericLessThanEquals", "100"), same=True),
    "numbers": Pair(when("NumericEquals", [100.01, 200.2]), when("NumericEquals", ["100.01", "200.2"]), same=True),
    "a condition without a value": Pair(of(QUEUE | {"Sid": "A"}), of(dict(reversed(QUEUE.items()))), same=True),
    "numbers in another order": Pair(
        of(OBJECT | {"Resource": [42, 86]}), of(OBJECT | {"Resource": [86, 42]}), same=True
    ),
    "a list of one": Pair(of(EC2), of(EC2 | {"Action": ["sts:AssumeRole"]}), same=True),
    "another service": Pair(of(EC2), of(EC2 | {"Principal": {"Service": ["rds.amazonaws.com"]}}), same=False),
}

TEXTS: Final = {
    "no JSON": ('{"Statement": [{]}', '{"Statement": [{]}', "theirs is an error"),
    "two lists": ("[]", "[{}]", "theirs are the same; no list is a document"),
    "nothing and an empty object": ("", "{}", "theirs are the same; no text is no document"),
}
"""A text that is no document never equals another one, not even itself: nobody knows what SES makes of it."""


@pytest.mark.parametrize("pair", PAIRS.values(), ids=PAIRS)
def test_a_pair(pair: Pair) -> None:
    is_same = pair.same and not pair.but
    for one, other in ((pair.one, pair.other), (pair.other, pair.one)):
        assert (element_differences(LivePolicy(json.dumps(one)), other, "aws") == []) is is_same
        assert (digest(one, "aws") == digest(other, "aws")) is is_same


@pytest.mark.parametrize(("one", "other", "theirs"), TEXTS.values(), ids=TEXTS)
def test_what_is_no_document(one: str, other: str, theirs: str) -> None:
    assert theirs
    assert element_differences(LivePolicy(one), {}, "aws") == ["the live policy is no JSON object"]
    assert other
