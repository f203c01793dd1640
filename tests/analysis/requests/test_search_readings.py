"""The result of a search if AWS leaves something open, and which actions and callers it tells apart."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ses_sending_policy.analysis.grants.request_sentence import request_sentence
from ses_sending_policy.analysis.requests.caller import Caller, TargetIdentity
from ses_sending_policy.analysis.requests.clause import Clause
from ses_sending_policy.analysis.requests.key_condition import Assumptions
from ses_sending_policy.analysis.requests.readings import readings
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
    TEAM,
    clause,
    deny,
    search,
)

TO, SHOWN = "ses:Recipients", "ses:FromDisplayName"
MAIL = {FROM: "y@example.com"}
BULK = "ses:sendbulkemail"
PARTNER = "account 222222222222 may now send"
A_BUCKET = clause("s3.amazonaws.com", kind="Service", ArnLike=("aws:SourceArn", "arn:aws:s3*x"))


def with_variables(one: Clause) -> Clause:
    return replace(one, has_variables=True)


FOUND: dict[str, tuple[Sequence[Clause], Sequence[Clause], str, Mapping[str, Any]]] = {
    # AWS does not say whether everybody includes services.
    "a service that may be in everybody": (
        [clause("*"), S3],
        [],
        "service s3.amazonaws.com may now send as y@example.com",
        MAIL,
    ),
    "a service that may not be in everybody": (
        [S3],
        [clause("*")],
        "service s3.amazonaws.com may now send as y@example.com",
        MAIL,
    ),
    # AWS does not say whether one value of a list is enough.
    "a list of which each value may have to pass": (
        [clause(ForAnyValue_StringLike=(TO, "a@b.c"))],
        [clause(StringLike=(TO, "a@b.c"))],
        f"{PARTNER} as y@example.com, with a@b.c among the recipients, with x@x among the recipients",
        {TO: ("a@b.c", "x@x"), **MAIL},
    ),
    "a list of which one value may be enough": (
        [clause(StringLike=(TO, "a@b.c"), ForAnyValue_StringNotLike=(TO, "a@b.c"))],
        [],
        f"{PARTNER} as y@example.com, with a@b.c among the recipients, with x@x among the recipients",
        {TO: ("a@b.c", "x@x"), **MAIL},
    ),
    "a list in another case": (
        [clause(ForAnyValue_StringLike=(TO.upper(), "a@b.c"))],
        [clause(StringLike=(TO.upper(), "a@b.c"))],
        f"{PARTNER} as y@example.com, with a@b.c among the recipients, with x@x among the recipients",
        {TO.upper(): ("a@b.c", "x@x"), **MAIL},
    ),
    # An ARN with fewer than six components matches nothing, unless it is compared as a text.
    "an ARN that may be a text": (
        [A_BUCKET],
        [],
        "service s3.amazonaws.com may now send as y@example.com, for arn:aws:s3:::x",
        {"aws:SourceArn": "arn:aws:s3:::x", **MAIL},
    ),
    "an action with a reference in it": (
        [clause(action="ses:send${Kind}")],
        [clause()],
        "account 222222222222 may now call ses:send${Kind} on example.com",
        {},
    ),
    # AWS lists no `ses:FromAddress` for this action.
    "an action whose requests have other keys": (
        [clause(action="ses:send*")],
        [clause(action="ses:send*", StringLike=(FROM, "*"))],
        "account 222222222222 may now send with ses:SendBulkEmail as any address of example.com",
        {},
    ),
    "an account that a condition names": (
        [clause("*", StringEquals=("aws:PrincipalAccount", ACCOUNT))],
        [],
        f"{PARTNER} as y@example.com",
        {"aws:PrincipalAccount": ACCOUNT, **MAIL},
    ),
    "an account that a condition names in another case": (
        [clause("*", StringEquals=("AWS:PRINCIPALACCOUNT", ACCOUNT))],
        [],
        f"{PARTNER} as y@example.com",
        {"AWS:PRINCIPALACCOUNT": ACCOUNT, **MAIL},
    ),
    "an account that is kept out, and whose ARN a condition names": (
        [clause("*", ArnLike=("aws:PrincipalArn", "arn:aws:iam::222222222222:role/*", "arn:aws:iam::3333*:role/x"))],
        [clause("*", ArnLike=("aws:PrincipalArn", "arn:aws:iam::3333*"))],
        "role x of account 222222222222 may now send as y@example.com",
        {"aws:PrincipalArn": "arn:aws:iam::222222222222:role/x", **MAIL},
    ),
    "an account of which a condition has a part": (
        [clause("*", ArnLike=("aws:PrincipalArn", "arn:aws:iam::3333*:role/*"))],
        [],
        "role x of account 333300000000 may now send as y@example.com",
        {"aws:PrincipalArn": "arn:aws:iam::333300000000:role/x", **MAIL},
    ),
    "a user by a variable": (
        [with_variables(clause("*", StringLike=(FROM, "${aws:username}@example.com")))],
        [],
        "anybody, as account 999999999999, may now send as x@example.com",
        {"aws:username": "x", FROM: "x@example.com"},
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_request_of_one_reading(name: str) -> None:
    all_of, none_of, sentence, keys = FOUND[name]
    found = search(all_of, *none_of)
    assert found.request
    assert request_sentence(found.request, is_new=True) == sentence
    assert found.request.keys == keys


PROVEN: dict[str, tuple[Sequence[Clause], Sequence[Clause]]] = {
    "a key without a list, of which the one value passes": (
        [clause(StringLike=("aws:UserAgent", "a"))],
        [clause(ForAnyValue_StringLike=("aws:UserAgent", "a"))],
    ),
    "a service that is kept out": ([clause("*"), S3], [S3]),
    "an ARN in either reading": (
        [clause("s3.amazonaws.com", kind="Service", ArnLike=("aws:SourceArn", "arn:aws:s3:::x:*"))],
        [clause("s3.amazonaws.com", kind="Service", StringLike=("aws:SourceArn", "arn:aws:s3:::x:*"))],
    ),
    "an account by its number and by a condition": (
        [clause("*", StringEquals=("aws:PrincipalAccount", ACCOUNT))],
        [clause()],
    ),
    "an account by its number and by an ARN": (
        [clause("*", ArnLike=("aws:PrincipalArn", "arn:aws:iam::222222222222:user/*"))],
        [clause()],
    ),
    # "This key is always included in the request context for IAM users", and roles have no name.
    "a role, to which a key of users is missing": (
        [clause(ROLE, StringLike=("aws:username", "*"))],
        [],
    ),
}


@pytest.mark.parametrize("name", PROVEN)
def test_none_in_each_reading(name: str) -> None:
    all_of, none_of = PROVEN[name]
    assert search(all_of, *none_of) == NONE


OPEN: dict[str, tuple[Sequence[Clause], Sequence[Clause], TargetIdentity]] = {
    "what only the deploy knows may be the same": ([clause("${Account}"), clause()], [], DOMAIN),
    "an administrator may pass on what the account is allowed": ([clause(OWNER)], [], DOMAIN),
    "an action that AWS may add": (
        [clause(action="ses:sende*")],
        [clause(action="ses:sendemail"), deny(action="ses:sendemailx")],
        DOMAIN,
    ),
    "an action that AWS may add, longer than those that are kept out": (
        [clause(action="ses:senddk*")],
        [clause(action="ses:senddk"), clause(action="ses:senddk?")],
        DOMAIN,
    ),
    # Mail from another identity, which has this one as its return path.
    "a sender of another identity": ([clause(StringEquals=(FROM, "a@b.c"))], [], DOMAIN),
    "a sender of another identity, in another case": ([clause(StringEquals=(FROM.upper(), "a@b.c"))], [], DOMAIN),
    # AWS lists no display name for this action, but it is not known that there is none.
    "a key of messages that AWS doesn't list for the action": (
        [clause(action=BULK, StringEquals=(SHOWN, "Jane"))],
        [],
        DOMAIN,
    ),
    "a denial by a key of messages that AWS doesn't list": (
        [clause(action=BULK)],
        [deny(action=BULK, StringNotEquals=(SHOWN, "Jane"))],
        DOMAIN,
    ),
    "a missing tag may be an empty text": (
        [clause("s3.amazonaws.com", kind="Service", StringNotLike=(TEAM, "red"))],
        [clause("s3.amazonaws.com", kind="Service", StringNotLike=(TEAM, "*"))],
        DOMAIN,
    ),
}


@pytest.mark.parametrize("name", OPEN)
def test_neither_a_request_nor_a_proof(name: str) -> None:
    all_of, none_of, target = OPEN[name]
    assert search(all_of, *none_of, target=target) == UNDECIDED


def test_a_request_of_somebody_in_particular() -> None:
    joe = Caller("AWS", "user", "arn:aws:iam::222222222222:user/Joe", ACCOUNT)
    found = find_request([clause()], [], DOMAIN, by=[joe]).request
    assert found
    assert found.name == joe.name
    assert find_request([clause(JANE)], [], DOMAIN, by=[joe]) == NONE


def test_somebody_else_is_looked_at_where_nobody_knows_of_the_first() -> None:
    # The user who requests federation chooses the id.
    first, second = (Caller("AWS", sort, "", ACCOUNT) for sort in ("federated-user", "user"))
    wanted = [clause("*", StringLike=("aws:userid", "*x*"))]
    assert find_request(wanted, [], DOMAIN, by=[first]) == UNDECIDED
    found = find_request(wanted, [], DOMAIN, by=[first, second]).request
    assert found
    assert found.keys["aws:userid"] == "AIDAx"


@pytest.mark.parametrize(
    ("clauses", "target", "fields"),
    [
        ([clause()], DOMAIN, set()),
        ([clause()], TargetIdentity("example.com", ""), {"references_differ"}),
        ([clause(JANE), clause("${Name}")], DOMAIN, {"references_differ"}),
        ([clause(StringLike=("aws:UserAgent", "${Name}")), clause()], DOMAIN, {"references_differ"}),
        ([clause(), clause(OWNER)], DOMAIN, {"references_differ"}),
        ([clause(ADMIN)], DOMAIN, set()),
        ([clause(action="ses:send?mail")], DOMAIN, {"references_differ"}),
        ([clause(StringLike=(SHOWN.upper(), "a"), Null=("aws:UserAgent", "true"))], DOMAIN, {"references_differ"}),
        ([clause(StringLike=(TEAM.upper(), "a"), Null=("aws:UserAgent", "true"))], DOMAIN, {"references_differ"}),
        ([clause("*"), clause()], DOMAIN, {"services_in_everybody"}),
        ([clause("*", kind="Service")], DOMAIN, set()),
        ([clause(StringLike=("aws:TagKeys", "a")), clause()], DOMAIN, {"one_is_enough"}),
        ([clause(StringLike=("AWS:TAGKEYS", "a"))], DOMAIN, {"one_is_enough"}),
        ([clause(ForAnyValue_StringLike=("aws:TagKeys", "a"))], DOMAIN, set()),
        ([clause(StringLike=("aws:UserAgent", "a"))], DOMAIN, set()),
        ([clause(ArnLike=("aws:PrincipalArn", "a")), clause()], DOMAIN, {"arns_are_texts"}),
        (
            [clause("*", StringEquals=("aws:TagKeys", "a"), ArnNotEquals=("aws:PrincipalArn", "${Name}"))],
            DOMAIN,
            {"references_differ", "services_in_everybody", "one_is_enough", "arns_are_texts"},
        ),
    ],
)
def test_the_readings_that_make_a_difference(clauses: list[Clause], target: TargetIdentity, fields: set[str]) -> None:
    found = list(readings(clauses, target))
    usual = Assumptions(references_differ=True)
    assert found[0] == usual
    assert len(found) == len(set(found)) == 2 ** len(fields)
    differ = {name for each in found for name in fields if getattr(each, name) != getattr(usual, name)}
    assert differ == fields
    # The search for requests comes before the search for a proof.
    assert [each.references_differ for each in found] == sorted(
        (each.references_differ for each in found), reverse=True
    )


def test_a_sender_is_of_the_identity_where_that_is_asked() -> None:
    elsewhere = [clause(StringEquals=(FROM, "a@b.c"))]
    assert find_request(elsewhere, [], DOMAIN, as_sender=True) == NONE
    assert find_request(elsewhere, [], DOMAIN) == UNDECIDED


def test_the_keys_that_are_asked_for_are_told() -> None:
    found = find_request([clause(ADMIN)], [], DOMAIN, asked=["aws:PrincipalAccount", "aws:username"]).request
    assert found
    assert found.keys == {"aws:PrincipalAccount": OWNER, "aws:username": "Admin", **MAIL}


def test_everything_is_nothing_and_a_proof_is_no_doubt() -> None:
    assert NONE.is_none
    assert not UNDECIDED.is_none
    assert NONE.request is UNDECIDED.request is None
