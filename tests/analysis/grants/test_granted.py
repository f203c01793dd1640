"""Which grant method makes a statement, and which statements no method makes."""

from typing import Any

import pytest
from hypothesis import given, settings

from ses_sending_policy.analysis.grants.granted import Granted, granted
from ses_sending_policy.analysis.grants.principal import Principal
from ses_sending_policy.rules.equivalence import statement_parts
from ses_sending_policy.rules.identity import IdentityArn
from tests.analysis.findings.declare import ARN
from tests.rules.documents import statements

BOTH = ["ses:SendEmail", "ses:SendRawEmail"]
ALL = [*BOTH, "ses:SendTemplatedEmail", "ses:SendBulkTemplatedEmail"]
JANE = "arn:aws:iam::222222222222:user/Jane"
POOL = "arn:aws:cognito-idp:eu-west-1:222222222222:userpool/eu-west-1_AbCdEfGhI"
ANYWHERE = POOL.replace("eu-west-1:", "*:")
EMAIL_COGNITO = "email.cognito-idp.amazonaws.com"
ACCOUNT = {"AWS": "222222222222"}
AN_ACCOUNT = (Principal("AWS", "222222222222"),)
TWO_ACCOUNTS = (*AN_ACCOUNT, Principal("AWS", "333333333333"))
EVERYBODY = (Principal("AWS", "*"),)
COGNITO = (Principal("Service", EMAIL_COGNITO),)


def read(**elements: Any) -> Granted | None:
    """Return the call of a grant method that makes the statement."""
    statement = {"Sid": "any", "Effect": "Allow", "Principal": ACCOUNT, "Action": BOTH, "Resource": ARN}
    return granted(statement | elements, IdentityArn.parse(ARN))


