"""The construct of the scheduled drift check: whether SES holds a stack's policies as they were deployed."""

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

from ses_sending_policy.construct.app_settings import code_in
from ses_sending_policy.construct.asset import DRIFT_HANDLER, asset_directory
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
# The rules of cdk-nag, by name, with the check of checkov that is suppressed for the same reason.
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
    """Checks on a schedule whether SES holds the policies of a stack as they were deployed, and raises an alarm if not.

    Somebody may have changed, deleted or overwritten a policy by hand, or added one to the same identity. The check has
    a function of its own, which reads the policies of each identity and counts the policies in each state, as metrics.
    Its log has a line for each policy that is not in sync. The function may read these policies, but not write them.

    Example::

        SendingPolicy(stack, "Partner", identity=identity).allow_account("222222222222")
        SendingPolicyDriftCheck(stack, "Drift", interval=cdk.Duration.hours(6))

    :param scope: the parent construct.
    :param id: the construct's id in its parent.
    :param policies: the policies to check, of the same stack. Default: - all policies of the stack.
    :param interval: the time from one check to the next, 5 minutes to a day, and at least 2.2 seconds for each
        identity. Default: - a day.
    :param topic: gets a message with the name of each policy that is not as it was deployed, once; and a message when
        an alarm goes off or is over; no FIFO topic. Default: - no messages are sent, and the alarms alone show drift.
    :param ignore_undeclared: whether policies without an owner's marker on the same identities, which no stack
        declares, raise no alarm. Default: False
    :param log_retention: how long the new log group keeps the log. Default: - a year.
    :param log_group: the log group that the function writes to; not together with `log_retention`. With a `topic`, the
        function also reads there which drift it has told before. Default: - a new one, which is deleted with the stack.
    :param role: the role that the function runs with. The permissions that the function needs are attached to it as a
        policy, unless the role refuses that, as `role.without_policy_updates()` does. Default: - a new one with these
        permissions alone; never the provider's, which may write policies.
    :param vpc: the network that the function runs in; it must reach SES from there, and with a `topic` SNS and
        CloudWatch Logs. Default: - the provider's.
    :param vpc_subnets: the subnets in the network. Default: - the provider's; in another network, the Vpc default
        strategy.
    :param security_groups: the function's security groups. Default: - the provider's; in another network, a new one.
    :param environment_encryption: the key that encrypts the function's environment; the role gets the right to decrypt
        with it. Default: - the provider's.
    :param memory_size: the function's memory in MiB. Default: - the provider's.
    :param runtime: Python 3.11 or newer. Default: - the provider's.
    :param architecture: the processor architecture that the function runs on. Default: - the provider's.
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
        """Whether policies that are not declared raise no alarm."""
        self.interval: Final = interval or cdk.Duration.seconds(MOST_SECONDS)
        """The time from one check to the next."""
        seconds = interval_seconds(self.interval)
        chosen = FunctionSettings(
            vpc, vpc_subnets, security_groups, environment_encryption, memory_size, runtime, architecture
        )
        settings = chosen.over(usual_in(self._stack))
        self.name: Final = cdk.Names.unique_resource_name(self, max_length=128, separator="-")
        """The name of the check: the value of the dimension `Check` of its metrics."""
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
        # A policy of this stack and not one of the role's construct, because a given role may be in another stack.
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
                # A run ends before the next one begins.
                timeout=cdk.Duration.seconds(look_seconds(seconds)),
                role=self.role,
                log_group=self.log_group,
                vpc=settings.vpc,
                vpc_subnets=settings.vpc_subnets,
                security_groups=settings.security_groups,
                environment_encryption=settings.environment_encryption,
                # Lambda tries a failed run again only if that ends before the next one begins.
                max_event_age=look_age(seconds),
            )
        self.function: Final = function
        """The function of the check."""
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
                # The schedule gives up an event of this age, because the next run is due.
                max_event_age=self.interval,
            ),
        )
        alarms = DriftAlarms.of(self, self.metric(DRIFT), self.function, seconds)
        # No run can be overdue before the schedule is there.
        alarms.overdue.node.add_dependency(schedule)
        if topic is not None:
            alarms.tell(topic)
        self.alarm: Final = alarms.drift
        """Goes off if a check finds a policy that is not as it was deployed, or cannot read one."""
        self.failure_alarm: Final = alarms.failure
        """Goes off if the check itself fails."""
        self.overdue_alarm: Final = alarms.overdue
        """Goes off if no check has ended for two intervals, or ever."""
        self.node.add_validation(DriftCheckValidation(self, chosen, settings))

    @property
    def policies(self) -> Sequence[SendingPolicy]:
        """The policies that are checked: those that were given, or all that the stack has by now."""
        return policies_of(self._stack) if self._chosen is None else self._chosen

    @at_its_path
    def metric(self, name: str) -> cloudwatch.Metric:
        """Return the metric that counts the policies in a state at the last check.

        :param name: `InSync`, `Changed`, `Missing`, `Foreign`, `Undeclared` or `Unread`; or `Drift`, the sum of those
            that raise the alarm.
        """
        names = (DRIFT, *METRICS.values(), UNREAD)
        if name not in names:
            raise DeclarationError(f"metric is {name!r}: allowed are {', '.join(names)}")
        # The maximum and not the sum, because Lambda may deliver an event twice.
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
