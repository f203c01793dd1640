"""Unknown parts compared with what SES holds: a table, and a property over documents of any shape."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ses_sending_policy.review.live.unknown import settled, unknown_parts
from ses_sending_policy.rules.document import LivePolicy, as_text
from ses_sending_policy.rules.equivalence import element_differences
from tests.rules.documents import documents

ROLE: dict[str, Any] = {"Fn::GetAtt": ["Role", "Arn"]}
OTHER: dict[str, Any] = {"Fn::GetAtt": ["Other", "Arn"]}
IF: dict[str, Any] = {"Fn::If": ["IsProd", {"a": "b"}, {"Ref": "AWS::NoValue"}]}
ARN = "arn:aws:iam::222222222222:role/sender"
ACCOUNT = "arn:aws:iam::333333333333:root"
BASE: dict[str, Any] = {"Effect": "Allow", "Principal": {"AWS": ARN}, "Action": "ses:SendEmail", "Resource": "r"}


def one(**elements: Any) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [BASE | elements]}


def two(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": [BASE | first, BASE | second]}


def aws(*principals: Any) -> dict[str, Any]:
    return {"Principal": {"AWS": list(principals)}}


def like(value: Any) -> dict[str, Any]:
    return {"Condition": {"StringLike": {"ses:FromAddress": value}}}


MAY_BE = {
    "a role": (one(**aws(ROLE)), one()),
    "a role beside an account": (one(**aws(ROLE, "333333333333")), one(**aws(ARN, ACCOUNT))),
    "two roles": (one(**aws(ROLE, OTHER)), one(**aws(ARN, "arn:aws:iam::1:role/x"))),
    "two roles that are one": (one(**aws(ROLE, OTHER)), one()),
    "a list of accounts": (one(**aws({"Ref": "Accounts"})), one(**aws(ARN, ACCOUNT))),
    "an address in part": (one(**like({"Fn::Sub": "${Who}@example.com"})), one(**like("jo@example.com"))),
    "the other statement": (two(aws(ROLE), {"Effect": "Deny"}), two({"Effect": "Deny"}, {})),
    "two of a kind": (two(aws(ROLE), aws(OTHER)), two({}, aws(ACCOUNT))),
    "who can only be one": (two(like({"Ref": "A"}), like({"Fn::Sub": "${B}.x"})), two(like("a.x"), like("b"))),
    "a condition": (one(Condition=IF), one(Condition={"Bool": {"k": "true"}})),
    "no condition": (one(Condition=IF), one()),
    "a statement": ({"Version": "2012-10-17", "Statement": [BASE, IF]}, two({}, {"Effect": "Deny"})),
    "no statement": ({"Version": "2012-10-17", "Statement": [BASE, IF]}, one()),
    "a whole document": ({"Ref": "Document"}, one()),
    "a version": (one() | {"Version": {"Ref": "Version"}}, one()),
    "an action in another case": (one(**aws(ROLE), Action="SES:sendemail"), one()),
}

CANNOT_BE = {
    "another action": (one(**aws(ROLE)), one(Action="ses:SendRawEmail")),
    "an account too few": (one(**aws(ROLE, ACCOUNT)), one()),
    "another end": (one(**like({"Fn::Sub": "${Who}@example.com"})), one(**like("jo@example.org"))),
    "another key": (one(**like({"Ref": "A"})), one(Condition={"StringLike": {"ses:FromDisplayName": "a"}})),
    "a condition that is gone": (one(**like({"Ref": "A"})), one()),
    "a condition too much": (one(**aws(ROLE)), one(**like("a"))),
    "a statement too much": (one(**aws(ROLE)), two({}, {"Effect": "Deny"})),
    "a statement too few": (two(aws(ROLE), {"Effect": "Deny"}), one()),
    "two in place of one": (one(**aws({"Fn::Sub": "${A}/sender"})), one(**aws(ARN, ACCOUNT))),
}


def different(declared: Any, live: Any) -> list[str]:
    return element_differences(LivePolicy(json.dumps(live)), settled(declared, as_text(live), "aws"), "aws")


@pytest.mark.parametrize("pair", MAY_BE.values(), ids=MAY_BE)
def test_what_may_be_is_taken_from_ses(pair: tuple[Any, Any]) -> None:
    assert different(*pair) == []


@pytest.mark.parametrize("pair", CANNOT_BE.values(), ids=CANNOT_BE)
def test_what_cannot_be_differs_whatever_nobody_knows(pair: tuple[Any, Any]) -> None:
    assert different(*pair) != []


def test_what_is_no_document_is_none() -> None:
    assert different({"Ref": "Document"}, "text") == ["the live policy is no JSON object"]


def test_each_part_is_named_once() -> None:
    document = two(aws(ROLE, OTHER, ROLE), like({"Fn::Sub": "${Who}@${AWS::URLSuffix}"}))
    assert unknown_parts(document) == ["${Other.Arn}", "${Role.Arn}", "${Who}@${AWS::URLSuffix}"]


def test_a_variable_of_a_policy_is_known() -> None:
    assert unknown_parts(one(**like("${aws:username}@*"))) == []


def hidden(value: Any, hide: Any) -> Any:
    """Return a document in which only the deploy knows some of the texts."""
    if isinstance(value, dict):
        return {key: item if key in ("Effect", "Version", "Sid") else hidden(item, hide) for key, item in value.items()}
    if isinstance(value, list):
        return [hidden(item, hide) for item in value]
    return {"Ref": "Hidden"} if hide() else value


@given(documents(), st.data())
def test_a_document_may_always_be_itself(document: Any, data: st.DataObject) -> None:
    """Whatever part of it is unknown, the document itself may be the result, so no difference is reported."""
    declared = hidden(as_text(document), lambda: data.draw(st.booleans()))
    assert different(declared, document) == []
