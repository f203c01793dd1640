"""Each order in which CloudFormation sends its events, and what SES holds at the end.

`tests/support/stack.py` has the orders, and where they are documented.
"""

import json
from contextlib import ExitStack
from threading import Event as Signal

from emulator.quota import Quota
from tests.support.async_invoker import AsyncInvoker
from tests.support.cloudformation import Described
from tests.support.fake_aws import FakeAws
from tests.support.model import token
from tests.support.policies import BROKEN, THEIRS, adopted, declared, held, invalid, made, marker, told
from tests.support.stack import Stack


def test_create_and_delete(aws: FakeAws, invoker: AsyncInvoker) -> None:
    stack, lines = Stack(invoker), told(invoker)
    assert stack.deploy({"A": declared(), "B": declared("other")}) == "CREATE_COMPLETE"
    assert held(aws) == {"partner": ("222222222222", marker(stack)), "other": ("222222222222", marker(stack, "B"))}
    assert stack.delete() == "DELETE_COMPLETE"
    assert held(aws) == {}
    ids = [made(stack), made(stack, "other", "B")]
    assert lines == [*(f"Create SUCCESS {each}" for each in ids), *(f"Delete SUCCESS {each}" for each in ids[::-1])]


def test_a_failed_create_is_rolled_back_with_the_id_that_it_answered(aws: FakeAws, invoker: AsyncInvoker) -> None:
    aws.seed(json.dumps(THEIRS))
    stack, lines = Stack(invoker), told(invoker)
    assert stack.deploy({"B": declared("other"), "A": declared()}) == "ROLLBACK_COMPLETE"
    assert lines == [
        f"Create SUCCESS {made(stack, 'other', 'B')}",
        "Create FAILED example.com|partner|unclaimed",
        "Delete SUCCESS example.com|partner|unclaimed",
        f"Delete SUCCESS {made(stack, 'other', 'B')}",
    ]
    assert held(aws) == {"partner": ("333333333333", None)}


def test_a_create_that_failed_half_way_is_rolled_back_with_a_claimed_id(aws: FakeAws, invoker: AsyncInvoker) -> None:
    aws.fail("UpdateEmailIdentityPolicy", **BROKEN)
    stack, lines = Stack(invoker), told(invoker)
    assert stack.deploy({"A": declared()}) == "ROLLBACK_COMPLETE"
    assert lines == [f"Create FAILED {made(stack)}", f"Delete SUCCESS {made(stack)}"]
    assert held(aws) == {}


def test_a_create_that_is_never_answered_is_rolled_back_with_an_id_made_up(aws: FakeAws, invoker: AsyncInvoker) -> None:
    aws.answers.script.extend([403] * 3)
    stack, lines = Stack(invoker), told(invoker)
    assert stack.deploy({"A": declared()}) == "ROLLBACK_COMPLETE"
    assert lines == [*[f"Create SUCCESS {made(stack)}"] * 3, "Delete SUCCESS Mail-A-1Q2W3E4R5T6Z"]
    assert held(aws) == {}


def test_update_in_place(aws: FakeAws, invoker: AsyncInvoker) -> None:
    stack = Stack(invoker)
    stack.deploy({"A": declared()})
    lines = told(invoker)
    assert stack.deploy({"A": declared(Policy=THEIRS)}) == "UPDATE_COMPLETE"
    assert lines == [f"Update SUCCESS {made(stack)}"]
    assert held(aws) == {"partner": ("333333333333", marker(stack))}


def test_a_replacement_and_its_clean_up(aws: FakeAws, invoker: AsyncInvoker) -> None:
    stack = Stack(invoker)
    stack.deploy({"A": declared(), "B": declared("other")})
    lines = told(invoker)
    assert stack.deploy({"A": declared("renamed")}) == "UPDATE_COMPLETE"
    assert lines == [
        f"Update SUCCESS {made(stack, 'renamed')}",
        f"Delete SUCCESS {made(stack)}",
        f"Delete SUCCESS {made(stack, 'other', 'B')}",
    ]
    assert held(aws) == {"renamed": ("222222222222", marker(stack))}


def test_an_update_is_rolled_back_to_what_was(aws: FakeAws, invoker: AsyncInvoker) -> None:
    stack = Stack(invoker)
    stack.deploy({"A": declared()})
    before, lines = held(aws), told(invoker)
    assert stack.deploy({"A": declared(Policy=THEIRS), "B": invalid()}) == "UPDATE_ROLLBACK_COMPLETE"
    assert lines == [
        f"Update SUCCESS {made(stack)}",
        "Create FAILED example.com|partner|unclaimed",
        f"Update SUCCESS {made(stack)}",
        "Delete SUCCESS example.com|partner|unclaimed",
    ]
    assert held(aws) == before


