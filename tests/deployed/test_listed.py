"""A provider with a list of identities on the local AWS, where IAM is asked about each call to SES."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from emulator import Emulator
from tests.deployed.conftest import Cdk
from tests.support.iam_gate import IamGate, iam_gate

pytestmark = pytest.mark.xdist_group("howtos")

STAYS, LEAVES = "stays.example", "leaves.example"


@pytest.fixture
def app(cdk: Cdk) -> Cdk:
    return replace(cdk, app="tests/deployed/listed.py")


@pytest.fixture
def gate(app: Cdk, local_aws: Emulator) -> Iterator[IamGate]:
    with iam_gate(local_aws, "Listed") as gate:
        yield gate
        # The stack's last deploy does not matter: a stack is destroyed by its name.
        app.destroy(Listed=declared(gate, "Stays"))
    assert live(local_aws) == []


def declared(gate: IamGate, *ids: str, **others: Any) -> dict[str, Any]:
    """Return a stack with an identity, a policy on it and an entry in the list for each of `ids`."""
    domains = {"Stays": STAYS, "Leaves": LEAVES}
    made = {id_: domains[id_] for id_ in ids}
    return {"made": made, "listed": list(ids), "policies": {f"On{id_}": id_ for id_ in ids}, "gate": gate.url} | others


def live(aws: Emulator) -> list[str]:
    """Return the identities that have a policy, of the two."""
    return sorted(each.identity for each in aws.ses.policies() if each.identity in (STAYS, LEAVES))


def deleted(gate: IamGate) -> list[tuple[str, bool, int]]:
    """Return each Delete that was sent: its identity, whether it was allowed, and how many policies the role had."""
    operation = "DeleteEmailIdentityPolicy"
    return [
        (each.identity, each.allowed, len(each.role_policies)) for each in gate.asked if each.operation == operation
    ]


def test_identity_policy_and_entry_leave_in_one_deploy(app: Cdk, gate: IamGate, local_aws: Emulator) -> None:
    app.deploy(Listed=declared(gate, "Stays", "Leaves"))
    [before] = gate.role_policies
    assert live(local_aws) == [LEAVES, STAYS]

    app.deploy(Listed=declared(gate, "Stays"))
    assert live(local_aws) == [STAYS]
    assert gate.denied == set()
    assert deleted(gate) == [(LEAVES, True, 2)], "the policy of before was there, beside the new one"
    [after] = gate.role_policies
    assert after != before

    app.destroy(Listed=declared(gate, "Stays"))
    assert live(local_aws) == []
    assert gate.denied == set()


def test_the_same_rolled_back(app: Cdk, gate: IamGate, local_aws: Emulator) -> None:
    app.deploy(Listed=declared(gate, "Stays", "Leaves"))
    before = gate.role_policies

    fails = declared(gate, "Stays")
    fails["listed"].append("missing.example")
    fails["policies"]["OnMissing"] = "missing.example"
    said = app.deploy(Listed=fails, fails=True)
    assert "has no identity 'missing.example'" in " ".join(said.split())
    assert live(local_aws) == [LEAVES, STAYS]
    assert gate.role_policies == before

    app.destroy(Listed=declared(gate, "Stays", "Leaves"))
    assert live(local_aws) == []
    assert gate.denied == set()


def test_a_policy_moves_to_another_identity_and_back(app: Cdk, gate: IamGate, local_aws: Emulator) -> None:
    """The old identity stays, so a policy left on it would still give access."""
    both = {"Stays": STAYS, "Leaves": LEAVES}
    app.deploy(Listed=declared(gate, "Leaves", made=both))
    moved = {"OnLeaves": "Stays"}
    app.deploy(Listed=declared(gate, "Stays", made=both, policies=moved))
    assert live(local_aws) == [STAYS]

    fails = declared(gate, "Leaves", made=both)
    fails["listed"].append("missing.example")
    fails["policies"]["OnMissing"] = "missing.example"
    app.deploy(Listed=fails, fails=True)
    assert live(local_aws) == [STAYS]
    assert gate.denied == set()


def test_an_identity_gets_another_name(app: Cdk, gate: IamGate, local_aws: Emulator) -> None:
    """Its logical id stays, and so does its entry in the template's list."""
    app.deploy(Listed=declared(gate, "Stays"))
    app.deploy(Listed=declared(gate, "Stays", made={"Stays": LEAVES}))
    assert live(local_aws) == [LEAVES]
    assert deleted(gate) == [(STAYS, True, 2)]
    assert gate.denied == set()


def test_a_provider_gets_its_list(app: Cdk, gate: IamGate, local_aws: Emulator) -> None:
    app.deploy(Listed=declared(gate, "Stays", "Leaves", listed=None))
    app.deploy(Listed=declared(gate, "Stays", "Leaves"))
    app.deploy(Listed=declared(gate, "Stays", made={"Stays": STAYS, "Leaves": LEAVES}))
    assert live(local_aws) == [STAYS]
    assert gate.denied == set()


def test_a_list_kept_by_hand_is_denied(app: Cdk, gate: IamGate, local_aws: Emulator) -> None:
    """The role's policy is narrowed before the clean-up; our list is made to prevent that."""
    before = declared(gate, "Stays", "Leaves", by_hand=True)
    app.deploy(Listed=before)

    app.deploy(Listed=declared(gate, "Stays", made=before["made"], by_hand=True))
    assert {identity for _, identity in gate.denied} == {LEAVES}
    assert live(local_aws) == [LEAVES, STAYS], "the access stays"
    events = local_aws.client("cloudformation").describe_stack_events(StackName=gate.stack)["StackEvents"]
    [failed] = [each for each in events if each["ResourceStatus"] == "DELETE_FAILED"]
    assert failed["LogicalResourceId"].startswith("OnLeaves")
    assert "AccessDenied" in failed["ResourceStatusReason"], "a Delete that is denied is no success"

    # The way out: add the missing entry again, and delete once more.
    app.deploy(Listed=declared(gate, "Stays", listed=["Stays", "Leaves"], made=before["made"], by_hand=True))
