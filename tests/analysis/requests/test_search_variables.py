"""Requests decided by a policy variable: its value is also the value of the request's key.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ses_sending_policy.analysis.requests.clause import Clause
from ses_sending_policy.analysis.requests.search import NONE, UNDECIDED
from tests.analysis.requests.clauses import FROM, SESSION, clause, deny, search

MAIL = {FROM: "y@example.com"}
BY_NAME = "${aws:username}@example.com"


def read(*arguments: Any, **conditions: Any) -> Clause:
    """Return a clause under a Version that has policy variables."""
    return replace(clause(*arguments, **conditions), has_variables=True)


def of_s3(**conditions: Any) -> Clause:
    return read("s3.amazonaws.com", kind="Service", **conditions)


FOUND: dict[str, tuple[Sequence[Clause], Sequence[Clause], Mapping[str, Any]]] = {
    "a key that a condition asks for as well": (
        [read(StringLike=(FROM, BY_NAME), StringEquals=("aws:username", "Jane"))],
        [],
        {FROM: "Jane@example.com", "aws:username": "Jane"},
    ),
    "a key that another statement asks for": (
        [read(StringLike=(FROM, BY_NAME)), clause(StringEquals=("AWS:UserName", "Jane"))],
        [],
        {FROM: "Jane@example.com", "AWS:UserName": "Jane"},
    ),
    "two keys in one value": (
        [read(StringLike=(FROM, "${aws:username}.${aws:PrincipalTag/Team}@example.com"))],
        [],
        {FROM: "x.x@example.com", "aws:username": "x", "aws:PrincipalTag/Team": "x"},
    ),
    "a key in another case": (
        [read(StringLike=(FROM, "${AWS:UserName}@example.com"))],
        [],
        {FROM: "x@example.com", "AWS:UserName": "x"},
    ),
    "the identity's organization, and another key behind it": (
        [read("*", StringEquals=("aws:PrincipalOrgID", "${aws:ResourceOrgID}"), StringLike=(FROM, BY_NAME))],
        [],
        {
            FROM: "x@example.com",
            "aws:username": "x",
            "aws:PrincipalOrgID": "o-ownorganization",
            "aws:ResourceOrgID": "o-ownorganization",
        },
    ),
    "a default where the key has a value": (
        [read(StringLike=(FROM, "${aws:PrincipalTag/team, 'none'}@example.com"))],
        [],
        {FROM: "x@example.com", "aws:PrincipalTag/team": "x"},
    ),
    # "There is no equal or like value": a negation holds.
    "a key that the caller never has, negated": (
        [of_s3(StringNotLike=(FROM, BY_NAME))],
        [],
        MAIL,
    ),
    # "To add a default value to a variable, surround the default value with single quotes"
    "a default for a caller that never has the key": (
        [of_s3(StringLike=(FROM, "${aws:username, 'jane'}@example.com"))],
        [],
        {FROM: "jane@example.com"},
    ),
    "a default that is kept out": (
        [of_s3(StringNotLike=(FROM, "${aws:username, 'y'}@example.com"))],
        [],
        {FROM: "z@example.com"},
    ),
    "a default of nothing": (
        [of_s3(StringLike=(FROM, "a${aws:username, ''}@example.com"))],
        [],
        {FROM: "a@example.com"},
    ),
    "a key whose form another one has": (
        [read(StringEquals=("aws:SourceVpce", "${aws:PrincipalTag/vpce}"))],
        [],
        {"aws:SourceVpce": "vpce-x", "aws:PrincipalTag/vpce": "vpce-x", **MAIL},
    ),
    "a key whose form another one has, in another case": (
        [read(StringEquals=("AWS:SourceVpce", "${AWS:PrincipalTag/vpce}"))],
        [],
        {"AWS:SourceVpce": "vpce-x", "AWS:PrincipalTag/vpce": "vpce-x", **MAIL},
    ),
    "a key that another one differs from": (
        [read(StringNotEquals=("aws:SourceVpce", "${aws:PrincipalTag/vpce}"), Null=("aws:SourceVpce", "false"))],
        [],
        {"aws:SourceVpce": "vpce-x", "aws:PrincipalTag/vpce": "x", **MAIL},
    ),
    "a key that a part of another one is": (
        [read(StringLike=("aws:SourceVpce", "vpce-${aws:PrincipalTag/vpce}"))],
        [],
        {"aws:SourceVpce": "vpce-x", "aws:PrincipalTag/vpce": "x", **MAIL},
    ),
    "no condition of a value": (
        [read(StringLike=(FROM, BY_NAME), StringNotEquals=("aws:UserAgent", "${*}"))],
        [],
        {FROM: "x@example.com", "aws:username": "x"},
    ),
    "the key itself beside another one": (
        [
            read(
                StringEquals=("aws:username", "${aws:username}"), StringLike=(FROM, "${aws:PrincipalTag/a}@example.com")
            )
        ],
        [],
        {FROM: "x@example.com", "aws:username": "x", "aws:PrincipalTag/a": "x"},
    ),
    "a character that is no wildcard": (
        [read(StringLike=(FROM, BY_NAME), StringEquals=("aws:UserAgent", "${*}"))],
        [],
        {FROM: "x@example.com", "aws:username": "x", "aws:UserAgent": "*"},
    ),
    "a condition that compares with nothing": (
        [read(StringLike=(FROM, BY_NAME), StringEquals=("aws:UserAgent",))],
        [],
        {FROM: "x@example.com", "aws:username": "x"},
    ),
    "what would be a variable's form in another Version": (
        [
            clause(StringEqualsIfExists=("aws:SourceVpce", "${aws:PrincipalTag/a}")),
            read(StringLike=(FROM, "${aws:PrincipalTag/a}@example.com")),
        ],
        [],
        {FROM: "x@example.com", "aws:PrincipalTag/a": "x"},
    ),
    "a key that is no variable's in that Version": (
        [clause(StringEquals=(FROM, BY_NAME))],
        [clause(StringEquals=("aws:username", "x"))],
        {FROM: BY_NAME, "aws:username": "y"},
    ),
    "a value of many keys": (
        [read(ForAnyValue_StringEquals=("aws:PrincipalOrgPaths", "${aws:PrincipalTag/path}"))],
        [],
        {"aws:PrincipalOrgPaths": ("o-0/r-0/",), "aws:PrincipalTag/path": "o-0/r-0/", **MAIL},
    ),
    # "variables like ${aws:username} are treated as literal strings in the policy"
    "a statement of a Version without variables": (
        [clause(StringEquals=(FROM, BY_NAME))],
        [],
        {FROM: BY_NAME, "aws:username": "x"},
    ),
    "a statement without variables beside one with them": (
        [clause(StringEquals=("aws:UserAgent", "${aws:username}")), read(StringLike=(FROM, BY_NAME))],
        [],
        {FROM: "x@example.com", "aws:UserAgent": "${aws:username}", "aws:username": "x"},
    ),
    "the key itself": ([read(StringEquals=("aws:username", "${AWS:UserName}"))], [], {"AWS:UserName": "x", **MAIL}),
    "a denial of all but one address": (
        [read()],
        [replace(deny(StringNotLike=(FROM, BY_NAME)), has_variables=True)],
        {FROM: "x@example.com", "aws:username": "x"},
    ),
    "the id of a session": (
        [read(SESSION, StringLike=(FROM, "${aws:userid}@example.com"))],
        [],
        {FROM: "AROAy:x@example.com", "aws:userid": "AROAy:x"},
    ),
    "the id of a user": (
        [read(StringLike=(FROM, "${aws:UserId}@example.com"))],
        [],
        {FROM: "AIDAx@example.com", "aws:UserId": "AIDAx"},
    ),
    "the name of a user in its ARN": (
        [read(ArnLike=("aws:PrincipalArn", "arn:aws:iam::*:user/${aws:username}"))],
        [],
        {"aws:PrincipalArn": "arn:aws:iam::222222222222:user/x", "aws:username": "x", **MAIL},
    ),
    "the time, which is usual": (
        [read(StringLike=("aws:UserAgent", "${aws:EpochTime}"))],
        [],
        {"aws:UserAgent": "2027-01-01T00:00:00Z", "aws:EpochTime": "1798761600", **MAIL},
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_a_request_has_of_a_variable_s_key(name: str) -> None:
    all_of, none_of, keys = FOUND[name]
    found = search(all_of, *none_of)
    assert found.request
    assert found.request.keys == keys


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:username", "x"),
        ("aws:userid", "AIDAx"),
        ("aws:PrincipalTag/Team", "x"),
        ("aws:SourceIdentity", "x"),
        ("aws:PrincipalAccount", "222222222222"),
    ],
)
def test_what_is_sent_is_compared_with_who_sends_it_and_something_else_with_that(key: str, value: str) -> None:
    """So the caller's key gets its value first."""
    sent = f"{value}@example.com"
    asks = read(StringLike=(FROM, f"${{{key}}}@example.com"), StringEquals=("aws:UserAgent", "${ses:FromAddress}"))
    found = search(asks).request
    assert found
    assert found.keys == {key: value, FROM: sent, "aws:UserAgent": sent}


def test_a_value_of_nothing_is_like_nothing() -> None:
    assert search(of_s3(StringLike=(FROM, BY_NAME))) == UNDECIDED
    assert search(of_s3(StringLike=(FROM, BY_NAME)), clause("s3.amazonaws.com", kind="Service")) == NONE
    # If the variable were left out, the text would be an address.
    assert search(of_s3(StringLike=(FROM, "y${aws:username}@example.com"))) == UNDECIDED


def test_a_key_has_the_value_that_its_variable_has() -> None:
    found = search(read(StringLike=(FROM, BY_NAME)), clause(StringEquals=("aws:username", "x")))
    assert not found.is_none
    assert found.request is None or found.request.keys[FROM] == f"{found.request.keys['aws:username']}@example.com"
