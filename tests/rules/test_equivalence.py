"""When two policies mean the same: a table of pairs, each checked in both directions."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ses_sending_policy.rules.document import Document, LivePolicy
from ses_sending_policy.rules.equivalence import differences, digest, element_differences, has_digest, is_written
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
    """Return a document with the `Not` form of an element."""
    rest = {key: each for key, each in BASE.items() if key != element}
    return {"Version": "2012-10-17", "Statement": [rest | {f"Not{element}": value}]}


ROOT = "arn:aws:iam::222222222222:root"
ROLE = "arn:aws:iam::222222222222:role/News"

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
    "a condition of nothing": (one(), one(Condition={})),
    "an operator without keys": (one(), one(Condition={"StringEquals": {}})),
    "an operator without keys beside another": (
        one(Condition={"O": {"k": "v"}}),
        one(Condition={"O": {"k": "v"}, "P": {}}),
    ),
    "a value twice": (one(Condition={"O": {"k": ["v", "v"]}}), one(Condition={"O": {"k": "v"}})),
    "a plain account": (one(), one(Principal="222222222222")),
    "a plain account as its root": (one(), one(Principal=ROOT)),
    "a plain role": (one(Principal=ROLE), one(Principal={"AWS": [ROLE]})),
    "all but a plain account": (no("Principal", {"AWS": "222222222222"}), no("Principal", "222222222222")),
    "an account, its root, and both": (one(), one(Principal={"AWS": ["222222222222", ROOT]})),
    "a kind of principal without names": (one(), one(Principal={"AWS": "222222222222", "Service": []})),
    "an effect in lower case": (one(), one(Effect="allow")),
    "an effect in upper case": (one(Effect="Deny"), one(Effect="DENY")),
    "a statement twice": (one(), two({}, {"Sid": "Again"})),
    "no version and the first": ({"Statement": [BASE]}, {**one(), "Version": "2008-10-17"}),
    "an Id": (one(), {**one(), "Id": "Ours"}),
    "actions in a statement each": (one(Action=["a", "b"]), two({"Action": "a"}, {"Action": ["b"]})),
    "accounts in a statement each": (
        one(Principal={"AWS": ["222222222222", "333333333333"]}),
        two({}, {"Principal": {"AWS": "333333333333"}}),
    ),
    "kinds of principals in a statement each": (
        one(Principal={"AWS": ROOT, "Service": "s"}),
        two({"Principal": {"Service": "s"}}, {"Sid": "Account"}),
    ),
    "an action once more": (one(Action=["a", "b"]), two({"Action": "A"}, {"Action": ["a", "b"]})),
    "accounts and actions, divided in two ways": (
        two({"Action": ["a", "b"]}, {"Action": "a", "Principal": {"AWS": "333333333333"}}),
        two({"Action": "b"}, {"Action": "a", "Principal": {"AWS": [ROOT, "333333333333"]}}),
    ),
    "the keys in another order": (one(), {"Statement": [dict(reversed(BASE.items()))], "Version": "2012-10-17"}),
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
    "an operator in another case": (one(Condition={"Op": {"k": "v"}}), one(Condition={"op": {"k": "v"}})),
    "a condition without a value": (one(), one(Condition={"O": {"k": []}})),
    "a kind of principal in another case": (one(), one(Principal={"aws": "222222222222"})),
    "an element in another case": (one(), one(condition={})),
    "an effect that is none": (one(), one(Effect="Allowed")),
    "a value in another case": (one(Condition={"O": {"k": "v"}}), one(Condition={"O": {"k": "V"}})),
    "a plain service": (one(Principal="ses.amazonaws.com"), one(Principal={"Service": "ses.amazonaws.com"})),
    "nobody and everybody": (no("Principal", {"AWS": "1"}), no("Principal", {"AWS": "*"})),
    "a condition split in two": (
        one(Condition={"O": {"k": ["v", "w"]}}),
        two({"Condition": {"O": {"k": "v"}}}, {"Condition": {"O": {"k": "w"}}}),
    ),
    "actions split in two by their effects": (
        one(Action=["a", "b"]), two({"Action": "a"}, {"Action": "b", "Effect": "Deny"})),
    "all but two actions, and all but each": (
        no("Action", ["a", "b"]),
        {"Version": "2012-10-17", "Statement": no("Action", "a")["Statement"] + no("Action", "b")["Statement"]},
    ),
    "two accounts with an action each, crossed": (
        two({"Action": "a"}, {"Action": "b", "Principal": {"AWS": "333333333333"}}),
        two({"Action": "b"}, {"Action": "a", "Principal": {"AWS": "333333333333"}}),
    ),
    "principals with their kinds crossed": (
        one(Principal={"AWS": "a", "Service": "b"}), one(Principal={"AWS": "b", "Service": "a"})),
    "a statement for nobody more": (one(), two({}, {"Principal": {}})),
    "a statement of no action more": (one(), two({}, {"Action": []})),
    "an unknown element of the document": (one(), {**one(), "Condition": {"O": {"k": "v"}}}),
    "another operator": (one(Condition={"O": {"k": "v"}}), one(Condition={"P": {"k": "v"}})),
    "another value": (one(Condition={"O": {"k": "v"}}), one(Condition={"O": {"k": ["v", "w"]}})),
    "a statement more": (one(), two({}, {"Effect": "Deny"})),
    "another version": (one(), {**one(), "Version": "2008-10-17"}),
    "no version": (one(), {"Statement": [BASE]}),
}  # fmt: skip


DIGEST = "14fd524e6cff3529b87899991f4cd2f33d891dbdd7ec7ed78e1abd4bc0c02471"


def both_ways(pair: tuple[dict[str, Any], dict[str, Any]]) -> list[list[str]]:
    return [element_differences(LivePolicy(json.dumps(one)), other, "aws") for one, other in (pair, pair[::-1])]


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME)
def test_the_same(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    assert both_ways(pair) == [[], []]
    assert digest(pair[0], "aws") == digest(pair[1], "aws")


@pytest.mark.parametrize("pair", DIFFERENT.values(), ids=DIFFERENT)
def test_not_the_same(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    assert all(both_ways(pair))
    assert digest(pair[0], "aws") != digest(pair[1], "aws")


def test_the_digest_is_the_same_in_every_release() -> None:
    """Templates have it as `PolicyHash`: another digest would look like a change."""
    whole = two({"Sid": "A", "Condition": {"Bool": {"k": [True, "x"]}}}, {"Principal": "*", "Action": ["a", "B"]})
    assert digest(whole, "aws") == DIGEST


@given(documents(), st.randoms())
def test_an_order_means_nothing(document: dict[str, Any], random: Any) -> None:
    live = LivePolicy(json.dumps(shuffled(document, random) | {"Id": "Mail/Partner/3709feb27d9890ae"}))
    assert differences(live, Document(document), "aws") == []
    assert is_written(live, Document(document), "aws")
    assert digest(live.elements, "aws") == digest(document, "aws")


EARLIER: dict[str, tuple[dict[str, Any], str]] = {
    "a condition of nothing": (one(Condition={}), "5a59b4005a109ee15e85855d93b7a9a600774730d1b591b99f2461e91b989fff"),
    "a plain account": (
        one(Principal="222222222222"),
        "168f33f189ae4db67be9d63f8bc3480faba80f45534b58664da06e5bf83f26b2",
    ),
    "all but a plain account": (
        no("Principal", "222222222222"),
        "2e4129c8a6d5fe5327a1d8dc06a74d8ec6f8ab41ac070108c265961928ca247f",
    ),
    "everybody": (one(Principal="*"), "f3cc84bd728a7a4bad8708f0e60bd2e04aedb2d9403fa8cf2b6a6a0fead84976"),
    "no version": ({"Statement": [BASE]}, "af09e54e2c96b50d2bafd86248dfd8eac0ef84351ac830b2a7f320274901da96"),
    "as it was": (one(), "29f05d74d31d0207ed78610760fde70623f156e5322326cc96b477eafceab4d1"),
}
"""Policies that the previous release did not recognise in another spelling, with the digest that it gave them."""


@pytest.mark.parametrize(("document", "digested"), EARLIER.values(), ids=EARLIER)
def test_the_digest_of_an_earlier_release_is_known(document: dict[str, Any], digested: str) -> None:
    """A digest stays in a stack until its policy is deployed again, and the check may be newer than that."""
    assert has_digest(document, digested, "aws")
    assert has_digest(document, digest(document, "aws"), "aws")
    assert not has_digest(one(Action="ses:SendRawEmail"), digested, "aws")


@pytest.mark.parametrize("elements", ["no JSON", [], None])
def test_what_is_no_document_has_no_digest(elements: Any) -> None:
    assert not has_digest(elements, digest(one(), "aws"), "aws")


@pytest.mark.parametrize(
    ("live", "held"),
    [
        (one(Sid="A", Principal={"AWS": [ROOT]}), True),
        (one(Sid="B"), False),
        (one(), False),
        (two({"Sid": "A"}, {"Sid": "B"}), False),
        (two({"Sid": "A"}, {"Sid": "A"}), True),
        (one(Sid="A", Effect="Deny"), False),
        ({**one(Sid="A"), "Version": "2008-10-17"}, False),
    ],
)
def test_what_is_written_has_its_sids(live: dict[str, Any], held: bool) -> None:
    assert is_written(LivePolicy(json.dumps(live)), Document(one(Sid="A")), "aws") is held
    assert is_written(LivePolicy(json.dumps(one(Sid="A"))), Document(live), "aws") is held


def test_each_statement_has_its_own_sid() -> None:
    declared = two({"Sid": "B"}, {"Sid": "A", "Principal": "*"})
    same, swapped = two({"Sid": "A", "Principal": "*"}, {"Sid": "B"}), two({"Sid": "B", "Principal": "*"}, {"Sid": "A"})
    assert is_written(LivePolicy(json.dumps(same)), Document(declared), "aws")
    assert not is_written(LivePolicy(json.dumps(swapped)), Document(declared), "aws")


@given(documents(), documents())
def test_the_digest_tells_what_the_differences_tell(one: dict[str, Any], other: dict[str, Any]) -> None:
    is_same = differences(LivePolicy(json.dumps(one)), Document(other), "aws") == []
    assert (digest(one, "aws") == digest(other, "aws")) == is_same


def test_the_partition_of_an_account() -> None:
    gov = one(Principal={"AWS": "arn:aws-us-gov:iam::222222222222:root"})
    assert differences(LivePolicy(json.dumps(gov)), Document(one()), "aws-us-gov") == []


def test_nothing_is_as_good_as_no_element() -> None:
    empty: dict[str, Any] = one() | {"Extra": None}
    assert differences(LivePolicy(json.dumps(empty)), Document(one()), "aws") == []
    assert digest(empty, "aws") == digest(one(), "aws")
