"""A request as a witness: its sentence, its JSON, and the keys that describe the caller."""

import pytest

from ses_sending_policy.analysis.grants.request_sentence import request_sentence
from ses_sending_policy.analysis.requests.request import in_form
from tests.analysis.requests.made import FROM, JANE, ROLE, SESSION, Made, of


@pytest.mark.parametrize(
    ("made", "name", "account", "sentence"),
    [
        (
            of("AWS", JANE, "222222222222"),
            JANE,
            "222222222222",
            "user path/Jane of account 222222222222 may now send as a@example.com",
        ),
        (
            of("AWS", ROLE, "222222222222"),
            "arn:aws:sts::222222222222:assumed-role/Sender/x",
            "222222222222",
            "role path/Sender of account 222222222222 may now send as a@example.com",
        ),
        (
            of("AWS", "", "222222222222"),
            "arn:aws:iam::222222222222:user/x",
            "222222222222",
            "account 222222222222 may now send as a@example.com",
        ),
        (
            of("AWS", "", "222222222222", but=frozenset({"arn:aws:iam::222222222222:user/x"})),
            "arn:aws:iam::222222222222:user/x1",
            "222222222222",
            "account 222222222222 may now send as a@example.com",
        ),
        (
            of("AWS", "", "", but=frozenset({"999999999999", "000000000000"})),
            "arn:aws:iam::222222222222:user/x",
            "222222222222",
            "anybody, as account 222222222222, may now send as a@example.com",
        ),
        (
            of("Service", "s3.amazonaws.com"),
            "s3.amazonaws.com",
            "",
            "service s3.amazonaws.com may now send as a@example.com",
        ),
        (of("Service"), "example.amazonaws.com", "", "any service may now send as a@example.com"),
        (of("AWS", "${Role#Mail/}"), "${Role}", "", "principal ${Role} may now send as a@example.com"),
        (
            of("AWS", "", "222222222222", keys=FROM | {"aws:PrincipalArn": JANE}),
            JANE,
            "222222222222",
            "user path/Jane of account 222222222222 may now send as a@example.com",
        ),
        (
            of("AWS", "", "", keys=FROM | {"AWS:PrincipalArn": JANE}),
            JANE,
            "222222222222",
            "user path/Jane of account 222222222222 may now send as a@example.com",
        ),
        (
            of("AWS", "", "", keys=FROM | {"aws:PrincipalAccount": "222222222222"}),
            "arn:aws:iam::222222222222:user/x",
            "222222222222",
            "anybody, as account 222222222222, may now send as a@example.com",
        ),
        (
            of("AWS", "", "222222222222", keys=FROM | {"aws:username": "Jane"}),
            "arn:aws:iam::222222222222:user/Jane",
            "222222222222",
            "account 222222222222 may now send as a@example.com",
        ),
        (
            of("AWS", "", "222222222222", sort="role", keys=FROM | {"aws:userid": "AROAX:me"}),
            "arn:aws:sts::222222222222:assumed-role/x/me",
            "222222222222",
            "account 222222222222 may now send as a@example.com",
        ),
        (
            of("AWS", "", "222222222222", sort="root"),
            "arn:aws:iam::222222222222:root",
            "222222222222",
            "account 222222222222 may now send as a@example.com",
        ),
        (
            of("AWS", "", "222222222222", sort="federated-user"),
            "arn:aws:sts::222222222222:federated-user/x",
            "222222222222",
            "account 222222222222 may now send as a@example.com",
        ),
        (
            of("AWS", "", "222222222222", but=frozenset(f"arn:aws:iam::222222222222:user/x{each}" for each in ("", 1))),
            "arn:aws:iam::222222222222:user/x2",
            "222222222222",
            "account 222222222222 may now send as a@example.com",
        ),
        (
            # The owner's account cannot be a stranger's.
            of("AWS", "", "", but=frozenset({"999999999999", "000000000000"}), identity="example.com"),
            "arn:aws:iam::222222222222:user/x",
            "222222222222",
            "anybody, as account 222222222222, may now send as a@example.com",
        ),
        (
            of("AWS", "", "", but=frozenset(str(each) * 12 for each in range(10) if each not in (1, 8))),
            "arn:aws:iam::888888888888:user/x",
            "888888888888",
            "anybody, as account 888888888888, may now send as a@example.com",
        ),
        (
            of("AWS", "arn:aws:iam::222222222222:root"),
            "arn:aws:iam::222222222222:root",
            "222222222222",
            "account 222222222222 may now send as a@example.com",
        ),
        (
            of("AWS", SESSION, "222222222222"),
            SESSION,
            "222222222222",
            "assumed-role Sender/y of account 222222222222 may now send as a@example.com",
        ),
        (
            of("Federated", "accounts.google.com"),
            "accounts.google.com",
            "999999999999",
            "Federated accounts.google.com may now send as a@example.com",
        ),
        (
            of("Federated", "accounts.google.com", keys=FROM | {"aws:PrincipalAccount": "222222222222"}),
            "accounts.google.com",
            "222222222222",
            "Federated accounts.google.com may now send as a@example.com",
        ),
        (
            of("Federated", "arn:aws:iam::222222222222:oidc-provider/x:role/y"),
            "arn:aws:iam::222222222222:oidc-provider/x:role/y",
            "222222222222",
            "Federated arn:aws:iam::222222222222:oidc-provider/x:role/y may now send as a@example.com",
        ),
        (
            of("Federated", ROLE, keys=FROM),
            ROLE,
            "222222222222",
            f"Federated {ROLE} may now send as a@example.com",
        ),
        (of("CanonicalUser", "79a59d"), "79a59d", "", "CanonicalUser 79a59d may now send as a@example.com"),
        (of("AWS", "AROAX"), "AROAX", "", "principal AROAX may now send as a@example.com"),
        (
            of("AWS", "${Role#Mail/}:role/x", keys=FROM),
            "${Role}:role/x",
            "",
            "principal ${Role}:role/x may now send as a@example.com",
        ),
        (
            of("AWS", "", "${Partner#Mail/}"),
            "arn:aws:iam::${Partner}:user/x",
            "${Partner}",
            "principal ${Partner} may now send as a@example.com",
        ),
    ],
)
def test_who_calls(made: Made, name: str, account: str, sentence: str) -> None:
    assert (made().name, made().account, request_sentence(made(), is_new=True)) == (name, account, sentence)


