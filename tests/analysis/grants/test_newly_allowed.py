"""What a permission newly allows, and whose policies count if an identity has none of its own."""

from dataclasses import replace
from typing import Any

import pytest

from ses_sending_policy.analysis.grants.newly_allowed import clause_of, newly_allowed
from ses_sending_policy.analysis.grants.permission import (
    BY_FROM_ADDRESS,
    BY_UNLISTED_ADDRESS,
    Permission,
    permissions_of,
)
from ses_sending_policy.analysis.grants.permission_sets import Permissions, permissions_before_and_after
from ses_sending_policy.analysis.requests.search import NONE, UNDECIDED
from tests.analysis.findings.declare import REF, policy, resource, template
from tests.analysis.grants.changes import ACCOUNT, AGE, BOTH, JANE, OWN, SECRET, A, deny, like, one, when
from tests.analysis.grants.test_difference import EVERYBODY, between

SEND = "ses:SendEmail"


def read(*statements: Any) -> list[Permission]:
    return list(permissions_of(policy(*(each | {"Action": SEND} for each in statements)))) if statements else []


@pytest.mark.parametrize(
    ("statement", "here", "there", "is_new"),
    [
        (one(), [], [], True),
        (one(), [], [one()], False),
        (one(), [deny(Principal="*")], [], False),
        (one(), [deny(Principal=JANE)], [], True),
        (one(), [], [deny()], True),
        (one(Principal=JANE), [], [one(Principal="*")], False),
        (deny(), [one()], [], True),
        (deny(), [], [], None),
        (deny(), [one(), deny(Principal="*")], [], False),
        (deny(), [one(Principal={"AWS": "333333333333"})], [], None),
        (deny(Principal=JANE), [one(), like(A)], [], True),
    ],
)
def test_what_a_permission_lets_through(
    statement: Any, here: list[Any], there: list[Any], *, is_new: bool | None
) -> None:
    [permission] = read(statement)
    found = newly_allowed(permission, read(*here), read(*there))
    assert bool(found.request) is (is_new is True)
    assert (found == NONE, found == UNDECIDED) == (is_new is False, is_new is None)


def test_what_only_the_deploy_knows_is_another_thing_in_another_stack() -> None:
    [one_, other] = (
        clause_of(next(iter(permissions_of(template(stack, P=resource(one(Principal={"AWS": REF}, Action=SEND)))))))
        for stack in ("One", "Other")
    )
    assert one_.principal != other.principal
    assert one_.principal.startswith("${Parameter#")
    [variable] = read(like("${aws:username}@example.com"))
    [condition] = clause_of(variable).conditions
    assert condition.values == ("${aws:username}@example.com",)
    assert clause_of(variable).has_variables


def test_a_reading_of_aws_is_the_same_in_each_template() -> None:
    readings = {BY_FROM_ADDRESS, BY_UNLISTED_ADDRESS}
    [permission] = read(one())
    asked = replace(permission, within="Mail/", exists=frozenset({*readings, ("IsProd", True)}))
    assert {*clause_of(asked).switches} == {*readings, ("Mail/ IsProd", True)}


def on(identity: str, statement: Any, **more: Any) -> Permissions:
    return Permissions(
        permissions_of(template(P=resource(statement | {"Resource": "*"}, EmailIdentity=identity) | more))
    )


NONE_THERE = Permissions(())
ADDRESS, NEWS = "a@news.example.com", "news.example.com"


@pytest.mark.parametrize(
    ("gone", "stays", "actions"),
    [
        (ADDRESS, "example.com", {"ses:sendemail"}),
        (ADDRESS, NEWS, {"ses:sendemail"}),
        (NEWS, "example.com", {"ses:sendemail"}),
        (ADDRESS, "other.com", set()),
        ("example.com", NEWS, set()),
    ],
)
def test_an_identity_without_a_policy_has_its_domain_s(gone: str, stays: str, actions: set[str]) -> None:
    old, new = on(gone, one(Action=SEND)), on(stays, one(Action=[SEND, "ses:DeleteEmailIdentity"]))
    _, after = permissions_before_and_after(old, new, NONE_THERE)
    fallen = [each for each in after.held if each.place.identity == gone]
    assert {each.action for each in fallen} == actions
    assert all(each in after.worst and each not in after.doubtful for each in fallen)


def test_what_an_address_has_itself_hides_its_domain_s() -> None:
    both = Permissions([*on(ADDRESS, one(Action=SEND)), *on(NEWS, deny(Action=SEND))])
    _, after = permissions_before_and_after(both, both, NONE_THERE)
    assert set(after.held) == set(both)


def test_a_policy_under_a_condition_hides_its_domain_s_only_then() -> None:
    old = Permissions([*on(ADDRESS, one(Action=SEND)), *on(NEWS, deny(Action=SEND))])
    new = Permissions([*on(ADDRESS, one(Action=SEND), Condition="IsProd"), *on(NEWS, deny(Action=SEND))])
    _, after = permissions_before_and_after(old, new, NONE_THERE)
    own, fallen = (
        [
            (name, truth)
            for each in after.held
            if (each.place.identity, each.effect) == (ADDRESS, effect)
            for name, truth in each.exists - {BY_FROM_ADDRESS}
        ]
        for effect in ("Allow", "Deny")
    )
    assert own == [(own[0][0], True)]
    assert fallen == [(own[0][0], False)]


def test_what_may_stay_is_doubtful_and_its_denials_count_for_nothing() -> None:
    doubtful = Permissions([*on("example.com", one(Action=SEND)), *on("example.com", deny(Action=SEND))])
    _, after = permissions_before_and_after(NONE_THERE, NONE_THERE, doubtful)
    assert [each.effect for each in after.held] == ["Allow"]
    assert [each.effect for each in after.worst] == ["Allow"]
    assert after.doubtful == set(doubtful)


def test_a_wildcard_falls_back_as_each_action_that_sends() -> None:
    _, after = permissions_before_and_after(on(ADDRESS, one()), on(NEWS, one(Action="ses:Send*")), NONE_THERE)
    fallen = {each.action for each in after.held if each.place.identity == ADDRESS}
    assert "ses:sendbulktemplatedemail" in fallen
    assert all(each.startswith("ses:send") and "*" not in each for each in fallen)


# Each has a condition that cannot be read, or that is invalid.
UNREAD: dict[str, Any] = {
    "conditions": one(Condition=SECRET),
    "the keys of an operator": one(Condition={"StringLike": SECRET}),
    "more conditions": one(Condition={"StringLike": {"ses:FromAddress": A}, "Fn::Transform": {"Name": "Where"}}),
    "an operator": when("StringContains", A),
    "a presence": when("Null", "perhaps"),
    "a number": when("NumericLessThan", "x", key=AGE),
    "a moment": when("DateLessThan", SECRET, key="aws:CurrentTime"),
}


@pytest.mark.parametrize("name", UNREAD)
def test_no_witness_rests_on_a_condition_that_nobody_can_read(name: str) -> None:
    allow = UNREAD[name]
    assert between(one(Principal=OWN), [one(Principal=OWN), allow]) == ["changed", "added, changed"]
    assert between([EVERYBODY, allow | {"Effect": "Deny"}], EVERYBODY) == ["changed", "removed, changed"]
    # Only this statement may allow what is denied.
    denied = deny(Principal=ACCOUNT, Action=BOTH)
    assert between([allow, denied], allow) == ["changed", "removed, changed"]
    # What the other statement allows is new by itself.
    assert between(one(Principal=OWN), [one(Principal=OWN), allow, one()])[0] == "broadened"
