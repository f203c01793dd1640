"""The sentences that a reviewer reads about a policy."""

from typing import Any

import pytest

from ses_sending_policy.analysis.grants.grant import grants_of
from ses_sending_policy.analysis.grants.sentence import sentence
from tests.analysis.findings.declare import resource, statement, template, unknown
from tests.analysis.findings.examples import ADDRESS_ARN, SENDING

JANE = "arn:aws:iam::222222222222:user/team/Jane"
ACCOUNT = {"AWS": "222222222222"}
USER_POOL = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_xxxxxxxxx"
BOTH = ["ses:SendEmail", "ses:SendRawEmail"]
ALL = [*BOTH, "ses:SendTemplatedEmail", "ses:SendBulkTemplatedEmail"]


def sentences(*statements: Any, **properties: Any) -> list[str]:
    """Return the sentences about a policy of these statements."""
    (policy,) = template(P=resource(*statements, **properties))
    return [sentence(grant) for grant in grants_of(policy.document, policy.identity_text)]


def said(**elements: Any) -> str:
    """Return the sentence about a policy of one statement with one principal."""
    (found,) = sentences(statement(**({"Action": BOTH} | elements)))
    return found


def test_aws_s_examples() -> None:
    read = {name: sentences(Policy=document) for name, document in SENDING.items()}
    john = "user John of account 111122223333 may send"
    anywhere, on = "as any address of example.com", f"on resource {ADDRESS_ARN}"
    assert read == {
        "an account, from some addresses": ["account 123456789012 may send as marketing+.*@example.com"],
        "two users": [f"{john} {anywhere}", f"user Jane of account 444455556666 may send {anywhere}"],
        "a Cognito user pool": [
            f"service cognito-idp.amazonaws.com may send {anywhere}, for account 123456789012, for {USER_POOL}"
        ],
        "an organization": [f"everybody of organization o-xxxxxxxxxx may send {anywhere}"],
        "one From address": [f"{john} as sender@example.com"],
        "a window of time": [f"{john} {anywhere}, after 2021-08-31T12:00Z, before 2021-10-31T12:00Z"],
        "one action": [f"{john} with ses:SendRawEmail {anywhere}"],
        "a display name": [f"{john} {anywhere}, with the display name Marketing"],
        # The example is about an address; here it stands on the domain.
        "two statements": [
            f"account 111111111111 may send as *@example.com, with bounces to *@example.com, {on}",
            f"account 222222222222 may send as *@example.com, with bounces to *@example.com, {on}",
            f"user Internal of account 333333333333 may send {anywhere}, only to *@example.com, {on}",
        ],
    }


@pytest.mark.parametrize(
    ("principal", "who"),
    [
        ({"AWS": "222222222222"}, "account 222222222222"),
        ({"AWS": "arn:aws:iam::222222222222:root"}, "account 222222222222"),
        ({"AWS": "arn:aws-us-gov:iam::222222222222:root"}, "account 222222222222 in aws-us-gov"),
        ({"AWS": JANE}, "user team/Jane of account 222222222222"),
        ({"AWS": "arn:aws:sts::222222222222:assumed-role/R/S"}, "assumed-role R/S of account 222222222222"),
        ({"AWS": "arn:aws:iam::222222222222:user/"}, "principal arn:aws:iam::222222222222:user/"),
        ({"AWS": "arn:aws:sts::222222222222:assumed-role/"}, "principal arn:aws:sts::222222222222:assumed-role/"),
        ({"AWS": "AROAEXAMPLEID"}, "principal AROAEXAMPLEID"),
        ({"AWS": {"Fn::GetAtt": ["Sender", "Arn"]}}, "principal ${Sender.Arn}"),
        ({"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${Other}:root"}}, "account ${Other}"),
        ({"AWS": {"Fn::Transform": ["A"]}}, "principal \"${Fn::Transform 'A'}\""),
        ({"Ref": "Who"}, "whoever ${Who} is"),
        ([], "somebody whom only the deploy knows"),
        ({"Service": "ses.amazonaws.com"}, "service ses.amazonaws.com"),
        ({"Service": "222222222222"}, "service 222222222222"),
        ({"Service": "*"}, "service *"),
        ({"CanonicalUser": "79a59df900b949e5"}, "CanonicalUser 79a59df900b949e5"),
        ({"*": "*"}, "everybody"),
        ("*", "everybody"),
        ({"AWS": "*"}, "everybody"),
    ],
)
def test_who(principal: Any, who: str) -> None:
    assert said(Principal=principal) == f"{who} may send as any address of example.com"


