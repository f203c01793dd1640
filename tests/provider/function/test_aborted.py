"""An adoption that is undone before CloudFormation has its id leaves what was there before."""

import json

import pytest

from ses_sending_policy.rules.document import compact
from tests.support.async_invoker import AsyncInvoker
from tests.support.fake_aws import FakeAws
from tests.support.overlap import interrupted
from tests.support.policies import THEIRS, declared, held, invalid
from tests.support.stack import Stack

EACH = pytest.mark.parametrize("on_delete", ["DELETE", "RELEASE"])


def principals(aws: FakeAws) -> dict[str, str]:
    return {name: principal for name, (principal, _) in held(aws).items()}


@EACH
@pytest.mark.parametrize("owned", [False, True], ids=["by hand", "another stack's"])
def test_it_is_cancelled_while_it_waits_for_its_last_look(
    aws: FakeAws, invoker: AsyncInvoker, on_delete: str, *, owned: bool
) -> None:
    """Its Delete has an id that CloudFormation made up, and comes during the 43 seconds of that wait."""
    if owned:
        Stack(invoker, "Other").deploy({"B": declared(Policy=THEIRS)})
    else:
        aws.seed(json.dumps(THEIRS | {"Id": "mail team, 2021"}))
    before = json.loads(aws.live() or "")
    stack = Stack(invoker)
    stack.deploy({"A": declared("other")})
    event = stack.begin("B", declared(Policy=THEIRS, WhenExists="ADOPT", OnDelete=on_delete))
    with aws.another_function(hurried=True) as second:

        def cancels() -> None:
            invoker.wait(10)
            stack.cancelled("B", invoker.once(stack.cancel("B"), function=second).accepted)

        answer = interrupted(invoker, event, [stack], cancels, lambda: "Update" in aws.calls)
    assert answer["Reason"].startswith("Overtaken: ")
    assert json.loads(aws.live() or "null") == before


@EACH
def test_its_answers_are_lost(aws: FakeAws, invoker: AsyncInvoker, on_delete: str) -> None:
    """The rollback's Delete has an invented id. The former `Id` is lost, and everything else is as before."""
    aws.seed(json.dumps(THEIRS))
    aws.answers.script.extend([403] * 3)
    stack = Stack(invoker)
    stack.deploy({"A": declared(Policy=THEIRS, WhenExists="ADOPT", OnDelete=on_delete)})
    assert stack.status == "ROLLBACK_COMPLETE"
    assert principals(aws) == {"partner": "333333333333"}


@EACH
def test_the_answers_of_a_rename_to_another_s_name_are_lost(
    aws: FakeAws, invoker: AsyncInvoker, on_delete: str
) -> None:
    Stack(invoker, "Other").deploy({"B": declared("other")})
    stack = Stack(invoker)
    stack.deploy({"A": declared()})
    before = principals(aws)
    aws.answers.script.extend([403] * 3)
    renamed = declared("other", WhenExists="ADOPT", OnDelete=on_delete)
    assert stack.deploy({"A": renamed}) == "UPDATE_ROLLBACK_COMPLETE"
    assert principals(aws) == before


@pytest.mark.parametrize("updates_back", [True, False])
def test_a_rename_that_is_rolled_back_keeps_the_former_id(
    aws: FakeAws, invoker: AsyncInvoker, *, updates_back: bool
) -> None:
    """The id of the old name has it; the id that the rollback's Update answers must have it as well."""
    before = aws.seed(compact({"Id": "mail team, 2021"} | THEIRS))
    stack = Stack(invoker, updates_back=updates_back)
    adopts = declared(Policy=THEIRS, WhenExists="ADOPT", OnDelete="RELEASE")
    stack.deploy({"A": adopts})
    assert stack.deploy({"A": adopts | {"PolicyName": "renamed"}, "B": invalid()}) == "UPDATE_ROLLBACK_COMPLETE"
    assert stack.delete() == "DELETE_COMPLETE"
    assert aws.live() == before
