"""The provider function: one for each stack, with no more rights than it uses."""

from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk import assertions
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from ses_sending_policy import DeclarationError, SendingPolicy, SendingPolicyProvider, WhenExists
from tests.construct.mail import ENVIRONMENT, new_app, only, resources, said, statement

FUNCTION = "AWS::Lambda::Function"
QUESTIONS = [f"cloudformation:{each}" for each in ("DescribeStackEvents", "DescribeStackResource", "DescribeStacks")]


def declare(stack: cdk.Stack, id_: str = "Policy", **options: Any) -> SendingPolicy:
    return SendingPolicy(stack, id_, identity="example.com", statements=[statement()], **options)


def test_the_function_of_a_deployed_stack_keeps_its_logical_id(stack: cdk.Stack) -> None:
    declare(stack)
    assert list(resources(stack, FUNCTION)) == ["SendingPolicyProviderFunctionC0605496"], (
        "another logical id is another ServiceToken, and CloudFormation refuses that for every deployed policy, "
        "with 'Modifying service token is not allowed'"
    )


def test_the_policies_of_a_stack_share_one_function(stack: cdk.Stack) -> None:
    for id_ in ("A", "B", "C"):
        declare(stack, id_)
    assert len(resources(stack, FUNCTION)) == 1
    tokens = [item["Properties"]["ServiceToken"] for item in resources(stack).values()]
    assert tokens == [{"Fn::GetAtt": ["SendingPolicyProviderFunctionC0605496", "Arn"]}] * 3


def test_a_nested_stack_has_its_own(stack: cdk.Stack) -> None:
    nested = cdk.NestedStack(stack, "Nested")
    declare(stack)
    declare(nested)
    assert len(resources(stack, FUNCTION)) == len(resources(nested, FUNCTION)) == 1


def test_the_function(stack: cdk.Stack) -> None:
    declare(stack)
    found = only(stack, FUNCTION)
    [log_group] = resources(stack, "AWS::Logs::LogGroup")
    [role] = resources(stack, "AWS::IAM::Role")
    [policy] = resources(stack, "AWS::IAM::Policy")
    code = found["Properties"].pop("Code")
    assert code["S3Key"].endswith(".zip")
    assert found == {
        "Type": FUNCTION,
        "Properties": {
            "Architectures": ["arm64"],
            "Description": "Makes, changes and deletes the SES sending authorization policies of its stack",
            "Environment": {"Variables": {"STACK_ID": {"Ref": "AWS::StackId"}}},
            "Handler": "provider.handler.handler",
            "LoggingConfig": {"LogGroup": {"Ref": log_group}},
            "MemorySize": 256,
            "Role": {"Fn::GetAtt": [role, "Arn"]},
            "Runtime": "python3.14",
            "Timeout": 900,
        },
        # So it can still work while the stack is deleted.
        "DependsOn": [policy, role],
    }
    [function] = resources(stack, FUNCTION)
    assert only(stack, "AWS::Lambda::EventInvokeConfig")["Properties"] == {
        "FunctionName": {"Ref": function},
        "MaximumEventAgeInSeconds": 1200,
        "MaximumRetryAttempts": 2,
        "Qualifier": "$LATEST",
    }


def test_the_role_may_do_what_the_function_does_and_nothing_else(stack: cdk.Stack) -> None:
    declare(stack)
    [log_group] = resources(stack, "AWS::Logs::LogGroup")
    [role] = resources(stack, "AWS::IAM::Role")
    assert only(stack, "AWS::IAM::Role")["Properties"] == {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}
            ],
        }
    }
    found = only(stack, "AWS::IAM::Policy")
    assert found["Properties"]["Roles"] == [{"Ref": role}]
    assert found["Properties"]["PolicyDocument"] == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": [
                    "ses:CreateEmailIdentityPolicy",
                    "ses:DeleteEmailIdentityPolicy",
                    "ses:GetEmailIdentityPolicies",
                    "ses:UpdateEmailIdentityPolicy",
                ],
                "Resource": "arn:aws:ses:eu-west-1:111111111111:identity/*",
            },
            {
                "Effect": "Allow",
                "Action": QUESTIONS,
                "Resource": {"Ref": "AWS::StackId"},
            },
            {
                "Effect": "Allow",
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": {"Fn::GetAtt": [log_group, "Arn"]},
            },
        ],
    }


