"""A permission: when it holds, what it equals, and what it covers."""

from dataclasses import replace
from typing import Any

import pytest

from ses_sending_policy.analysis.grants.permission import Permission, PermissionScope, permissions
from ses_sending_policy.analysis.grants.permission_sets import Permissions
from ses_sending_policy.analysis.grants.principal import Principal
from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from tests.analysis.findings.declare import MACRO, REF, policy, statement, unknown

FROM = "ses:FromAddress"
BACK = "ses:FeedbackAddress"


def permission(**elements: Any) -> Permission:
    """Return the only permission of a statement."""
    [found] = permissions(*policy(statement(**elements)))
    return found


def test_a_permission_for_each_action() -> None:
    found = list(permissions(*policy(statement(Action=["ses:SendEmail", "SES:SendRawEmail"]))))
    assert [(each.action, each.spelled) for each in found] == [
        ("ses:sendrawemail", "SES:SendRawEmail"),
        ("ses:sendemail", "ses:SendEmail"),
    ]
    [odd] = permissions(*policy(statement(Action={"Ref": "Name"})))
    assert (odd.action, odd.spelled) == ("${Name}", "${Name}")


def known_of(**known: str) -> list[Declared]:
    """Return a policy about which nothing more is known."""
    return [replace(each, environment=KnownEnvironment(**known)) for each in policy()]


UNNAMED = PermissionScope("111111111111", "eu-west-1", "", "Mail/", is_named=False)


@pytest.mark.parametrize(
    ("declared", "place"),
    [
        (policy(), PermissionScope("111111111111", "eu-west-1", "example.com")),
        (policy(EmailIdentity="Example.com"), PermissionScope("111111111111", "eu-west-1", "example.com")),
        (policy(EmailIdentity=REF), replace(UNNAMED, identity="${Parameter}")),
        (policy(EmailIdentity=MACRO), replace(UNNAMED, identity="${Fn::Transform ('Name': 'Who')}")),
        (policy(EmailIdentity=["a", "b"]), replace(UNNAMED, identity='["a","b"]')),
        (unknown(statement(Resource="*")), PermissionScope("", "", "example.com", "Mail")),
        (known_of(region="eu-west-1"), PermissionScope("", "eu-west-1", "example.com", "Mail")),
        (known_of(account="111111111111"), PermissionScope("111111111111", "", "example.com", "Mail")),
    ],
)
def test_where_a_permission_holds(declared: Any, place: PermissionScope) -> None:
    assert PermissionScope.of(declared[0]) == place


def test_equal_is_what_means_the_same() -> None:
    """The spelling, the statement and the policy that it stands in do not matter."""
    one = permission()
    [other, _] = permissions(*policy(statement(Action=["SES:SendEmail", "ses:SendRawEmail"]), PolicyName="Other"))
    assert (one.spelled, one.grant, one.policy) != (other.spelled, other.grant, other.policy)
    assert one == other
    assert hash(one) == hash(other)


COVERED = permission(Condition={"StringLike": {FROM: "a@b.c"}})


COVERING = {
    "itself": COVERED,
    "no condition": permission(),
    "more actions": permission(Action="ses:Send*", Condition={"StringLike": {FROM: "a@b.c"}}),
    "every action, more addresses": permission(Action="*", Condition={"StringLike": {FROM: "*@b.c"}}),
    "everybody": permission(Principal="*"),
    "the account": permission(Principal={"AWS": "222222222222"}),
}
"""What covers it."""

OTHERS = {
    "another account": permission(Principal={"AWS": "333333333333"}),
    "a service": permission(Principal={"Service": "ses.amazonaws.com"}),
    "a denial": permission(Effect="Deny"),
    "other actions": permission(Action="ses:SendRaw*"),
    "another address": permission(Condition={"StringLike": {FROM: "c@b.c"}}),
    "one more condition": permission(Condition={"StringLike": {FROM: "*", BACK: "*"}}),
    "another place": replace(permission(), place=PermissionScope("111111111111", "eu-west-1", "other.example")),
    "what nobody can read": replace(permission(), unread="x"),
    "only sometimes": replace(permission(), exists=frozenset({("IsProd", True)})),
}
"""What does not cover it."""


@pytest.mark.parametrize("name", COVERING)
def test_what_covers_it(name: str) -> None:
    assert COVERING[name].covers(COVERED)
    assert COVERED.covers(COVERING[name]) is (name == "itself")


