"""When two policies mean the same: a table of pairs, looked at both ways round."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ses_sending_policy.rules.document import Document, LivePolicy
from ses_sending_policy.rules.equivalence import differences, digest
from tests.rules.documents import documents, shuffled

BASE: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"AWS": "222222222222"},
    "Action": "ses:SendEmail",
    "Resource": "r",
}


def one(**elements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [BASE | elements]}


def two(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [BASE | first, BASE | second]}


def no(element: str, value: Any) -> dict[str, Any]:
    """Return a document with the `Not` of an element in its place."""
    rest = {key: each for key, each in BASE.items() if key != element}
    return {"Version": "2012-10-17", "Statement": [rest | {f"Not{element}": value}]}


ROOT = "arn:aws:iam::222222222222:root"

SAME = {
    "itself": (one(), one()),
    "a statement that stands alone": (one(), {"Version": "2012-10-17", "Statement": BASE}),
    "an action in a list": (one(), one(Action=["ses:SendEmail"])),
    "actions in another order": (one(Action=["a", "b"]), one(Action=["b", "a"])),
    "actions in another case": (one(), one(Action="SES:sendemail")),
    "an action twice": (one(), one(Action=["ses:SendEmail", "ses:SendEmail"])),
    "an account and its root": (one(), one(Principal={"AWS": ROOT})),
    "an account and its root in a list": (one(), one(Principal={"AWS": [ROOT]})),
    "accounts in another order": (one(Principal={"AWS": ["1", "222222222222"]}), one(Principal={"AWS": [ROOT, "1"]})),
    "services in another order": (one(Principal={"Service": ["a", "b"]}), one(Principal={"Service": ["b", "a"]})),
    "all but some actions, in another order and case": (no("Action", ["A", "b"]), no("Action", ["B", "a"])),
    "all but an account, in two spellings": (no("Principal", {"AWS": "222222222222"}), no("Principal", {"AWS": ROOT})),
    "nobody but the plain principals, in a list": (no("Principal", "1"), no("Principal", ["1"])),
    "everybody, in two spellings": (one(Principal="*"), one(Principal={"AWS": "*"})),
    "everybody, in a list": (one(Principal="*"), one(Principal={"AWS": ["*"]})),
    "a resource that only the deploy knows": (one(Resource={"Ref": "A"}), one(Resource=[{"Ref": "A"}])),
    "an identity in two spellings": (
        one(Resource="arn:aws:ses:eu-west-1:111111111111:identity/a@xn--bcher-kva.example"),
        one(Resource=["arn:aws:ses:eu-west-1:111111111111:identity/a@B\u00fccher.example"]),
    ),
    "all but an identity, in two spellings": (
        no("Resource", "arn:aws:ses:eu-west-1:111111111111:identity/example.com"),
        no("Resource", "arn:aws:ses:eu-west-1:111111111111:identity/Example.com"),
    ),
    "a Sid": (one(), one(Sid="Partner")),
    "statements in another order": (two({}, {"Effect": "Deny"}), two({"Effect": "Deny"}, {})),
    "a boolean as a string": (one(Condition={"Bool": {"k": True}}), one(Condition={"Bool": {"k": "true"}})),
    "a number as a string": (one(Condition={"N": {"k": 14}}), one(Condition={"N": {"k": ["14"]}})),
}

DIFFERENT = {
    "another account": (one(), one(Principal={"AWS": "333333333333"})),
    "everybody and an account": (one(Principal="*"), one(Principal={"AWS": "222222222222"})),
    "an account and a role in it": (one(), one(Principal={"AWS": "arn:aws:iam::222222222222:role/r"})),
    "an account and its root in another partition": (one(), one(Principal={"AWS": ROOT.replace("aws", "aws-us-gov")})),
    "an account and a service of that name": (one(), one(Principal={"Service": "222222222222"})),
    "two plain principals": (one(Principal="222222222222"), one(Principal="333333333333")),
    "a plain principal and everybody": (one(Principal="222222222222"), one(Principal="*")),
    "another effect": (one(), one(Effect="Deny")),
    "another action": (one(), one(Action="ses:SendRawEmail")),
    "all but an action": (one(), no("Action", BASE["Action"])),
    "two actions and their names in one": (one(Action=["a", "b"]), one(Action=["ab"])),
    "two values and one with a comma": (one(Resource=["a", "b"]), one(Resource="a,b")),
    "a service that looks like an account, and its root": (
        one(Principal={"Service": "222222222222"}), one(Principal={"Service": ROOT})),
    "another resource": (one(), one(Resource="R")),
    "a policy variable in another case": (
        one(Resource="arn:aws:ses:eu-west-1:111111111111:identity/${aws:A}.com"),
        one(Resource="arn:aws:ses:eu-west-1:111111111111:identity/${aws:a}.com"),
    ),
    "an address in another case": (
        one(Resource="arn:aws:ses:eu-west-1:111111111111:identity/A@example.com"),
        one(Resource="arn:aws:ses:eu-west-1:111111111111:identity/a@example.com"),
    ),
    "another service's resource in another case": (
        one(Resource="arn:aws:s3:::identity/Example.com"),
        one(Resource="arn:aws:s3:::identity/example.com"),
    ),
    "a condition": (one(), one(Condition={"Bool": {"k": "true"}})),
    "a condition's key in another case": (one(Condition={"O": {"k": "v"}}), one(Condition={"O": {"K": "v"}})),
    "another operator": (one(Condition={"O": {"k": "v"}}), one(Condition={"P": {"k": "v"}})),
    "another value": (one(Condition={"O": {"k": "v"}}), one(Condition={"O": {"k": ["v", "w"]}})),
    "a statement more": (one(), two({}, {"Effect": "Deny"})),
    "another version": (one(), {**one(), "Version": "2008-10-17"}),
    "no version": (one(), {"Statement": [BASE]}),
}  # fmt: skip


DIGEST = "14fd524e6cff3529b87899991f4cd2f33d891dbdd7ec7ed78e1abd4bc0c02471"


def both_ways(pair: tuple[dict[str, Any], dict[str, Any]]) -> list[list[str]]:
    return [
        differences(LivePolicy(json.dumps(live)), Document(declared), "aws") for live, declared in (pair, pair[::-1])
    ]


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME)
def test_the_same(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    assert both_ways(pair) == [[], []]
    assert digest(pair[0], "aws") == digest(pair[1], "aws")


@pytest.mark.parametrize("pair", DIFFERENT.values(), ids=DIFFERENT)
def test_not_the_same(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    assert all(both_ways(pair))
    assert digest(pair[0], "aws") != digest(pair[1], "aws")


def test_the_digest_is_the_same_in_every_release() -> None:
    """It is in templates, as `PolicyHash`: another one would look like a change to whoever compares."""
    whole = two({"Sid": "A", "Condition": {"Bool": {"k": [True, "x"]}}}, {"Principal": "*", "Action": ["a", "B"]})
    assert digest(whole, "aws") == DIGEST


@pytest.mark.parametrize(
    ("live", "told"),
    [
        ("a statement that is none", ["live statement number 0 is not declared"]),
        ([["x", 12]], ["live statement number 0 is not declared"]),
        (["x", 12, None], [f"live statement number {number} is not declared" for number in range(3)]),
        (
            [{"Sid": "Odd", "Action": [12, None], "Principal": {"AWS": [12, None]}}],
            ["live statement 'Odd' is not declared"],
        ),
        ([{"Action": {"Ref": "A"}, "Principal": 12}], ["live statement number 0 is not declared"]),
    ],
)
def test_a_live_policy_may_hold_anything(live: Any, told: list[str]) -> None:
    """SES holds what it was given, also by those who check less."""
    policy = LivePolicy(json.dumps({"Version": "2012-10-17", "Statement": live}))
    assert differences(policy, Document(one(Sid="Ours")), "aws") == [*told, "declared statement 'Ours' is not live"]
    assert digest(policy.elements, "aws") != digest(one(), "aws")


@given(documents(), st.randoms())
def test_an_order_means_nothing(document: dict[str, Any], random: Any) -> None:
    live = LivePolicy(json.dumps(shuffled(document, random) | {"Id": "Mail/Partner/3709feb27d9890ae"}))
    assert differences(live, Document(document), "aws") == []
    assert digest(live.elements, "aws") == digest(document, "aws")


@given(documents(), documents())
def test_the_digest_tells_what_the_differences_tell(one: dict[str, Any], other: dict[str, Any]) -> None:
    is_same = differences(LivePolicy(json.dumps(one)), Document(other), "aws") == []
    assert (digest(one, "aws") == digest(other, "aws")) == is_same


def test_the_partition_of_an_account() -> None:
    gov = one(Principal={"AWS": "arn:aws-us-gov:iam::222222222222:root"})
    assert differences(LivePolicy(json.dumps(gov)), Document(one()), "aws-us-gov") == []


def test_differences_are_told_for_people() -> None:
    live = LivePolicy(json.dumps({"Statement": [BASE | {"Sid": "Old"}, BASE | {"Effect": "Deny"}]}))
    assert differences(live, Document(one()), "aws") == [
        "Version is None live and '2012-10-17' declared",
        "live statement number 1 is not declared",
    ]


def test_differences_are_told_in_one_order() -> None:
    live = LivePolicy(json.dumps(one() | {name: name for name in "fedcba"}))
    assert differences(live, Document(one()), "aws") == [
        f"{name} is {name!r} live and None declared" for name in "abcdef"
    ]


def test_nothing_is_as_good_as_no_element() -> None:
    empty: dict[str, Any] = one() | {"Extra": None}
    assert differences(LivePolicy(json.dumps(empty)), Document(one()), "aws") == []
    assert digest(empty, "aws") == digest(one(), "aws")


@pytest.mark.parametrize("text", ["", "[]", "no JSON"])
def test_what_is_no_document_is_told(text: str) -> None:
    assert differences(LivePolicy(text), Document(one()), "aws") == ["the live policy is no JSON object"]