@pytest.mark.parametrize(
    ("principal", "who"),
    [
        ("arn:aws:iam::222222222222:role/a b", 'principal "arn:aws:iam::222222222222:role/a b"'),
        ("arn:aws:iam::2 in x:role/a", 'principal "arn:aws:iam::2 in x:role/a"'),
        ("arn:aws:iam::222222222222:group/a", "principal arn:aws:iam::222222222222:group/a"),
    ],
    ids=str,
)
def test_who_is_called_as_he_is_written(principal: Any, who: str) -> None:
    assert said(Principal={"AWS": principal}) == f"{who} may send as any address of example.com"


def test_the_own_account_of_a_stack_that_may_be_deployed_anywhere() -> None:
    [policy] = unknown(statement(Principal={"AWS": {"Ref": "AWS::AccountId"}}, Action=BOTH))
    [grant] = grants_of(policy.document, "example.com")
    assert sentence(grant) == "account ${AWS::AccountId} may send as any address of example.com"


def test_the_partition_of_a_stack_that_may_be_deployed_anywhere_is_not_told() -> None:
    root = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::222222222222:root"}}
    [policy] = unknown(statement(Principal=root, Action=BOTH))
    [grant] = grants_of(policy.document, "example.com")
    assert grant.principal == "arn:${AWS::Partition}:iam::222222222222:root"
    assert sentence(grant) == "account 222222222222 may send as any address of example.com"


@pytest.mark.parametrize(
    ("elements", "read"),
    [
        ({"Effect": "Deny", "Principal": ACCOUNT, "Action": ALL}, "account 222222222222 may not send"),
        ({"Effect": "Deny", "Principal": "*", "Action": ALL[::-1]}, "nobody may send"),
        # Other actions that send remain allowed.
        ({"Effect": "Deny", "Principal": "*"}, "nobody may send with ses:SendEmail and ses:SendRawEmail"),
        (
            {"Principal": ACCOUNT, "Action": ALL},
            f"account 222222222222 may send with {' and '.join(sorted(ALL))}",
        ),
        ({"Effect": {"Ref": "Effect"}, "Principal": ACCOUNT}, "account 222222222222 may or may not send"),
        ({"Principal": None, "NotPrincipal": ACCOUNT}, "everybody but account 222222222222 may send"),
        (
            {"Effect": "Deny", "Principal": None, "NotPrincipal": ACCOUNT, "Action": ALL},
            "everybody but account 222222222222 may not send",
        ),
        ({"Principal": ACCOUNT, "Action": "SES:sendemail"}, "account 222222222222 may send with ses:SendEmail"),
        ({"Principal": ACCOUNT, "Action": ["ses:Send*", "ses:Send**"]}, "account 222222222222 may call ses:Send*"),
        (
            {"Principal": ACCOUNT, "Action": ["ses:SendEmail", "ses:DeleteEmailIdentity"]},
            "account 222222222222 may call ses:DeleteEmailIdentity and ses:SendEmail",
        ),
        (
            {"Principal": ACCOUNT, "Action": None, "NotAction": "ses:SendEmail"},
            "account 222222222222 may call everything but ses:SendEmail",
        ),
        (
            {"Principal": ACCOUNT, "Action": None, "NotAction": ["ses:SendRawEmail", "ses:SendEmail"]},
            "account 222222222222 may call everything but ses:SendEmail and ses:SendRawEmail",
        ),
    ],
)
def test_what(elements: dict[str, Any], read: str) -> None:
    assert said(**elements) == f"{read} as any address of example.com"


