"""A stack of a release with the real CLI: upgraded to the present code, rolled back, and downgraded."""

import json
from pathlib import Path
from typing import Any

import pytest

from emulator import Emulator, StoredPolicy
from tests.deployed.conftest import Cdk
from tests.released.app import BY_HAND, IDENTITY, written
from tests.released.release import Release, releases
from tests.support.events import ACCOUNT, REGION

pytestmark = pytest.mark.xdist_group("stories")

STACKS = ("Literal", "Tokens", "Adopted", "Several")


def at_ses(aws: Emulator) -> dict[str, Any]:
    return {each.name: json.loads(each.document) for each in aws.ses.policies() if each.identity == IDENTITY}


def deploy(cdk: Cdk, assembly: Path, *stacks: str, fails: bool = False) -> list[str]:
    """Deploy stacks of an assembly; return the writes at SES."""
    cdk.aws.ses.clear_calls()
    cdk.run("deploy", *stacks, "--require-approval=never", "--concurrency=4", assembly=assembly, fails=fails)
    return [f"{call.operation} {call.policy_name}" for call in cdk.aws.ses.calls() if call.applied]


@pytest.mark.parametrize("release", [pytest.param(each, id=each.version) for each in releases()])
def test_an_upgrade_a_rollback_and_the_way_back(cdk: Cdk, tmp_path: Path, release: Release) -> None:
    cdk.aws.client("sesv2").create_email_identity(EmailIdentity=IDENTITY)
    cdk.aws.ses.put_policy(StoredPolicy(ACCOUNT, REGION, IDENTITY, "by-hand", json.dumps(BY_HAND)))
    old = release.assembly(tmp_path / "old")
    deploy(cdk, old, *STACKS)
    before = at_ses(cdk.aws)
    assert before.keys() == {
        each.properties["PolicyName"] for name in STACKS for each in release.deployed(name).values()
    }

    assert deploy(cdk, written(tmp_path / "now"), *STACKS) == []

    literal = release.deployed("Literal")["Partner776273A3"].properties["PolicyName"]
    failing = written(tmp_path / "failing", fails=True)
    assert deploy(cdk, failing, "Literal", fails=True) == [f"UpdateEmailIdentityPolicy {literal}"] * 2
    assert at_ses(cdk.aws) == before

    assert deploy(cdk, old, *STACKS) == []
    assert at_ses(cdk.aws) == before

    cloudformation = cdk.aws.client("cloudformation")
    for name in STACKS:
        cloudformation.delete_stack(StackName=name)
        cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    assert at_ses(cdk.aws) == {"by-hand": BY_HAND}
    cdk.aws.client("sesv2").delete_email_identity(EmailIdentity=IDENTITY)
