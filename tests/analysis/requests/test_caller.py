"""Callers, and the possible values of each caller's keys."""

import pytest

from ses_sending_policy.analysis.reading.statement import Condition
from ses_sending_policy.analysis.requests.caller import OWN_ORGANIZATION, Caller, TargetIdentity, callers
from ses_sending_policy.analysis.requests.keys import Presence
from ses_sending_policy.analysis.requests.outsiders import by_service, deployer, strangers
from ses_sending_policy.analysis.requests.pattern import Pattern, exactly
from ses_sending_policy.analysis.requests.texts import Budget, find_text

SEND = "ses:sendemail"
TARGET = TargetIdentity("example.com", "111111111111")
ROLE = "arn:aws:iam::222222222222:role/path/Sender"
JANE = "arn:aws:iam::222222222222:user/path/Jane"
SESSION = "arn:aws:sts::222222222222:assumed-role/Sender/x"
SOMEBODY = Caller("AWS", "", "", "")
USER, ROLES, ROOT = (Caller("AWS", sort, "", "222222222222") for sort in ("user", "role", "root"))
JANES = Caller("AWS", "user", JANE, "222222222222")
SESSIONS = Caller("AWS", "role", SESSION, "222222222222")
S3 = Caller("Service", "", "s3.amazonaws.com", "")


def may_be(caller: Caller, key: str, value: str, target: TargetIdentity = TARGET) -> bool:
    domain = caller.domain(key, SEND, target)
    found = find_text([domain.patterns, [exactly(value)]], domain.but, Budget(10_000))
    return domain.presence is not Presence.NEVER and found is not None


@pytest.mark.parametrize(
    ("caller", "key", "value", "is_so"),
    [
        (SOMEBODY, "ses:fromaddress", "a@example.com", True),
        (SOMEBODY, "ses:fromaddress", "a@news.example.com", True),
        (SOMEBODY, "ses:fromaddress", "a@xample.com", False),
        (SOMEBODY, "ses:fromaddress", "@example.com", False),
        (SOMEBODY, "ses:fromaddress", "a@b@example.com", False),
        (SOMEBODY, "aws:resourceaccount", "111111111111", True),
        (SOMEBODY, "aws:resourceaccount", "222222222222", False),
        (SOMEBODY, "aws:principalisawsservice", "false", True),
        (SOMEBODY, "aws:principalisawsservice", "true", False),
        (S3, "aws:principalisawsservice", "true", True),
        (S3, "aws:principalservicename", "s3.amazonaws.com", True),
        (S3, "aws:principalservicename", "sns.amazonaws.com", False),
        (S3, "aws:sourcearn", "arn:aws:s3:::x", True),
        (S3, "aws:sourcearn", "bucket", False),
        (S3, "aws:principalarn", ROLE, False),
        (USER, "aws:sourcearn", "arn:aws:s3:::x", False),
        (USER, "aws:principalaccount", "222222222222", True),
        (USER, "aws:principalaccount", "333333333333", False),
        (SOMEBODY, "aws:principalaccount", "333333333333", True),
        (SOMEBODY, "aws:principalaccount", "3", False),
        (USER, "aws:principalarn", JANE, True),
        (USER, "aws:principalarn", ROLE, False),
        (USER, "aws:principalarn", "arn:aws:sts::222222222222:federated-user/x", False),
        (ROLES, "aws:principalarn", ROLE, True),
        (ROLES, "aws:principalarn", JANE, False),
        (ROOT, "aws:principalarn", "arn:aws:iam::222222222222:root", True),
        (ROOT, "aws:principalarn", JANE, False),
        (SOMEBODY, "aws:principalarn", "arn:aws:iam::333333333333:root", True),
        (SOMEBODY, "aws:principalarn", "arn:aws-cn:iam::333333333333:root", False),
        (JANES, "aws:principalarn", JANE, True),
        (JANES, "aws:principalarn", f"{JANE}x", False),
        (SESSIONS, "aws:principalarn", ROLE, True),
        (SESSIONS, "aws:principalarn", "arn:aws:iam::222222222222:role/Sender", True),
        (SESSIONS, "aws:principalarn", "arn:aws:iam::222222222222:role/Other", False),
        (JANES, "aws:username", "Jane", True),
        (JANES, "aws:username", "Joe", False),
        (ROLES, "aws:username", "x", False),
        (USER, "aws:userid", "AIDAX", True),
        (USER, "aws:userid", "AROAX:y", False),
        (ROLES, "aws:userid", "AROAX:y", True),
        (SESSIONS, "aws:userid", "AROAX:x", True),
        (SESSIONS, "aws:userid", "AROAX:y", False),
        (SOMEBODY, "aws:securetransport", "true", True),
        (SOMEBODY, "aws:securetransport", "yes", False),
        (SOMEBODY, "aws:principalorgid", "o-a1", True),
        (SOMEBODY, "aws:principalorgid", "x-a1", False),
        (SOMEBODY, "aws:principalorgpaths", "o-a1/r-b2/ou-c3/", True),
        (SOMEBODY, "aws:principalorgpaths", "o-a1", False),
        (SOMEBODY, "aws:sourcevpce", "vpce-1", True),
        (SOMEBODY, "aws:sourcevpce", "vpc-1", False),
        (SOMEBODY, "aws:sourcevpc", "vpc-1", True),
        (SOMEBODY, "aws:useragent", "anything", True),
    ],
)
def test_what_a_key_may_be(caller: Caller, key: str, value: str, *, is_so: bool) -> None:
    assert may_be(caller, key, value) is is_so


