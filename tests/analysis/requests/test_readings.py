"""The possible values of a key in a caller's requests, in each reading of what AWS leaves open."""

import pytest

from ses_sending_policy.analysis.requests.caller import ANY_SENDER, Caller
from ses_sending_policy.analysis.requests.key_condition import Assumptions
from ses_sending_policy.analysis.requests.keys import Presence
from ses_sending_policy.analysis.requests.pattern import ANY_TEXT, Pattern, exactly
from ses_sending_policy.analysis.requests.readings import domain_of
from tests.analysis.requests.clauses import ACCOUNT, DOMAIN, TEAM

TOLD, POSSIBLE = Assumptions(references_differ=True), Assumptions()
USERS = [f"arn:aws:iam::{ACCOUNT}:user/path/{name}" for name in "EDCBA"]
OTHERS = [f"arn:aws:iam::{ACCOUNT}:role/Sender", f"arn:aws:sts::{ACCOUNT}:assumed-role/Sender/x"]
ANOTHER = Caller("AWS", "user", "", ACCOUNT, but=frozenset((*USERS, *OTHERS)))


@pytest.mark.parametrize(
    ("assumed", "key", "names"),
    [(TOLD, "aws:username", "ABCDE"), (TOLD, "aws:userid", ""), (POSSIBLE, "aws:username", "")],
)
def test_a_user_has_the_name_of_no_other_user(assumed: Assumptions, key: str, names: str) -> None:
    usual = ANOTHER.domain(key, "ses:sendemail", DOMAIN)
    domain = domain_of(assumed, ANOTHER, key, "ses:sendemail", DOMAIN, as_sender=False)
    assert domain.but == (*usual.but, *map(exactly, names))
    assert (domain.presence, domain.patterns) == (usual.presence, usual.patterns)


def test_a_service_may_have_an_empty_tag_and_nobody_is_told_so() -> None:
    service = Caller("Service", "", "s3.amazonaws.com", "")
    key = TEAM.lower()
    assert domain_of(TOLD, service, key, "ses:sendemail", DOMAIN, as_sender=False).presence is Presence.NEVER
    domain = domain_of(POSSIBLE, service, key, "ses:sendemail", DOMAIN, as_sender=False)
    assert (domain.presence, domain.patterns) == (Presence.PERHAPS, (exactly(""),))


@pytest.mark.parametrize(
    ("key", "as_sender", "patterns"),
    [
        ("ses:fromaddress", False, ANY_SENDER),
        ("ses:fromaddress", True, DOMAIN.in_any_case),
        ("ses:feedbackaddress", True, (ANY_TEXT,)),
        ("ses:recipients", True, (ANY_TEXT,)),
    ],
)
def test_what_a_message_has_is_not_held_to_a_form(key: str, patterns: tuple[Pattern, ...], *, as_sender: bool) -> None:
    domain = domain_of(POSSIBLE, ANOTHER, key, "ses:sendemail", DOMAIN, as_sender=as_sender)
    assert (domain.patterns, domain.rather) == (patterns, ())
    told = domain_of(TOLD, ANOTHER, key, "ses:sendemail", DOMAIN, as_sender=as_sender)
    assert told == ANOTHER.domain(key, "ses:sendemail", DOMAIN)


@pytest.mark.parametrize(("sort", "may_have"), [("user", True), ("role", True), ("root", False)])
def test_who_is_told_of_has_a_tag_but_for_the_root_of_an_account(sort: str, *, may_have: bool) -> None:
    domain = domain_of(TOLD, Caller("AWS", sort, "", ACCOUNT), TEAM.lower(), "ses:sendemail", DOMAIN, as_sender=False)
    assert (domain.presence is not Presence.NEVER) == may_have
