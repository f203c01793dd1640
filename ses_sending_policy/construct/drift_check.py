"""The construct that looks at SES now and then, whether the policies of a stack are as they were deployed."""

from collections.abc import Sequence
from typing import Any, Final, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_sns as sns
from constructs import Construct

from ses_sending_policy.construct.asset import DRIFT_HANDLER, asset_directory
from ses_sending_policy.construct.custom_resources import code_in
from ses_sending_policy.construct.drift_alarms import DriftAlarms
from ses_sending_policy.construct.drift_check_validation import DriftCheckValidation, usual_in
from ses_sending_policy.construct.function_settings import FunctionSettings, check_log, let_into_network, may_decrypt
from ses_sending_policy.construct.paths import at_its_path
from ses_sending_policy.construct.scanners import NagSuppression, answer, answer_checkov, in_controls, inline_policy
from ses_sending_policy.construct.sending_policy import SendingPolicy, policies_of
from ses_sending_policy.construct.timeouts import interval_seconds, look_age
from ses_sending_policy.rules.drift_check import (
    DIMENSION,
    DRIFT,
    METRICS,
    MOST_SECONDS,
    NAMESPACE,
    UNREAD,
    look_seconds,
    write,
)
from ses_sending_policy.rules.errors import DeclarationError

_WHY_NOT: Final = {
    "CKV_AWS_115": "A reserve is taken from the account's other functions; it runs once an interval.",
    "CKV_AWS_116": "An alarm counts its errors, and the next look comes by itself: nobody would read a queue.",
}
# What these scanners call the same.
_NAG_RULES: Final = {"LambdaConcurrency": "CKV_AWS_115", "LambdaDLQ": "CKV_AWS_116"}
_WHY_INLINE: Final = (
    "It is what the check of this one stack does: it goes with its one role, and nobody else has use for it."
)
_WHY_ANY_VERSION: Final = "The schedule may call any version of this one function, as the CDK grants it."


@jsii.implements(cdk.IStableListProducer)
class _Arns:
    def __init__(self, check: "SendingPolicyDriftCheck") -> None:
        self._check = check

    def produce(self) -> list[str]:
        return sorted({policy.identity_arn for policy in self._check.policies})


@jsii.implements(cdk.IStableAnyProducer)
class _Event:
    def __init__(self, check: "SendingPolicyDriftCheck", topic: sns.ITopic | None) -> None:
        self._check = check
        self._topic = topic

    def produce(self) -> Any:  # noqa: ANN401 - as the CDK declares it
        check = self._check
        return write(
            check.name,
            cdk.Aws.STACK_ID,
            [(policy.physical_id, policy.policy_hash) for policy in check.policies],
            ignore_undeclared=check.ignores_undeclared,
            interval=check.interval.to_seconds(),
            topic=self._topic.topic_arn if self._topic else "",
            log_group=check.log_group.log_group_name,
        )


