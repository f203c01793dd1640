"""`sending-policy check`."""

import argparse
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from ses_sending_policy.cli.command import Command, CommandResult, add_accept_unread, add_fail_on, add_paths, anywhere
from ses_sending_policy.review.assembly import Reviewed, reviewed
from ses_sending_policy.review.check import CheckResult, FailOn
from ses_sending_policy.review.check_formats import (
    check_github,
    check_json,
    check_junit,
    check_markdown,
    check_sarif,
    check_text,
)
from ses_sending_policy.review.errors import ReviewError
from ses_sending_policy.review.source_location import Repository
from ses_sending_policy.review.unread import unseen


def checked(found: Reviewed, fail_on: FailOn = FailOn.NEVER, now: datetime | None = None) -> CheckResult:
    """Return the findings in the policies that were read. Files are named relative to the current git repository.

    :param now: the time that dates in policies are compared with. Default: - the machine's time.
    """
    return CheckResult.of(found, Repository.around(_here()), now or datetime.now(UTC), fail_on)


def _here() -> Path:
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise ReviewError(["the working directory does not exist any more: change to one that does"]) from None


def _check(options: argparse.Namespace) -> CommandResult[CheckResult]:
    found = reviewed(options.paths, options.accept_unread)
    check = checked(found, options.fail_on)
    return CommandResult(check, check.fails, unseen(found.unread))


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add_paths(parser)
    add_accept_unread(parser)
    add_fail_on(
        parser,
        FailOn.ERROR,
        "exit with 1 if there is an error (error, the default), a warning or an error (warning), or never; what the "
        "app acknowledges does not count",
    )


COMMAND: Final = Command(
    "Lists the mistakes and risks in the policies (findings), each with how to fix\n"
    "it. A finding that the app acknowledges is listed with the reason.",
    {
        "text": check_text,
        "markdown": anywhere(check_markdown),
        "json": anywhere(check_json),
        "sarif": anywhere(check_sarif),
        "junit": anywhere(check_junit),
        "github": anywhere(check_github),
    },
    _check,
    _add_arguments,
)