@pytest.mark.parametrize(
    ("caller", "key", "presence"),
    [
        (USER, "aws:username", Presence.ALWAYS),
        (ROLES, "aws:username", Presence.NEVER),
        (SOMEBODY, "aws:username", Presence.PERHAPS),
        (ROLES, "aws:tokenissuetime", Presence.ALWAYS),
        (USER, "aws:tokenissuetime", Presence.PERHAPS),
        (ROLES, "aws:multifactorauthpresent", Presence.ALWAYS),
        (ROOT, "aws:multifactorauthpresent", Presence.PERHAPS),
        (S3, "aws:sourcearn", Presence.PERHAPS),
        (USER, "aws:sourcearn", Presence.NEVER),
        (USER, "aws:currenttime", Presence.ALWAYS),
    ],
)
def test_whether_a_caller_has_a_key(caller: Caller, key: str, presence: Presence) -> None:
    assert caller.domain(key, SEND, TARGET).presence is presence


@pytest.mark.parametrize(
    ("identity", "address", "is_so", "in_any_case"),
    [
        ("example.com", "a@EXAMPLE.com", False, True),
        ("example.com", "a@b.Example.com", False, True),
        ("a@example.com", "a@example.com", True, True),
        ("a@example.com", "a@Example.com", False, True),
        ("a@example.com", "A@example.com", False, False),
        ("a@example.com", "a@b.example.com", False, False),
        ("${Domain}", "a@b.c", True, True),
        ("", "a@b.c", True, True),
    ],
)
def test_the_addresses_of_an_identity(identity: str, address: str, *, is_so: bool, in_any_case: bool) -> None:
    def match(patterns: tuple[Pattern, ...]) -> bool:
        return find_text([patterns, [exactly(address)]], (), Budget(10_000)) is not None

    target = TargetIdentity(identity, "")
    assert (match(target.senders), match(target.in_any_case)) == (is_so, in_any_case)


def test_callers_that_some_principals_tell_apart() -> None:
    found = callers(
        [("AWS", JANE), ("Service", "s3.amazonaws.com"), ("AWS", "*")], ["333333333333"], TARGET, sorts=False
    )
    assert [(each.kind, each.sort, each.name, each.account) for each in found] == [
        ("Service", "", "s3.amazonaws.com", ""),
        ("AWS", "user", JANE, "222222222222"),
        ("AWS", "", "", "333333333333"),
        ("AWS", "", "", "222222222222"),
        ("AWS", "", "", ""),
        ("Service", "", "", ""),
    ]
    assert found[3].but == {JANE}
    assert found[4].but == {"222222222222", "333333333333"}
    assert found[5].but == {"s3.amazonaws.com"}
    assert [each.is_stranger for each in found] == [False, False, False, False, True, True]
    assert not any(each.is_owner for each in found)


