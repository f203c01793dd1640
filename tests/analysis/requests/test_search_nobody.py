"""Requests that nobody can make, though each key alone would be possible: no witness is made of them."""

from dataclasses import replace
from typing import Any

import pytest

from ses_sending_policy.analysis.requests.clause import Clause
from ses_sending_policy.analysis.requests.search import NONE, UNDECIDED
from tests.analysis.requests.clauses import ACCOUNT, FROM, JANE, OWNER, S3, SESSION, TEAM, clause, deny, search


def test_who_is_federated_in_the_owner_s_account_has_what_its_role_may_do_anyway() -> None:
    web = clause("cognito-identity.amazonaws.com", kind="Federated", StringEquals=("aws:PrincipalAccount", OWNER))
    found = search(web).request
    assert found is not None
    assert (found.account, found.own_iam) == (OWNER, False)


def test_who_is_federated_in_an_account_is_of_that_account() -> None:
    """An account's number and its root's ARN "delegate permissions to the account"."""
    web = clause("cognito-identity.amazonaws.com", kind="Federated")
    of_account = replace(web, conditions=clause(StringEquals=("aws:PrincipalAccount", ACCOUNT)).conditions)
    assert search(of_account, clause()) == search(of_account, deny()) == NONE
    found = search(web, clause(), clause("999999999999")).request
    assert found is not None
    assert found.account == "000000000000"
    # The owner's administrator must delegate it.
    of_owner = replace(web, conditions=clause(StringEquals=("aws:PrincipalAccount", OWNER)).conditions)
    assert search(of_owner, clause(OWNER)).request
    assert search(of_owner, deny(OWNER)) == NONE
    typed = replace(web, conditions=clause(StringLike=("aws:PrincipalArn", "*:user/*")).conditions)
    assert search(typed) == NONE


def test_the_owner_s_root_is_its_account_and_needs_no_administrator() -> None:
    root = clause("*", StringEquals=("aws:PrincipalType", "Account"), StringLike=("aws:PrincipalAccount", OWNER))
    assert search(root, clause(OWNER)) == NONE
    # Whether or not there was an Allow, the Deny that applied to it is gone.
    assert search([root, deny(OWNER)]) == UNDECIDED


def test_what_only_the_deploy_knows_of_an_account_is_no_service() -> None:
    of_services = replace(S3, conditions=clause(StringLike=("aws:PrincipalOrgID", "*")).conditions)
    assert search(of_services, clause("${Name}", StringEquals=(FROM, "a@example.com"))) == NONE
    # It may be everybody.
    assert not search(S3, deny("${Name}")).is_none
    assert not search(deny("${Name}"), clause("*")).is_none
    assert not search(replace(clause("${Name}"), kind="${Kind}"), clause("*")).is_none


@pytest.mark.parametrize("principal", [ACCOUNT, "arn:aws:iam::222222222222:role/Sender"])
def test_a_session_that_is_named_is_no_other_one(principal: str) -> None:
    """An id ends with the session's name, and the session's ARN has the role's name."""
    arn = "arn:aws:iam::222222222222:role/Sender"
    of_x, of_y = (
        clause(principal, StringEquals=("aws:PrincipalArn", arn), StringLike=("aws:userid", f"*:{name}"))
        for name in ("x", "y")
    )
    assert search(of_x).request
    assert search(of_x, clause(SESSION)) == UNDECIDED
    assert search(of_y, clause(SESSION)).request


@pytest.mark.parametrize("action", ["s", "ses:foo", "ses:getsendquota", "s3:getobject"])
def test_no_call_of_an_identity_has_an_action_that_ses_has_none_of(action: str) -> None:
    assert search(clause(action=action)) == UNDECIDED
    assert search(clause(action="*"), clause(action=action)).request


def of_variables(allow: Clause, **conditions: Any) -> Clause:
    return replace(clause(allow.principal, kind=allow.kind, **conditions), has_variables=True)


TEAM_OR_A = f"${{{TEAM}, 'a'}}@example.com"
ROOT = f"arn:aws:iam::{OWNER}:root"
OWN_NAME = "${aws:username}"
FROM_A = replace(S3, conditions=clause(StringEquals=(FROM, "a@example.com")).conditions)
# A caller with that name is no witness, but it is not proven that there is none.
NOBODY: dict[str, tuple[Clause, list[Clause]]] = {
    "a default of a tag that no service has": (FROM_A, [of_variables(S3, StringLike=(FROM, TEAM_OR_A))]),
    "a negated default": (
        of_variables(S3, StringEquals=(FROM, "a@example.com"), StringNotLike=(FROM, TEAM_OR_A)),
        [],
    ),
    "a name that is not one's own": (
        of_variables(
            clause(JANE),
            StringNotEqualsIfExists=("aws:username", OWN_NAME),
            StringNotLike=(FROM, f"{OWN_NAME}@b.example"),
        ),
        [],
    ),
    "another user of the same name": (clause(StringLike=("aws:username", "Jane")), [clause(JANE)]),
    "what AWS does not list for an action": (
        clause(action="ses:sendbulkemail", StringLike=("ses:FromDisplayName", "*")),
        [],
    ),
    "a recipient who is not the sender": (
        of_variables(clause(JANE), ForAnyValue_StringEquals=("ses:Recipients", "${ses:FromAddress}")),
        [clause(JANE, StringEquals=(FROM, "y@example.com"))],
    ),
    "the tags of a root": (
        clause(StringEquals=("aws:PrincipalType", "Account"), StringLike=(TEAM, "red")),
        [],
    ),
    "what the owner's root may do without": (clause("*", StringEquals=("aws:PrincipalArn", ROOT)), []),
    "the type of a service": (
        replace(S3, conditions=clause(StringLike=("aws:PrincipalType", "*")).conditions),
        [],
    ),
}


@pytest.mark.parametrize("name", NOBODY)
def test_no_request_is_made_of_what_nobody_has(name: str) -> None:
    one, others = NOBODY[name]
    assert search(one, *others) == UNDECIDED


def test_a_sender_is_who_calls_and_who_gets_the_mail_is_the_sender() -> None:
    sender, recipient = f"{OWN_NAME}@example.com", "${ses:FromAddress}"
    allow = of_variables(
        clause(JANE), StringEquals=(FROM, sender), ForAnyValue_StringEquals=("ses:Recipients", recipient)
    )
    found = search(allow).request
    assert found is not None
    assert found.keys == {"aws:username": "Jane", FROM: "Jane@example.com", "ses:Recipients": ("Jane@example.com",)}


def test_a_default_is_what_a_service_without_tags_is_compared_with() -> None:
    allow = of_variables(S3, StringLike=(FROM, TEAM_OR_A))
    found = search(allow).request
    assert found is not None
    assert found.keys[FROM] == "a@example.com"
    any_name = of_variables(S3, StringLike=("ses:FromDisplayName", f"${{{TEAM}, '?*'}}"))
    found = search(any_name).request
    assert found is not None
    assert found.keys["ses:FromDisplayName"] == "?*"