@pytest.mark.parametrize("name", OTHERS)
def test_what_does_not(name: str) -> None:
    assert not OTHERS[name].covers(COVERED)


def test_what_is_there_only_sometimes_covers_what_is_there_then() -> None:
    sometimes = replace(permission(), exists=frozenset({("IsProd", True)}))
    assert sometimes.covers(replace(COVERED, exists=frozenset({("IsProd", True)})))
    assert not sometimes.covers(replace(COVERED, exists=frozenset({("IsDev", True)})))
    assert permission().covers(replace(COVERED, exists=frozenset({("IsDev", True)})))


def test_an_action_that_only_the_deploy_knows_is_within_itself_alone() -> None:
    odd = permission(Action={"Ref": "Name"})
    assert odd.covers(odd)
    assert not permission(Action="*").covers(odd)
    assert not odd.covers(permission())


def test_what_is_left_of_a_permission_are_the_values_that_nothing_covers() -> None:
    def left(more: list[str], *others: dict[str, Any]) -> Any:
        found = Permissions(permission(Condition=each) for each in others)
        rest = found.uncovered(permission(Condition={"StringLike": {FROM: more}, "StringEquals": {BACK: "e@b.c"}}))
        return rest and sorted(value for each in rest.conditions for value in each.values if each.key == FROM)

    assert left(["a@b.c", "d*"]) == ["a@b.c", "d*"]
    assert left(["a@b.c", "d*"], {"StringLike": {FROM: ["a*", "x"]}}) == ["d*"]
    assert left(["a@b.c", "d*"], {"StringLike": {FROM: "a*"}}, {"StringEquals": {FROM: "d*"}}) == ["d*"]
    assert left(["a@b.c", "d*"], {"StringLike": {FROM: "a*"}}, {"StringLike": {FROM: ["d*", "e"]}}) is None
    assert left(["a@b.c"], {"StringLike": {FROM: "a*"}, "StringEquals": {BACK: "other"}}) == ["a@b.c"]
    assert left(["a@b.c"], {"StringNotLike": {FROM: "x"}}) == ["a@b.c"]
    assert left(["a@b.c", "d*"], {"StringLike": {BACK: ["a@b.c", "d*"]}}) == ["a@b.c", "d*"]


def test_whom_it_is_looked_for_at() -> None:
    names = [each.name for each in permission().covering_principals()]
    assert names == ["arn:aws:iam::222222222222:user/sender", "*", "222222222222"]
    assert list(permission(Principal="*").covering_principals()) == [Principal("AWS", "*")]


def place(account: str, region: str, identity: str = "example.com", **more: Any) -> PermissionScope:
    return PermissionScope(account, region, identity, **more)


KNOWN = place("111111111111", "eu-west-1")
SOME = replace(KNOWN, identity="${Name}", is_named=False)


@pytest.mark.parametrize(
    ("one", "other", "may_be"),
    [
        (KNOWN, KNOWN, True),
        (KNOWN, place("999999999999", "eu-west-1"), False),
        (KNOWN, place("111111111111", "us-east-1"), False),
        (KNOWN, replace(KNOWN, identity="other.example"), False),
        (KNOWN, place("", "eu-west-1", stack="Mail"), True),
        (KNOWN, place("111111111111", "", stack="Mail"), True),
        (KNOWN, place("", "us-east-1", stack="Mail"), False),
        (place("", "", stack="Mail"), place("", "", stack="Other"), True),
        (KNOWN, SOME, True),
        (SOME, replace(SOME, identity="${Other}"), True),
        (SOME, replace(SOME, account="999999999999"), False),
    ],
)
def test_where_two_may_be_in_one_place(one: PermissionScope, other: PermissionScope, may_be: Any) -> None:
    assert (one.may_be(other), other.may_be(one)) == (may_be, may_be)


@pytest.mark.parametrize(
    ("identity", "is_address"),
    [
        ("a@example.com", True),
        ("${Name}@example.com", True),
        ("${Name}@${Domain}", True),
        ("example.com", False),
        ("${Name}", False),
        ("${Fn::Select '1' (Fn::Split '@' Sender)}", False),
    ],
)
def test_what_is_known_to_be_an_address(identity: str, is_address: Any) -> None:
    assert place("", "", identity).is_address is is_address