@pytest.mark.parametrize(
    ("elements", "call"),
    [
        ({}, Granted("allow_account", AN_ACCOUNT)),
        ({"Principal": {"AWS": ["arn:aws:iam::222222222222:root"]}}, Granted("allow_account", AN_ACCOUNT)),
        ({"Action": ["SES:sendrawemail", "ses:SendEmail"], "Resource": [ARN]}, Granted("allow_account", AN_ACCOUNT)),
        ({"Principal": {"AWS": JANE}}, Granted("allow_principal", (Principal("AWS", JANE),))),
        (
            {"Principal": {"AWS": ["222222222222", "arn:aws:iam::333333333333:root", "222222222222"]}},
            Granted("allow_account", TWO_ACCOUNTS),
        ),
        (
            {"Principal": {"AWS": ["222222222222", "333333333333"]}, "Effect": "Deny", "Action": ALL},
            Granted("deny", TWO_ACCOUNTS),
        ),
        (
            {"Principal": {"AWS": ["222222222222", JANE]}},
            Granted("allow_principal", (*AN_ACCOUNT, Principal("AWS", JANE))),
        ),
        (
            {"Action": ["ses:SendEmail", "ses:SendEmail"]},
            Granted("allow_account", AN_ACCOUNT, {"actions": ["ses:SendEmail"]}),
        ),
        (
            {"Principal": {"AWS": [JANE, "222222222222", "arn:aws:iam::222222222222:root"]}},
            Granted("allow_principal", (Principal("AWS", JANE), *AN_ACCOUNT)),
        ),
        (
            {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}},
            Granted("allow_organization", EVERYBODY, organization="o-a1b2c3d4e5"),
        ),
        (
            {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": f"o-{'a' * 32}"}}},
            Granted("allow_organization", EVERYBODY, organization=f"o-{'a' * 32}"),
        ),
        (
            {
                "Principal": {"Service": EMAIL_COGNITO},
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": "222222222222"},
                    "ArnLike": {"aws:SourceArn": POOL},
                },
            },
            Granted("allow_cognito_user_pool", COGNITO, source_arn=POOL, source_account="222222222222"),
        ),
        (
            {"Principal": {"Service": EMAIL_COGNITO}, "Condition": {"StringEquals": {"aws:SourceArn": POOL}}},
            Granted("allow_service", COGNITO, source_arn=POOL),
        ),
        (
            {"Principal": {"Service": EMAIL_COGNITO}, "Condition": {"ArnLike": {"aws:SourceArn": f"{POOL}*"}}},
            Granted("allow_service", COGNITO, source_arn=f"{POOL}*"),
        ),
        (
            {
                "Principal": {"Service": EMAIL_COGNITO},
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": "222222222222"},
                    "ArnLike": {"aws:SourceArn": f"{POOL}*"},
                },
            },
            Granted("allow_service", COGNITO, source_arn=f"{POOL}*", source_account="222222222222"),
        ),
        (
            {
                "Principal": {"Service": EMAIL_COGNITO},
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": "222222222222"},
                    "ArnLike": {"aws:SourceArn": ANYWHERE},
                },
            },
            Granted("allow_service", COGNITO, source_arn=ANYWHERE, source_account="222222222222"),
        ),
        *(
            (
                {"Principal": {"Service": name}, "Condition": {"StringEquals": {"aws:SourceAccount": "222222222222"}}},
                Granted("allow_service", (Principal("Service", name),), source_account="222222222222"),
            )
            for name in ("s.amazonaws.com", f"{'s' * 40}.amazonaws.com")
        ),
        ({"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": ALL}, Granted("deny", EVERYBODY)),
        ({"Effect": "Deny", "Principal": {"AWS": "*"}}, Granted("deny", EVERYBODY, {"actions": BOTH})),
        ({"Action": ALL}, Granted("allow_account", AN_ACCOUNT, {"actions": ALL})),
        ({"Action": ALL, "Condition": {}}, Granted("allow_account", AN_ACCOUNT, {"actions": ALL})),
        ({"Action": ALL, "Condition": {"Bool": {}}}, Granted("allow_account", AN_ACCOUNT, {"actions": ALL})),
        ({"Effect": "Deny", "Principal": {"Service": EMAIL_COGNITO}, "Action": ALL}, Granted("deny", COGNITO)),
        (
            {
                "Effect": "Deny",
                "Action": ALL,
                "Condition": {"ForAnyValue:StringEquals": {"ses:Recipients": "a@b.example"}},
            },
            Granted("deny", AN_ACCOUNT, {"recipients": ["a@b.example"]}),
        ),
        (
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": ALL,
                "Condition": {"StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5"]}},
            },
            Granted("deny", EVERYBODY, organization="o-a1b2c3d4e5"),
        ),
        (
            {
                "Action": "ses:Send*",
                "Condition": {
                    "StringLike": {"ses:FromAddress": ["*@a.example", "b@a.example"]},
                    "StringEquals": {"ses:FromDisplayName": "Example", "ses:FeedbackAddress": "b@a.example"},
                    "ForAllValues:StringEquals": {"ses:Recipients": ["a@b.example"]},
                    "DateGreaterThan": {"aws:CurrentTime": "2030-01-01T00:00Z"},
                    "DateLessThan": {"aws:CurrentTime": ["2031-01-01T00:00Z"]},
                },
            },
            Granted(
                "allow_account",
                AN_ACCOUNT,
                {
                    "from_addresses": ["*@a.example", "b@a.example"],
                    "from_display_names": ["Example"],
                    "feedback_addresses": ["b@a.example"],
                    "recipients": ["a@b.example"],
                    "not_before": "2030-01-01T00:00Z",
                    "not_after": "2031-01-01T00:00Z",
                    "actions": ["ses:Send*"],
                },
            ),
        ),
    ],
)
def test_a_call(elements: dict[str, Any], call: Granted) -> None:
    assert read(**elements) == call