@pytest.mark.parametrize(
    ("made", "asked"),
    [
        (of("AWS", JANE, "222222222222", "aws:userid"), {"aws:userid": "AIDAEXAMPLE"}),
        (of("AWS", JANE, "222222222222", "aws:username"), {"aws:username": "Jane"}),
        (of("AWS", ROLE, "222222222222", "aws:username"), {}),
        (of("AWS", ROLE, "222222222222", "aws:userid"), {"aws:userid": "AROAEXAMPLE:x"}),
        (of("AWS", SESSION, "222222222222", "aws:userid"), {"aws:userid": "AROAEXAMPLE:y"}),
        (
            of("AWS", SESSION, "222222222222", "AWS:PrincipalArn"),
            {"AWS:PrincipalArn": "arn:aws:iam::222222222222:role/Sender"},
        ),
        (of("AWS", ROLE, "222222222222", "aws:PrincipalType"), {"aws:PrincipalType": "AssumedRole"}),
        (of("AWS", JANE, "222222222222", "aws:PrincipalAccount"), {"aws:PrincipalAccount": "222222222222"}),
        (
            of("Service", "s3.amazonaws.com", "", "aws:PrincipalServiceName"),
            {"aws:PrincipalServiceName": "s3.amazonaws.com"},
        ),
        (of("Service", "s3.amazonaws.com", "", "aws:PrincipalAccount"), {}),
        (of("Federated", "x", "", "aws:PrincipalAccount"), {"aws:PrincipalAccount": "999999999999"}),
        (of("CanonicalUser", "x", "", "aws:PrincipalAccount"), {}),
        *(
            (of(*who, key, **more), {key: value})
            for who, more, values in (
                (
                    ("AWS", JANE, "222222222222"),
                    {},
                    (JANE, "222222222222", "AIDAEXAMPLE", "User", "false"),
                ),
                (
                    ("AWS", ROLE, "222222222222"),
                    {},
                    (ROLE, "222222222222", "AROAEXAMPLE:x", "AssumedRole", "false"),
                ),
                (
                    ("AWS", SESSION, "222222222222"),
                    {},
                    (
                        "arn:aws:iam::222222222222:role/Sender",
                        "222222222222",
                        "AROAEXAMPLE:y",
                        "AssumedRole",
                        "false",
                    ),
                ),
                (
                    ("AWS", "", "222222222222"),
                    {"sort": "root"},
                    ("arn:aws:iam::222222222222:root", "222222222222", "222222222222", "Account", "false"),
                ),
                (
                    ("AWS", "", "222222222222"),
                    {"sort": "federated-user"},
                    (
                        "arn:aws:sts::222222222222:federated-user/x",
                        "222222222222",
                        "222222222222:x",
                        "FederatedUser",
                        "false",
                    ),
                ),
                (
                    ("Federated", "x", "222222222222"),
                    {},
                    (
                        "arn:aws:iam::222222222222:role/x",
                        "222222222222",
                        "AROAEXAMPLE:x",
                        "AssumedRole",
                        "false",
                    ),
                ),
            )
            for key, value in zip(
                (
                    *("aws:PrincipalArn", "aws:PrincipalAccount", "aws:userid", "aws:PrincipalType"),
                    "aws:PrincipalIsAWSService",
                ),
                values,
                strict=True,
            )
        ),
        (of("Service", "x", "", "aws:PrincipalIsAWSService"), {"aws:PrincipalIsAWSService": "true"}),
        # An id that is not a name does not tell the account.
        (of("AWS", "AROAX", "", "aws:PrincipalAccount"), {"aws:PrincipalAccount": "999999999999"}),
        *(
            (of(kind, name, "222222222222", "aws:username", sort=sort), {})
            for kind, name, sort in (
                ("AWS", "", "root"),
                ("AWS", "", "federated-user"),
                ("AWS", SESSION, ""),
                ("Federated", "x", ""),
                ("AWS", "arn:aws:iam::222222222222:root", ""),
            )
        ),
    ],
)
def test_the_keys_that_tell_who_calls(made: Made, asked: dict[str, str]) -> None:
    assert made().keys == {**asked, **FROM}
    assert " with " not in request_sentence(made(), is_new=True)


