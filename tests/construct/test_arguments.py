"""Values that YAML, JSON and the environment may give instead of a text: refused in a sentence, not a Python error."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_iam as iam

from ses_sending_policy import DeclarationError, DelegatedIdentity, SendingPolicy, SendingPolicyDriftCheck
from tests.construct.mail import ARN, policy, said, statement

ACCOUNT = "222222222222"
ROLE = iam.ArnPrincipal("arn:aws:iam::222222222222:role/Sender")
A_PRINCIPAL = "give a role, a user or a principal, as iam.ArnPrincipal makes of an ARN"

# A type checker refuses each of these, but many apps are written without one.
BAD: list[tuple[Callable[[Any], Any], str]] = [
    (lambda mail: mail.allow_account(222222222222), "account is 222222222222, which is no string: give one"),
    (lambda mail: mail.allow_account(None), "account is None, which is no string: give one"),
    (lambda mail: mail.allow_organization(None), "organization is None, which is no string: give one"),
    (lambda mail: mail.allow_service(None, source_account=ACCOUNT), "service is None, which is no string: give one"),
    (
        lambda mail: mail.allow_service("ses.amazonaws.com", source_account=222222222222),
        "source_account is 222222222222, which is no string: give one",
    ),
    (
        lambda mail: mail.allow_service("ses.amazonaws.com", source_arn=b"arn"),
        "source_arn is b'arn', which is no string: give one",
    ),
    (
        lambda mail: mail.allow_principal("arn:aws:iam::222222222222:role/Sender"),
        f"grantee is 'arn:aws:iam::222222222222:role/Sender': {A_PRINCIPAL}",
    ),
    (
        lambda mail: mail.deny("*"),
        f"grantee is '*': {A_PRINCIPAL}",
    ),
    (
        lambda mail: mail.allow_cognito_user_pool("eu-west-1_AbCdEfGhI"),
        "user_pool is 'eu-west-1_AbCdEfGhI': give a user pool, as cognito.UserPool.from_user_pool_arn makes one",
    ),
    (
        lambda mail: mail.allow_account(ACCOUNT, from_addresses=["a@example.com", None]),
        "from_addresses holds None: give strings that are not empty",
    ),
    (
        lambda mail: mail.allow_account(ACCOUNT, recipients=["", "a@example.com"]),
        "recipients holds '': give strings that are not empty",
    ),
    (
        lambda mail: DelegatedIdentity(mail.stack, "Other", identity_arn=ARN).grant_send(ROLE, actions=["SendEmail"]),
        "action 'SendEmail' is none that SES has for an identity: did you mean 'ses:SendEmail'?",
    ),
    (lambda mail: mail.allow_account(ACCOUNT, actions=[1]), "actions holds 1: give strings that are not empty"),
    (
        lambda mail: mail.allow_account(ACCOUNT, recipients=""),
        "recipients is '': give a list with at least one value, or leave it out",
    ),
    (
        lambda mail: mail.allow_account(ACCOUNT, from_display_names="Example News"),
        "from_display_names is 'Example News': give a list, as ['Example News']",
    ),
    (
        lambda mail: mail.allow_account(ACCOUNT, from_addresses=["*@example.com", "News <a@example.com>"]),
        "from_addresses holds 'News <a@example.com>': give the address alone, and the name in from_display_names",
    ),
    (
        lambda mail: mail.allow_account(ACCOUNT, from_adresses=["*@example.com"]),
        "from_adresses is no argument of a grant: did you mean from_addresses?",
    ),
    (
        lambda mail: mail.deny(iam.AnyPrincipal(), Recipients=["*@example.com"]),
        "Recipients is no argument of a grant: did you mean recipients?",
    ),
    (
        lambda mail: mail.allow_organization("o-a1b2c3d4e5", region="eu-west-1"),
        (
            "region is no argument of a grant: allowed are from_addresses, from_display_names, feedback_addresses, "
            "recipients, not_before, not_after, actions"
        ),
    ),
    (
        lambda mail: mail.allow_account(ACCOUNT, not_after=date(2031, 1, 1)),
        "not_after is datetime.date(2031, 1, 1): give a datetime with a time zone, or a string as 2031-01-01T00:00Z",
    ),
    (
        lambda mail: mail.allow_account(ACCOUNT, not_after=datetime.max.replace(tzinfo=timezone(timedelta(hours=-1)))),
        "not_after is 9999-12-31T23:59:59.999999-01:00: give one of the years 1 to 9999 in UTC",
    ),
    (
        lambda mail: mail.allow_account(ACCOUNT, not_before=1924992000),
        "not_before is 1924992000: give a datetime with a time zone, or a string as 2031-01-01T00:00Z",
    ),
    (
        lambda mail: mail.allow_account(ACCOUNT, recipients=5),
        "recipients is 5: give a list with at least one value, or leave it out",
    ),
    (
        lambda mail: SendingPolicy(mail.stack, "Other", identity="example.com", statements=statement()),  # type: ignore[arg-type]  # what is refused
        "statements is a PolicyStatement: give a list of them",
    ),
    (
        lambda mail: mail.allow_account(ACCOUNT, not_after="31.12.2031"),
        "not_after is '31.12.2031': give a datetime with a time zone, or a string as 2031-01-01T00:00Z",
    ),
    (
        lambda mail: mail.deny(iam.AnyPrincipal(), not_before="2031-02-29"),
        "not_before is '2031-02-29': give a datetime with a time zone, or a string as 2031-01-01T00:00Z",
    ),
    (
        lambda mail: SendingPolicy(mail.stack, "Other", identity="example.com", policy_name=5),  # type: ignore[arg-type]  # what is refused
        "policy_name is 5, which is no string: give one",
    ),
    (
        lambda mail: DelegatedIdentity(mail.stack, "Other", identity_arn=None),  # type: ignore[arg-type]  # what is refused
        "identity_arn is None, which is no string: give one",
    ),
]


@pytest.mark.parametrize(("declare", "sentence"), BAD, ids=[sentence for _, sentence in BAD])
def test_what_is_no_text_is_refused_with_a_sentence(
    stack: cdk.Stack, declare: Callable[[Any], Any], sentence: str
) -> None:
    mail = SendingPolicy(stack, "Mail", identity="example.com")
    with pytest.raises(DeclarationError) as refusal:
        declare(mail)
    assert said(refusal.value) == sentence


def test_what_can_be_read_only_once_is_kept(stack: cdk.Stack) -> None:
    """A generator instead of a list would be empty after the construct has checked it."""
    given: Any = (statement(account) for account in (ACCOUNT, "333333333333"))
    mail = SendingPolicy(stack, "Mail", identity="example.com", statements=given)
    addresses: Any = (f"{name}@example.com" for name in ("a", "b"))
    mail.allow_account("444444444444", from_addresses=addresses)
    written = policy(stack)["Statement"]
    assert [each["Principal"]["AWS"][13:25] for each in written] == [ACCOUNT, "333333333333", "444444444444"]
    assert written[2]["Condition"] == {"StringEquals": {"ses:FromAddress": ["a@example.com", "b@example.com"]}}
    chosen: Any = (each for each in [mail])
    assert SendingPolicyDriftCheck(stack, "Drift", policies=chosen).policies == (mail,)


def test_none_narrows_nothing(stack: cdk.Stack) -> None:
    mail = SendingPolicy(stack, "Mail", identity="example.com")
    nothing: Any = None
    mail.allow_account(ACCOUNT, recipients=nothing, not_after=nothing, actions=nothing)
    assert "Condition" not in policy(stack)["Statement"][0]


@pytest.mark.parametrize("values", [(), iter(())], ids=["tuple", "generator"])
def test_nothing_in_place_of_a_list_is_refused(stack: cdk.Stack, values: Any) -> None:
    mail = SendingPolicy(stack, "Mail", identity="example.com")
    with pytest.raises(DeclarationError, match="give a list with at least one value, or leave it out"):
        mail.allow_account(ACCOUNT, from_addresses=values)


def test_a_list_may_hold_tokens(stack: cdk.Stack) -> None:
    address = cdk.CfnParameter(stack, "From").value_as_string
    mail = SendingPolicy(stack, "Mail", identity="example.com")
    assert mail.allow_account(ACCOUNT, from_addresses=[address, "a@example.com"]).statement_added


def test_a_moment_may_be_a_token(stack: cdk.Stack) -> None:
    until = cdk.CfnParameter(stack, "Until").value_as_string
    mail = SendingPolicy(stack, "Mail", identity="example.com")
    assert mail.allow_account(ACCOUNT, not_after=until).statement_added
