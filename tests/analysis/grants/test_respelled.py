"""What `drift` and `ADOPT` treat as the same, spelling by spelling, and what `diff` says of it."""

import json
from itertools import permutations
from typing import Any, Final

import pytest

from ses_sending_policy.analysis.grants.change import Verdict
from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.equivalence import digest, element_differences
from tests.analysis.findings.declare import statement
from tests.analysis.grants.test_one_equivalence import ARN, verdict
from tests.rules.test_equivalence import SAME


def documents_of(*statements: Any) -> list[dict[str, Any]]:
    """Return documents, each made from one statement or several, or given as a document."""
    return [
        each
        if "Statement" in each
        else {"Version": "2012-10-17", "Statement": each if isinstance(each, list) else [each]}
        for each in statements
    ]


def no(element: str, value: Any, **elements: Any) -> dict[str, Any]:
    """Return a statement about everything except some values of an element."""
    return statement(**({element: None, f"Not{element}": value} | elements))


ROLE: Final = "arn:aws:iam::222222222222:role/News"
ROOT: Final = "arn:aws:iam::222222222222:root"
OTHER: Final = "arn:aws:ses:eu-west-1:111111111111:identity/other.example"
VARIABLE: Final = {"StringEquals": {"ses:FromAddress": "${aws:username}@example.com"}}
FROM: Final = {"StringEquals": {"ses:FromAddress": "a@example.com"}}
EVERYBODY: Final = statement(Principal="*")
NOBODY: Final[tuple[Any, ...]] = ({}, [], {"AWS": []}, {"AWS": [], "Service": []})
NOTHING: Final[tuple[Any, ...]] = (None, {}, {"StringLike": {}}, {"Odd": {}, "Null": {}})

# In each row, all are the same to all three.
RESPELLED: dict[str, list[Any]] = {
    "an effect": [
        statement(Effect=each) for each in ("Allow", "allow", "ALLOW", ["Allow"], ["allow"], ["Allow", "Allow"])
    ],
    "a denial": [[EVERYBODY, statement(Effect=each)] for each in ("Deny", "deny", ["DENY"])],
    "an effect that is none": [statement(Effect=each) for each in ("Audit", ["Audit"])],
    "a principal": [
        statement(Principal=each)
        for each in (ROLE, [ROLE], {"AWS": ROLE}, {"AWS": [ROLE, ROLE]}, {"AWS": [ROLE], "Service": []})
    ],
    "two principals": [
        statement(Principal=each)
        for each in ([ROLE, ROOT], {"AWS": ["222222222222", ROLE]}, {"AWS": [ROOT, ROLE], "Federated": []})
    ],
    "everybody": [statement(Principal=each) for each in ("*", ["*"], {"AWS": "*"}, {"AWS": ["*"]})],
    "all but a principal": [
        no("Principal", each, Effect=effect)
        for each in (ROLE, [ROLE], {"AWS": ROLE}, {"AWS": [ROLE], "Service": []})
        for effect in ("Deny", "deny")
    ],
    "all but two principals": [
        no("Principal", each)
        for each in ([ROLE, ROOT], {"AWS": ["222222222222", ROLE]}, {"AWS": [ROOT, ROLE, "222222222222"]})
    ],
    "all but an account": [no("Principal", each) for each in (ROOT, "222222222222", {"AWS": ROOT})],
    "all but everybody": [no("Principal", each) for each in ("*", ["*"], {"AWS": "*"})],
    "a principal beside all but one": [
        statement(NotPrincipal=each) for each in (ROLE, {"AWS": ROLE}, {"AWS": [ROLE], "Service": []})
    ],
    "nobody": [statement(Principal=each) for each in NOBODY],
    "a text that looks like a reference": [
        statement(Principal=each) for each in ("${Name}", ["${Name}"], {"AWS": "${Name}"})
    ],
    "conditions of nothing": [statement(Condition=each) for each in NOTHING],
    "an operator of nothing": [statement(Condition=each) for each in (FROM, FROM | {"StringLike": {}})],
    "a boolean": [
        statement(Condition={"Bool": {"aws:SecureTransport": each}}) for each in (True, "true", [True], ["true", True])
    ],
    "a number": [
        statement(Condition={"NumericEquals": {"aws:MultiFactorAuthAge": each}}) for each in (5, "5", [5], ["5", 5])
    ],
    "an action": [statement(Action=each) for each in ("ses:SendEmail", ["SES:sendemail"])],
    "all but an action": [no("Action", each) for each in ("ses:SendEmail", ["SES:sendemail", "ses:SendEmail"])],
    "an action beside all but one": [statement(NotAction=each) for each in ("ses:SendBounce", ["SES:sendbounce"])],
    "another identity": [statement(Resource=each) for each in (OTHER, [OTHER.replace("other", "OTHER"), OTHER])],
    "all but an identity": [no("Resource", each) for each in (OTHER, [OTHER.replace("other", "OTHER")])],
    "an unknown element": [statement(Odd=each) for each in ({"a": "b"}, {"a": ["b", "b"]})],
    "one statement": [
        {"Version": "2012-10-17", "Statement": each}
        for each in (EVERYBODY, [EVERYBODY], [EVERYBODY, EVERYBODY | {"Sid": "Again"}])
    ],
    "no Version": [
        {"Statement": statement(Condition=VARIABLE), **each}
        for each in ({}, {"Version": None}, {"Version": "2008-10-17"}, {"Version": ["2008-10-17"]})
    ],
    "a Version": [
        {"Statement": statement(Condition=VARIABLE), "Version": each} for each in ("2012-10-17", ["2012-10-17"])
    ],
}
PAIRS: Final = [
    pytest.param(before, after, id=name)
    for name, row in {**{name: documents_of(*row) for name, row in RESPELLED.items()}, **SAME}.items()
    for before, after in permutations(row, 2)
]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_what_is_spelled_otherwise_is_the_same_to_all(before: dict[str, Any], after: dict[str, Any]) -> None:
    assert element_differences(LivePolicy(json.dumps(before)), after, "aws") == []
    assert digest(before, "aws") == digest(after, "aws")
    assert verdict(before, after) is Verdict.UNCHANGED


