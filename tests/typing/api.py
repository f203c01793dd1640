"""What the types promise to a user. It is never run: mypy checks it."""

from typing import assert_type

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_ses as ses
from aws_cdk import aws_sns as sns

import ses_sending_policy
from ses_sending_policy import (
    DeclarationError,
    SendingPolicy,
    SendingPolicyDriftCheck,
    SendingPolicyProvider,
    WhenExists,
)

assert_type(ses_sending_policy.__version__, str)

stack = cdk.Stack()
statement = iam.PolicyStatement()

# An identity of every kind.
policy = SendingPolicy(stack, "Name", identity="example.com")
SendingPolicy(stack, "L2", identity=ses.EmailIdentity(stack, "I", identity=ses.Identity.domain("example.com")))
SendingPolicy(stack, "L1", identity=ses.CfnEmailIdentity(stack, "J", email_identity="example.com"))
SendingPolicy(stack, "Import", identity=ses.EmailIdentity.from_email_identity_name(stack, "K", "example.com"))
SendingPolicy(stack, "Number", identity=3)  # type: ignore[arg-type]
SendingPolicy(stack, "None")  # type: ignore[call-arg]

# All other arguments are named, and optional.
SendingPolicy(
    stack,
    "All",
    identity="example.com",
    policy_name="partner",
    statements=[statement],
    document=None,
    when_exists=WhenExists.ADOPT,
    removal_policy=cdk.RemovalPolicy.RETAIN,
    provider=SendingPolicyProvider.of(stack),
)
SendingPolicy(stack, "Document", identity="example.com", document=iam.PolicyDocument())
SendingPolicy(stack, "Dict", identity="example.com", document={"Statement": []})
SendingPolicy(stack, "Text", identity="example.com", document="{}")  # type: ignore[arg-type]
SendingPolicy(stack, "Positional", "example.com")  # type: ignore[call-arg]
SendingPolicy(stack, "Word", identity="example.com", when_exists="ADOPT")  # type: ignore[arg-type]

assert_type(policy.policy_name, str)
assert_type(policy.identity_name, str)
assert_type(policy.identity_arn, str)
policy.add_statements(statement, statement)
# One account or many, and what narrows the grant, by name only.
policy.allow_account("222222222222", "333333333333", from_addresses=["*@example.com"], not_after="2031-01-01T00:00Z")
policy.allow_account(from_addresses=["*@example.com"])  # type: ignore[call-arg]
policy.allow_account("222222222222", from_adresses=["*@example.com"])  # type: ignore[call-arg]
policy.allow_account("222222222222", from_addresses=3)  # type: ignore[arg-type]
policy.policy_name = "another"  # type: ignore[misc]

provider = SendingPolicyProvider(
    stack,
    "Provider",
    vpc=ec2.Vpc(stack, "Vpc"),
    vpc_subnets=ec2.SubnetSelection(),
    security_groups=[],
    role=iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal()),
    identities=["example.com", ses.EmailIdentity(stack, "L", identity=ses.Identity.domain("example.com"))],
    log_retention=logs.RetentionDays.ONE_DAY,
    log_group=logs.LogGroup(stack, "LogGroup"),
    environment_encryption=kms.Key(stack, "Key"),
    memory_size=128,
    timeout=cdk.Duration.minutes(1),
    service_timeout=cdk.Duration.minutes(2),
    runtime=lambda_.Runtime.PYTHON_3_13,
)
assert_type(provider.function, lambda_.Function)
assert_type(SendingPolicyProvider.of(policy), SendingPolicyProvider)

check = SendingPolicyDriftCheck(
    stack,
    "Drift",
    policies=[policy],
    interval=cdk.Duration.hours(1),
    topic=sns.Topic(stack, "Topic"),
    ignore_undeclared=True,
    log_retention=logs.RetentionDays.ONE_DAY,
    log_group=logs.LogGroup(stack, "CheckLogGroup"),
    role=iam.Role(stack, "CheckRole", assumed_by=iam.AccountRootPrincipal()),
    vpc=ec2.Vpc(stack, "CheckVpc"),
    vpc_subnets=ec2.SubnetSelection(),
    security_groups=[],
    environment_encryption=kms.Key(stack, "CheckKey"),
    memory_size=128,
    runtime=lambda_.Runtime.PYTHON_3_13,
)
assert_type(check.overdue_alarm, cloudwatch.Alarm)
assert_type(check.interval, cdk.Duration)
assert_type(check.log_group, logs.ILogGroup)
SendingPolicyDriftCheck(stack, "Minutes", interval=5)  # type: ignore[arg-type]

error: ValueError = DeclarationError("x")