def test_json() -> None:
    keys = {"ses:Recipients": ("a@b.c",), **FROM}
    assert of("AWS", JANE, "222222222222", keys=keys)().as_json() == {
        "caller": {"kind": "AWS", "name": JANE, "account": "222222222222", "own_iam": True},
        "action": "ses:SendEmail",
        "identity": "example.com",
        "keys": {"ses:FromAddress": "a@example.com", "ses:Recipients": ["a@b.c"]},
    }
    assert list(of("AWS", JANE, keys=keys)().as_json()["keys"]) == ["ses:FromAddress", "ses:Recipients"]
    assert not of("AWS", JANE, "222222222222", is_owner=True)().own_iam


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("aws:EpochTime", "2030-01-01T00:00:00Z", "1893456000"),
        ("aws:EpochTime", "60", "60"),
        ("aws:CurrentTime", "1893456000", "2030-01-01T00:00Z"),
        ("aws:CurrentTime", "2030-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
        ("aws:SourceIp", "60", "60"),
        ("AWS:EPOCHTIME", "2030-01-01T00:00:00Z", "1893456000"),
        ("AWS:CURRENTTIME", "1893456000", "2030-01-01T00:00Z"),
        ("aws:EpochTime", "never", "never"),
        ("aws:SourceIp", "2030-01-01T00:00:00Z", "2030-01-01T00:00:00Z"),
    ],
)
def test_the_form_of_a_value(key: str, value: str, expected: str) -> None:
    assert in_form(key, value) == expected
