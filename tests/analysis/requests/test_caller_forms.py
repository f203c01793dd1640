"""The forms of keys' values, by AWS's own examples, and which callers have which.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

import pytest

from ses_sending_policy.analysis.requests.caller import (
    ANY_SENDER,
    OWN_ORGANIZATION,
    WHO,
    Caller,
    TargetIdentity,
    callers,
)
from ses_sending_policy.analysis.requests.keys import Presence
from ses_sending_policy.analysis.requests.outsiders import deployer
from tests.analysis.requests.clauses import ACCOUNT, DOMAIN, JANE, ROLE, SESSION
from tests.analysis.requests.test_caller import S3, SOMEBODY, may_be

ANN = f"arn:aws:sts::{ACCOUNT}:federated-user/Ann"
USER, ROLES, FEDERATED, ROOT = (Caller("AWS", sort, "", ACCOUNT) for sort in ("user", "role", "federated-user", "root"))
SESSIONS = Caller("AWS", "role", SESSION, ACCOUNT)
OTHERS = Caller("AWS", "", "", "", but=frozenset({"333333333333", JANE}))
WEB = Caller("Federated", "role", "cognito-identity.amazonaws.com", "")


def arn(resource: str, service: str = "iam", account: str = ACCOUNT) -> str:
    return f"arn:aws:{service}::{account}:{resource}"


@pytest.mark.parametrize(
    ("caller", "keys", "values", "others"),
    [
        (S3, "SourceAccount SourceOwner VpceAccount", [ACCOUNT], ["2", "a" * 12, "2" * 13]),
        (SOMEBODY, "SecureTransport ViaAWSService MultiFactorAuthPresent", ["true", "false"], ["yes", "True", ""]),
        (S3, "SourceOrgID VpceOrgID ResourceOrgID", ["o-a1", OWN_ORGANIZATION], ["a1", "o-", "o-a/"]),
        (
            S3,
            "SourceOrgPaths VpceOrgPaths",
            ["o-a1/r-b2/", "o-a1/r-b2/ou-c3/"],
            ["o-a1", "o-a1/b2/", "o-a1/r-b2", "o-/r-b2/", "o-a1/r-/"],
        ),
        (SOMEBODY, "PrincipalOrgPaths", ["o-a1/r-b2/ou-c3/"], ["o-a1", "o-a1/r-b2"]),
        (SOMEBODY, "SourceVpc", ["vpc-1"], ["vpce-1", "vpc-", "x"]),
        (SOMEBODY, "SourceVpce", ["vpce-1"], ["vpc-1", "vpce-"]),
        (S3, "SourceArn", ["arn:aws:s3:::x", "arn:aws-cn:sns:r:1:x"], ["arn:aws:s3:::", "arn:x:s3:::x", "x"]),
        (S3, "PrincipalServiceName", ["s3.amazonaws.com"], ["sns.amazonaws.com"]),
        (Caller("Service", "", "", ""), "PrincipalServiceName", ["any"], []),
        (SOMEBODY, "UserAgent", ["", "a@b.c", "anything"], []),
        (USER, "PrincipalType", ["User"], ["AssumedRole", "Account", "FederatedUser", ""]),
        (ROLES, "PrincipalType", ["AssumedRole"], ["User", ""]),
        (FEDERATED, "PrincipalType", ["FederatedUser"], ["AssumedRole", ""]),
        (ROOT, "PrincipalType", ["Account"], ["User", ""]),
        (SOMEBODY, "PrincipalType", ["User", "Account"], []),
        (USER, "userid", ["AIDAX"], ["X", "AIDA", "AROAX:y", "AIDAX:y", ACCOUNT]),
        (ROLES, "userid", ["AROAX:y"], ["X:y", "AROAX", "AROA:y", "AROAX:"]),
        (ROOT, "userid", [ACCOUNT], ["333333333333", "x"]),
        (SESSIONS, "userid", ["AROAX:x"], ["AROAX:y"]),
        (SOMEBODY, "userid", ["AIDAX", "anything"], []),
        (USER, "username", ["Jane", "x"], []),
        (Caller("AWS", "user", arn("user/path/Jane"), ACCOUNT), "username", ["Jane"], ["Joe", "path/Jane"]),
        (Caller("AWS", "user", JANE, ACCOUNT), "userid", ["AIDAX"], ["Jane"]),
        (
            USER,
            "PrincipalArn",
            [JANE, arn("user/a/b")],
            [arn("user/a:b"), arn("user/a b"), arn("user/"), ROLE],
        ),
        (ROLES, "PrincipalArn", [ROLE], [JANE, arn("role/"), arn("role/a:b"), arn("role/x", account="333333333333")]),
        (ROOT, "PrincipalArn", [arn("root")], [arn("rooty"), arn("root", account="333333333333")]),
        (
            FEDERATED,
            "PrincipalArn",
            [ANN],
            [arn("federated-user/", "sts"), arn("x", "sts"), arn("federated-user/a/b", "sts"), JANE, "x"],
        ),
        (SOMEBODY, "PrincipalArn", [ANN, JANE, ROLE, arn("root")], [arn("x"), "x"]),
        (
            SESSIONS,
            "PrincipalArn",
            [ROLE, arn("role/Sender"), arn("role/a/b/Sender")],
            [
                *(arn("role/xSender"), arn("user/path/Sender"), arn("role/Sender", account="333333333333")),
                *(arn("role//Sender"), arn("role/Sender/x"), SESSION, "x/Sender"),
            ],
        ),
        (OTHERS, "PrincipalAccount", [ACCOUNT], ["333333333333", "x"]),
        (OTHERS, "PrincipalArn", [arn("user/Joe"), arn("role/Jane")], [JANE, arn("user/x", account="333333333333")]),
        (OTHERS, "UserAgent", ["333333333333", JANE], []),
        (WEB, "PrincipalArn", [ROLE], [JANE]),
    ],
)
def test_what_a_value_looks_like(caller: Caller, keys: str, values: list[str], others: list[str]) -> None:
    names = [f"aws:{key}".lower() for key in keys.split()]
    assert [(key, value) for key in names for value in values if not may_be(caller, key, value)] == []
    assert [(key, value) for key in names for value in others if may_be(caller, key, value)] == []


@pytest.mark.parametrize("key", ["ses:recipients", "ses:feedbackaddress"])
def test_what_addresses_look_like(key: str) -> None:
    assert may_be(SOMEBODY, key, "a@b.c")
    assert [value for value in ("", "a", "@b.c", "a@", "a@b@c", "a b@c.d") if may_be(SOMEBODY, key, value)] == []


@pytest.mark.parametrize(
    ("sender", "is_one"),
    [
        ("a@b.c", True),
        ("a+b=c/d@e.f", True),
        ('"a b"@c.d', True),
        ('"a@b, <c>;"@d.e', True),
        ("a b@c.d", False),
        ("a@b@c.d", False),
        ("a,b@c.d", False),
        ("a@", False),
        ("@b.c", False),
        ("a@b(c)", False),
        ("a@b_{c}", False),
        ('"a b"@', False),
        ('"a b"', False),
        ('"a b', False),
        ('x"a b"@c.d', False),
        ('"a b"c.d', False),
        ("no address", False),
    ],
)
def test_who_may_send_any_mail(sender: str, *, is_one: bool) -> None:
    assert any(pattern.matches(sender) for pattern in ANY_SENDER) is is_one


@pytest.mark.parametrize(
    ("identity", "sender", "is_so", "in_any_case"),
    [
        ("example.com", "a@example.com", True, True),
        ("example.com", "a@b.c.example.com", True, True),
        ("example.com", "a@bexample.com", False, False),
        ("example.com", "a@.example.com", False, False),
        ("example.com", "a@b(.example.com", False, False),
        ("example.com", "a@b@example.com", False, False),
        ("a@example.com", "a+x@example.com", True, True),
        ("a@example.com", "a+x@EXAMPLE.com", False, True),
        ("a@example.com", "a+@example.com", False, False),
        ("a@example.com", "ax@example.com", False, False),
        ("a@example.com", "a+x@b.c", False, False),
        ("a@example.com", "a+", False, False),
        ("a@example.com", "x@example.com", False, False),
        ("a@b@example.com", "a@b@example.com", True, True),
        ("${Name}.com", "a@b.c", True, True),
        ("${Name}.com", "a", False, False),
        ("", "@b.c", False, False),
    ],
)
def test_the_senders_of_an_identity(identity: str, sender: str, *, is_so: bool, in_any_case: bool) -> None:
    target = TargetIdentity(identity, "")
    assert any(pattern.matches(sender) for pattern in target.senders) is is_so
    assert any(pattern.matches(sender) for pattern in target.in_any_case) is in_any_case


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("aws:currenttime", "2027-01-01T00:00:00Z"),
        # "198.51.100.0/24 (TEST-NET-2) [...] for use in documentation": RFC 5737.
        ("aws:sourceip", "198.51.100.1"),
        ("aws:vpcsourceip", "198.51.100.1"),
        ("aws:multifactorauthage", "60"),
        ("aws:requestedregion", "us-east-1"),
        ("aws:useragent", "aws-cli"),
        ("aws:referer", ""),
    ],
)
def test_what_a_request_usually_has(key: str, value: str) -> None:
    assert SOMEBODY.domain(key, "ses:sendemail", DOMAIN).usual == value


@pytest.mark.parametrize(
    ("caller", "key", "presence"),
    [
        (FEDERATED, "aws:tokenissuetime", Presence.ALWAYS),
        (FEDERATED, "aws:multifactorauthpresent", Presence.ALWAYS),
        (FEDERATED, "aws:username", Presence.NEVER),
        (ROOT, "aws:username", Presence.NEVER),
        (SOMEBODY, "aws:tokenissuetime", Presence.PERHAPS),
        # A federated caller has temporary credentials.
        (WEB, "aws:tokenissuetime", Presence.ALWAYS),
        (WEB, "aws:username", Presence.NEVER),
        (S3, "aws:username", Presence.NEVER),
        (S3, "aws:principalorgid", Presence.NEVER),
    ],
)
def test_who_has_a_key(caller: Caller, key: str, presence: Presence) -> None:
    assert caller.domain(key, "ses:sendemail", DOMAIN).presence is presence


def test_the_sender_is_rather_one_of_the_identity_and_nothing_else_is() -> None:
    assert SOMEBODY.domain("ses:fromaddress", "ses:sendemail", DOMAIN).rather == DOMAIN.senders
    assert SOMEBODY.domain("aws:useragent", "ses:sendemail", DOMAIN).rather == ()


def test_the_owner_of_an_identity_may_be_unknown() -> None:
    assert may_be(SOMEBODY, "aws:resourceaccount", "333333333333", TargetIdentity("example.com", ""))
    assert not may_be(SOMEBODY, "aws:resourceaccount", "333333333333")


def test_who_deploys_has_some_values_and_any_of_other_keys() -> None:
    deploys = deployer([], DOMAIN)
    assert may_be(deploys, "aws:securetransport", "true")
    assert may_be(deploys, "aws:useragent", "anything")
    assert may_be(deploys, "aws:userid", "AROAX:y")


def test_the_keys_that_tell_a_user_from_a_role() -> None:
    named = ("PrincipalArn", "PrincipalType", "userid", "username", "TokenIssueTime", "MultiFactorAuthPresent")
    assert {f"aws:{key}".lower() for key in named} == WHO


@pytest.mark.parametrize(
    ("kind", "name", "sort", "account"),
    [
        ("AWS", JANE, "user", ACCOUNT),
        ("AWS", ANN, "federated-user", ACCOUNT),
        ("AWS", SESSION, "role", ACCOUNT),
        ("AWS", "AROAX", "", ""),
        ("AWS", "arn:aws:iam::${Partner}:user/Jane", "", ""),
        ("AWS", "arn:aws:iam::222222222222:group/x", "", ""),
        ("Service", ACCOUNT, "", ""),
        ("Service", "*", "", ""),
        ("Federated", "arn:aws:iam::222222222222:user/x", "role", ""),
        ("CanonicalUser", "79a59d", "", ""),
        ("Unknown", "x", "", ""),
    ],
)
def test_somebody_who_is_named(kind: str, name: str, sort: str, account: str) -> None:
    found = callers([(kind, name), (kind, name)], [], DOMAIN, sorts=False)
    assert [each for each in found if each.name] == [Caller(kind, sort, name, account)]
    assert [each.account for each in found if each.kind == "AWS" and not each.name] == [account, ""][not account :]


def test_an_account_that_is_named() -> None:
    for name in (ACCOUNT, "${AWS::AccountId}", "${AWS::AccountId}#a"):
        assert [each.account for each in callers([("AWS", name)], [], DOMAIN, sorts=False)] == [name, "", ""]
    assert [each.account for each in callers([("AWS", "*"), ("", "x")], [], DOMAIN, sorts=False)] == ["", ""]