def test_the_owner_s_account_is_told_or_may_be_any() -> None:
    owners = [each.is_owner for each in callers([("AWS", "111111111111")], [], TARGET, sorts=False)]
    assert owners == [True, False, False]
    unknown = [
        each.is_owner for each in callers([("AWS", "111111111111")], [], TargetIdentity("example.com", ""), sorts=False)
    ]
    assert unknown == [False, True, False, False]


def test_who_is_federated_in_no_account_that_is_named_is_no_owner() -> None:
    found = callers([("Federated", "a")], [], TargetIdentity("example.com", ""), sorts=False)
    assert [(each.account, each.is_owner) for each in found if each.kind == "Federated"] == [("", False)]


def test_users_and_roles_are_told_apart_where_a_key_does() -> None:
    found = callers([("AWS", "222222222222")], [], TARGET, sorts=True)
    assert [each.sort for each in found] == ["user", "role", "federated-user", "root"] * 2 + [""]
    named = callers([("AWS", ROLE), ("AWS", SESSION)], [], TARGET, sorts=False)
    assert [each.sort for each in named[:2]] == ["role", "role"]


@pytest.mark.parametrize(
    ("kind", "name", "is_nameless"),
    [
        ("AWS", "AROAX", True),
        ("AWS", ROLE, False),
        ("AWS", "${Role}", False),
        ("AWS", "", False),
        ("CanonicalUser", "x", True),
        ("Federated", "x", False),
    ],
)
def test_a_caller_of_whom_only_an_id_is_known(kind: str, name: str, *, is_nameless: bool) -> None:
    assert Caller(kind, "", name, "").is_nameless is is_nameless


def named(key: str, *values: str) -> Condition:
    return Condition("", "StringLike", key, values)


@pytest.mark.parametrize(
    ("condition", "key", "value", "is_so"),
    [
        (named("aws:PrincipalAccount", "222222222222"), "aws:principalaccount", "222222222222", False),
        (named("aws:PrincipalAccount", "222222222222"), "aws:principalaccount", "333333333333", True),
        (named("aws:PrincipalAccount", "222222222222"), "aws:principalaccount", "111111111111", False),
        (named("aws:PrincipalArn", ROLE), "aws:principalarn", JANE, False),
        (named("aws:PrincipalOrgID", "o-a1"), "aws:principalorgid", "o-a1", False),
        (named("aws:PrincipalOrgID", "o-a1"), "aws:principalorgid", OWN_ORGANIZATION, False),
        (named("aws:PrincipalOrgID", "o-*"), "aws:principalorgid", "o-a1", True),
        (named("aws:PrincipalOrgPaths", "o-a1/r-b2/*"), "aws:principalorgpaths", "o-a1/r-c3/", False),
        (named("aws:userid", "AROAX:*"), "aws:userid", "AROAX:y", False),
        (named("aws:userid", "*:y"), "aws:userid", "AROAX:y", True),
        (named("aws:SourceVpce", "vpce-1"), "aws:sourcevpce", "vpce-1", False),
        (named("aws:SourceVpce", "vpce-*"), "aws:sourcevpce", "vpce-1", True),
        (named("aws:UserAgent", "x"), "aws:useragent", "x", True),
    ],
)
def test_what_a_stranger_may_have(condition: Condition, key: str, value: str, *, is_so: bool) -> None:
    user, role, _ = strangers([condition], TARGET)
    assert (may_be(user, key, value) or may_be(role, key, value)) is is_so


def test_a_stranger_s_service_and_who_deploys() -> None:
    source = named("aws:SourceArn", "arn:aws:s3:::x")
    service = by_service("s3.amazonaws.com", [source], TARGET)
    assert not may_be(service, "aws:sourcearn", "arn:aws:s3:::x")
    assert may_be(service, "aws:sourcearn", "arn:aws:s3:::y")
    deploys = deployer([named("aws:PrincipalOrgID", "o-a1", "${Organization}")], TARGET)
    assert (deploys.account, deploys.is_owner, deploys.sort) == ("111111111111", True, "role")
    assert may_be(deploys, "aws:principalorgid", "o-a1")
    assert not may_be(deploys, "aws:principalorgid", OWN_ORGANIZATION)
    assert may_be(deployer([], TARGET), "aws:principalorgid", OWN_ORGANIZATION)
    assert not may_be(deploys, "aws:securetransport", "false")
    assert deployer([], TargetIdentity("example.com", "")).account == "${AWS::AccountId}"