def test_nobody_is_let_in_by_a_policy_of_the_function(stack: cdk.Stack) -> None:
    """CloudFormation calls it with the rights of the deployer."""
    declare(stack)
    assert resources(stack, "AWS::Lambda::Permission") == resources(stack, "AWS::Lambda::Url") == {}


def test_a_permissions_boundary_comes_by_aspect(stack: cdk.Stack) -> None:
    declare(stack)
    boundary = iam.ManagedPolicy.from_managed_policy_arn(stack, "B", "arn:aws:iam::111111111111:policy/boundary")
    iam.PermissionsBoundary.of(stack).apply(boundary)
    assert only(stack, "AWS::IAM::Role")["Properties"]["PermissionsBoundary"] == boundary.managed_policy_arn


def test_a_provider_can_be_given(stack: cdk.Stack) -> None:
    provider = SendingPolicyProvider(
        stack,
        "Own",
        log_retention=logs.RetentionDays.TEN_YEARS,
        environment_encryption=kms.Key(stack, "Key"),
        memory_size=512,
        timeout=cdk.Duration.seconds(30),
        service_timeout=cdk.Duration.seconds(45),
        runtime=lambda_.Runtime.PYTHON_3_13,
    )
    declare(stack, provider=provider)
    [function] = resources(stack, FUNCTION)
    assert only(stack)["Properties"]["ServiceToken"] == {"Fn::GetAtt": [function, "Arn"]}
    assert only(stack)["Properties"]["ServiceTimeout"] == "45"
    properties = only(stack, FUNCTION)["Properties"]
    assert (properties["MemorySize"], properties["Timeout"], properties["Runtime"]) == (512, 30, "python3.13")
    [key] = resources(stack, "AWS::KMS::Key")
    assert properties["KmsKeyArn"] == {"Fn::GetAtt": [key, "Arn"]}
    assert only(stack, "AWS::Logs::LogGroup")["Properties"]["RetentionInDays"] == 3653
    # Lambda's minimum is a minute.
    assert only(stack, "AWS::Lambda::EventInvokeConfig")["Properties"]["MaximumEventAgeInSeconds"] == 60


def test_with_its_id_a_provider_takes_the_place_of_the_stack_s_own(stack: cdk.Stack) -> None:
    SendingPolicyProvider(stack, "SendingPolicyProvider", memory_size=512)
    declare(stack)
    [(logical_id, function)] = resources(stack, FUNCTION).items()
    assert logical_id == "SendingPolicyProviderFunctionC0605496"
    assert function["Properties"]["MemorySize"] == 512


def test_a_provider_beside_the_stack_s_own_is_another(stack: cdk.Stack) -> None:
    declare(stack, "A", provider=SendingPolicyProvider(stack, "Own"))
    declare(stack, "B")
    assert len(resources(stack, FUNCTION)) == 2


def test_a_provider_of_another_stack_is_refused(app: cdk.App, stack: cdk.Stack) -> None:
    provider = SendingPolicyProvider(cdk.Stack(app, "Other", env=ENVIRONMENT), "Own")
    with pytest.raises(DeclarationError) as caught:
        declare(stack, provider=provider)
    assert str(caught.value) == (
        "Mail/Policy: provider 'Other/Own' is of another stack: make one in the stack 'Mail', or leave it out to share "
        "the stack's own"
    )


def test_a_provider_of_the_parent_is_another_stack_s(stack: cdk.Stack) -> None:
    provider = SendingPolicyProvider(stack, "Own")
    with pytest.raises(DeclarationError, match=r"^Mail/Nested/Policy: provider 'Mail/Own' is of another stack"):
        declare(cdk.NestedStack(stack, "Nested"), provider=provider)


