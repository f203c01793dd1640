"""Checks the timeouts of the function and of CloudFormation for one policy, and the interval of a drift check."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import aws_cdk as cdk

from ses_sending_policy.rules.drift_check import LEAST_SECONDS, MOST_FUNCTION_SECONDS, MOST_SECONDS, look_seconds
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.wire import LEAST_FUNCTION_SECONDS, LEAST_TAKE_OVER_SECONDS, WhenExists

# "ServiceTimeout: The maximum time, in seconds, that can elapse before a custom resource operation times out. The value
# must be an integer from 1 to 3600. The default value is 3600 seconds (1 hour)."
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
_SERVICE_SECONDS: Final = 3600

# CloudFormation's timeout for one policy by default.
_USUAL_SECONDS: Final = 1200

# "MaximumEventAgeInSeconds: [...] Minimum value of 60. Maximum value of 21600."
# https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html
_LEAST_EVENT_AGE: Final = 60
_MOST_EVENT_AGE: Final = 21600


def check_timeouts(timeout: cdk.Duration, service_timeout: cdk.Duration) -> None:
    """Raise `DeclarationError` if AWS does not allow one of them, or if `service_timeout` is shorter than `timeout`."""
    if timeout.is_unresolved() or service_timeout.is_unresolved():
        return
    function, service = timeout.to_seconds(integral=False), service_timeout.to_seconds(integral=False)
    for name, seconds, least, most in (
        ("timeout", function, LEAST_FUNCTION_SECONDS, MOST_FUNCTION_SECONDS),
        ("service_timeout", service, 1, _SERVICE_SECONDS),
    ):
        if not least <= seconds <= most:
            raise DeclarationError(f"{name} is {seconds:g} seconds: allowed are {least} to {most}")
    if service < function:
        raise DeclarationError(
            f"service_timeout is {service:g} seconds and timeout {function:g}: CloudFormation would give up on a "
            "function that is still at work, so make service_timeout at least as long"
        )


@dataclass(frozen=True, slots=True)
class Times:
    """The timeouts for one policy.

    :param function: the function's timeout.
    :param service: CloudFormation's timeout in seconds, as it is in the template.
    :param event_age: how old an event may be when the function gets it: after that, CloudFormation has given it up.
    """

    function: cdk.Duration
    service: str | int | float
    event_age: cdk.Duration

    @classmethod
    def of(cls, timeout: cdk.Duration | None, service_timeout: cdk.Duration | None) -> "Times":
        """Return the chosen times, or the defaults for None; raise `DeclarationError` if AWS does not allow them."""
        if timeout is None and service_timeout is None:
            return _usual()
        function, service = timeout or _usual().function, service_timeout or _usual().event_age
        check_timeouts(function, service)
        seconds = service.to_seconds()
        if service.is_unresolved():
            return cls(function, seconds, service)
        is_short = seconds < _LEAST_EVENT_AGE
        return cls(function, f"{seconds:g}", cdk.Duration.seconds(_LEAST_EVENT_AGE) if is_short else service)


@cache
def _usual() -> Times:
    """Return the default times; cached, so that each process asks the CDK for them once."""
    return Times(cdk.Duration.seconds(MOST_FUNCTION_SECONDS), f"{_USUAL_SECONDS}", cdk.Duration.seconds(_USUAL_SECONDS))


def check_time_to_take_over(timeout: cdk.Duration, when_exists: WhenExists) -> None:
    """Raise `DeclarationError` if the policy may be taken over, and `timeout` is too short for a take-over."""
    if when_exists is WhenExists.FAIL or timeout.is_unresolved():
        return
    seconds = timeout.to_seconds(integral=False)
    if seconds < LEAST_TAKE_OVER_SECONDS:
        raise DeclarationError(
            f"when_exists is {when_exists} and the provider's timeout {seconds:g} seconds: a policy that is taken over "
            f"is read again later, so give the provider {LEAST_TAKE_OVER_SECONDS} or more"
        )


def interval_seconds(interval: cdk.Duration) -> float:
    """Return the interval of a drift check in seconds; raise `DeclarationError` if it is not allowed."""
    if interval.is_unresolved():
        raise DeclarationError("interval is a token: the alarms are made of its number, so give one that synth knows")
    seconds = interval.to_seconds()
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS or seconds % 60:
        raise DeclarationError(
            f"interval is {seconds:g} seconds: allowed are whole minutes from {LEAST_SECONDS // 60} minutes to a day"
        )
    return seconds


def look_age(interval: float) -> cdk.Duration:
    """Return how old a drift check's event may be for Lambda to try it again: a retry must end before the next run."""
    left = interval - look_seconds(interval)
    return cdk.Duration.seconds(min(max(left, _LEAST_EVENT_AGE), _MOST_EVENT_AGE))
