"""The recipes of docs/howto, played against SES: what a reader is told to do has the end that the page promises."""

import json

from tests.support.courier import Courier
from tests.support.events import Resource, document, statement
from tests.support.policies import THEIRS, claimed, declared, held, invalid, marker, told
from tests.support.stack import Stack
from tests.support.world import World

ADOPTS = {"WhenExists": "ADOPT", "OnDelete": "RELEASE"}


def test_a_policy_made_by_hand_is_adopted_and_then_kept(aws: World, courier: Courier) -> None:
    aws.seed(json.dumps(Resource().properties()["Policy"]))
    stack = Stack(courier)
    assert stack.deploy({"A": declared(**ADOPTS)}) == "CREATE_COMPLETE"
    assert held(aws) == {"partner": ("222222222222", marker(stack, suffix="/adopted"))}
    assert stack.deploy({"A": declared()}) == "UPDATE_COMPLETE"
    assert stack.deploy({"A": declared(Policy=THEIRS)}) == "UPDATE_COMPLETE"
    assert held(aws) == {"partner": ("333333333333", marker(stack, suffix="/adopted"))}
    assert stack.delete() == "DELETE_COMPLETE"
    assert held(aws) == {}


def test_one_that_says_something_else_is_refused_and_left(aws: World, courier: Courier) -> None:
    aws.seed(json.dumps(THEIRS))
    assert Stack(courier).deploy({"A": declared(**ADOPTS)}) == "ROLLBACK_COMPLETE"
    assert held(aws) == {"partner": ("333333333333", None)}


def test_a_policy_moves_to_another_stack(aws: World, courier: Courier) -> None:
    """The new stack takes it while the old one still declares it, and access is never gone."""
    old, new = Stack(courier, "Old"), Stack(courier, "New")
    old.deploy({"A": declared(), "B": declared("other")})
    assert new.deploy({"C": declared(**ADOPTS)}) == "CREATE_COMPLETE"
    taken = {"partner": ("222222222222", marker(new, "C", "/adopted"))}
    lines = told(courier)
    assert old.deploy({"B": declared("other")}) == "UPDATE_COMPLETE"
    assert lines == [f"Delete SUCCESS {claimed(old)}"]
    assert {name: policy for name, policy in held(aws).items() if name == "partner"} == taken
    assert new.deploy({"C": declared()}) == "UPDATE_COMPLETE"
    assert new.delete() == "DELETE_COMPLETE"
    assert list(held(aws)) == ["other"]


def test_the_old_stack_does_not_take_it_back(aws: World, courier: Courier) -> None:
    old, new = Stack(courier, "Old"), Stack(courier, "New")
    old.deploy({"A": declared()})
    new.deploy({"C": declared(**ADOPTS)})
    assert old.deploy({"A": declared(Policy=THEIRS)}) == "UPDATE_ROLLBACK_FAILED"
    assert held(aws) == {"partner": ("222222222222", marker(new, "C", "/adopted"))}


def test_a_policy_moves_to_a_provider_of_its_own(aws: World, courier: Courier) -> None:
    """It is the same stack, and a new logical id: CloudFormation makes the new one first, and cleans up after."""
    stack = Stack(courier)
    stack.deploy({"A": declared()})
    lines = told(courier)
    assert stack.deploy({"B": declared(**ADOPTS)}) == "UPDATE_COMPLETE"
    assert lines == [f"Create SUCCESS {claimed(stack, logical_id='B')}", f"Delete SUCCESS {claimed(stack)}"]
    assert held(aws) == {"partner": ("222222222222", marker(stack, "B", "/adopted"))}
    assert stack.deploy({"B": declared()}) == "UPDATE_COMPLETE"
    assert held(aws) == {"partner": ("222222222222", marker(stack, "B", "/adopted"))}
    assert stack.delete() == "DELETE_COMPLETE"
    assert held(aws) == {}


def test_a_move_that_is_rolled_back_leaves_the_policy_to_its_first_owner(aws: World, courier: Courier) -> None:
    stack = Stack(courier)
    stack.deploy({"A": declared()})
    assert stack.deploy({"B": declared(**ADOPTS), "C": invalid()}) == "UPDATE_ROLLBACK_COMPLETE"
    assert held(aws) == {"partner": ("222222222222", None)}
    assert stack.deploy({"A": declared(Policy=document(statement("444444444444")))}) == "UPDATE_COMPLETE"
    assert held(aws) == {"partner": ("444444444444", marker(stack))}


def test_a_move_that_would_delete_is_no_recipe(aws: World, courier: Courier) -> None:
    """Why the page says to leave `removal_policy` out until the first owner has let go."""
    stack = Stack(courier)
    stack.deploy({"A": declared()})
    destroys = ADOPTS | {"OnDelete": "DELETE"}
    assert stack.deploy({"B": declared(**destroys), "C": invalid()}) == "UPDATE_ROLLBACK_COMPLETE"
    assert held(aws) == {}
