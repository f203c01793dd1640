"""Whom a clause's principal means, and what decides it if only the deploy knows."""

from dataclasses import replace

import pytest

from ses_sending_policy.analysis.requests.caller import Caller
from ses_sending_policy.analysis.requests.clause import Clause
from ses_sending_policy.analysis.requests.key_condition import Assumptions, switch
from ses_sending_policy.analysis.requests.principals import is_named
from tests.analysis.requests.clauses import ACCOUNT, JANE, OWNER, ROLE, SESSION, clause, deny

DIFFER, SAME = Assumptions(references_differ=True), Assumptions()
SERVICES = Assumptions(services_in_everybody=True)
SOMEBODY, ACCOUNTS = Caller("AWS", "", "", ""), Caller("AWS", "", "", ACCOUNT)
OWNERS = Caller("AWS", "", "", OWNER, is_owner=True)
JANES, SESSIONS = Caller("AWS", "user", JANE, ACCOUNT), Caller("AWS", "role", SESSION, ACCOUNT)
S3 = Caller("Service", "", "s3.amazonaws.com", "")
WEB = Caller("Federated", "", "x", "")
ROOT = Caller("AWS", "", "arn:aws:iam::222222222222:root", "")
UNKNOWN = Caller("AWS", "", "${Name}", "")


@pytest.mark.parametrize(
    ("one", "caller", "assumed", "is_so"),
    [
        (clause("*"), SOMEBODY, DIFFER, True),
        (clause("*"), WEB, DIFFER, True),
        (clause("*"), S3, DIFFER, False),
        (clause("*"), S3, SERVICES, True),
        (clause("*", kind="Service"), SOMEBODY, DIFFER, False),
        (clause("*", kind="Federated"), S3, DIFFER, False),
        (clause("s3.amazonaws.com", kind="Service"), S3, DIFFER, True),
        (clause("x", kind="Service"), WEB, DIFFER, False),
        (clause(), ACCOUNTS, DIFFER, True),
        (clause(), JANES, DIFFER, True),
        (clause(JANE), JANES, DIFFER, True),
        (clause(JANE), ACCOUNTS, DIFFER, False),
        (clause(), SOMEBODY, DIFFER, False),
        (clause(""), SOMEBODY, DIFFER, True),
        (clause(kind="Service"), ACCOUNTS, DIFFER, False),
        (clause(), replace(S3, account=ACCOUNT), DIFFER, False),
        (clause(""), JANES, DIFFER, False),
        (clause(""), S3, DIFFER, False),
        (clause(""), UNKNOWN, DIFFER, False),
        # "the account [...] can delegate": what the account is allowed is not yet allowed to its users.
        (clause(OWNER), OWNERS, DIFFER, False),
        (clause(OWNER), OWNERS, SAME, switch("account 111111111111 passes it on")),
        (deny(OWNER), OWNERS, DIFFER, True),
        (deny(OWNER), OWNERS, SAME, True),
        (clause("${Account}"), JANES, DIFFER, False),
        (clause("${Account}"), JANES, SAME, switch(f"{JANE} is ${{Account}}")),
        (clause("${Account}"), ACCOUNTS, SAME, switch("222222222222 is ${Account}")),
        (clause("${Account}"), SOMEBODY, SAME, switch("somebody is ${Account}")),
        (clause(JANE), UNKNOWN, DIFFER, False),
        (clause(JANE), UNKNOWN, SAME, switch(f"${{Name}} is {JANE}")),
        (clause("${Name}"), UNKNOWN, SAME, True),
        # Each kind has its own names, whatever the name turns out to be; an unknown kind may be any.
        (clause("${Name}", kind="Federated"), JANES, SAME, False),
        (clause("${Name}", kind="CanonicalUser"), JANES, SAME, False),
        (clause("${Name}", kind="Service"), WEB, SAME, False),
        (clause("${Name}", kind="Service"), Caller("CanonicalUser", "", "c", ""), SAME, False),
        (clause("${Name}", kind="Service"), S3, SAME, switch("s3.amazonaws.com is ${Name}")),
        (clause("${Name}", kind="Service"), Caller("Other", "", "y", ""), SAME, switch("y is ${Name}")),
        # A kind of principal that only the deploy knows.
        (clause("x", kind="${Kind}"), JANES, SAME, switch(f"{JANE} is x")),
        (clause("x", kind="${Kind}"), JANES, DIFFER, False),
        (clause(JANE), JANES, SAME, True),
        (clause(), S3, SAME, False),
        # A session is named by its role's ARN, whose path is not in the session's ARN.
        (clause(ROLE), SESSIONS, DIFFER, True),
        (clause("arn:aws:iam::222222222222:role/Sender"), SESSIONS, DIFFER, True),
        (clause("arn:aws:iam::222222222222:role/Other"), SESSIONS, DIFFER, False),
        (clause("arn:aws:iam::222222222222:role/Sender/path"), SESSIONS, DIFFER, False),
        (clause("arn:aws:iam::333333333333:role/Sender"), SESSIONS, DIFFER, False),
        (clause("arn:aws:iam::222222222222:user/Sender"), SESSIONS, DIFFER, False),
        (clause("arn:aws:iam::222222222222:group/Sender"), SESSIONS, DIFFER, False),
        (clause("arn:aws:iam::222222222222:role/Jane"), JANES, DIFFER, False),
        (
            clause("arn:aws:iam::222222222222:role/x"),
            Caller("AWS", "", "arn:aws:iam::222222222222:root", ""),
            DIFFER,
            False,
        ),
        (clause("AROAX"), SESSIONS, DIFFER, False),
    ],
)
def test_whom_a_clause_means(one: Clause, caller: Caller, assumed: Assumptions, is_so: object) -> None:
    assert is_named(one, caller, assumed) == is_so
