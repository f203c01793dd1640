"""What a user does, with the real CLI and custom resource, checked at SES."""

import json
import time
from typing import Any

import pytest

from emulator import Emulator, StoredPolicy
from ses_sending_policy.rules.ownership import Marker
from tests.deployed.conftest import Cdk
from tests.support.events import document, statement

pytestmark = pytest.mark.xdist_group("deployed")


def at_ses(aws: Emulator, *identities: str) -> dict[str, Any]:
    """Return the documents on some identities, as SES has them, by the policy's name."""
    return {each.name: json.loads(each.document) for each in aws.ses.policies() if each.identity in identities}


def policy(identity: str, **more: str) -> dict[str, str]:
    return {"identity": identity, **more}


def principals(documents: dict[str, Any]) -> dict[str, str]:
    return {name: whole["Statement"][0]["Principal"]["AWS"] for name, whole in documents.items()}


def test_a_stack_from_its_first_deploy_to_its_end(cdk: Cdk, local_aws: Emulator) -> None:
    """It creates an identity with two policies, changes one in place, renames the other, and is deleted."""
    stack = {"identities": ["life.example"]}
    first = {"One": policy("life.example", name="one"), "Two": policy("life.example", name="two")}
    cdk.deploy(Life=stack | {"policies": first})
    documents = at_ses(local_aws, "life.example")
    assert principals(documents) == dict.fromkeys(("one", "two"), "arn:aws:iam::222222222222:root")
    for name, whole in documents.items():
        marker = Marker.parse(whole["Id"])
        assert marker is not None, name
        assert (marker.stack_name, marker.adopted) == ("Life", False)
        assert whole["Statement"][0]["Resource"] == "arn:aws:ses:eu-west-1:111111111111:identity/life.example"

    changed = {"One": policy("life.example", name="one", account="333333333333"), "Two": first["Two"]}
    cdk.deploy(Life=stack | {"policies": changed})
    after = at_ses(local_aws, "life.example")
    assert principals(after)["one"] == "arn:aws:iam::333333333333:root"
    assert (after["one"]["Id"], after["two"]) == (documents["one"]["Id"], documents["two"])

    renamed = changed | {"Two": policy("life.example", name="renamed")}
    cdk.deploy(Life=stack | {"policies": renamed})
    assert at_ses(local_aws, "life.example").keys() == {"one", "renamed"}
    assert at_ses(local_aws, "life.example")["renamed"]["Id"] == documents["two"]["Id"]

    cdk.destroy(Life=stack | {"policies": renamed})
    calls = local_aws.ses.calls("DeleteEmailIdentityPolicy")
    deleted = {each.policy_name for each in calls if each.applied and each.identity == "life.example"}
    assert deleted == {"one", "renamed", "two"}, "each by its own Delete, not with the identity"
    assert at_ses(local_aws, "life.example") == {}


@pytest.mark.parametrize("marker", [None, "Other/Theirs/0123456789abcdef"], ids=["by hand", "another stack's"])
def test_a_policy_of_somebody_else_survives(cdk: Cdk, local_aws: Emulator, marker: str | None) -> None:
    identity = "theirs.example"
    local_aws.client("sesv2").create_email_identity(EmailIdentity=identity)
    theirs = json.dumps(({"Id": marker} if marker else {}) | document(statement("333333333333", identity)))
    local_aws.ses.put_policy(StoredPolicy("111111111111", "eu-west-1", identity, "taken", theirs))
    stack = {"policies": {"Taken": policy(identity, name="taken")}}

    said = cdk.deploy(Foreign=stack, fails=True)
    owner = "belongs to stack Other (Theirs)" if marker else "was not made by a SendingPolicy"
    assert f"PolicyExists: policy 'taken' on '{identity}' exists and {owner}" in said
    assert at_ses(local_aws, identity) == {"taken": json.loads(theirs)}

    cdk.destroy(Foreign=stack)
    assert at_ses(local_aws, identity) == {"taken": json.loads(theirs)}


def _fails(cdk: Cdk, broken: str, reason: str) -> None:
    name = f"Broken-{broken}"
    stack = {"identities": [f"{broken}.example"], "policies": {"Policy": policy(f"{broken}.example")}}
    started = time.monotonic()
    assert reason in cdk.deploy(fails=True, **{name: stack | {"broken": broken}})
    assert time.monotonic() - started < 240, "without a ServiceTimeout it is an hour"


def test_a_function_that_crashes_at_import_tells_why(cdk: Cdk) -> None:
    _fails(cdk, "import", "ImportFailed: ImportError: no module named gone")


def test_a_function_that_says_nothing_ends_with_the_service_timeout(cdk: Cdk) -> None:
    _fails(cdk, "silent", "timed out after 30s")
