"""A stack with more policies than are deployed at once: the real CLI, and the order of the calls to SES."""

from typing import Any

import pytest

from emulator import Emulator
from tests.deployed.conftest import Cdk

pytestmark = pytest.mark.xdist_group("deployed")

IDENTITY = "lanes.example"

# In the order of names, A would be first; but it depends on D. So it comes last, and the others do not wait for it.
NAMES = "DABCE"
ORDER = ["b", "c", "d", "e", "a"]


def declared(account: str) -> dict[str, Any]:
    policies = {name: {"identity": IDENTITY, "name": name.lower(), "account": account} for name in NAMES}
    policies["A"]["after"] = "D"
    return {"identities": [IDENTITY], "policies": policies, "max_concurrency": 1}


def called(aws: Emulator, since: int, operation: str) -> list[str | None]:
    """Return the policies for which SES accepted a call, in order."""
    calls = [call for call in aws.ses.calls()[since:] if call.identity == IDENTITY and call.code is None]
    return [call.policy_name for call in calls if call.operation == f"{operation}EmailIdentityPolicy"]


def test_each_waits_for_its_turn_and_goes_before_whom_it_waited_for(cdk: Cdk, local_aws: Emulator) -> None:
    """They are created and changed in the order of the lane, and deleted in reverse."""
    since = len(local_aws.ses.calls())
    cdk.deploy(Lanes=declared("222222222222"))
    assert called(local_aws, since, "Create") == ORDER

    since = len(local_aws.ses.calls())
    cdk.deploy(Lanes=declared("333333333333"))
    assert called(local_aws, since, "Update") == ORDER

    since = len(local_aws.ses.calls())
    cdk.destroy(Lanes=declared("333333333333"))
    assert called(local_aws, since, "Delete") == ORDER[::-1]


def test_a_stack_above_the_limit_that_nobody_chose_is_deployed_and_destroyed(cdk: Cdk, local_aws: Emulator) -> None:
    identities = [f"large{number}.example" for number in range(3)]
    policies = {f"P{number}": {"identity": identities[number // 20]} for number in range(45)}
    stack = {"identities": identities, "policies": policies}
    cdk.deploy(Large=stack)
    assert len([each for each in local_aws.ses.policies() if each.identity in identities]) == 45
    cdk.destroy(Large=stack)
    assert [each for each in local_aws.ses.policies() if each.identity in identities] == []