class SendingPolicyDriftCheck(Construct):
    """Looks now and then whether the policies of a stack are at SES as they were deployed, and raises an alarm if not.

    Somebody may have changed one by hand, deleted it, written over it, or hung one of their own on the same identity.
    A function of its own reads the policies of each identity and counts how many are in which state, as metrics; its
    log has a line for each that is not in sync. It may read these policies and do nothing else.

    Example::

        SendingPolicy(stack, "Partner", identity=identity).allow_account("222222222222")
        SendingPolicyDriftCheck(stack, "Drift", interval=cdk.Duration.hours(6))

    :param scope: the construct that it belongs to.
    :param id: its name in there.
    :param policies: what is looked at, of the same stack. Default: - all policies of the stack.
    :param interval: how long it is from one look to the next, 5 minutes to a day, and at least 2.2 seconds for each
        identity. Default: - a day.
    :param topic: is told by name of each policy that is not as it was deployed, once; and when an alarm goes off or is
        over; no FIFO topic. Default: - nobody is, the alarms alone show it.
    :param ignore_undeclared: whether policies without an owner's marker on the same identities, which no stack
        declares, raise no alarm. Default: False
    :param log_retention: how long the new log group keeps what the function wrote. Default: - a year.
    :param log_group: the log group that the function writes to; not together with `log_retention`. With a `topic` the
        function also reads in it what it told before. Default: - a new one, which goes with the stack.
    :param role: the role that the function runs with. What the function needs is attached to it as a policy, unless it
        refuses that, as `role.without_policy_updates()` does. Default: - a new one that may do nothing else; never the
        provider's, which may write policies.
    :param vpc: the network that the function runs in; it needs a way to SES from there, and with a `topic` to SNS and
        CloudWatch Logs. Default: - the provider's.
    :param vpc_subnets: where in the network. Default: - as the provider; in another network, the Vpc default strategy.
    :param security_groups: of the function in the network. Default: - the provider's; in another network, a new one.
    :param environment_encryption: the key of the function's environment, which its role may decrypt with then.
        Default: - the provider's.
    :param memory_size: in MiB. Default: - as the provider.
    :param runtime: a Python of 3.11 or newer. Default: - as the provider.
    :param architecture: of the processor that the function runs on. Default: - as the provider.
    """

    # Over 40 lines: each property is an argument of its own, and the CDK wants them here.
    @at_its_path
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        policies: Sequence[SendingPolicy] | None = None,
        interval: cdk.Duration | None = None,
        topic: sns.ITopic | None = None,
        ignore_undeclared: bool = False,
        log_retention: logs.RetentionDays | None = None,
        log_group: logs.ILogGroup | None = None,
        role: iam.IRole | None = None,
        vpc: ec2.IVpc | None = None,
        vpc_subnets: ec2.SubnetSelection | None = None,
        security_groups: Sequence[ec2.ISecurityGroup] | None = None,
        environment_encryption: kms.IKey | None = None,
        memory_size: int | None = None,
        runtime: lambda_.Runtime | None = None,
        architecture: lambda_.Architecture | None = None,
    ) -> None:
        super().__init__(scope, id)
        check_log(log_group, log_retention)
        self._stack = cdk.Stack.of(self)
        self._chosen = None if policies is None else _checked_policies(policies, self._stack)
        self.ignores_undeclared: Final = ignore_undeclared
        """Whether policies that nobody declares raise no alarm."""
        self.interval: Final = interval or cdk.Duration.seconds(MOST_SECONDS)
        """How long it is from one look to the next."""
        seconds = interval_seconds(self.interval)
        chosen = FunctionSettings(
            vpc, vpc_subnets, security_groups, environment_encryption, memory_size, runtime, architecture
        )
        settings = chosen.over(usual_in(self._stack))
        self.name: Final = cdk.Names.unique_resource_name(self, max_length=128, separator="-")
        """What tells its metrics from those of another check: the value of their dimension `Check`."""
        self.log_group: Final[logs.ILogGroup] = log_group or logs.LogGroup(
            self,
            "LogGroup",
            retention=log_retention or logs.RetentionDays.ONE_YEAR,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        """The log group that the function writes to."""
        self.role: Final[iam.IRole] = role or iam.Role(
            self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")
        )
        """The role that the function runs with."""
        if settings.vpc is not None:
            let_into_network(self.role)
        # A policy of this stack and not the role's own: a given role may belong to another one.
        policy = iam.Policy(self, "Policy", statements=self._statements(topic, settings.environment_encryption))
        self.role.attach_inline_policy(policy)
        with code_in(self._stack):
            function = lambda_.Function(
                self,
                "Function",
                description="Looks whether the SES sending authorization policies of its stack are as they were "
                "deployed",
                runtime=cast("lambda_.Runtime", settings.runtime),
                architecture=settings.architecture,
                handler=DRIFT_HANDLER,
                code=lambda_.Code.from_asset(str(asset_directory(DRIFT_HANDLER))),
                memory_size=settings.memory_size,
                # It ends before the next look begins.
                timeout=cdk.Duration.seconds(look_seconds(seconds)),
                role=self.role,
                log_group=self.log_group,
                vpc=settings.vpc,
                vpc_subnets=settings.vpc_subnets,
                security_groups=settings.security_groups,
                environment_encryption=settings.environment_encryption,
                # Lambda tries a failed look again, where that ends before the next begins.
                max_event_age=look_age(seconds),
            )
        self.function: Final = function
        """The function that looks."""
        self.function.node.add_dependency(policy)
        resource = cast("cdk.CfnResource", self.function.node.default_child)
        self.node.default_child = resource
        answer_checkov(resource, _WHY_NOT)
        answer(
            self.function, *(each for rule, same in _NAG_RULES.items() for each in in_controls(rule, _WHY_NOT[same]))
        )
        answer(policy, *inline_policy(_WHY_INLINE))
        schedule = scheduler.Schedule(
            self,
            "Schedule",
            description="Looks whether sending authorization policies are as they were deployed",
            schedule=scheduler.ScheduleExpression.rate(self.interval),
            target=targets.LambdaInvoke(
                self.function,
                input=scheduler.ScheduleTargetInput.from_object(cdk.Lazy.any(_Event(self, topic))),
                role=self._schedule_role(),
                # Later there is the next look.
                max_event_age=self.interval,
            ),
        )
        alarms = DriftAlarms.of(self, self.metric(DRIFT), self.function, seconds)
        alarms.after(schedule)
        if topic is not None:
            alarms.tell(topic)
        self.alarm: Final = alarms.drift
        """Goes off where a look finds a policy that is not as it was deployed, or cannot read one."""
        self.failure_alarm: Final = alarms.failure
        """Goes off where the check itself fails."""
        self.overdue_alarm: Final = alarms.overdue
        """Goes off where no look came to its end for two intervals, or ever."""
        self.node.add_validation(DriftCheckValidation(self, chosen, settings))

    @property
    def policies(self) -> Sequence[SendingPolicy]:
        """What is looked at: as given, or all policies that the stack has by now."""
        return policies_of(self._stack) if self._chosen is None else self._chosen

    @at_its_path
    def metric(self, name: str) -> cloudwatch.Metric:
        """Return how many policies were in a state at the last look.

        :param name: `InSync`, `Changed`, `Missing`, `Foreign`, `Undeclared` or `Unread`; or `Drift`, the sum of those
            that raise the alarm.
        """
        names = (DRIFT, *METRICS.values(), UNREAD)
        if name not in names:
            raise DeclarationError(f"metric is {name!r}: allowed are {', '.join(names)}")
        # Lambda may deliver an event twice: the most, and not the sum.
        return cloudwatch.Metric(
            namespace=NAMESPACE,
            metric_name=name,
            dimensions_map={DIMENSION: self.name},
            period=self.interval,
            statistic="Maximum",
        )

    def _statements(self, topic: sns.ITopic | None, key: kms.IKey | None) -> list[iam.PolicyStatement]:
        identities = cdk.Lazy.list(_Arns(self))
        log = [self.log_group.log_group_arn]
        statements = [
            *may_decrypt(key),
            iam.PolicyStatement(actions=["ses:GetEmailIdentityPolicies"], resources=identities),
            iam.PolicyStatement(actions=["logs:CreateLogStream", "logs:PutLogEvents"], resources=log),
        ]
        if topic is None:
            return statements
        key = topic.master_key
        # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
        encrypts = ["kms:Decrypt", "kms:GenerateDataKey"]
        return [
            *statements,
            iam.PolicyStatement(actions=["logs:FilterLogEvents"], resources=log),
            iam.PolicyStatement(actions=["sns:Publish"], resources=[topic.topic_arn]),
            *([iam.PolicyStatement(actions=encrypts, resources=[key.key_arn])] if key else []),
        ]

    def _schedule_role(self) -> iam.Role:
        # "We recommend using the aws:SourceArn or aws:SourceAccount condition keys [...] to help prevent the confused
        # deputy problem"; the schedule's ARN is not known before it has the role.
        # https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
        own = {"StringEquals": {"aws:SourceAccount": self._stack.account}}
        scheduler_ = iam.ServicePrincipal("scheduler.amazonaws.com", conditions=own)
        role = iam.Role(self, "ScheduleRole", assumed_by=scheduler_)
        self.function.grant_invoke(role)
        function = self._stack.get_logical_id(cast("cdk.CfnElement", self.function.node.default_child))
        wildcard = NagSuppression("AwsSolutions", "IAM5", _WHY_ANY_VERSION, f"Resource::<{function}.Arn>:*")
        answer(role.node.find_child("DefaultPolicy"), wildcard, *inline_policy(_WHY_INLINE))
        return role


def _checked_policies(policies: Sequence[SendingPolicy], stack: cdk.Stack) -> tuple[SendingPolicy, ...]:
    chosen = tuple(policies)
    if not chosen:
        raise DeclarationError(
            f"policies is {policies!r}: give at least one, or leave it out to look at all of the stack"
        )
    for policy in chosen:
        if policy.stack is not stack:
            raise DeclarationError(
                f"policy {policy.node.path!r} is of another stack than the drift check: make one in the stack "
                f"{policy.stack.node.path!r} as well"
            )
    return chosen
