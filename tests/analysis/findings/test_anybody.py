"""Whom one document lets in or locks out, as far as the deploy can tell from that document alone."""

from typing import Any

import pytest

from ses_sending_policy.analysis.findings.anybody import is_anybody
from ses_sending_policy.analysis.findings.at_deploy import refusals
from tests.analysis.findings.declare import ARN, statement

ROOT = "arn:aws:iam::111111111111:root"
ROLES = "arn:aws:iam::{}:role/x"
OUTSIDE = {"StringNotEquals": {"aws:PrincipalOrgID": "o-a1"}}


def refused(*statements: Any) -> list[str]:
    """Return the ids and messages of the refusals that depend on who is named."""
    found = refusals({"Version": "2012-10-17", "Statement": list(statements)}, "example.com", [], [])
    return [f"{each.rule} {each.message}" for each in found if each.rule in ("SES001", "SES010")]


def everybody(**elements: Any) -> Any:
    return statement(**{"Principal": "*"} | elements)


def under(operator: str, key: str, *values: str) -> Any:
    return everybody(Condition={operator: {key: list(values)}})


def told(principal: str = "*") -> str:
    return f"SES001 principal {principal!r} lets every AWS account send as 'example.com'"


@pytest.mark.parametrize(
    "statements",
    [
        [everybody()],
        [everybody(Principal={"AWS": "*"})],
        [everybody(Principal={"*": "*"})],
        [statement(), everybody()],
        [under("StringLike", "ses:FromAddress", "a@example.com")],
        [under("IpAddress", "aws:SourceIp", "192.0.2.0/24")],
        [under("StringEqualsIfExists", "aws:PrincipalOrgID", "o-a1")],
        [under("ForAllValues:StringEquals", "aws:PrincipalOrgPaths", "o-a1/*")],
        [under("StringLike", "aws:PrincipalOrgID", "*")],
        [under("StringLike", "aws:PrincipalAccount", "222222222222", "?*")],
        [under("ArnLike", "aws:PrincipalArn", ROLES.format("*"))],
        [under("ArnLike", "aws:PrincipalArn", ROLES.format("????????????"))],
        # The two conditions are on different keys.
        [
            everybody(
                Condition={
                    "StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1"},
                    "StringLike": {"aws:PrincipalAccount": "*"},
                }
            )
        ],
        # A caller without an organization passes both conditions.
        [
            everybody(
                Condition={
                    "Null": {"aws:PrincipalOrgID": "true"},
                    "StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1"},
                }
            )
        ],
        # A Deny that does not depend on the caller keeps no stranger out.
        [everybody(), everybody(Effect="Deny", Condition={"StringLike": {"ses:FromAddress": "a@*"}})],
    ],
    ids=str,
)
def test_everybody_is_let_in(statements: list[Any]) -> None:
    assert refused(*statements) == [told()]


@pytest.mark.parametrize(
    "statements",
    [
        [statement()],
        [everybody(Effect="Deny", Action="ses:SendEmail")],
        [everybody(Principal={"Service": "*"})],
        [under("StringEquals", "aws:PrincipalOrgID", "o-a1")],
        [under("StringEquals", "AWS:PRINCIPALORGID", "o-a1")],
        [under("StringEquals", "aws:PrincipalAccount", "222222222222")],
        [under("ArnLike", "aws:PrincipalArn", ROLES.format("222222222222"))],
        # A bucket's ARN has no account, but its name belongs to one account.
        [under("ArnLike", "aws:SourceArn", "arn:aws:s3:::bucket")],
        [everybody(), everybody(Effect="Deny", Action="ses:SendEmail")],
        [everybody(), everybody(Effect="Deny", Action="ses:SendEmail", Condition=OUTSIDE)],
        [
            everybody(
                Condition={
                    "StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1"},
                    "StringLike": {"aws:PrincipalOrgID": "*"},
                }
            )
        ],
    ],
    ids=str,
)
def test_not_everybody_is_let_in(statements: list[Any]) -> None:
    assert refused(*statements) == []


def test_each_of_two_that_are_everybody() -> None:
    anybody = "arn:aws:iam::*:root"
    found = refused(everybody(Principal={"AWS": ["*", "222222222222", anybody]}), everybody())
    assert found == [told(), told(anybody), told()]


@pytest.mark.parametrize(
    ("principal", "is_so"),
    [
        ("*", True),
        ("arn:aws:iam::*:root", True),
        ("arn:aws:sts::????????????:assumed-role/x/y", True),
        ("arn:aws:iam::1*:root", False),
        ("arn:aws:iam:::root", False),
        ("arn:aws:s3::*:x", False),
        ("222222222222", False),
        ("?*", False),
    ],
)
def test_who_is_anybody(principal: str, *, is_so: bool) -> None:
    assert is_anybody(principal) is is_so


LOCKED = ["SES010 nobody can call ses:UpdateEmailIdentityPolicy on 'example.com' any more"]


def denial(**elements: Any) -> Any:
    return statement(**{"Effect": "Deny", "Principal": "*", "Action": "ses:*"} | elements)


@pytest.mark.parametrize(
    "denied",
    [
        denial(),
        denial(Action=["ses:SendEmail", "ses:updateemailidentitypolicy"]),
        denial(Action="ses:Update*"),
        denial(Principal={"AWS": "*"}),
        denial(Principal={"*": "*"}),
        denial(Principal={"AWS": "111111111111"}),
        denial(Principal={"AWS": ROOT}),
        denial(Principal={"AWS": ["222222222222", ROOT]}),
        denial(Resource=["*", ARN]),
        denial(Condition={}),
    ],
    ids=str,
)
def test_who_deploys_is_kept_out(denied: Any) -> None:
    assert refused(denied) == LOCKED
    assert refused(denial(Action="ses:SendEmail"), denied) == LOCKED


@pytest.mark.parametrize(
    "denied",
    [
        denial(Effect="Allow", Principal={"AWS": "111111111111"}),
        denial(Action="ses:SendEmail"),
        denial(Action="ses:Send*"),
        denial(Condition=OUTSIDE),
        denial(Principal={"AWS": "222222222222"}),
        denial(Principal={"AWS": "arn:aws:iam::222222222222:root"}),
        denial(Principal={"AWS": "arn:aws:iam::111111111111:user/x"}),
        denial(Principal={"Service": "111111111111"}),
        denial(Principal={"AWS": "111111111111"}, Resource="*"),
    ],
    ids=str,
)
def test_who_deploys_is_not_kept_out(denied: Any) -> None:
    assert refused(denied) == []


def test_the_operation_that_is_denied_is_told() -> None:
    [found] = refused(denial(Action="ses:DeleteEmailIdentityPolicy"))
    assert found == "SES010 nobody can call ses:DeleteEmailIdentityPolicy on 'example.com' any more"