@pytest.mark.parametrize(
    ("condition", "read"),
    [
        ({"StringLike": {"ses:FromAddress": ["b@example.com", "a@example.com"]}}, "as a@example.com or b@example.com"),
        (
            {"StringEquals": {"ses:FromAddress": "*@example.com"}},
            "as any address of example.com, where ses:FromAddress StringEquals *@example.com",
        ),
        (
            {
                "StringLike": {"ses:FromAddress": "a*@example.com"},
                "StringEquals": {"ses:FromAddress": "ab@example.com"},
            },
            "as ab@example.com, and only as a*@example.com",
        ),
        (
            {"StringNotLike": {"ses:FromAddress": "*admin*"}},
            "as any address of example.com but *admin*",
        ),
        (
            {"ForAnyValue:StringLike": {"ses:Recipients": "*@example.com"}},
            "as any address of example.com, with *@example.com among the recipients",
        ),
        (
            {"StringEquals": {"ses:FromDisplayName": ["News, daily", "Support"]}},
            'as any address of example.com, with the display name "News, daily" or Support',
        ),
        (
            {"StringEquals": {"ses:FromDisplayName": ["Börse heute", ""]}},
            'as any address of example.com, with the display name "" or "Börse heute"',
        ),
        ({"StringEquals": {"ses:FromAddress": ["a@example.com", "a@example.com"]}}, "as a@example.com"),
        *(
            ({operator: {"aws:SourceArn": "arn:aws:s3:::b"}}, "as any address of example.com, for arn:aws:s3:::b")
            for operator in ("StringEquals", "StringLike", "ArnEquals", "ArnLike")
        ),
        ({"ArnEquals": {"aws:SourceArn": "arn:aws:s3:::*"}}, "as any address of example.com, for arn:aws:s3:::*"),
        (
            {"StringEquals": {"aws:SourceAccount": "222222222222"}, "StringLike": {"aws:SourceAccount": "2*"}},
            "as any address of example.com, for account 222222222222, for account 2*",
        ),
        (
            {"DateGreaterThanEquals": {"aws:CurrentTime": "2026-01-01"}},
            "as any address of example.com, from 2026-01-01T00:00Z on",
        ),
        (
            {"DateLessThanEquals": {"aws:CurrentTime": "2026-01-01"}},
            "as any address of example.com, until 2026-01-01T00:00Z",
        ),
        (
            {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::*"}, "StringLike": {"aws:SourceArn": "arn:*"}},
            "as any address of example.com, for arn:aws:s3:::*, where aws:SourceArn StringLike arn:*",
        ),
        (
            {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-a1b2"}},
            "as any address of example.com, of organization o-a1b2 or where the request has no aws:PrincipalOrgID",
        ),
        (
            {"IpAddress": {"aws:SourceIp": ["::1/8"]}, "Bool": {"aws:SecureTransport": True}},
            "as any address of example.com, from network ::1/8, over TLS",
        ),
        ({"StringEquals": {"ses:FromAddress": []}}, "as nothing"),
        (
            {"StringEquals": {"ses:FromAddress": {"Ref": "Sender"}}},
            "as exactly ${Sender}",
        ),
        ({"Ref": "When"}, "as any address of example.com, under conditions that only the deploy knows: ${When}"),
        (
            {"Bool": {"Ref": "When"}, "Null": {"Ref": "Never"}},
            "as any address of example.com, under conditions that only the deploy knows: ${Never} and ${When}",
        ),
        ("x", "as any address of example.com, under conditions that only the deploy knows"),
    ],
)
def test_under_which_conditions(condition: dict[str, Any], read: str) -> None:
    assert said(Principal=ACCOUNT, Condition=condition) == f"account 222222222222 may send {read}"


def test_an_address_has_no_others() -> None:
    own = statement(Principal=ACCOUNT, Action=BOTH, Resource=ADDRESS_ARN)
    assert sentences(own, EmailIdentity="sender@example.com") == ["account 222222222222 may send as sender@example.com"]
    imported = {"Fn::ImportValue": "Identity"}
    assert sentences(statement(Principal=ACCOUNT, Action=BOTH), EmailIdentity=imported) == [
        "account 222222222222 may send as ${Fn::ImportValue Identity}"
    ]
