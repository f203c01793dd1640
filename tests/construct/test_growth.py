"""How the work of a synth grows with the policies of a stack and with the stacks: by the lines that run."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import aws_cdk as cdk
import pytest
from aws_cdk import aws_ses as ses

from ses_sending_policy import SendingPolicy
from ses_sending_policy.rules.limits import POLICIES_PER_IDENTITY
from tests.support.line_counts import line_counts, too_often

_ENVIRONMENT = cdk.Environment(account="111111111111", region="eu-west-1")


def _stack(app: cdk.App, number: int, policies: int) -> None:
    stack = cdk.Stack(app, f"Mail{number}", env=_ENVIRONMENT)
    for first in range(0, policies, POLICIES_PER_IDENTITY):
        domain = f"{first}.{number}.example"
        identity = ses.EmailIdentity.from_email_identity_name(stack, f"Identity{first}", domain)
        for each in range(first, min(policies, first + POLICIES_PER_IDENTITY)):
            policy = SendingPolicy(stack, f"Policy{each}", identity=identity)
            policy.allow_account("222222222222", from_addresses=[f"*@news.{domain}"])


def _policies(folder: Path, count: int) -> None:
    app = cdk.App(outdir=str(folder / f"{count} policies"), builtin_cloud_formation_validation=False)
    _stack(app, 0, count)
    app.synth()


def _stacks(folder: Path, count: int) -> None:
    app = cdk.App(outdir=str(folder / f"{count} stacks"), builtin_cloud_formation_validation=False)
    for number in range(count):
        _stack(app, number, 2)
    app.synth()


@pytest.mark.parametrize(("synth", "counts"), [(_policies, (60, 120, 240)), (_stacks, (6, 12, 24))])
def test_no_line_runs_more_often_than_there_are_parts(
    synth: Callable[[Path, int], None], counts: tuple[int, ...], tmp_path: Path
) -> None:
    # This runs the lines of modules, which run once at the first import.
    synth(tmp_path, 1)
    assert too_often([line_counts(partial(synth, tmp_path, each)) for each in counts]) == {}
