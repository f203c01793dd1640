"""Applies an app's settings for all its custom resources and functions to ours, or refuses the settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_lambda as lambda_
from constructs import Node

from ses_sending_policy.rules.errors import DeclarationError

# The metadata by which `CustomResourceConfig` finds its resources. The constants are in custom-resource-config.ts of
# the CDK, which does not export them: a test checks them with the class itself.
_OF_CUSTOM_RESOURCES: Final = "aws:cdk:is-custom-resource-handler-"
_IS_LOG_GROUP: Final = f"{_OF_CUSTOM_RESOURCES}logGroup"
_RUNTIME_FAMILY: Final = f"{_OF_CUSTOM_RESOURCES}runtime-family"

# The synthesizer that takes no files; the CDK's error message contains its name.
_TAKES_NO_FILES: Final = "BootstraplessSynthesizer"


def register_log_group(log_group: Node) -> None:
    """Let `CustomResourceConfig` set the retention and the removal policy of a function's log group."""
    log_group.add_metadata(_IS_LOG_GROUP, data=True)


def register_function(function: Node) -> None:
    """Let `CustomResourceConfig` set the runtime of a function, which is written in Python."""
    function.add_metadata(_RUNTIME_FAMILY, lambda_.RuntimeFamily.PYTHON)


@contextmanager
def code_in(stack: cdk.Stack) -> Iterator[None]:
    """Use this context to make a function with code: raise `DeclarationError` if `stack` takes no file assets."""
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