def test_a_replacement_is_rolled_back_after_its_id_was_answered(aws: FakeAws, invoker: AsyncInvoker) -> None:
    for updates_back in (True, False):
        stack = Stack(invoker, updates_back=updates_back)
        stack.deploy({"A": declared()})
        before, lines = held(aws), told(invoker)
        template = {"A": declared("renamed"), "B": invalid()}
        assert stack.deploy(template) == "UPDATE_ROLLBACK_COMPLETE"
        assert lines[0] == f"Update SUCCESS {made(stack, 'renamed')}"
        assert (f"Update SUCCESS {made(stack)}" in lines) == updates_back
        assert f"Delete SUCCESS {made(stack, 'renamed')}" in lines
        assert held(aws) == before
        stack.delete()


def test_a_replacement_is_rolled_back_before_its_id_was_answered(aws: FakeAws, invoker: AsyncInvoker) -> None:
    """CloudFormation does not know the new name, but the old properties of its rollback have it."""
    stack = Stack(invoker)
    stack.deploy({"A": declared()})
    before, lines = held(aws), told(invoker)
    aws.answers.script.extend([403] * 3)
    assert stack.deploy({"A": declared("renamed")}) == "UPDATE_ROLLBACK_COMPLETE"
    assert lines == [*[f"Update SUCCESS {made(stack, 'renamed')}"] * 3, f"Update SUCCESS {made(stack)}"]
    assert held(aws) == before


def test_every_event_twice(aws: FakeAws, invoker: AsyncInvoker) -> None:
    """Lambda may deliver "the same event from the same source multiple times", also if nothing fails.

    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    """
    invoker.doubles = 100
    stack, lines = Stack(invoker), told(invoker)
    stack.deploy({"A": declared()})
    stack.deploy({"A": declared("renamed")})
    assert held(aws) == {"renamed": ("222222222222", marker(stack))}
    stack.delete()
    assert held(aws) == {}
    kinds = [("Create", "partner"), ("Update", "renamed"), ("Delete", "partner"), ("Delete", "renamed")]
    assert lines == [f"{kind} SUCCESS {made(stack, name)}" for kind, name in kinds for _ in range(2)]


def test_deletes_overtake_creates_that_wait_for_their_turn(aws: FakeAws, invoker: AsyncInvoker) -> None:
    """One of many Creates fails at once. The others wait for SES's quota, and their Deletes come before their turn.

    Each Create runs in a Lambda of its own, on its own clock; none gets past its first question before all of them
    were cancelled, however fast this machine is.
    """
    stack = Stack(invoker)
    names = ["B", "C", "D"]
    # The first two calls get through, which is one whole Create: it is answered no earlier than the others.
    aws.ses.change(quota=Quota(per_second=0.001, burst=2))
    cancelled = Signal()

    def says(logical_id: str) -> Described:
        assert cancelled.wait(60)
        return stack.described(logical_id)

    creates = {name: stack.begin(name, declared(name)) for name in names}
    with ExitStack() as functions:
        pool = {name: functions.enter_context(aws.another_function(hurried=True)) for name in names}
        aws.cloudformation.says = says
        invoker.voices[stack.id] = says
        for name, event in creates.items():
            pool[name].send(event, seconds=900, at=invoker.now)
        deletes = {name: stack.cancel(name) for name in names}
        cancelled.set()
        assert [pool[name].result() for name in names] == [None] * 3
        answers = aws.answers.arrived
        aws.ses.change(quota=None)
        for name, event in deletes.items():
            stack.cancelled(name, invoker(event))
    assert len(answers) == 3
    assert {answer["Reason"].partition(":")[0] for answer in answers if answer["Status"] == "FAILED"} == {"Overtaken"}
    assert stack.abandoned == []
    assert held(aws) == {}


def test_a_fix_after_no_rollback(aws: FakeAws, invoker: AsyncInvoker) -> None:
    aws.seed(json.dumps(THEIRS))
    stack, lines = Stack(invoker), told(invoker)
    assert stack.deploy({"A": declared()}, rollback=False) == "CREATE_FAILED"
    fixed = declared(WhenExists="OVERWRITE")
    assert stack.deploy({"A": fixed}, rollback=False) == "UPDATE_COMPLETE"
    assert lines == [
        "Create FAILED example.com|partner|unclaimed",
        f"Create SUCCESS {adopted(stack)}",
        "Delete SUCCESS example.com|partner|unclaimed",
    ]
    assert held(aws) == {"partner": ("222222222222", marker(stack, suffix="/adopted"))}