def test_in_a_network(stack: cdk.Stack) -> None:
    vpc = ec2.Vpc(stack, "Network", max_azs=2)
    group = ec2.SecurityGroup(stack, "Group", vpc=vpc)
    subnets = ec2.SubnetSelection(subnets=[vpc.private_subnets[0]])
    SendingPolicyProvider(stack, "SendingPolicyProvider", vpc=vpc, vpc_subnets=subnets, security_groups=[group])
    declare(stack)
    config = only(stack, FUNCTION)["Properties"]["VpcConfig"]
    assert config == {
        "SecurityGroupIds": [stack.resolve(group.security_group_id)],
        "SubnetIds": [stack.resolve(vpc.private_subnets[0].subnet_id)],
    }
    managed = "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
    [found] = only(stack, "AWS::IAM::Role")["Properties"]["ManagedPolicyArns"]
    assert found == {"Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, managed.partition("}")[2]]]}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"timeout": cdk.Duration.seconds(901)}, "timeout is 901 seconds: allowed are 30 to 900"),
        ({"timeout": cdk.Duration.seconds(29)}, "timeout is 29 seconds: allowed are 30 to 900"),
        ({"service_timeout": cdk.Duration.minutes(61)}, "service_timeout is 3660 seconds: allowed are 1 to 3600"),
        (
            {"service_timeout": cdk.Duration.millis(500), "timeout": cdk.Duration.seconds(30)},
            "service_timeout is 0.5 seconds: allowed are 1 to 3600",
        ),
        (
            {"service_timeout": cdk.Duration.minutes(10)},
            (
                "service_timeout is 600 seconds and timeout 900: CloudFormation would give up on a function that is "
                "still at work, so make service_timeout at least as long"
            ),
        ),
        (
            {"reserved_concurrent_executions": 0},
            "reserved_concurrent_executions is 0: give a whole number of 1 or more, or leave it out",
        ),
        (
            {"runtime": lambda_.Runtime.PYTHON_3_10},
            "runtime is 'python3.10': the function is written for Python 3.11 or newer",
        ),
        (
            {"architecture": "arm64"},
            "architecture is 'arm64': give lambda_.Architecture.ARM_64 or lambda_.Architecture.X86_64",
        ),
        (
            {"architecture": lambda_.Architecture.custom("riscv")},
            "architecture is 'riscv': give lambda_.Architecture.ARM_64 or lambda_.Architecture.X86_64",
        ),
        (
            {"runtime": lambda_.Runtime.NODEJS_22_X},
            "runtime is 'nodejs22.x': the function is written for Python 3.11 or newer",
        ),
    ],
)
def test_what_cannot_work_is_refused(stack: cdk.Stack, options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(DeclarationError) as caught:
        SendingPolicyProvider(stack, "Own", **options)
    assert said(caught.value) == sentence


@pytest.mark.parametrize("when", [WhenExists.ADOPT, WhenExists.OVERWRITE])
def test_what_may_be_taken_over_needs_the_time_to_be_looked_at_once_more(stack: cdk.Stack, when: WhenExists) -> None:
    short = SendingPolicyProvider(stack, "Short", timeout=cdk.Duration.seconds(61))
    with pytest.raises(DeclarationError) as caught:
        SendingPolicy(stack, "Taken", identity="example.com", provider=short, when_exists=when)
    assert said(caught.value) == (
        f"when_exists is {when} and the provider's timeout 61 seconds: a policy that is taken over is read again "
        "later, so give the provider 62 or more"
    )


@pytest.mark.parametrize(
    ("seconds", "when"), [(30, WhenExists.FAIL), (62, WhenExists.ADOPT), (900, WhenExists.OVERWRITE)]
)
def test_any_other_has_it(stack: cdk.Stack, seconds: int, when: WhenExists) -> None:
    provider = SendingPolicyProvider(stack, "Own", timeout=cdk.Duration.seconds(seconds))
    SendingPolicy(stack, "Taken", identity="example.com", provider=provider, when_exists=when)


def test_times_may_be_tokens(stack: cdk.Stack) -> None:
    seconds = cdk.CfnParameter(stack, "Seconds", type="Number").value_as_number
    declare(stack, provider=SendingPolicyProvider(stack, "Own", service_timeout=cdk.Duration.seconds(seconds)))
    assert only(stack)["Properties"]["ServiceTimeout"] == {"Ref": "Seconds"}
    assert only(stack, "AWS::Lambda::EventInvokeConfig")["Properties"]["MaximumEventAgeInSeconds"] == {"Ref": "Seconds"}


def test_the_function_can_be_watched(stack: cdk.Stack) -> None:
    provider = SendingPolicyProvider.of(stack)
    provider.function.metric_errors().create_alarm(stack, "Alarm", threshold=1, evaluation_periods=1)
    assertions.Template.from_stack(stack).resource_count_is("AWS::CloudWatch::Alarm", 1)
    assert SendingPolicyProvider.of(stack) is provider


def test_in_the_partition_of_its_stack() -> None:
    stack = cdk.Stack(new_app(), "Mail", env=cdk.Environment(account="111111111111", region="us-gov-west-1"))
    declare(stack)
    statements = only(stack, "AWS::IAM::Policy")["Properties"]["PolicyDocument"]["Statement"]
    assert statements[0]["Resource"] == "arn:aws-us-gov:ses:us-gov-west-1:111111111111:identity/*"
