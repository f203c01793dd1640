"""Policies that a call writes in another account or region than its stack's: they are looked for there."""

import json
from pathlib import Path
from typing import Any

import pytest

from emulator import Emulator
from tests.review.live.every_state import NEWS, hold, statement
from tests.review.live.looking import looked, states
from tests.review.templates import template, write

pytestmark = pytest.mark.xdist_group("live")


def called(folder: Path, name: str, **more: Any) -> Path:
    """Write a template whose call writes a policy, with further parameters."""
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement(NEWS)]})
    parameters = {"EmailIdentity": NEWS, "PolicyName": name, "Policy": document}
    call = {"service": "SESv2", "action": "createEmailIdentityPolicy", "parameters": parameters} | more
    resource = {"Type": "Custom::AWS", "Properties": {"Create": {"Fn::Sub": json.dumps(call)}}}
    return write(folder / f"{name}.json", template(Call=resource))


@pytest.mark.parametrize(
    ("more", "there", "missing"),
    [
        ({}, "in-sync", "missing"),
        ({"region": "${AWS::Region}"}, "in-sync", "missing"),
        ({"region": "${Region}"}, "undecided", "undecided"),
        ({"assumedRoleArn": "${Role}"}, "undecided", "undecided"),
    ],
)
def test_what_may_be_elsewhere_is_undecided(tmp_path: Path, aws: Emulator, more: Any, there: str, missing: str) -> None:
    hold(aws)
    assert states(looked(called(tmp_path, "unmarked", **more)))["unmarked"] == there
    assert states(looked(called(tmp_path, "never-written", **more)))["never-written"] == missing


@pytest.mark.parametrize("more", [{"region": "us-west-2"}, {"assumedRoleArn": "arn:aws:iam::987654321098:role/Mail"}])
def test_what_is_elsewhere_is_not_looked_for(tmp_path: Path, aws: Emulator, more: Any) -> None:
    hold(aws)
    found = looked(called(tmp_path, "unmarked"), called(tmp_path, "never-written", **more)).value
    assert [each.policy.policy_name for each in found.elsewhere] == ["never-written"]