def test_a_fix_after_an_update_without_rollback(aws: FakeAws, invoker: AsyncInvoker) -> None:
    stack = Stack(invoker)
    stack.deploy({"A": declared()})
    lines = told(invoker)
    aws.answers.script.extend([403] * 3)
    assert stack.deploy({"A": declared("renamed")}, rollback=False) == "UPDATE_FAILED"
    assert held(aws) == {"partner": ("222222222222", marker(stack))}
    assert stack.deploy({"A": declared("renamed")}, rollback=False) == "UPDATE_COMPLETE"
    assert lines[-2:] == [f"Update SUCCESS {made(stack, 'renamed')}", f"Delete SUCCESS {made(stack)}"]
    assert held(aws) == {"renamed": ("222222222222", marker(stack))}


def test_a_clean_up_that_fails_is_abandoned(aws: FakeAws, invoker: AsyncInvoker) -> None:
    stack = Stack(invoker)
    stack.deploy({"A": declared()})
    lines = told(invoker)
    aws.fail("DeleteEmailIdentityPolicy", **BROKEN)
    assert stack.deploy({"A": declared("renamed")}) == "UPDATE_COMPLETE"
    assert lines[-1] == f"Delete FAILED {made(stack)}"
    assert [left.physical_id for left in stack.abandoned] == [made(stack)]
    stack.delete()
    assert held(aws) == {"partner": ("222222222222", marker(stack))}, "what was abandoned, and nothing else"


def test_a_refactored_resource_keeps_its_policy_and_its_token(aws: FakeAws, invoker: AsyncInvoker) -> None:
    first, second = Stack(invoker), Stack(invoker, "Other")
    first.deploy({"A": declared(), "B": declared("other")})
    id_, token_ = made(first), token(first.id, "A")
    first.move("A", second, "Moved")
    lines = told(invoker)
    assert second.deploy({"Moved": declared(Policy=THEIRS)}) == "UPDATE_COMPLETE"
    assert held(aws)["partner"] == ("333333333333", f"Other/Moved/{token_}")
    second.delete()
    assert lines == [f"Update SUCCESS {id_}", f"Delete SUCCESS {id_}"]
    assert held(aws) == {"other": ("222222222222", marker(first, "B"))}


def test_a_move_by_adopt(aws: FakeAws, invoker: AsyncInvoker) -> None:
    """The recipe of docs/lifecycle.md: the new owner adopts it, then the old one goes; the policy always exists."""
    first, second = Stack(invoker), Stack(invoker, "Other")
    first.deploy({"A": declared()})
    assert second.deploy({"B": declared(WhenExists="ADOPT", OnDelete="RELEASE")}) == "CREATE_COMPLETE"
    first.delete()
    assert held(aws) == {"partner": ("222222222222", marker(second, "B", "/adopted"))}
    second.delete()
    assert held(aws) == {"partner": ("222222222222", None)}


def test_an_overwrite_and_its_rollback(aws: FakeAws, invoker: AsyncInvoker) -> None:
    """Of a new resource: the old policy is lost, but its text is in the log. Of an old resource: it is put back."""
    aws.seed(json.dumps(THEIRS))
    overwrites = declared(WhenExists="OVERWRITE", OnDelete="RELEASE")
    stack = Stack(invoker)
    assert stack.deploy({"A": overwrites, "B": invalid()}) == "ROLLBACK_COMPLETE"
    assert held(aws) == {"partner": ("222222222222", None)}
    [line] = [line for line in invoker.function.log_lines if line["event"] == "overwrites"]
    assert json.loads(line["document"]) == THEIRS
    aws.seed(json.dumps(THEIRS))
    stack = Stack(invoker)
    stack.deploy({"A": declared("mine")})
    aws.fail("UpdateEmailIdentityPolicy", ending="reset", applied=True)
    aws.fail("UpdateEmailIdentityPolicy", **BROKEN)
    aws.fail("GetEmailIdentityPolicies", ending="answer", times=2)
    aws.fail("GetEmailIdentityPolicies", **BROKEN)
    assert stack.deploy({"A": overwrites}) == "UPDATE_ROLLBACK_COMPLETE"
    assert held(aws) == {"partner": ("333333333333", None), "mine": ("222222222222", marker(stack))}


def test_a_replay_after_hours_does_nothing(aws: FakeAws, invoker: AsyncInvoker) -> None:
    stack = Stack(invoker)
    stack.deploy({"A": declared()})
    stack.deploy({"A": declared("renamed")})
    stack.delete()
    aws.seed(json.dumps(THEIRS))
    invoker.wait(3 * 3600)
    for event in list(invoker.sent):
        late = invoker.once(event)
        assert late.error == "UndeliveredError: the event is older than CloudFormation waits"
        assert (late.puts, late.calls) == ([], [])
    assert held(aws) == {"partner": ("333333333333", None)}
