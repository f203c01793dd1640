"""The commands in this process, at a pace that takes no time."""

import json
from collections.abc import Collection, Mapping
from random import Random
from typing import Any

from ses_sending_policy.cli import parser
from ses_sending_policy.cli.command import CommandResult
from ses_sending_policy.cli.drift import COMMAND, drift
from ses_sending_policy.review.assembly import reviewed
from ses_sending_policy.review.live.aws import Aws, pacer
from ses_sending_policy.review.live.calls import Calls
from ses_sending_policy.review.live.declared_policies import of_files
from ses_sending_policy.review.text_output import TextOutput
from ses_sending_policy.rules.faults import CallError, Fault


class Hurried:
    """A clock that is put forward instead of waiting."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        """Return the present second."""
        return self.time

    def sleep(self, seconds: float) -> None:
        """Put the clock forward."""
        self.time += seconds
        self.slept.append(seconds)


def hurried(answer_seconds: float = 30.0) -> Aws:
    """Return the local AWS as the commands reach it."""
    return Aws(paced=pacer(Hurried(), Random(1)), answer_seconds=answer_seconds)


class Guarded:
    """The local AWS behind a guard, which notes each call and refuses some.

    :param refused: the operations that it refuses.
    :param interrupted: the operations at which somebody presses Ctrl-C, and at which call of each.
    """

    def __init__(self, refused: Collection[str] = (), interrupted: Mapping[str, int] | None = None) -> None:
        self.called: list[tuple[str, str]] = []
        self._refused = refused
        self._interrupted = dict(interrupted or {})
        self._aws = hurried()

    @property
    def region(self) -> str:
        """See `Calls.region`."""
        return self._aws.region

    def once(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """See `Calls.once`."""
        self._note(service, operation)
        return self._aws.once(service, operation, **parameters)

    def call(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """See `Calls.call`."""
        self._note(service, operation)
        return self._aws.call(service, operation, **parameters)

    def _note(self, service: str, operation: str) -> None:
        self.called.append((service, operation))
        if operation in self._refused:
            raise CallError("AccessDenied", "not authorized", Fault.DENIED)
        if self.called.count((service, operation)) == self._interrupted.get(operation):
            raise KeyboardInterrupt


def looked(*arguments: object, aws: Calls | None = None) -> CommandResult[Any]:
    """Return the result of the command."""
    options = parser(["drift"]).parse_args(["drift", *map(str, arguments)])
    files = list(of_files(reviewed(options.paths))) if options.paths else []
    return drift(aws or hurried(), options, files)


def written(answer: CommandResult[Any], form: str) -> str:
    """Return the command's output."""
    return COMMAND.formats[form](answer.value, TextOutput())


def states(answer: CommandResult[Any]) -> dict[str, str]:
    """Return the state of each policy by its name."""
    return {each["policy_name"]: each["state"] for each in json.loads(written(answer, "json"))["policies"]}
