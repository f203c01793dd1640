"""`drift` on deployed stacks: what their templates leave open, the deploy has decided."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from emulator import Emulator, StoredPolicy
from tests.deployed.conftest import Cdk

DOMAIN = "senders.example"

pytestmark = pytest.mark.xdist_group("deployed")


@pytest.fixture(scope="module")
def senders(cdk: Cdk, local_aws: Emulator) -> Iterator[Cdk]:
    """Deploy an app with six policies in three stacks, of which a condition leaves one out."""
    app = replace(cdk, app="tests/deployed/senders.py", folder=cdk.folder.with_name("senders.out"))
    app.deploy()
    there = {each.name for each in local_aws.ses.policies() if each.identity == DOMAIN}
    assert there == {"role", "import", "parameter", "parents", "own"}
    yield app
    app.destroy()


def drifted(aws: Emulator, *arguments: str) -> dict[str, Any]:
    """Return what the command says of each policy, by the policy's name."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("sending-policy")), "drift", "--format=json", *arguments],
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=aws.shell(),
        timeout=60,
    )
    assert done.stderr == ""
    return {each["policy_name"]: each for each in json.loads(done.stdout)["policies"]}


def states(found: dict[str, Any]) -> dict[str, str]:
    return {name: each["state"] for name, each in found.items()}


def test_a_deployed_stack_tells_all_that_its_template_leaves_open(senders: Cdk, local_aws: Emulator) -> None:
    assert senders
    found = drifted(local_aws, "--stack=Senders")
    assert states(found) == dict.fromkeys(("role", "import", "parameter", "parents", "own"), "in-sync")
    assert found["own"]["declared"]["path"] == "Senders/Campaign/Own Policy/Resource"


def test_of_the_assembly_alone_nobody_can_tell(senders: Cdk, local_aws: Emulator) -> None:
    found = drifted(local_aws, str(senders.folder))
    assert set(states(found).values()) == {"undecided"}
    assert found["sometimes"]["unknown"] == ["whether IsWanted is true"]


def test_what_is_changed_behind_the_deploy_is_seen(senders: Cdk, local_aws: Emulator) -> None:
    assert senders
    before = {each.name: each for each in local_aws.ses.policies() if each.identity == DOMAIN}

    def put(name: str, document: Any) -> None:
        local_aws.ses.put_policy(StoredPolicy("111111111111", "eu-west-1", DOMAIN, name, json.dumps(document)))

    documents = {name: json.loads(each.document) for name, each in before.items()}
    role = documents["role"]["Statement"][0]["Principal"]["AWS"]
    put("role", documents["role"] | {"Statement": [documents["role"]["Statement"][0] | {"Principal": "*"}]})
    [statement] = documents["import"]["Statement"]
    put("import", documents["import"] | {"Statement": [statement | {"Principal": {"AWS": role}}]})
    # The marker of an earlier stack of the same name.
    put("parents", documents["parents"] | {"Id": documents["parents"]["Id"][:-16] + "0123456789abcdef"})
    put("sometimes", documents["own"] | {"Id": "mine"})
    local_aws.client("sesv2").delete_email_identity_policy(EmailIdentity=DOMAIN, PolicyName="parameter")
    try:
        assert states(drifted(local_aws, "--stack=Senders")) == {
            "role": "changed",
            "import": "changed",
            "parents": "foreign",
            "sometimes": "undeclared",
            "parameter": "missing",
            "own": "in-sync",
        }
    finally:
        local_aws.client("sesv2").delete_email_identity_policy(EmailIdentity=DOMAIN, PolicyName="sometimes")
        for name, each in before.items():
            put(name, json.loads(each.document))
