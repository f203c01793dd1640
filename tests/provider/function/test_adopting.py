"""docs/howto/adopt-a-policy.md when steps fail; tests/deployed/test_howtos.py plays it without failures."""

import json

import pytest

from ses_sending_policy.rules.document import compact
from tests.support.async_invoker import AsyncInvoker
from tests.support.fake_aws import FakeAws
from tests.support.moving import BY_HAND, FAILS, follow, held, properties
from tests.support.policies import THEIRS
from tests.support.stack import Stack

PAGE = "adopt-a-policy"
ADOPTED = {"partner": "Mail/Partner776273A3/adopted"}


def test_each_step_fails_once_and_is_rolled_back(aws: FakeAws, invoker: AsyncInvoker) -> None:
    aws.seed(json.dumps(BY_HAND))
    assert follow(Stack(invoker), PAGE, "adopts", FAILS) == "ROLLBACK_COMPLETE"
    assert held(aws) == {"partner": "nobody"}

    stack = Stack(invoker)
    assert follow(stack, PAGE, "adopts") == "CREATE_COMPLETE"
    assert follow(stack, PAGE, "adopts-as-grants") == "UPDATE_COMPLETE"
    assert held(aws) == ADOPTED

    assert follow(stack, PAGE, "kept", FAILS) == "UPDATE_ROLLBACK_COMPLETE"
    assert held(aws) == ADOPTED
    assert follow(stack, PAGE, "kept") == "UPDATE_COMPLETE"
    assert held(aws) == ADOPTED
    assert stack.delete() == "DELETE_COMPLETE"
    assert held(aws) == {}


def test_one_that_is_kept_can_change(aws: FakeAws, invoker: AsyncInvoker) -> None:
    aws.seed(json.dumps(BY_HAND))
    stack = Stack(invoker)
    follow(stack, PAGE, "adopts")
    [logical_id] = stack.resources
    changed = properties(PAGE, "kept")[logical_id] | {"Policy": THEIRS}
    assert stack.deploy({logical_id: changed}) == "UPDATE_COMPLETE"
    assert json.loads(aws.live() or "")["Statement"] == THEIRS["Statement"]


@pytest.mark.parametrize(("name", "theirs"), [("adopts", THEIRS), ("kept", BY_HAND)], ids=["other", "not asked to"])
def test_what_cannot_be_adopted_is_left(aws: FakeAws, invoker: AsyncInvoker, name: str, theirs: object) -> None:
    text = aws.seed(json.dumps(theirs))
    assert follow(Stack(invoker), PAGE, name) == "ROLLBACK_COMPLETE"
    assert aws.live() == text


def test_while_it_adopts_teardown_releases(aws: FakeAws, invoker: AsyncInvoker) -> None:
    aws.seed(json.dumps(BY_HAND))
    stack = Stack(invoker)
    follow(stack, PAGE, "adopts")
    assert stack.delete() == "DELETE_COMPLETE"
    assert held(aws) == {"partner": "nobody"}


def test_also_with_destroy_a_rollback_gives_it_back(aws: FakeAws, invoker: AsyncInvoker) -> None:
    """After a failed deploy, the policy is exactly as before."""
    text = aws.seed(compact(BY_HAND | {"Id": "mail team, 2021"}))
    [(logical_id, adopts)] = properties(PAGE, "adopts").items()
    assert Stack(invoker).deploy({logical_id: adopts | {"OnDelete": "DELETE"}} | FAILS) == "ROLLBACK_COMPLETE"
    assert aws.live() == text


def test_with_destroy_teardown_deletes(aws: FakeAws, invoker: AsyncInvoker) -> None:
    """The reason why the page says to leave `removal_policy` out until the last step."""
    aws.seed(json.dumps(BY_HAND))
    [(logical_id, adopts)] = properties(PAGE, "adopts").items()
    stack = Stack(invoker)
    stack.deploy({logical_id: adopts | {"OnDelete": "DELETE"}})
    assert stack.delete() == "DELETE_COMPLETE"
    assert held(aws) == {}


def test_a_rollback_deletes_what_was_written_over(aws: FakeAws, invoker: AsyncInvoker) -> None:
    aws.seed(json.dumps(THEIRS))
    assert follow(Stack(invoker), PAGE, "overwrites", FAILS) == "ROLLBACK_COMPLETE"
    assert held(aws) == {}
    [line] = [line for line in invoker.function.log_lines if line["event"] == "overwrites"]
    assert json.loads(line["document"]) == THEIRS
