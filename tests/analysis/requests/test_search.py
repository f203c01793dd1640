"""A request that some clauses allow and others do not: found, proven not to exist, or left undecided."""

from dataclasses import replace
from typing import Any

import pytest

from ses_sending_policy.analysis.grants.request_sentence import request_sentence
from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.caller import TargetIdentity
from ses_sending_policy.analysis.requests.clause import Clause, acts, keys_of
from ses_sending_policy.analysis.requests.search import NONE, UNDECIDED, find_request
from tests.analysis.requests.clauses import (
    ACCOUNT,
    ADMIN,
    DOMAIN,
    FROM,
    JANE,
    OWNER,
    ROLE,
    S3,
    SESSION,
    TEAM,
    clause,
    deny,
    search,
)

BUCKETS = [f"arn:aws:s3::{account}:*" for account in range(333333333333, 333333333393)]

FOUND: dict[str, tuple[Any, list[Clause], str]] = {
    "an account": (clause(), [], "account 222222222222 may now send as y@example.com"),
    "a user": (clause(JANE), [], "user Jane of account 222222222222 may now send as y@example.com"),
    "anybody": (clause("*"), [], "anybody, as account 999999999999, may now send as y@example.com"),
    "anybody but an account": (
        clause("*"),
        [clause("999999999999")],
        "anybody, as account 000000000000, may now send as y@example.com",
    ),
    "a service": (S3, [], "service s3.amazonaws.com may now send as y@example.com"),
    "the rest of an account": (clause(), [clause(JANE)], "account 222222222222 may now send as y@example.com"),
    "another action": (
        clause(action="ses:send*"),
        [clause()],
        "account 222222222222 may now send with ses:SendRawEmail as y@example.com",
    ),
    "another address": (
        clause(StringLike=(FROM, "?@example.com")),
        [clause(StringEquals=(FROM, "y@example.com"))],
        "account 222222222222 may now send as z@example.com",
    ),
    "an address of a subdomain": (
        clause(),
        [clause(StringLike=(FROM, "*@example.com"))],
        "account 222222222222 may now send as y@y.example.com",
    ),
    "a session of a role": (
        clause(SESSION),
        [clause(JANE)],
        "assumed-role Sender/x of account 222222222222 may now send as y@example.com",
    ),
    "what an operation on policies does": (
        clause(action="ses:deleteemailidentity"),
        [],
        "account 222222222222 may now call ses:DeleteEmailIdentity on example.com",
    ),
    "an action that only the deploy knows": (
        clause(action="${Action}"),
        [],
        "account 222222222222 may now call ${Action} on example.com",
    ),
    "a user of the own account": (
        clause(ADMIN),
        [],
        "user Admin of account 111111111111 may now send as y@example.com",
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_request_is_found(name: str) -> None:
    all_of, none_of, sentence = FOUND[name]
    found = search(all_of, *none_of)
    assert found.request
    assert request_sentence(found.request, is_new=True) == sentence
    assert not found.is_none
    assert search(all_of, *none_of) == found


PROVEN: dict[str, tuple[Any, list[Clause]]] = {
    "the same": (clause(), [clause()]),
    "everybody": (clause(), [clause("*")]),
    "the account of a user": (clause(JANE), [clause()]),
    "the role of a session": (clause(SESSION), [clause(ROLE)]),
    "a wildcard": (clause(), [clause(action="ses:*")]),
    "a wildcard within another one": (clause(action="ses:sendem*"), [clause(action="ses:sende*")]),
    "two that are all together": (
        clause(),
        [clause(StringLike=(FROM, "a*")), clause(StringNotLike=(FROM, "a*"))],
    ),
    # One action of each sort is enough: with all of them the search would take too long.
    "all that there is, of anybody": (
        clause("*", "ses:*"),
        [
            clause("*", "ses:*", StringLike=(FROM, "a*")),
            clause("*", "ses:*", StringLike=(FROM, "b*")),
            clause("*", "ses:*", StringNotLike=(FROM, "a*", "b*")),
        ],
    ),
    # A source's account is not the caller's.
    "a source of many accounts": (
        [clause("*", "ses:*"), clause("*", "ses:*", ArnLike=("aws:SourceArn", *BUCKETS))],
        [clause("*", "ses:*", StringLike=(FROM, "a*")), clause("*", "ses:*", StringNotLike=(FROM, "a*"))],
    ),
    "all actions of SES": (clause("*", "*"), [clause("*", "ses:*")]),
    "denied": (clause(), [deny("*")]),
    "two who are not one": ([clause(), clause("333333333333")], []),
    "a service and an account": ([S3, clause()], []),
    "two addresses": (
        [clause(StringEquals=(FROM, "a@example.com")), clause(StringEquals=(FROM, "b@example.com"))],
        [],
    ),
    "a key that accounts never have": (clause(StringLike=("aws:SourceArn", "*")), []),
    "a key that is there and not": (clause(Null=(FROM, "true")), []),
    "a user who is no role": (clause(JANE, StringLikeIfExists=("aws:PrincipalType", "AssumedRole")), []),
    "any recipient, which all are": (
        clause(ForAnyValue_StringLike=("ses:Recipients", "a@b.c")),
        [clause(ForAnyValue_StringLike=("ses:Recipients", "*@b.c"))],
    ),
}


@pytest.mark.parametrize("name", PROVEN)
def test_there_is_proven_to_be_none(name: str) -> None:
    all_of, none_of = PROVEN[name]
    assert search(all_of, *none_of) == NONE


OPEN: dict[str, tuple[Any, list[Clause]]] = {
    "an address of another identity": (clause(StringEquals=(FROM, "a@b.c")), []),
    "a key that nobody tells of": (clause(StringEquals=("a:b", "c")), []),
    "an action that AWS may add": (clause(action="ses:sende*"), [clause(action="ses:sendem*")]),
    "no operator that AWS has": (clause(), [clause(StringContains=("aws:UserAgent", "a"))]),
    "an age that is not whole": (
        clause(NumericGreaterThan=("aws:MultiFactorAuthAge", "5"), NumericLessThan=("aws:MultiFactorAuthAge", "6")),
        [],
    ),
    "a tag that is missing, which may be an empty text": (
        replace(S3, conditions=[Condition("", "StringNotLike", TEAM, ("red",))]),
        [replace(S3, conditions=[Condition("", "StringNotLike", TEAM, ("*",))])],
    ),
    "a policy variable that has no value": (
        replace(
            S3, conditions=[Condition("", "StringLike", FROM, ("${aws:username}@example.com",))], has_variables=True
        ),
        [],
    ),
    "no operator that AWS has, beside one that it has": (
        clause(StringContains=("aws:UserAgent", "a")),
        [clause(StringLike=("aws:UserAgent", "a"))],
    ),
}


@pytest.mark.parametrize("name", OPEN)
def test_what_is_not_decided(name: str) -> None:
    all_of, none_of = OPEN[name]
    assert search(all_of, *none_of) == UNDECIDED


def test_a_search_that_is_too_long_is_not_decided_and_always_so() -> None:
    keys = ("ses:FeedbackAddress", "ses:FromDisplayName", "aws:UserAgent", "aws:referer", FROM)
    others = [
        Clause(
            "Allow",
            "AWS",
            ACCOUNT,
            "ses:sendemail",
            frozenset(Condition("", "StringLike", key, (f"*{number}{key[-1]}*@example.com",)) for key in keys),
        )
        for number in range(700)
    ]
    found = search([clause(StringNotLike=(FROM, "*")), clause()], *others), search(clause(), *others)
    assert found == (search([clause(StringNotLike=(FROM, "*")), clause()], *others), search(clause(), *others))
    assert found[0] == NONE
    assert found[1] == UNDECIDED


def test_what_is_said_over_and_over_is_looked_at_once() -> None:
    keys = ("ses:FeedbackAddress", "ses:FromDisplayName", FROM)
    conditions = [Condition("", "StringLike", key, (f"*1{key[-1]}*@example.com",)) for key in keys]
    other = replace(clause(), conditions=conditions)
    assert search(clause(), *[other] * 900) == search(clause(), other)
    assert search(clause(), other).request


def test_a_request_has_both_keys_of_the_time_where_policies_ask_for_both() -> None:
    begins = clause(DateGreaterThanEquals=("aws:CurrentTime", "2026-01-01T00:00:00Z"))
    ends = deny(DateGreaterThan=("aws:EpochTime", "1767225600"))
    found = search(begins, ends).request
    assert found is not None
    assert found.keys == {
        "aws:CurrentTime": "2026-01-01T00:00Z",
        "aws:EpochTime": "1767225600",
        FROM: "y@example.com",
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        (JANE, "User"),
        (SESSION, "AssumedRole"),
        (ROLE, "AssumedRole"),
        ("arn:aws:sts::222222222222:federated-user/Ann", "FederatedUser"),
    ],
)
def test_a_request_has_the_type_of_its_caller(name: str, kind: str) -> None:
    found = find_request([clause(name)], [], DOMAIN, asked=["aws:PrincipalType"]).request
    assert found is not None
    assert found.keys["aws:PrincipalType"] == kind


def test_who_is_federated_is_in_the_account_that_the_request_has() -> None:
    web = clause("cognito-identity.amazonaws.com", kind="Federated", StringEquals=("aws:PrincipalAccount", ACCOUNT))
    found = search(web).request
    assert found is not None
    assert found.account == ACCOUNT
    assert found.own_iam


def test_a_federated_user_is_one_of_sts_and_its_id_is_account_and_name() -> None:
    user = clause("*", StringLike=("aws:PrincipalType", "FederatedUser"))
    found = find_request([user], [], DOMAIN, asked=["aws:userid"]).request
    assert found is not None
    assert found.name == "arn:aws:sts::999999999999:federated-user/x"
    assert found.keys["aws:userid"] == "999999999999:x"


def test_which_pattern_names_an_action() -> None:
    assert acts("ses:sendemail", "ses:send*")
    assert acts("ses:sendemail", "ses:sendemai?")
    assert acts("ses:sendemail", "ses:sendemail")
    assert not acts("ses:sendemail", "ses:sendrawemail")
    assert not acts("ses:sendemail", "ses:*raw*")


def test_the_keys_of_conditions_and_of_their_variables() -> None:
    condition = Condition("", "StringLike", FROM, ("${aws:username}@example.com", "${*}", "a"))
    assert list(keys_of([condition])) == [FROM, "aws:username"]


def test_a_clause_is_open_where_only_the_deploy_knows_a_part() -> None:
    assert not clause().is_open
    assert clause("${Name}").is_open
    assert clause(StringLike=(FROM, "${aws:username}")).is_open


def test_a_known_text_and_a_reference_differ_in_a_request_and_in_no_proof() -> None:
    known, open_ = (clause(StringEquals=(FROM, each)) for each in ("a@example.com", "${Name}"))
    found = search(known, open_)
    assert found.request
    assert found.request.keys[FROM] == "a@example.com"
    assert not search(open_, known).is_none


def test_the_owner_s_account_as_a_whole_has_its_own_iam_and_is_no_witness() -> None:
    assert search(clause(OWNER)).request is None
    assert search(clause(OWNER), target=TargetIdentity("example.com", "333333333333")).request
    # A Deny holds all the same.
    assert search(clause(ADMIN), deny(OWNER)) == NONE
