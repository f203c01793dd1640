"""The search with one caller and one action: which conditions it tries, and what it reports of a request."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ses_sending_policy.analysis.requests.clause import UNREAD, Clause
from ses_sending_policy.analysis.requests.search import NONE, UNDECIDED
from tests.analysis.requests.clauses import ACCOUNT, FROM, TEAM, clause, deny, search

AGENT, VPCE, IP = "aws:UserAgent", "aws:SourceVpce", "aws:SourceIp"
ANN = "arn:aws:sts::222222222222:federated-user/Ann"
MAIL = {FROM: "y@example.com"}
# From another identity's address, so that the readings used to find requests find none.
ELSEWHERE: Mapping[str, Any] = {"StringEquals": (FROM, "a@b.c")}


def switched(one: Clause, *resolved: str, **switches: bool) -> Clause:
    return replace(one, switches=tuple(switches.items()), resolved=frozenset(resolved))


def of_s3(**conditions: Any) -> Clause:
    return clause("s3.amazonaws.com", kind="Service", **conditions)


UNKNOWN = replace(clause(), switches=((f"{UNREAD}a", True),))

FOUND: dict[str, tuple[Sequence[Clause], Sequence[Clause], Mapping[str, Any]]] = {
    "the same is asked for twice": (
        [clause(StringLike=(AGENT, "a")), clause("*", StringLike=(AGENT, "a"))],
        [],
        {AGENT: "a", **MAIL},
    ),
    "the root of a stranger's account": (
        [clause(StringEquals=("aws:PrincipalType", "Account"))],
        [],
        {"aws:PrincipalType": "Account", **MAIL},
    ),
    "what is kept out cannot be anyway": (
        [clause(StringLike=(AGENT, "a"))],
        [clause(StringLike=(AGENT, "b"), StringEquals=(FROM, "y@example.com"))],
        {AGENT: "a", **MAIL},
    ),
    "what keeps one out keeps another out as well": (
        [clause()],
        [
            clause(StringNotEquals=(AGENT, "a")),
            clause(StringNotEquals=(AGENT, "a"), StringNotLike=(FROM, "x*")),
            clause(StringLike=(FROM, "*@example.com"), StringLikeIfExists=(FROM, "*.com"), StringNotEquals=(FROM, "")),
        ],
        {AGENT: "a", FROM: "y@y.example.com"},
    ),
    # An address is there "except when the requester uses a VPC endpoint".
    "the first way to keep one out agrees with nothing": (
        [clause(IpAddress=(IP, "10.0.0.1"))],
        [clause(StringNotLike=(VPCE, "vpce-1"), StringNotEquals=("aws:referer", "a"))],
        {IP: "10.0.0.1", "aws:referer": "a", **MAIL},
    ),
    "the second way to keep one out agrees with nothing": (
        [clause(IpAddress=(IP, "10.0.0.1"))],
        [clause(StringNotEquals=(TEAM, "red"), StringNotLike=(VPCE, "vpce-1"))],
        {IP: "10.0.0.1", TEAM: "red", **MAIL},
    ),
    "what no request shows is so": ([switched(clause(), stack=True)], [], MAIL),
    "what no request shows is not so": ([clause()], [switched(clause(), stack=True)], MAIL),
    "what no request shows is so here and not there": (
        [switched(clause(), stack=True)],
        [switched(clause(), stack=False)],
        MAIL,
    ),
    "a part that nobody can read holds": ([UNKNOWN], [], MAIL),
    "an operator that nobody knows holds": ([clause(StringContains=(AGENT, "a"))], [], MAIL),
    "a key that nobody tells of is missing": ([clause(StringNotEquals=("a:b", "c"))], [], MAIL),
    "somebody of whom only an id is known": ([clause("AROAX")], [], MAIL),
    "a user by an id": ([clause("*", StringLike=("aws:userid", "AIDA*"))], [], {"aws:userid": "AIDAx", **MAIL}),
    "no key of messages where none is sent": ([clause(action="ses:getemailidentity")], [], {}),
    "a list": (
        [clause(ForAllValues_StringLike=("ses:Recipients", "*@b.c"), Null=("ses:Recipients", "false"))],
        [],
        {"ses:Recipients": ("x@b.c",), **MAIL},
    ),
    "a key that is always there": (
        [clause(StringNotEquals=("aws:ResourceAccount", "3"))],
        [],
        {"aws:ResourceAccount": "111111111111", **MAIL},
    ),
    "a key that nothing is asked of": ([clause()], [clause(Null=("aws:UserAgent", "false"))], MAIL),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_request_is_found_with_its_keys(name: str) -> None:
    all_of, none_of, keys = FOUND[name]
    found = search(all_of, *none_of)
    assert found.request
    assert found.request.keys == keys


# Each takes as many steps as a question about one key may take.
HARD = [
    clause(StringLike=(key, "b*a" + "?" * 40), StringNotLike=(key, "*a" + "?" * 40))
    for key in (f"aws:PrincipalTag/{each}" for each in "abcdefghijkl")
]
TWO_SENDERS = [clause(StringEquals=(FROM, "a@example.com")), clause(StringEquals=(FROM, "b@example.com"))]

PROVEN: dict[str, tuple[Sequence[Clause], Sequence[Clause]]] = {
    "two senders, and more that is asked": ([*TWO_SENDERS, clause(Null=("ses:TenantName", "false"))], []),
    "what is asked of one key before another": (
        [clause(StringEquals=(AGENT, "a"), StringLike=(FROM, "*"))],
        [clause(StringLike=(AGENT, "a"))],
    ),
    "what no request shows is so and not so": ([switched(clause(), a=True), switched(clause(), a=False)], []),
    "one of two that no request shows": ([switched(clause(), a=True, b=True), switched(clause(), a=False)], []),
    "one that no request shows, kept out": (
        [switched(clause(), a=True), switched(clause(), b=True)],
        [switched(clause(), a=True)],
    ),
    # Mail from another identity has other senders, but its endpoints look the same.
    "a form that no endpoint has": ([clause(StringEquals=(VPCE, "x"), StringLike=(FROM, "*"))], []),
    "no address": ([clause(StringEquals=(FROM, "no address"))], []),
    "a tag that services don't have": ([of_s3(StringLike=(TEAM, "red"))], []),
    "a name that services don't have": ([of_s3(Null=("aws:username", "false"), StringLike=(FROM, "*"))], []),
    "a few questions that are hard": ([*HARD[:2], *TWO_SENDERS], []),
}


@pytest.mark.parametrize("name", PROVEN)
def test_there_is_none(name: str) -> None:
    all_of, none_of = PROVEN[name]
    assert search(all_of, *none_of) == NONE


OPEN: dict[str, tuple[Sequence[Clause], Sequence[Clause]]] = {
    "recipients are of any form": ([clause(StringEquals=("ses:Recipients", "x"))], []),
    "a return path is of any form": ([clause(StringEquals=("ses:FeedbackAddress", "x"))], []),
    "a sender of another identity may be in quotes": ([clause(StringEquals=(FROM, '"a b"@c.d'))], []),
    "a part that nobody can read holds or not": ([clause()], [UNKNOWN]),
    "an operator that nobody knows beside one of the same key": (
        [clause(StringLike=(AGENT, "a"), StringContains=(AGENT, "a"))],
        [],
    ),
    "an operator that nobody knows": ([clause()], [clause(StringContains=(AGENT, "a"))]),
    "what only the deploy knows is another account": ([clause(**ELSEWHERE)], [clause("${Account}")]),
    "a tag that is a reference's text": (
        [clause(StringEquals=(TEAM, "${Team}")), clause(StringEquals=(TEAM, "red"))],
        [],
    ),
    "a tag that is missing": ([of_s3(Null=(TEAM, "true"), **ELSEWHERE)], []),
    # "this might cause the entire statement to be invalid"
    "a denial whose variables may have no value": (
        [clause(StringLike=(FROM, "*"))],
        [switched(deny(), "a", a=True)],
    ),
    "a user without a name of its own": ([clause()], [clause("${}")]),
    "another user without a name": ([clause()], [clause("${#a}")]),
    # The user who requests federation chooses the part that follows the account.
    "the id of who is federated": ([clause(ANN, StringLike=("aws:userid", "*:Ann"))], []),
    "an address and an endpoint": ([clause(StringEquals=(VPCE, "vpce-1"), IpAddress=(IP, "10.0.0.1"))], []),
    "a key that nobody tells of": ([clause(Null=("a:b", "false"))], []),
    "the id of a role that is deleted": ([clause("AROAX", StringLike=("aws:userid", "AROAX:*"))], []),
    "many questions that are hard": ([*HARD, *TWO_SENDERS], []),
}


@pytest.mark.parametrize("name", OPEN)
def test_it_is_not_decided(name: str) -> None:
    all_of, none_of = OPEN[name]
    assert search(all_of, *none_of) == UNDECIDED


def test_a_denial_holds_where_its_variables_have_a_value() -> None:
    assert search(clause(), switched(deny(), "a", a=True)) == NONE
    found = search(clause(), switched(deny(), a=True)).request
    assert found
    assert found.account == ACCOUNT
