"""Many accounts in one statement: written in as few bytes as SES allows."""

import aws_cdk as cdk
import pytest

from ses_sending_policy import DeclarationError, SendingPolicy
from tests.construct.mail import new_app, policy, said

# The longest stack name and logical id, which are both in the owner's marker.
LONGEST = "S" * 128
ACCOUNTS = [f"{number:012}" for number in range(1, 101)]


def mail(stack: cdk.Stack) -> SendingPolicy:
    return SendingPolicy(stack, "Partner", identity="example.com")


def test_several_accounts_are_one_statement(stack: cdk.Stack) -> None:
    granted = mail(stack).allow_account("222222222222", "333333333333", from_addresses=["*@news.example.com"])
    assert granted.statement_added
    [allowed] = policy(stack)["Statement"]
    assert (allowed["Sid"], allowed["Principal"]) == ("AllowAccounts", {"AWS": ["222222222222", "333333333333"]})
    assert allowed["Condition"] == {"StringLike": {"ses:FromAddress": "*@news.example.com"}}


@pytest.mark.parametrize("accounts", [["222222222222"], ["222222222222", "222222222222"]])
def test_one_account_is_as_it_always_was(stack: cdk.Stack, accounts: list[str]) -> None:
    mail(stack).allow_account(*accounts)
    [allowed] = policy(stack)["Statement"]
    assert allowed["Sid"] == "AllowAccount222222222222"
    assert allowed["Principal"] == {"AWS": "arn:aws:iam::222222222222:root"}


@pytest.mark.parametrize("region", ["eu-west-1", "us-gov-west-1", None])
def test_a_hundred_fit_with_their_narrowing_and_the_longest_marker(region: str | None) -> None:
    stack = cdk.Stack(new_app(), LONGEST, env=cdk.Environment(region=region))
    declared = SendingPolicy(stack, "Partner", identity=f"mail@{'d' * 63}.{'e' * 63}.example.com")
    declared.allow_account(
        *ACCOUNTS,
        from_addresses=[f"*@{number}.news.example.com" for number in range(20)],
        recipients=["*@example.org"],
        not_after="2031-01-01T00:00Z",
    )
    resource = declared.node.default_child
    assert isinstance(resource, cdk.CfnResource)
    resource.override_logical_id("L" * 255)
    assert policy(stack)["Statement"][0]["Principal"]["AWS"] == ACCOUNTS


def test_each_may_be_a_token(stack: cdk.Stack) -> None:
    mail(stack).allow_account("222222222222", cdk.Fn.import_value("Partner"))
    [allowed] = policy(stack)["Statement"]
    assert {"Fn::ImportValue": "Partner"} in allowed["Principal"]["AWS"]


@pytest.mark.parametrize(
    ("accounts", "sentence"),
    [
        (["222222222222", "3333"], "account '3333' is not an account's id: give its 12 digits"),
        ([["222222222222"]], "account is ['222222222222'], which is no string: give one"),
    ],
)
def test_each_is_looked_at(stack: cdk.Stack, accounts: list[str], sentence: str) -> None:
    with pytest.raises(DeclarationError) as refusal:
        mail(stack).allow_account(*accounts)
    assert said(refusal.value) == sentence


def test_the_first_may_be_given_by_name(stack: cdk.Stack) -> None:
    mail(stack).allow_account(account_id="222222222222")
    assert len(policy(stack)["Statement"]) == 1


def test_actions_may_be_a_list_that_only_the_deploy_knows(stack: cdk.Stack) -> None:
    actions = cdk.CfnParameter(stack, "Actions", type="CommaDelimitedList")
    mail(stack).allow_account("222222222222", actions=actions.value_as_list)
    [allowed] = policy(stack)["Statement"]
    assert allowed["Action"] == {"Ref": "Actions"}
