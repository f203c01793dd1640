"""Adds the construct's path to errors, and replaces the CDK's tokens in their text with readable names."""

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

# The attribute of an error whose text already has a path, because one construct may make another.
_PLACE: Final = "construct_path"

_UNKNOWN: Final = "${a value of the deploy}"


def at_its_path(method: Callable[Concatenate[_C, _P], _R]) -> Callable[Concatenate[_C, _P], _R]:
    """Decorate a construct's method: each `DeclarationError` begins with the construct's path, as `Mail/Partner: `.

    :param method: the method; it must not raise the error before the construct is in the tree.
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
    """Return `text` with each token as it is in the template, as `${AWS::Region}` or `${Identity.Arn}`."""
    return re.sub(UNRESOLVED, lambda token: _name(token[0], stack), text)


def _name(token: str, stack: cdk.Stack) -> str:
    try:
        # A token that begins with "#" stands for a list, and can only be resolved within a list.
        return text_of(stack.resolve([token]) if token[0] == "#" else stack.resolve(token))
    except RuntimeError:
        # The CDK cannot resolve the token yet, and that error must not hide the one that is being told.
        return _UNKNOWN