# Each pair is different to all three.
OTHERS: dict[str, tuple[Any, Any]] = {
    "an effect that is another word": (statement(Effect="allow"), statement(Effect="allowed")),
    "two effects": (statement(Effect=["Allow", "Deny"]), statement(Effect="Allow")),
    "nobody and everybody": (statement(Principal={"AWS": []}), statement(Principal={"AWS": "*"})),
    "a service that stands alone": (
        statement(Principal="ses.amazonaws.com"),
        statement(Principal={"Service": "ses.amazonaws.com"}),
    ),
    "all but one and all but two": (no("Principal", ROLE), no("Principal", [ROLE, "333333333333"])),
    "all but an account and all but a role of it": (no("Principal", ROLE), no("Principal", ROOT)),
    "a key without values": (statement(), statement(Condition={"StringLike": {"ses:FromAddress": []}})),
    "an operator that has a list": (statement(), statement(Condition={"StringLike": []})),
    "all but another action": (no("Action", "ses:SendEmail"), no("Action", "ses:SendRawEmail")),
    "all but another identity": (no("Resource", OTHER), no("Resource", ARN)),
    "a variable and a text": (
        {"Version": "2012-10-17", "Statement": statement(Condition=VARIABLE)},
        {"Version": "2008-10-17", "Statement": statement(Condition=VARIABLE)},
    ),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_another_one_is_so_to_all(name: str) -> None:
    one, other = documents_of(*OTHERS[name])
    assert element_differences(LivePolicy(json.dumps(one)), other, "aws")
    assert digest(one, "aws") != digest(other, "aws")
    assert Verdict.UNCHANGED not in (verdict(one, other), verdict(other, one))


# What only `diff` knows, because it searches for requests and knows what SES reads: the others compare the words.
ALONE: dict[str, tuple[Any, Any]] = {
    "a Version where it makes no difference": (
        {"Version": "2012-10-17", "Statement": EVERYBODY},
        {"Version": "2008-10-17", "Statement": EVERYBODY},
    ),
    "an element that nobody hears": (EVERYBODY, EVERYBODY | {"Conditions": FROM}),
    "a list in a list, as a parameter that is one stands there": (
        statement(Principal={"AWS": [ROLE]}),
        statement(Principal={"AWS": [[ROLE]]}),
    ),
    "a user whom everybody includes": (EVERYBODY, [EVERYBODY, statement()]),
    "the values of a condition, divided": (
        statement(Condition={"StringEquals": {"ses:FromAddress": ["a@example.com", "b@example.com"]}}),
        [
            statement(Condition={"StringEquals": {"ses:FromAddress": "a@example.com"}}),
            statement(Condition={"StringEquals": {"ses:FromAddress": "b@example.com"}}),
        ],
    ),
}


@pytest.mark.parametrize("name", ALONE)
def test_what_is_the_same_to_diff_alone(name: str) -> None:
    one, other = documents_of(*ALONE[name])
    assert element_differences(LivePolicy(json.dumps(one)), other, "aws")
    assert (verdict(one, other), verdict(other, one)) == (Verdict.UNCHANGED, Verdict.UNCHANGED)
