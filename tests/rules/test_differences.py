"""How two policies differ, in the words that the function, `drift` and `adopt` use."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.equivalence import element_differences
from tests.rules.documents import documents

ACCOUNT = "statement for account 222222222222"
ROOT = "arn:aws:iam::222222222222:root"
BASE: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"AWS": "222222222222"},
    "Action": ["ses:SendEmail", "ses:SendRawEmail"],
    "Resource": "r",
    "Condition": {"StringEquals": {"ses:FromAddress": "b@example.com"}},
}
DENIAL: dict[str, Any] = BASE | {"Effect": "Deny", "Principal": "*", "Sid": "Never"}
SERVICE: dict[str, Any] = BASE | {"Principal": {"Service": "ses.amazonaws.com"}, "Action": "ses:SendBounce"}


def told(live: Any, declared: Any, **elements: Any) -> list[str]:
    there, here = ({"Version": "2012-10-17", "Statement": each} for each in (live, declared))
    return element_differences(LivePolicy(json.dumps(there | elements)), here, "aws")


def without(element: str) -> dict[str, Any]:
    return {key: value for key, value in BASE.items() if key != element}


def from_addresses(*values: str) -> dict[str, Any]:
    return {"Condition": {"StringEquals": {"ses:FromAddress": list(values)}}}


LIKE = {"Condition": {"StringLike": {"ses:FromAddress": "b@example.com"}}}

ONE: dict[str, tuple[dict[str, Any], list[str]]] = {
    "another value": (
        BASE | from_addresses("a@example.com"),
        [f"{ACCOUNT}: StringEquals ses:FromAddress is 'a@example.com' live and 'b@example.com' declared"],
    ),
    "a value more": (
        BASE | from_addresses("b@example.com", "a@example.com"),
        [f"{ACCOUNT}: StringEquals ses:FromAddress has 'a@example.com' live and not declared"],
    ),
    "many values more": (
        BASE | from_addresses("b@example.com", *(f"{each}@example.com" for each in "acdef")),
        [
            (
                f"{ACCOUNT}: StringEquals ses:FromAddress has 'a@example.com', 'c@example.com', 'd@example.com' "
                "and 2 more live and not declared"
            )
        ],
    ),
    "no value": (
        BASE | from_addresses(),
        [f"{ACCOUNT}: StringEquals ses:FromAddress is nothing live and 'b@example.com' declared"],
    ),
    "another operator": (
        BASE | LIKE,
        [
            f"{ACCOUNT}: StringEquals ses:FromAddress is 'b@example.com' declared and not live",
            f"{ACCOUNT}: StringLike ses:FromAddress is 'b@example.com' live and not declared",
        ],
    ),
    "no condition": (
        without("Condition"),
        [f"{ACCOUNT}: StringEquals ses:FromAddress is 'b@example.com' declared and not live"],
    ),
    "a condition that is none": (
        BASE | {"Condition": "x"},
        [
            f"{ACCOUNT}: Condition is 'x' live and not declared",
            f"{ACCOUNT}: StringEquals ses:FromAddress is 'b@example.com' declared and not live",
        ],
    ),
    "another effect": (BASE | {"Effect": "Deny"}, [f"{ACCOUNT}: Effect is 'Deny' live and 'Allow' declared"]),
    "an action less": (
        BASE | {"Action": "SES:sendemail"},
        [f"{ACCOUNT}: Action has 'ses:SendRawEmail' declared and not live"],
    ),
    "one action for another": (
        BASE | {"Action": ["ses:sendEmail", "ses:SendBounce"]},
        [
            f"{ACCOUNT}: Action has 'ses:SendBounce' live and not declared",
            f"{ACCOUNT}: Action has 'ses:SendRawEmail' declared and not live",
        ],
    ),
    "all but the action": (
        without("Action") | {"NotAction": "ses:SendEmail"},
        [
            f"{ACCOUNT}: Action is 'ses:SendEmail' and 'ses:SendRawEmail' declared and not live",
            f"{ACCOUNT}: NotAction is 'ses:SendEmail' live and not declared",
        ],
    ),
    "another account": (
        BASE | {"Principal": {"AWS": "333333333333"}},
        [f"{ACCOUNT}: Principal AWS is account 333333333333 live and account 222222222222 declared"],
    ),
    "an account of another partition": (
        BASE | {"Principal": {"AWS": ROOT.replace("aws", "aws-us-gov")}},
        [f"{ACCOUNT}: Principal AWS is 'arn:aws-us-gov:iam::222222222222:root' live and account 222222222222 declared"],
    ),
    "everybody": (
        BASE | {"Principal": "*"},
        [f"{ACCOUNT}: Principal AWS is everybody live and account 222222222222 declared"],
    ),
    "a service": (
        BASE | {"Principal": {"Service": "ses.amazonaws.com"}},
        [
            f"{ACCOUNT}: Principal AWS is account 222222222222 declared and not live",
            f"{ACCOUNT}: Principal Service is service 'ses.amazonaws.com' live and not declared",
        ],
    ),
    "another resource": (BASE | {"Resource": "s"}, [f"{ACCOUNT}: Resource is 's' live and 'r' declared"]),
    "an element more": (BASE | {"Conditions": 1}, [f"{ACCOUNT}: Conditions is '1' live and not declared"]),
    "a list in a list": (
        BASE | {"Resource": [["r"]]},
        [f"{ACCOUNT}: Resource is {{\"r\"}} live and 'r' declared"],
    ),
    "what only the deploy knows": (
        BASE | {"Resource": {"Fn::GetAtt": ["Identity", "Arn"]}, "Principal": {"AWS": {"Ref": "Role"}}},
        [
            f"{ACCOUNT}: Principal AWS is what only the deploy knows live and account 222222222222 declared",
            f"{ACCOUNT}: Resource is what only the deploy knows live and 'r' declared",
        ],
    ),
    "a long text": (
        BASE | {"Resource": "r" * 5000},
        [f"{ACCOUNT}: Resource is 'rrr{'r' * 96}… live and 'r' declared"],
    ),
    "a text that just fits": (
        BASE | {"Resource": "r" * 98},
        [f"{ACCOUNT}: Resource is '{'r' * 98}' live and 'r' declared"],
    ),
    "a long value that is no text": (
        BASE | {"Resource": [["r" * 5000]]},
        [f"{ACCOUNT}: Resource is {{\"{'r' * 98}… live and 'r' declared"],
    ),
    "a long action": (
        BASE | {"Action": [*BASE["Action"], "ses:" + "a" * 5000]},
        [f"{ACCOUNT}: Action has 'ses:{'a' * 95}… live and not declared"],
    ),
    "a long principal": (
        BASE | {"Principal": {"AWS": ["222222222222", "a" * 5000]}},
        [f"{ACCOUNT}: Principal AWS has '{'a' * 99}… live and not declared"],
    ),
    "a long service": (
        BASE | {"Principal": {"AWS": "222222222222", "Service": "a" * 5000}},
        [f"{ACCOUNT}: Principal Service is service '{'a' * 99}… live and not declared"],
    ),
    "three values": (
        BASE | {"Resource": ["a", "b", "c"]},
        [f"{ACCOUNT}: Resource is 'a', 'b' and 'c' live and 'r' declared"],
    ),
    "an empty text in a list in a list": (
        BASE | {"Resource": [[""]]},
        [f"{ACCOUNT}: Resource is {{\"\"}} live and 'r' declared"],
    ),
    "an object that is no function": (
        BASE | {"Resource": ["r", [{"Ref": "a", "b": 1}]]},
        [f'{ACCOUNT}: Resource has {{{{["Ref",{{"a"}}],["b",{{"1"}}]}}}} live and not declared'],
    ),
    "all but another action": (
        BASE | {"NotAction": "ses:SendBounce"},
        [f"{ACCOUNT}: NotAction is 'ses:SendBounce' live and not declared"],
    ),
    "an operator without a key": (
        BASE | {"Condition": {"StringEquals": "x"}},
        [
            f"{ACCOUNT}: StringEquals is 'x' live and not declared",
            f"{ACCOUNT}: StringEquals ses:FromAddress is 'b@example.com' declared and not live",
        ],
    ),
    "nothing of it": (
        {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::222222222222:role/r"}, "Action": "ses:SendBounce"},
        [
            "statement for 'arn:aws:iam::222222222222:role/r' is live and not declared: 'Allow' 'ses:SendBounce'",
            f"{ACCOUNT} is declared and not live: 'Allow' 'ses:SendEmail' and 'ses:SendRawEmail'",
        ],
    ),
}


@pytest.mark.parametrize(("live", "sentences"), ONE.values(), ids=ONE)
def test_one_statement(live: dict[str, Any], sentences: list[str]) -> None:
    assert told(live, BASE) == sentences
    assert told(BASE | {"Sid": "Old"}, live | {"Sid": "New"})


@pytest.mark.parametrize(
    ("live", "sentence"),
    [
        ("a text", "statement without a Principal is live and not declared: 'a text'"),
        ([["x", 12]], "statement without a Principal is live and not declared: '12' and 'x'"),
        ([None], "statement without a Principal is live and not declared: null"),
        (
            [{"Action": [None, 12], "Principal": {"AWS": [None, 12]}}],
            "statement for '12' and null is live and not declared: '12' and null",
        ),
        ([{"Principal": 12}], "statement for '12' is live and not declared"),
        (
            [{"Principal": None, "Action": "a"}] * 2,
            "statement for null is live and not declared: 'a'",
        ),
        ([{"NotPrincipal": "*"}], "statement for all but everybody is live and not declared"),
        ([{}], "statement without a Principal is live and not declared"),
    ],
)
def test_a_live_policy_may_hold_anything(live: Any, sentence: str) -> None:
    """SES also holds what others wrote with fewer checks."""
    declared = f"{ACCOUNT} is declared and not live: 'Allow' 'ses:SendEmail' and 'ses:SendRawEmail'"
    assert list(dict.fromkeys(told(live, BASE))) == [sentence, declared]


def test_what_stands_beside_the_statements() -> None:
    assert told(BASE, BASE, Version="2008-10-17") == ["Version is '2008-10-17' live and '2012-10-17' declared"]
    assert told(BASE, BASE, Version=None) == ["Version is '2008-10-17' live and '2012-10-17' declared"]
    assert told(BASE, BASE, b={"c": 1}, a=["x", "y"]) == [
        "a is 'x' and 'y' live and not declared",
        "b c is '1' live and not declared",
    ]


@pytest.mark.parametrize("text", ["", "[]", "no JSON"])
def test_what_is_no_document_is_told(text: str) -> None:
    assert element_differences(LivePolicy(text), {"Statement": BASE}, "aws") == ["the live policy is no JSON object"]


@given(documents(), documents(), st.sampled_from(["Old", "New"]))
def test_a_sentence_is_short_and_names_no_sid(live: dict[str, Any], declared: dict[str, Any], sid: str) -> None:
    for each in live["Statement"]:
        each["Sid"] = sid
    for sentence in element_differences(LivePolicy(json.dumps(live)), declared, "aws"):
        assert sid not in sentence
        assert len(sentence) < 1000
