"""The CloudWatch alarms of a drift check: for drift, for a run that fails, and for runs that do not happen.

A metric has one data point for each run, and CloudWatch evaluates an alarm every minute. docs/decisions/0031 explains
the details.
"""

import math
from dataclasses import dataclass
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

from ses_sending_policy.rules.drift_check import look_seconds
from ses_sending_policy.rules.errors import DeclarationError

# An alarm sees a run within minutes: "for any period of one minute or longer, an alarm is evaluated every minute".
# No two runs are in one period, since they are 5 minutes apart or more.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
_PERIOD: Final = cdk.Duration.minutes(5)

# "The maximum evaluation period is seven days for alarms with a period of at least one hour", and "one day for alarms
# with a shorter period": the same page.
_HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class DriftAlarms:
    """The alarms of a check, in its scope.

    :param drift: on from a run that finds drift or cannot read a policy, until a run finds none.
    :param failure: on from a run that fails, until a run does not fail.
    :param overdue: on if no run has ended for two intervals.
    """

    drift: cloudwatch.Alarm
    failure: cloudwatch.Alarm
    overdue: cloudwatch.Alarm

    @classmethod
    def of(
        cls, scope: Construct, metric: cloudwatch.Metric, function: lambda_.Function, interval: float
    ) -> "DriftAlarms":
        """Make the alarms.

        :param metric: the metric of all drift.
        :param function: the function of the check.
        :param interval: the seconds between two runs.
        """
        # The ends of two runs may be an interval and a run's time apart, and one lost run must not raise the alarm.
        period = _PERIOD.to_seconds() if interval < _HOUR else _HOUR
        periods = math.ceil((2 * interval + look_seconds(interval)) / period)
        return cls(
            drift=_alarm(
                scope,
                "Alarm",
                metric.with_(period=_PERIOD),
                "A sending authorization policy at SES is not as it was deployed; the log of the drift check tells "
                "which",
            ),
            failure=_alarm(
                scope,
                "FailureAlarm",
                function.metric_errors(period=_PERIOD),
                "The drift check of SES sending authorization policies failed; its log tells why",
            ),
            overdue=metric.with_(period=cdk.Duration.seconds(period), statistic="SampleCount").create_alarm(
                scope,
                "OverdueAlarm",
                alarm_description=(
                    "No drift check of SES sending authorization policies came to its end for two intervals; look at "
                    "its schedule and its function"
                ),
                comparison_operator=cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
                threshold=1,
                # Many short periods and not a long one, because CloudWatch also looks at some periods before these,
                # and a data point in one of those would delay the alarm.
                evaluation_periods=periods,
                treat_missing_data=cloudwatch.TreatMissingData.BREACHING,
            ),
        )

    def tell(self, topic: sns.ITopic) -> None:
        """Notify a topic whenever an alarm goes off or is over; raise `DeclarationError` if it is a FIFO topic."""
        if topic.fifo:
            # "When you publish messages to an Amazon SNS FIFO topic, you set the message group ID": no alarm has one.
            # https://docs.aws.amazon.com/sns/latest/dg/fifo-message-grouping.html
            raise DeclarationError(
                f"topic {topic.node.path!r} is a FIFO topic: those take no messages of alarms, give a standard one"
            )
        action = actions.SnsAction(topic)
        for alarm in (self.drift, self.failure, self.overdue):
            alarm.add_alarm_action(action)
            alarm.add_ok_action(action)


def _alarm(scope: Construct, id_: str, metric: cloudwatch.Metric, description: str) -> cloudwatch.Alarm:
    return metric.create_alarm(
        scope,
        id_,
        alarm_description=description,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        threshold=1,
        evaluation_periods=1,
        # "ignore - The current alarm state is maintained": between two runs there is no data.
        treat_missing_data=cloudwatch.TreatMissingData.IGNORE,
    )
