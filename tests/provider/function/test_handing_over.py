"""docs/howto/hand-over-a-policy.md when steps fail; tests/deployed/test_howtos.py plays it without failures."""

import json

from tests.support.async_invoker import AsyncInvoker
from tests.support.fake_aws import FakeAws
from tests.support.moving import BY_HAND, FAILS, follow, held, properties
from tests.support.policies import BROKEN, told
from tests.support.stack import Stack

PAGE = "hand-over-a-policy"
LEAVING = {"agency": "Mail/Leaving69325DBE/adopted"}
DECLARED = {"agency": "Mail/Agency0690EE5F"}
NOBODYS = {"agency": "nobody"}


def test_each_step_of_a_release_fails_once_and_is_rolled_back(aws: FakeAws, invoker: AsyncInvoker) -> None:
    stack = Stack(invoker)
    follow(stack, PAGE, "declared")
    assert follow(stack, PAGE, "leaving", FAILS) == "UPDATE_ROLLBACK_COMPLETE"
    assert held(aws) == DECLARED
    assert follow(stack, PAGE, "leaving") == "UPDATE_COMPLETE"
    assert held(aws) == LEAVING
    assert stack.deploy(FAILS) == "UPDATE_ROLLBACK_COMPLETE"
    assert held(aws) == LEAVING
    assert stack.deploy({}) == "UPDATE_COMPLETE"
    assert held(aws) == NOBODYS


def test_adopt_alone_does_not_keep_what_the_stack_made(aws: FakeAws, invoker: AsyncInvoker) -> None:
    """The reason why the page asks for another id."""
    stack = Stack(invoker)
    follow(stack, PAGE, "declared")
    [(logical_id, declared)] = properties(PAGE, "declared").items()
    adopts = {"WhenExists": "ADOPT", "OnDelete": "RELEASE"}
    assert stack.deploy({logical_id: declared | adopts}) == "UPDATE_COMPLETE"
    assert stack.deploy({}) == "UPDATE_COMPLETE"
    assert held(aws) == {}


def test_what_was_adopted_once_needs_no_other_id(aws: FakeAws, invoker: AsyncInvoker) -> None:
    aws.seed(json.dumps(BY_HAND))
    stack = Stack(invoker)
    for name in ("adopts-as-grants", "kept", "adopts-as-grants"):
        follow(stack, "adopt-a-policy", name)
    assert stack.deploy({}) == "UPDATE_COMPLETE"
    assert held(aws) == {"partner": "nobody"}


def test_a_release_that_ses_refuses_leaves_the_marker(aws: FakeAws, invoker: AsyncInvoker) -> None:
    stack = Stack(invoker)
    follow(stack, PAGE, "declared")
    follow(stack, PAGE, "leaving")
    aws.fail("UpdateEmailIdentityPolicy", **BROKEN)
    assert stack.deploy({}) == "UPDATE_COMPLETE"
    assert held(aws) == LEAVING
    assert invoker.function.log_lines[-2]["event"] == "policy left"


def test_retaining_is_nothing_that_the_function_hears_of(aws: FakeAws, invoker: AsyncInvoker) -> None:
    stack = Stack(invoker)
    follow(stack, PAGE, "declared")
    lines = told(invoker)
    assert follow(stack, PAGE, "retained") == "UPDATE_COMPLETE"
    assert stack.deploy({}) == "UPDATE_COMPLETE"
    assert lines == []
    assert held(aws) == {"agency": "Mail/Agency0690EE5F"}


def test_the_marker_of_a_retained_policy_still_names_its_owner(aws: FakeAws, invoker: AsyncInvoker) -> None:
    stack, other = Stack(invoker), Stack(invoker, "Other")
    follow(stack, PAGE, "retained")
    stack.deploy({})
    assert follow(other, PAGE, "declared") == "ROLLBACK_COMPLETE"
    [failed] = [each["reason"] for each in invoker.function.log_lines if each.get("status") == "FAILED"]
    assert "belongs to stack Mail (Agency0690EE5F)" in failed
    other = Stack(invoker, "Other")
    follow(other, PAGE, "leaving")
    assert held(aws) == {"agency": "Other/Leaving69325DBE/adopted"}
    other.deploy({})
    assert held(aws) == NOBODYS
