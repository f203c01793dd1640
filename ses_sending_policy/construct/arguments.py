"""Checks the arguments of the constructs, other than the document, as soon as they are given."""

import re
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_

from ses_sending_policy.construct.tokens import checked_text, has_token
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.limits import check_policy_name
from ses_sending_policy.rules.wire import WhenExists

# The oldest Python that the function's code runs on: 3.11.
_LEAST_PYTHON: Final = 11

# "Valid Values: x86_64 | arm64": https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
_ARCHITECTURES: Final = ("arm64", "x86_64")


def checked_name(name: str) -> str:
    """Return `name`, or raise `DeclarationError` if SES would refuse it as a policy's name."""
    return name if has_token(checked_text("policy_name", name)) else check_policy_name(name)


def checked_choice(when_exists: WhenExists) -> WhenExists:
    """Return the choice, or raise `DeclarationError` if it is not a `WhenExists`."""
    try:
        return WhenExists(when_exists)
    except ValueError:
        raise DeclarationError(f"when_exists is {when_exists!r}: allowed are {', '.join(WhenExists)}") from None


def check_removal_policy(policy: cdk.RemovalPolicy) -> None:
    """Raise `DeclarationError` if SES cannot do what the removal policy asks for."""
    if policy is cdk.RemovalPolicy.SNAPSHOT:
        raise DeclarationError(
            "removal_policy is SNAPSHOT, which SES does not have: use DESTROY, RETAIN or RETAIN_ON_UPDATE_OR_DELETE"
        )


def check_runtime(runtime: lambda_.Runtime) -> None:
    """Raise `DeclarationError` if the function's code does not run on `runtime`."""
    version = re.fullmatch(r"python3\.(\d+)", runtime.name)
    if not version or int(version[1]) < _LEAST_PYTHON:
        raise DeclarationError(
            f"runtime is {runtime.name!r}: the function is written for Python 3.{_LEAST_PYTHON} or newer"
        )


def check_architecture(architecture: lambda_.Architecture) -> None:
    """Raise `DeclarationError` if `architecture` is not one of the CDK's, but for example a string from the context."""
    name = architecture.name if isinstance(architecture, lambda_.Architecture) else architecture
    if not isinstance(architecture, lambda_.Architecture) or name not in _ARCHITECTURES:
        raise DeclarationError(
            f"architecture is {name!r}: give lambda_.Architecture.ARM_64 or lambda_.Architecture.X86_64"
        )


def check_reserve(executions: int) -> bool:
    """Return whether the reserved concurrency is known, not a CDK token; raise `DeclarationError` if it is under 1."""
    if cdk.Token.is_unresolved(executions):
        return False
    if isinstance(executions, bool) or not isinstance(executions, int) or executions < 1:
        raise DeclarationError(
            f"reserved_concurrent_executions is {executions!r}: give a whole number of 1 or more, or leave it out"
        )
    return True
