"""docs/howto/rename-a-construct.md when steps fail; tests/deployed/test_howtos.py plays it without failures.

A policy moves to a provider of its own by the same events: docs/howto/choose-a-provider.md.
"""

import json

from tests.support.async_invoker import AsyncInvoker
from tests.support.fake_aws import FakeAws
from tests.support.moving import BY_HAND, FAILS, follow, held, properties
from tests.support.policies import told
from tests.support.stack import Stack

PAGE = "rename-a-construct"
OLD, NEW = {"weekly": "Mail/WeeklyFFAEA5C6"}, {"weekly": "Mail/NewsletterB163D641/adopted"}
NEWS, MAGAZINE = {"Mail-News-7E0692F1": "Mail/NewsE995708C"}, {"Mail-Magazine-BE32BA07": "Mail/Magazine39D489E3"}


def test_each_step_fails_once_and_is_rolled_back(aws: FakeAws, invoker: AsyncInvoker) -> None:
    stack = Stack(invoker)
    follow(stack, PAGE, "declared")
    assert follow(stack, PAGE, "renamed", FAILS) == "UPDATE_ROLLBACK_COMPLETE"
    assert held(aws) == OLD
    lines = told(invoker)
    assert follow(stack, PAGE, "renamed") == "UPDATE_COMPLETE"
    assert [line.split()[:2] for line in lines] == [["Create", "SUCCESS"], ["Delete", "SUCCESS"]]
    assert held(aws) == NEW

    assert follow(stack, PAGE, "kept", FAILS) == "UPDATE_ROLLBACK_COMPLETE"
    assert held(aws) == NEW
    assert follow(stack, PAGE, "kept") == "UPDATE_COMPLETE"
    assert held(aws) == NEW
    assert stack.delete() == "DELETE_COMPLETE"
    assert held(aws) == {}


def test_after_a_rollback_the_old_one_can_change(aws: FakeAws, invoker: AsyncInvoker) -> None:
    stack = Stack(invoker)
    follow(stack, PAGE, "declared")
    follow(stack, PAGE, "renamed", FAILS)
    another_sid = json.loads(json.dumps(properties(PAGE, "declared")).replace("AllowAccount", "Allow"))
    assert stack.deploy(another_sid) == "UPDATE_COMPLETE"
    assert '"Sid":"Allow222222222222"' in (aws.live("weekly") or "")
    assert held(aws) == OLD


def test_after_a_rollback_the_old_one_goes_with_its_stack(aws: FakeAws, invoker: AsyncInvoker) -> None:
    stack = Stack(invoker)
    follow(stack, PAGE, "declared")
    follow(stack, PAGE, "renamed", FAILS)
    assert stack.delete() == "DELETE_COMPLETE"
    assert held(aws) == {}


def test_also_with_destroy_a_rollback_gives_it_back(aws: FakeAws, invoker: AsyncInvoker) -> None:
    stack = Stack(invoker)
    follow(stack, PAGE, "declared")
    [(logical_id, renamed)] = properties(PAGE, "renamed").items()
    destroys = {logical_id: renamed | {"OnDelete": "DELETE"}}
    assert stack.deploy(destroys | FAILS) == "UPDATE_ROLLBACK_COMPLETE"
    assert held(aws) == OLD


def test_without_adopt_it_is_refused_and_nothing_has_changed(aws: FakeAws, invoker: AsyncInvoker) -> None:
    stack = Stack(invoker)
    follow(stack, PAGE, "declared")
    assert follow(stack, PAGE, "kept") == "UPDATE_ROLLBACK_COMPLETE"
    assert held(aws) == OLD


def test_a_rollback_leaves_the_one_with_its_own_old_name(aws: FakeAws, invoker: AsyncInvoker) -> None:
    stack = Stack(invoker)
    follow(stack, PAGE, "default-name")
    assert follow(stack, PAGE, "default-name-renamed", FAILS) == "UPDATE_ROLLBACK_COMPLETE"
    assert held(aws) == NEWS
    assert follow(stack, PAGE, "default-name-renamed") == "UPDATE_COMPLETE"
    assert held(aws) == MAGAZINE


def test_its_own_new_name_needs_a_free_place(aws: FakeAws, invoker: AsyncInvoker) -> None:
    stack = Stack(invoker)
    follow(stack, PAGE, "default-name")
    others = [f"other-{number}" for number in range(19)]
    for name in others:
        aws.seed(json.dumps(BY_HAND), name)
    assert follow(stack, PAGE, "default-name-renamed") == "UPDATE_ROLLBACK_COMPLETE"
    assert held(aws) == NEWS | dict.fromkeys(others, "nobody")


def test_with_retain_the_one_with_its_own_old_name_stays(aws: FakeAws, invoker: AsyncInvoker) -> None:
    stack = Stack(invoker)
    follow(stack, PAGE, "default-name")
    stack.retained = frozenset(stack.resources)
    stack.deploy(properties(PAGE, "default-name-renamed"))
    assert held(aws) == NEWS | MAGAZINE


def test_with_the_old_logical_id_the_function_hears_nothing() -> None:
    assert properties(PAGE, "same-logical-id") == properties(PAGE, "declared")
