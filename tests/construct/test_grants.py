"""Grants: each of AWS's examples in at most three calls, and what grants refuse."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from ses_sending_policy import DeclarationError, SendingPolicy
from ses_sending_policy.rules.document import Document, LivePolicy
from ses_sending_policy.rules.equivalence import differences
from tests.construct.mail import ARN, policy, said, statement

SEND = ["ses:SendEmail", "ses:SendRawEmail"]
POOL = "arn:aws:cognito-idp:us-east-1:888888888888:userpool/us-east-1_x"


def user(account: str, name: str) -> iam.ArnPrincipal:
    return iam.ArnPrincipal(f"arn:aws:iam::{account}:user/{name}")


def aws_document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": SEND, "Resource": ARN} | each for each in statements],
    }


# https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policy-examples.html, with our identity in each.
EXAMPLES: dict[str, tuple[Callable[[SendingPolicy], Any], dict[str, Any]]] = {
    "an account, from one pattern of addresses": (
        lambda mail: mail.allow_account("123456789012", from_addresses=["marketing+.*@example.com"]),
        aws_document(
            {
                "Principal": {"AWS": ["123456789012"]},
                "Condition": {"StringLike": {"ses:FromAddress": "marketing+.*@example.com"}},
            }
        ),
    ),
    "two users": (
        lambda mail: [
            mail.allow_principal(user("111122223333", "John")),
            mail.allow_principal(user("444455556666", "Jane")),
        ],
        aws_document(
            {"Principal": {"AWS": "arn:aws:iam::111122223333:user/John"}},
            {"Principal": {"AWS": "arn:aws:iam::444455556666:user/Jane"}},
        ),
    ),
    "a service": (
        lambda mail: mail.allow_service("cognito-idp.amazonaws.com", source_arn=POOL, source_account="888888888888"),
        aws_document(
            {
                "Principal": {"Service": ["cognito-idp.amazonaws.com"]},
                "Condition": {"StringEquals": {"aws:SourceAccount": "888888888888", "aws:SourceArn": POOL}},
            }
        ),
    ),
    "an organization": (
        lambda mail: mail.allow_organization("o-xxxxxxxxxx"),
        aws_document({"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-xxxxxxxxxx"}}}),
    ),
    "one From address": (
        lambda mail: mail.allow_account("123456789012", from_addresses=["sender@example.com"]),
        aws_document(
            {
                "Principal": {"AWS": ["123456789012"]},
                "Condition": {"StringEquals": {"ses:FromAddress": "sender@example.com"}},
            }
        ),
    ),
    "a time window": (
        lambda mail: mail.allow_account(
            "123456789012",
            not_before=datetime(2018, 8, 31, 12, 0, tzinfo=UTC),
            not_after=datetime(2018, 10, 1, 12, 0, tzinfo=UTC),
        ),
        aws_document(
            {
                "Principal": {"AWS": ["123456789012"]},
                "Condition": {
                    "DateGreaterThan": {"aws:CurrentTime": "2018-08-31T12:00Z"},
                    "DateLessThan": {"aws:CurrentTime": "2018-10-01T12:00Z"},
                },
            }
        ),
    ),
    "one action": (
        lambda mail: mail.allow_account("123456789012", actions=["ses:SendRawEmail"]),
        aws_document({"Principal": {"AWS": ["123456789012"]}, "Action": ["ses:SendRawEmail"]}),
    ),
    "a display name": (
        lambda mail: mail.allow_account("123456789012", from_display_names=["*Marketing*"]),
        aws_document(
            {
                "Principal": {"AWS": ["123456789012"]},
                # AWS's text says "includes", but its pattern has no wildcard, and so means exactly that name.
                "Condition": {"StringLike": {"ses:FromDisplayName": "*Marketing*"}},
            }
        ),
    ),
    "two accounts here, a user there": (
        lambda mail: [
            *(
                mail.allow_account(each, from_addresses=["*@example.com"], feedback_addresses=["*@example.com"])
                for each in ("111111111111", "222222222222")
            ),
            mail.allow_principal(user("333333333333", "Bob"), recipients=["*@example.com"]),
        ],
        aws_document(
            *(
                {
                    "Principal": {"AWS": each},
                    "Condition": {
                        "StringLike": {"ses:FromAddress": "*@example.com", "ses:FeedbackAddress": "*@example.com"}
                    },
                }
                for each in ("111111111111", "222222222222")
            ),
            {
                "Principal": {"AWS": "arn:aws:iam::333333333333:user/Bob"},
                "Condition": {"ForAllValues:StringLike": {"ses:Recipients": ["*@example.com"]}},
            },
        ),
    ),
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_awss_examples(stack: cdk.Stack, name: str) -> None:
    grant, document = EXAMPLES[name]
    grant(SendingPolicy(stack, "Partner", identity="example.com"))
    assert differences(LivePolicy(json.dumps(document)), Document(policy(stack)), "aws") == []


def test_a_grant_is_read_by_people_too(stack: cdk.Stack) -> None:
    mail = SendingPolicy(stack, "Partner", identity="example.com", statements=[statement("444444444444")])
    mail.allow_account("222222222222", from_addresses=["a@example.com", "*@news.example.com"])
    mail.allow_account("222222222222", recipients=["b@example.com"])
    mail.deny(iam.AnyPrincipal(), from_addresses=["ceo@example.com"])
    assert [each.get("Sid") for each in policy(stack)["Statement"]] == [
        None,
        "AllowAccount222222222222",
        "AllowAccount2222222222222",
        "DenyPrincipal",
    ]
    granted = policy(stack)["Statement"]
    assert granted[1]["Condition"] == {"StringLike": {"ses:FromAddress": ["*@news.example.com", "a@example.com"]}}
    assert granted[2]["Condition"] == {"ForAllValues:StringEquals": {"ses:Recipients": "b@example.com"}}
    assert (granted[3]["Effect"], granted[3]["Principal"]) == ("Deny", {"AWS": "*"})


def test_a_deny_leaves_no_way_to_send_the_same_mail(stack: cdk.Stack) -> None:
    """Another call, or one more recipient, would get around it."""
    SendingPolicy(stack, "Guard", identity="example.com").deny(iam.AnyPrincipal(), recipients=["*@rival.example"])
    [denied] = policy(stack)["Statement"]
    assert denied["Action"] == [
        "ses:SendBulkTemplatedEmail",
        "ses:SendEmail",
        "ses:SendRawEmail",
        "ses:SendTemplatedEmail",
    ]
    assert denied["Condition"] == {"ForAnyValue:StringLike": {"ses:Recipients": "*@rival.example"}}


def test_a_deny_can_be_of_some_actions(stack: cdk.Stack) -> None:
    SendingPolicy(stack, "Guard", identity="example.com").deny(iam.AnyPrincipal(), actions=["ses:SendRawEmail"])
    [denied] = policy(stack)["Statement"]
    assert denied["Action"] == "ses:SendRawEmail"


def test_each_statement_has_an_id_of_its_own(stack: cdk.Stack) -> None:
    """The number added to a second id may be the end of another role's name."""
    mail = SendingPolicy(stack, "Partner", identity="example.com")
    for name in ("Sender", "Sender", "Sender2", "Sender", "Sender2"):
        given = stack.node.try_find_child(name) or iam.Role(stack, name, assumed_by=iam.AccountRootPrincipal())
        mail.allow_principal(cast("iam.Role", given))
    assert sorted(each["Sid"] for each in policy(stack)["Statement"]) == [
        "AllowSender",
        "AllowSender2",
        "AllowSender22",
        "AllowSender23",
        "AllowSender3",
    ]


