"""The settings of a Lambda function that users can choose: its network, key, memory, processor and Python."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from ses_sending_policy.construct.arguments import check_architecture, check_runtime
from ses_sending_policy.construct.scanners import NagSuppression, answer
from ses_sending_policy.rules.errors import DeclarationError

if TYPE_CHECKING:
    from aws_cdk import aws_sqs as sqs

_NETWORK_POLICY: Final = "service-role/AWSLambdaVPCAccessExecutionRole"
_WHY_A_MANAGED_POLICY: Final = "AWS keeps it in step with what Lambda needs to run a function in a network."


@dataclass(frozen=True, slots=True)
class FunctionSettings:
    """Settings of a function, under the CDK's names for them; None means that the user chose nothing."""

    vpc: ec2.IVpc | None = None
    vpc_subnets: ec2.SubnetSelection | None = None
    security_groups: Sequence[ec2.ISecurityGroup] | None = None
    environment_encryption: kms.IKey | None = None
    memory_size: int | None = None
    runtime: lambda_.Runtime | None = None
    architecture: lambda_.Architecture | None = None

    def __post_init__(self) -> None:
        if self.runtime is not None:
            check_runtime(self.runtime)
        if self.architecture is not None:
            check_architecture(self.architecture)

    @classmethod
    def usual(cls) -> "FunctionSettings":
        """Return the default settings."""
        return cls(memory_size=256, runtime=usual_runtime(), architecture=usual_architecture())

    def over(self, others: "FunctionSettings") -> "FunctionSettings":
        """Return these settings, with those of `others` for None, but no subnets and groups of another network."""
        is_elsewhere = self.vpc is not None and self.vpc is not others.vpc
        return FunctionSettings(
            vpc=self.vpc or others.vpc,
            vpc_subnets=self.vpc_subnets or (None if is_elsewhere else others.vpc_subnets),
            security_groups=self.security_groups or (None if is_elsewhere else others.security_groups),
            environment_encryption=self.environment_encryption or others.environment_encryption,
            memory_size=self.memory_size or others.memory_size,
            runtime=self.runtime or others.runtime,
            architecture=self.architecture or others.architecture,
        )

    def differing(self, others: "FunctionSettings") -> list[str]:
        """Return the names of the settings that differ from `others`."""
        return [name for name in self.__slots__ if _known(getattr(self, name)) != _known(getattr(others, name))]

    def seen_from(self, function: lambda_.Function) -> "FunctionSettings":
        """Return these settings with the security groups that `function` has got, for another function beside it."""
        return self if self.vpc is None else replace(self, security_groups=function.connections.security_groups)


def _known(value: object) -> object:
    # Runtimes and architectures are compared by name, because the CDK makes a new object each time.
    return value.name if isinstance(value, lambda_.Runtime | lambda_.Architecture) else value


@cache
def usual_runtime() -> lambda_.Runtime:
    """Return the default Python runtime; cached, so that the CDK is asked once in a process."""
    return lambda_.Runtime.PYTHON_3_14


@cache
def usual_architecture() -> lambda_.Architecture:
    """Return the default processor architecture; cached, so that the CDK is asked once in a process."""
    return lambda_.Architecture.ARM_64


def check_log(log_group: logs.ILogGroup | None, log_retention: logs.RetentionDays | None) -> None:
    """Raise `DeclarationError` if `log_group` and `log_retention` are both given."""
    if log_group is not None and log_retention is not None:
        raise DeclarationError(
            "log_group and log_retention are both given: the log group has a retention of its own, leave one out"
        )


def let_into_network(role: iam.IRole) -> None:
    """Give a function's role the permissions that Lambda needs to run the function in a network."""
    role.add_managed_policy(iam.ManagedPolicy.from_aws_managed_policy_name(_NETWORK_POLICY))
    finding = f"Policy::arn:<AWS::Partition>:iam::aws:policy/{_NETWORK_POLICY}"
    answer(role, NagSuppression("AwsSolutions", "IAM4", _WHY_A_MANAGED_POLICY, finding))


def may_decrypt(key: kms.IKey | None) -> list[iam.PolicyStatement]:
    """Return the statements that a function's role needs if the function's environment is encrypted with `key`."""
    # Lambda decrypts the environment with the rights of the function's role: aws/serverless-application-model pull
    # request 1990. Not in the key's own policy, because the key's stack would then depend on the role's.
    return [iam.PolicyStatement(actions=["kms:Decrypt"], resources=[key.key_arn])] if key else []


def keep_failed_events(queue: "sqs.IQueue", function: lambda_.CfnFunction, policy: iam.Policy) -> None:
    """Send the events that a function could not handle to a queue, and allow that in the policy of its role.

    The CDK's own argument for this could make the stack of a given role depend on the queue's.
    """
    function.dead_letter_config = lambda_.CfnFunction.DeadLetterConfigProperty(target_arn=queue.queue_arn)
    policy.add_statements(iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[queue.queue_arn]))
    key = queue.encryption_master_key
    if key is not None:
        # "The producer must have the kms:GenerateDataKey and kms:Decrypt permissions for the KMS key."
        # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
        policy.add_statements(
            iam.PolicyStatement(actions=["kms:Decrypt", "kms:GenerateDataKey"], resources=[key.key_arn])
        )
