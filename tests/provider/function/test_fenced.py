"""What others do between a look and the write decided on it; rows 63 to 69 of the fault table.

In each history one function waits, and another acts when the first one asks CloudFormation.
tests/provider/interleaved plays them at every call, in this process.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from tests.support.async_invoker import AsyncInvoker
from tests.support.fake_aws import FakeAws
from tests.support.function import FunctionProcess
from tests.support.overlap import interrupted
from tests.support.policies import THEIRS, declared, held, marker
from tests.support.rows import row
from tests.support.stack import Stack

THROTTLED: Final[dict[str, Any]] = {"status": 429, "code": "TooManyRequestsException"}
ADOPTS: Final = {"WhenExists": "ADOPT", "OnDelete": "RELEASE"}
NARROWED: Final = THEIRS["Statement"][0] | {"Condition": {"StringEquals": {"ses:FromAddress": "one@example.com"}}}

# Longer than a look allows a write: a pause takes a second on average.
LONG: Final = 80


@pytest.fixture(scope="module")
def _second(_world: FakeAws) -> Iterator[FunctionProcess]:
    with _world.another_function(hurried=True) as function:
        yield function


@pytest.fixture
def second(_second: FunctionProcess) -> FunctionProcess:
    """Another instance of the function."""
    _second.log.clear()
    return _second


def rolled_back(invoker: AsyncInvoker, stack: Stack, second: FunctionProcess, before: dict[str, Any]) -> None:
    """Let CloudFormation give up on an Update, and roll it back through another function."""
    stack.doing = "UPDATE_ROLLBACK_IN_PROGRESS"
    delivery = invoker.once(stack.change("A", before), function=second)
    assert stack.ended("UPDATE", "A", delivery.accepted)
    stack.doing = "UPDATE_ROLLBACK_COMPLETE"


CHANGES: Final = pytest.mark.parametrize(
    "change", [{"Policy": THEIRS}, {"PolicyName": "renamed"}], ids=["in place", "renamed"]
)


@CHANGES
@row(63, "an Update is cancelled and rolled back while it waits", "it says Overtaken; SES has what was rolled back to")
def test_row_63_a_rollback_overlaps(
    aws: FakeAws, invoker: AsyncInvoker, second: FunctionProcess, change: dict[str, Any]
) -> None:
    stack = Stack(invoker)
    stack.deploy({"A": declared()})
    before = held(aws)
    event = stack.change("A", declared() | change)
    aws.fail("UpdateEmailIdentityPolicy", times=20, **THROTTLED)
    aws.fail("CreateEmailIdentityPolicy", times=20, **THROTTLED)

    def gives_up() -> None:
        aws.ses.clear_faults()
        invoker.wait(30)
        rolled_back(invoker, stack, second, declared())
        aws.fail("UpdateEmailIdentityPolicy", times=5, **THROTTLED)
        aws.fail("CreateEmailIdentityPolicy", times=5, **THROTTLED)

    answer = interrupted(invoker, event, [stack], gives_up)
    assert answer["Reason"].startswith("Overtaken: ")
    assert held(aws) == before
    assert stack.delete() == "DELETE_COMPLETE"
    assert held(aws) == {}


@CHANGES
@row(64, "row 63 within the very second of the Update", "recognised by what was declared before, and the same")
def test_row_64_a_rollback_in_the_same_second(
    aws: FakeAws, invoker: AsyncInvoker, second: FunctionProcess, change: dict[str, Any]
) -> None:
    stack = Stack(invoker)
    stack.deploy({"A": declared()})
    before = held(aws)
    event = stack.change("A", declared() | change)
    aws.fail("UpdateEmailIdentityPolicy", times=9, **THROTTLED)
    aws.fail("CreateEmailIdentityPolicy", times=9, **THROTTLED)

    def gives_up() -> None:
        aws.ses.clear_faults()
        rolled_back(invoker, stack, second, declared())

    answer = interrupted(invoker, event, [stack], gives_up)
    assert answer["Reason"].startswith("Overtaken: ")
    assert held(aws) == before


@pytest.mark.parametrize("outcome", [("SUCCESS", ""), ("FAILED", "PolicyExists")], ids=["delete", "update"])
@row(65, "another stack adopts while a Delete or an Update waits", "looked at again; it is left to the other stack")
def test_row_65_adopted_while_it_waits(
    aws: FakeAws, invoker: AsyncInvoker, second: FunctionProcess, outcome: tuple[str, str]
) -> None:
    deletes = outcome[0] == "SUCCESS"
    stack, other = Stack(invoker), Stack(invoker, "Other")
    stack.deploy({"A": declared()})
    event = stack.cancel("A") if deletes else stack.change("A", declared(Policy=THEIRS))

    def adopts() -> None:
        event = other.begin("B", declared(**ADOPTS))
        assert other.ended("CREATE", "B", invoker.once(event, function=second).accepted)
        aws.fail(operation, times=LONG, **THROTTLED)

    operation = "DeleteEmailIdentityPolicy" if deletes else "UpdateEmailIdentityPolicy"
    answer = interrupted(invoker, event, [stack, other], adopts)
    assert (answer["Status"], answer["Reason"].partition(":")[0]) == outcome
    assert held(aws) == {"partner": ("222222222222", marker(other, "B", "/adopted"))}


@row(66, "a policy is narrowed while its adoption waits", "NotEquivalent; it stays narrow")
def test_row_66_narrowed_while_it_waits(aws: FakeAws, invoker: AsyncInvoker) -> None:
    aws.seed(json.dumps(THEIRS))
    narrowed = json.dumps({"Version": "2012-10-17", "Statement": [NARROWED]})
    stack = Stack(invoker)
    event = stack.begin("A", declared(Policy=THEIRS, **ADOPTS))

    def narrows() -> None:
        aws.seed(narrowed)
        aws.fail("UpdateEmailIdentityPolicy", times=LONG, **THROTTLED)

    answer = interrupted(invoker, event, [stack], narrows)
    assert answer["Reason"].startswith("NotEquivalent: ")
    assert aws.live() == narrowed
