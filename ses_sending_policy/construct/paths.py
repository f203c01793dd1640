"""Errors that say at which construct they are, in words that a person can read: without the CDK's tokens."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec, TypeVar

import aws_cdk as cdk
from constructs import Construct

from ses_sending_policy.analysis.reading.intrinsics import text_of
from ses_sending_policy.construct.tokens import UNRESOLVED
from ses_sending_policy.rules.errors import DeclarationError

_C = TypeVar("_C", bound=Construct)
_P = ParamSpec("_P")
_R = TypeVar("_R")

# What an error has once it tells its construct: a construct may make another one.
_PLACE: Final = "construct_path"

_UNKNOWN: Final = "${a value of the deploy}"


def at_its_path(method: Callable[Concatenate[_C, _P], _R]) -> Callable[Concatenate[_C, _P], _R]:
    """Let each `DeclarationError` of a construct's method begin with the path of the construct, as `Mail/Partner: `.

    :param method: one that raises no such error before the construct is in its tree.
    """

    @wraps(method)
    def told(self: _C, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return method(self, *args, **kwargs)
        except DeclarationError as error:
            if _PLACE not in vars(error):
                path = vars(error)[_PLACE] = self.node.path
                error.args = (f"{path}: {_readable(str(error), cdk.Stack.of(self))}",)
            raise

    return told


def _readable(text: str, stack: cdk.Stack) -> str:
    """Return `text` with each token as a template's reader knows it, as `${AWS::Region}` or `${Identity.Arn}`."""
    return re.sub(UNRESOLVED, lambda token: _name(token[0], stack), text)


def _name(token: str, stack: cdk.Stack) -> str:
    try:
        # By way of a list, which may hold one that stands for a list.
        return text_of(stack.resolve([token]) if token[0] == "#" else stack.resolve(token))
    except RuntimeError:
        # So the CDK says that it cannot tell it yet, which must not hide the fault that is told.
        return _UNKNOWN
