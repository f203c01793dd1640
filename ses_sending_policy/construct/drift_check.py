"""The construct that looks at SES now and then, whether the policies of a stack are as they were deployed."""

from collections.abc import Sequence
from typing import Any, Final, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_sns as sns
from constructs import Construct, IValidation

from ses_sending_policy.construct.asset import DRIFT_HANDLER, asset_directory
from ses_sending_policy.construct.scanners import answer_cdk_nag, answer_checkov
from ses_sending_policy.construct.sending_policy import SendingPolicy, policies_of
from ses_sending_policy.rules.drift_check import DIMENSION, DRIFT, METRICS, NAMESPACE, UNREAD, write
from ses_sending_policy.rules.errors import DeclarationError

# "Period: [...] For a high-resolution metric, 10, 20 or 30 [...] or any multiple of 60", and an alarm looks at no more
# than a day where a period is shorter than an hour, else at seven: two periods are within that.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
_LEAST_SECONDS: Final = 300
_MOST_SECONDS: Final = 86400

_WHY_NOT: Final = {
    "CKV_AWS_115": "A reserve is taken from the account's other functions; it runs once an interval.",
    "CKV_AWS_116": "An alarm counts its errors, and the next look comes by itself: nobody would read a queue.",
}
_WHY_ANY_VERSION: Final = "The schedule may call any version of this one function, as the CDK grants it."


@jsii.implements(cdk.IStableListProducer)
class _Arns:
    def __init__(self, check: "SendingPolicyDriftCheck") -> None:
        self._check = check

    def produce(self) -> list[str]:
        return sorted({policy.identity_arn for policy in self._check.policies})


@jsii.implements(cdk.IStableAnyProducer)
class _Event:
    def __init__(self, check: "SendingPolicyDriftCheck") -> None:
        self._check = check

    def produce(self) -> Any:  # noqa: ANN401 - as the CDK declares it
        deployed = [(policy.physical_id, policy.policy_hash) for policy in self._check.policies]
        return write(self._check.name, cdk.Aws.STACK_ID, deployed, ignore_undeclared=self._check.ignores_undeclared)


@jsii.implements(IValidation)
class _Validation:
    def __init__(self, check: "SendingPolicyDriftCheck") -> None:
        self._check = check

    def validate(self) -> list[str]:
        if self._check.policies:
            return []
        return [
            "the drift check has nothing to look at: its stack has no SendingPolicy, so declare one or leave it out"
        ]


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
    :param interval: how long it waits between two looks, 5 minutes to a day. Default: - a day.
    :param topic: is told when an alarm goes off, when it is over, and when nobody looked for two intervals.
        Default: - nobody is, the alarms alone show it.
    :param ignore_undeclared: whether policies without an owner's marker on the same identities, which no stack
        declares, raise no alarm. Default: False
    :param log_retention: how long its log is kept. Default: - a year.
    """

    # Over 40 lines: each property is an argument of its own, and the CDK wants them here.
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
    ) -> None:
        super().__init__(scope, id)
        self._stack = cdk.Stack.of(self)
        self._chosen = None if policies is None else _checked_policies(policies, self._stack)
        self.ignores_undeclared: Final = ignore_undeclared
        """Whether policies that nobody declares raise no alarm."""
        self._interval = interval or cdk.Duration.days(1)
        if interval is not None:
            _check_interval(interval)
        self.name: Final = cdk.Names.unique_resource_name(self, max_length=128, separator="-")
        """What tells its metrics from those of another check: the value of their dimension `Check`."""
        log_group = logs.LogGroup(
            self,
            "LogGroup",
            retention=log_retention or logs.RetentionDays.ONE_YEAR,
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        self.function: Final = lambda_.Function(
            self,
            "Function",
            description="Looks whether the SES sending authorization policies of its stack are as they were deployed",
            runtime=lambda_.Runtime.PYTHON_3_14,
            architecture=lambda_.Architecture.ARM_64,
            handler=DRIFT_HANDLER,
            code=lambda_.Code.from_asset(str(asset_directory(DRIFT_HANDLER))),
            memory_size=256,
            # One identity a second at SES's pace.
            timeout=cdk.Duration.minutes(15),
            role=self._role(log_group),
            log_group=log_group,
        )
        """The function that looks."""
        answer_checkov(cast("cdk.CfnResource", self.function.node.default_child), _WHY_NOT)
        scheduler.Schedule(
            self,
            "Schedule",
            description="Looks whether sending authorization policies are as they were deployed",
            schedule=scheduler.ScheduleExpression.rate(self._interval),
            target=targets.LambdaInvoke(
                self.function,
                input=scheduler.ScheduleTargetInput.from_object(cdk.Lazy.any(_Event(self))),
                role=self._schedule_role(),
            ),
        )
        self.alarm: Final = self._alarm(
            "Alarm",
            self.metric(DRIFT),
            "A sending authorization policy at SES is not as it was deployed; the log of the drift check tells which",
        )
        """Goes off where a policy is not as it was deployed, or could not be read."""
        self.failure_alarm: Final = self._alarm(
            "FailureAlarm",
            self.function.metric_errors(period=self._interval),
            "The drift check of SES sending authorization policies failed; its log tells why",
        )
        """Goes off where the check itself fails."""
        if topic is not None:
            tell = actions.SnsAction(topic)
            for alarm in (self.alarm, self.failure_alarm):
                alarm.add_alarm_action(tell)
                alarm.add_ok_action(tell)
            self.alarm.add_insufficient_data_action(tell)
        self.node.add_validation(_Validation(self))

    @property
    def policies(self) -> Sequence[SendingPolicy]:
        """What is looked at: as given, or all policies that the stack has by now."""
        return policies_of(self._stack) if self._chosen is None else self._chosen

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
            period=self._interval,
            statistic="Maximum",
        )

    def _role(self, log_group: logs.ILogGroup) -> iam.Role:
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        identities = cdk.Lazy.list(_Arns(self))
        role.add_to_policy(iam.PolicyStatement(actions=["ses:GetEmailIdentityPolicies"], resources=identities))
        log_group.grant_write(role)
        return role

    def _schedule_role(self) -> iam.Role:
        # "We recommend using the aws:SourceArn or aws:SourceAccount condition keys [...] to help prevent the confused
        # deputy problem"; the schedule's ARN is not known before it has the role.
        # https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
        own = {"StringEquals": {"aws:SourceAccount": self._stack.account}}
        scheduler_ = iam.ServicePrincipal("scheduler.amazonaws.com", conditions=own)
        role = iam.Role(self, "ScheduleRole", assumed_by=scheduler_)
        self.function.grant_invoke(role)
        function = self._stack.get_logical_id(cast("cdk.CfnElement", self.function.node.default_child))
        answer_cdk_nag(role.node.find_child("DefaultPolicy"), "IAM5", f"Resource::<{function}.Arn>:*", _WHY_ANY_VERSION)
        return role

    def _alarm(self, id_: str, metric: cloudwatch.Metric, description: str) -> cloudwatch.Alarm:
        return metric.create_alarm(
            self,
            id_,
            alarm_description=description,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            threshold=1,
            # A look may fall on either side of a period's end.
            evaluation_periods=2,
            datapoints_to_alarm=1,
        )


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


def _check_interval(interval: cdk.Duration) -> None:
    if interval.is_unresolved():
        return
    seconds = interval.to_seconds()
    if not _LEAST_SECONDS <= seconds <= _MOST_SECONDS or seconds % 60:
        raise DeclarationError(
            f"interval is {seconds:g} seconds: allowed are whole minutes from {_LEAST_SECONDS // 60} minutes to a day"
        )