@pytest.mark.parametrize(
    "elements",
    [
        # The principal: not one that a grant names, or not in the form that a grant writes.
        {"Principal": "222222222222"},
        {"Principal": JANE},
        {"Principal": "*"},
        {"Principal": {"AWS": ["*", JANE]}},
        {"Principal": {"AWS": "AIDAEXAMPLE"}},
        {"Principal": {"AWS": "arn:aws:s3:::bucket"}},
        {"Principal": {"AWS": "arn:aws-us-gov:iam::222222222222:root arn"}},
        {"Principal": {"AWS": JANE, "Service": EMAIL_COGNITO}},
        {"Principal": {"CanonicalUser": "x"}},
        {"Principal": {"Service": EMAIL_COGNITO}},
        {"Principal": {"Service": "Cognito"}, "Condition": {"StringEquals": {"aws:SourceArn": POOL}}},
        {"Principal": {"AWS": [["222222222222"]]}},
        {"Principal": {"AWS": "arn:aws:iam::222222222222:"}},
        {"Principal": {"AWS": "arn:aws:s3::222222222222:user/Jane"}},
        {"Principal": {"AWS": "arn:aws:iam::22222222222:user/Jane"}},
        {"Principal": {"AWS": "arn:Aws:iam::222222222222:user/Jane"}},
        {"Principal": {"CanonicalUser": "222222222222"}},
        *(
            {"Principal": {"Service": names}, "Condition": {"StringEquals": {"aws:SourceAccount": "222222222222"}}}
            for names in (".amazonaws.com", f"{'s' * 41}.amazonaws.com", [EMAIL_COGNITO, "ses.amazonaws.com"])
        ),
        {"Principal": {"AWS": []}},
        {"Principal": {}},
        {"Principal": None},
        # The resource and action: SES has only some, and the CDK does not take every pattern.
        {"Resource": ARN.replace("example.com", "other.example")},
        {"Resource": "*"},
        {"Action": "ses:Send?mail"},
        {"Action": "ses:"},
        {"Action": [["ses:SendEmail"]]},
        {"Action": []},
        {"Action": ["sns:Publish"]},
        {"Action": ["ses:SendEmail", "ses:SendEmials"]},
        {"Action": "ses:Sned*"},
        {"NotAction": "ses:SendEmail"},
        {"Effect": "Perhaps"},
        {"Comment": "x"},
        # The conditions: those of a grant, and no others.
        {"Condition": {"StringLike": {"ses:FromAddress": "a@example.com"}}},
        {"Condition": {"StringEquals": {"ses:FromAddress": "*@example.com"}}},
        {"Condition": {"StringEquals": {"ses:FromAddress": ""}}},
        {"Condition": {"StringEquals": {"ses:FromAddress": []}}},
        {"Condition": {"StringEquals": {"ses:FromAddress": [["a@example.com"]]}}},
        {"Condition": {"StringEquals": {"ses:Recipients": "a@example.com"}}},
        {"Condition": {"ForAnyValue:StringEquals": {"ses:Recipients": "a@example.com"}}},
        {"Effect": "Deny", "Condition": {"ForAllValues:StringEquals": {"ses:Recipients": "a@example.com"}}},
        {"Condition": {"StringEquals": {"ses:FromAddress": ["b@example.com", "News <a@example.com>"]}}},
        {"Condition": {"StringEqualsIfExists": {"ses:FromAddress": "a@example.com"}}},
        {"Condition": {"DateGreaterThan": {"aws:CurrentTime": ["2030-01-01T00:00Z", "2031-01-01T00:00Z"]}}},
        {"Condition": {"DateLessThan": {"aws:CurrentTime": "31.12.2031"}}},
        {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}},
        {"Condition": {"Bool": {"aws:SecureTransport": "true"}}},
        {"Condition": {"StringLike": {"ses:FromAddress": "*@a"}, "StringEquals": {"ses:FromAddress": "a@a"}}},
        {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": ["o-a1b2c3d4e5", "o-a1b2c3d4e6"]}}},
        {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-*"}}},
        {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": f"o-{'a' * 33}"}}},
        {"Principal": {"Service": EMAIL_COGNITO}, "Condition": {"ArnLike": {"aws:SourceArn": POOL}}},
        # Only Cognito is bound to a user pool, which must be in the named account.
        *(
            {
                "Principal": {"Service": name},
                "Condition": {"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": arn}},
            }
            for name, account, arn in (
                ("ses.amazonaws.com", "222222222222", POOL),
                (EMAIL_COGNITO, "333333333333", POOL),
                (EMAIL_COGNITO, "222222222222", POOL.replace("eu-west-1:", ":")),
                (EMAIL_COGNITO, "222222222222", POOL.partition("/")[0] + "/"),
                (EMAIL_COGNITO, "222222222222", POOL.replace("cognito-idp", "cognito")),
                (EMAIL_COGNITO, "222222222222", POOL.replace("aws", "Aws")),
                (EMAIL_COGNITO, "222222222222", "no ARN"),
                (EMAIL_COGNITO, "22", POOL.replace("222222222222", "22")),
            )
        ),
    ],
    ids=repr,
)
def test_no_call(elements: dict[str, Any]) -> None:
    assert read(**elements) is None


@pytest.mark.parametrize("statement", [None, "text", [], {}])
def test_what_is_no_statement_is_no_call(statement: Any) -> None:
    assert granted(statement, IdentityArn.parse(ARN)) is None


def test_each_principal_is_written_under_its_kind() -> None:
    call = Granted("deny", (*AN_ACCOUNT, *COGNITO, Principal("AWS", JANE)))
    assert call.statement(IdentityArn.parse(ARN))["Principal"] == {
        "AWS": ["222222222222", JANE],
        "Service": [EMAIL_COGNITO],
    }


@settings(deadline=None)
@given(statements())
def test_a_call_writes_the_statement_that_it_was_read_from(statement: dict[str, Any]) -> None:
    arn = IdentityArn.parse(ARN)
    statement = statement | {"Resource": ARN, "Action": BOTH}
    call = granted(statement, arn)
    if call:
        assert statement_parts(call.statement(arn), "aws") == statement_parts(statement, "aws")
