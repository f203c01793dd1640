"""What an app says of all its functions and custom resources: it holds for ours, or is refused in a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from constructs import Node

from ses_sending_policy.rules.errors import DeclarationError

# Where `CustomResourceConfig` looks for what it is about. The constants are in custom-resource-config.ts of the CDK,
# which hands them to no other package: a test asks the class itself.
_OF_CUSTOM_RESOURCES: Final = "aws:cdk:is-custom-resource-handler-"
_IS_LOG_GROUP: Final = f"{_OF_CUSTOM_RESOURCES}logGroup"
_RUNTIME_FAMILY: Final = f"{_OF_CUSTOM_RESOURCES}runtime-family"

# What the CDK says then tells its name.
_TAKES_NO_FILES: Final = "BootstraplessSynthesizer"


def register_log_group(log_group: Node) -> None:
    """Let `CustomResourceConfig` say the retention and the removal policy of a function's log group."""
    log_group.add_metadata(_IS_LOG_GROUP, data=True)


def register_function(function: Node) -> None:
    """Let `CustomResourceConfig` say the runtime of a function, which is written in Python."""
    function.add_metadata(_RUNTIME_FAMILY, lambda_.RuntimeFamily.PYTHON)


@contextmanager
def code_in(stack: cdk.Stack) -> Iterator[None]:
    """Make a function with its code in here: `DeclarationError` is raised where `stack` takes no files."""
    try:
        yield
    except RuntimeError as error:
        if _TAKES_NO_FILES not in str(error):
            raise
        raise DeclarationError(
            f"stack {stack.node.path!r} has the {_TAKES_NO_FILES}, which takes no files, and the function's code is "
            "one: give the stack another synthesizer, as cdk.CliCredentialsStackSynthesizer, which needs the bucket "
            "of cdk bootstrap and none of its roles"
        ) from None
