"""docs/howto/move-a-policy.md when steps fail; tests/deployed/test_howtos.py plays it without failures."""

from tests.support.async_invoker import AsyncInvoker
from tests.support.fake_aws import FakeAws
from tests.support.moving import FAILS, follow, held, properties
from tests.support.policies import THEIRS, told
from tests.support.stack import Stack

PAGE = "move-a-policy"
TAKEN = {"shop": "New/Shop563325D0/adopted"}


def test_each_step_fails_once_and_is_rolled_back(aws: FakeAws, invoker: AsyncInvoker) -> None:
    old = Stack(invoker, "Old")
    follow(old, PAGE, "old")
    assert follow(Stack(invoker, "New"), PAGE, "takes", FAILS) == "ROLLBACK_COMPLETE"
    assert held(aws) == {"shop": "Old/Shop563325D0"}
    new = Stack(invoker, "New")
    assert follow(new, PAGE, "takes") == "CREATE_COMPLETE"
    assert held(aws) == TAKEN

    lines = told(invoker)
    assert old.deploy(FAILS) == "UPDATE_ROLLBACK_COMPLETE"
    unclaimed = "example.com|other|unclaimed"
    assert lines == [f"Create FAILED {unclaimed}", f"Delete SUCCESS {unclaimed}"]
    assert old.deploy({}) == "UPDATE_COMPLETE"
    assert held(aws) == TAKEN

    assert follow(new, PAGE, "kept", FAILS) == "UPDATE_ROLLBACK_COMPLETE"
    assert held(aws) == TAKEN
    assert follow(new, PAGE, "kept") == "UPDATE_COMPLETE"
    assert held(aws) == TAKEN
    assert new.delete() == "DELETE_COMPLETE"
    assert held(aws) == {}


def test_after_a_rollback_of_the_last_step_teardown_releases(aws: FakeAws, invoker: AsyncInvoker) -> None:
    old, new = Stack(invoker, "Old"), Stack(invoker, "New")
    follow(old, PAGE, "old")
    follow(new, PAGE, "takes")
    old.deploy({})
    follow(new, PAGE, "kept", FAILS)
    assert new.delete() == "DELETE_COMPLETE"
    assert held(aws) == {"shop": "nobody"}


def test_the_old_stack_does_not_take_it_back_and_is_not_stuck(aws: FakeAws, invoker: AsyncInvoker) -> None:
    old, new = Stack(invoker, "Old"), Stack(invoker, "New")
    follow(old, PAGE, "old")
    follow(new, PAGE, "takes")
    [(logical_id, declared)] = properties(PAGE, "old").items()
    assert old.deploy({logical_id: declared | {"Policy": THEIRS}}) == "UPDATE_ROLLBACK_COMPLETE"
    assert held(aws) == TAKEN


def test_where_the_old_stack_comes_first_the_policy_is_gone_meanwhile(aws: FakeAws, invoker: AsyncInvoker) -> None:
    """The reason why the page says not to combine two steps."""
    old, new = Stack(invoker, "Old"), Stack(invoker, "New")
    follow(old, PAGE, "old")
    old.deploy({})
    assert held(aws) == {}
    follow(new, PAGE, "takes")
    assert held(aws) == {"shop": "New/Shop563325D0"}


def test_an_ses_that_forgets_the_id_loses_it(aws: FakeAws, invoker: AsyncInvoker) -> None:
    """The reason why the page says to look at SES between the steps, and why docs/lifecycle.md needs the marker."""
    aws.ses.change(drops_id=True)
    old, new = Stack(invoker, "Old"), Stack(invoker, "New")
    follow(old, PAGE, "old")
    follow(new, PAGE, "takes")
    assert held(aws) == {"shop": "nobody"}
    old.deploy({})
    assert held(aws) == {}
