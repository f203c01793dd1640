"""The function's log group: how long it is kept; docs/decisions/0033 says why."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import aws_logs as logs

from ses_sending_policy import DeclarationError, SendingPolicy, SendingPolicyProvider, WhenExists
from tests.construct.mail import only, resources, said, statement

FUNCTION = "AWS::Lambda::Function"


def declare(stack: cdk.Stack, **options: Any) -> SendingPolicy:
    return SendingPolicy(stack, "Policy", identity="example.com", statements=[statement()], **options)


LOGS = {
    "as the stack makes one": ({}, {}, "RetainExceptOnCreate"),
    "where a policy may be written over": ({}, {"when_exists": WhenExists.OVERWRITE}, "Retain"),
    "where one may be adopted": ({}, {"when_exists": WhenExists.ADOPT}, "Retain"),
    "with another retention": ({"log_retention": logs.RetentionDays.ONE_DAY}, {}, "RetainExceptOnCreate"),
}


@pytest.mark.parametrize(("provider", "policy", "kept"), LOGS.values(), ids=LOGS)
def test_the_log_outlives_the_stack(
    stack: cdk.Stack, provider: dict[str, Any], policy: dict[str, Any], kept: str
) -> None:
    """Except after a failed first deploy, if no document exists in the log alone."""
    SendingPolicyProvider(stack, "SendingPolicyProvider", **provider)
    declare(stack, **policy)
    assert only(stack, "AWS::Logs::LogGroup") == {
        "Type": "AWS::Logs::LogGroup",
        "Properties": {"RetentionInDays": 1 if provider else 365},
        "DeletionPolicy": kept,
        "UpdateReplacePolicy": "Retain",
    }


def test_a_given_log_group_is_kept_as_its_owner_says(stack: cdk.Stack) -> None:
    log_group = logs.LogGroup(stack, "Log", removal_policy=cdk.RemovalPolicy.DESTROY)
    provider = SendingPolicyProvider(stack, "SendingPolicyProvider", log_group=log_group)
    declare(stack, provider=provider, when_exists=WhenExists.OVERWRITE)
    assert only(stack, "AWS::Logs::LogGroup")["DeletionPolicy"] == "Delete"


def test_a_given_log_group_is_written_to(stack: cdk.Stack) -> None:
    log_group = logs.LogGroup.from_log_group_name(stack, "Log", "mail")
    declare(stack, provider=SendingPolicyProvider(stack, "Own", log_group=log_group))
    assert resources(stack, "AWS::Logs::LogGroup") == {}
    assert only(stack, FUNCTION)["Properties"]["LoggingConfig"] == {"LogGroup": "mail"}
    statements = only(stack, "AWS::IAM::Policy")["Properties"]["PolicyDocument"]["Statement"]
    assert statements[-1]["Resource"] == "arn:aws:logs:eu-west-1:111111111111:log-group:mail:*"


def test_a_log_group_brings_its_own_retention(stack: cdk.Stack) -> None:
    log_group = logs.LogGroup(stack, "Log")
    with pytest.raises(DeclarationError) as caught:
        SendingPolicyProvider(stack, "Own", log_group=log_group, log_retention=logs.RetentionDays.ONE_DAY)
    assert said(caught.value) == (
        "log_group and log_retention are both given: the log group has a retention of its own, leave one out"
    )