def test_a_grant_can_be_waited_for(stack: cdk.Stack) -> None:
    mail = SendingPolicy(stack, "Partner", identity="example.com")
    role = iam.Role(stack, "Sender", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    granted = mail.allow_principal(role)
    assert (granted.statement_added, granted.policy_dependable) == (True, mail)
    [allowed] = policy(stack)["Statement"]
    assert allowed["Sid"] == "AllowSender"
    assert allowed["Principal"]["AWS"] == {"Fn::GetAtt": [stack.get_logical_id(role.node.default_child), "Arn"]}  # type: ignore[arg-type]  # a Role's default child is an element


def test_a_service_with_a_pattern(stack: cdk.Stack) -> None:
    mail = SendingPolicy(stack, "Mail", identity="example.com")
    mail.allow_service("cognito-idp.amazonaws.com", source_arn=POOL[:-1] + "*")
    [allowed] = policy(stack)["Statement"]
    assert allowed["Condition"] == {"ArnLike": {"aws:SourceArn": POOL[:-1] + "*"}}


def test_the_conditions_of_a_principal_hold_too(stack: cdk.Stack) -> None:
    principal = iam.PrincipalWithConditions(iam.AccountPrincipal("222222222222"), conditions={"Bool": {"k": "true"}})
    SendingPolicy(stack, "Mail", identity="example.com").allow_principal(principal, recipients=["*@example.com"])
    [allowed] = policy(stack)["Statement"]
    assert allowed["Condition"] == {
        "Bool": {"k": "true"},
        "ForAllValues:StringLike": {"ses:Recipients": "*@example.com"},
    }


@pytest.mark.parametrize("grant", [SendingPolicy.allow_principal, SendingPolicy.deny])
def test_no_narrowing_takes_the_place_of_a_principals_condition(stack: cdk.Stack, grant: Callable[..., Any]) -> None:
    """The CDK keeps only one value of a key under an operator, and would have kept the wider one."""
    bound = {"StringLike": {"ses:FromAddress": "news-*@example.com"}}
    principal = iam.PrincipalWithConditions(iam.AccountPrincipal("222222222222"), conditions=bound)
    mail = SendingPolicy(stack, "Mail", identity="example.com")
    with pytest.raises(DeclarationError) as refusal:
        grant(mail, principal, from_addresses=["*@example.com"])
    assert said(refusal.value) == (
        "ses:FromAddress is compared by StringLike twice, in a condition of the principal and in the "
        "narrowing of the grant: leave one out"
    )
    grant(mail, principal, from_addresses=["news-a@example.com"])
    [granted] = policy(stack)["Statement"]
    assert granted["Condition"] == bound | {"StringEquals": {"ses:FromAddress": "news-a@example.com"}}


def test_a_principals_condition_that_only_the_deploy_knows_stays_alone(stack: cdk.Stack) -> None:
    """The CDK would mix what is known of the token into the other keys."""
    secret = cdk.CfnJson(stack, "Keys", value={"aws:PrincipalTag/team": "news"})
    principal = iam.PrincipalWithConditions(iam.AccountPrincipal("222222222222"), conditions={"StringLike": secret})
    mail = SendingPolicy(stack, "Mail", identity="example.com")
    with pytest.raises(DeclarationError) as refusal:
        mail.allow_principal(principal, from_addresses=["*@example.com"])
    assert said(refusal.value) == (
        "StringLike of the principal's conditions is a token, and the CDK would mix the narrowing of the grant into "
        "it: write the whole statement, and add it by add_statements"
    )
    mail.allow_principal(principal, from_addresses=["a@example.com"])
    [granted] = policy(stack)["Statement"]
    assert granted["Condition"].keys() == {"StringLike", "StringEquals"}


BAD: list[tuple[Callable[[SendingPolicy], Any], str]] = [
    (lambda mail: mail.allow_account("2222"), "account '2222' is not an account's id: give its 12 digits"),
    (
        lambda mail: mail.allow_organization("my org"),
        "organization 'my org' is not an organization's id: it looks like o-a1b2c3d4e5",
    ),
    (
        lambda mail: mail.allow_service("cognito-idp.amazonaws.com"),
        "a service needs source_arn or source_account: without one it may send for any of its customers",
    ),
    (
        lambda mail: mail.allow_account("222222222222", from_addresses="a@example.com"),
        "from_addresses is 'a@example.com': give a list, as ['a@example.com']",
    ),
    (
        lambda mail: mail.allow_account("222222222222", recipients=[]),
        "recipients is []: give a list with at least one value, or leave it out",
    ),
    (
        lambda mail: mail.allow_account("222222222222", not_after=datetime(2027, 1, 1)),  # noqa: DTZ001 - what is refused
        "not_after is 2027-01-01T00:00:00 without a time zone: give one, as datetime.UTC",
    ),
]


@pytest.mark.parametrize(("grant", "sentence"), BAD)
def test_what_says_nothing_is_refused(stack: cdk.Stack, grant: Callable[[SendingPolicy], Any], sentence: str) -> None:
    with pytest.raises(DeclarationError) as refusal:
        grant(SendingPolicy(stack, "Mail", identity="example.com"))
    assert said(refusal.value) == sentence


def test_an_account_may_be_a_token(stack: cdk.Stack) -> None:
    SendingPolicy(stack, "Mail", identity="example.com").allow_account(
        cdk.Fn.import_value("Partner"), from_addresses=[cdk.Fn.import_value("From")]
    )
    [allowed] = policy(stack)["Statement"]
    assert allowed["Condition"] == {"StringLike": {"ses:FromAddress": {"Fn::ImportValue": "From"}}}
    assert allowed["Sid"] == "AllowAccount"
