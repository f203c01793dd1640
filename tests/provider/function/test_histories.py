"""The shortest history of each fault that playing histories showed; most were found by test_machine.py."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from provider.failures import REASON_LENGTH
from tests.support.async_invoker import AsyncInvoker
from tests.support.cloudformation import Described
from tests.support.fake_aws import FakeAws
from tests.support.policies import BROKEN, THEIRS, declared, held, invalid, marker
from tests.support.stack import Stack


def cancelling(stack: Stack, then: Callable[[], None] = lambda: None) -> Callable[[str], Described]:
    """Return a function that describes a resource, and cancels its Create right after the first question."""
    asked = False

    def says(logical_id: str) -> Described:
        nonlocal asked
        described = stack.described(logical_id)
        if not asked:
            asked = True
            stack.cancel(logical_id)
            then()
        return described

    return says


def test_a_create_that_lambda_held_back_until_its_resource_was_gone(aws: FakeAws, invoker: AsyncInvoker) -> None:
    """DescribeStackResource does not say DELETE_COMPLETE of a resource that an update removed, but that there is none.

    If Lambda throttles, it "returns the event to the queue and attempts to run the function again for up to 6
    hours": https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html.
    """
    stack = Stack(invoker)
    stack.deploy({"A": declared()})
    event = stack.begin("B", declared("other"))
    invoker.wait(60)
    stack.cancelled("B", invoker(stack.cancel("B")))
    late = invoker.once(event)
    assert late.told is not None
    assert late.told["Reason"].startswith("Overtaken: ")
    assert held(aws) == {"partner": ("222222222222", marker(stack))}


@pytest.mark.parametrize("when_exists", ["ADOPT", "OVERWRITE"])
def test_a_create_that_is_overtaken_puts_back_what_was_there(
    aws: FakeAws, invoker: AsyncInvoker, when_exists: str
) -> None:
    """Its Delete came between two of its questions, found nothing of this owner's, and will not come again."""
    aws.seed(json.dumps(THEIRS))
    stack = Stack(invoker)
    stack.deploy({"A": declared("other")})
    event = stack.begin("B", declared(Policy=THEIRS, WhenExists=when_exists, OnDelete="RELEASE"))
    invoker.voices[stack.id] = cancelling(stack)
    invoker.wait(10)
    answer = invoker.once(event).told
    assert answer is not None
    assert answer["Reason"].startswith("Overtaken: ")
    assert held(aws)["partner"] == ("333333333333", None)


def test_half_a_create_whose_delete_came_already_takes_back_what_it_made(aws: FakeAws, invoker: AsyncInvoker) -> None:
    """The Delete that rolls back a failed Create came first, and found nothing."""
    stack = Stack(invoker)
    stack.deploy({"A": declared("other")})
    event = stack.begin("B", declared())
    aws.fail("CreateEmailIdentityPolicy", status=429, code="TooManyRequestsException", times=1000)
    aws.fail("UpdateEmailIdentityPolicy", **BROKEN)

    def recovers() -> None:
        aws.ses.clear_faults()
        aws.fail("UpdateEmailIdentityPolicy", **BROKEN)

    invoker.voices[stack.id] = cancelling(stack, recovers)
    answer = invoker.once(event).told
    assert answer is not None
    assert answer["Reason"].startswith("Overtaken: ")
    assert held(aws) == {"other": ("222222222222", marker(stack))}


def test_half_a_rename_that_cannot_be_undone_says_so_however_long_ses_speaks(
    aws: FakeAws, invoker: AsyncInvoker
) -> None:
    stack = Stack(invoker)
    stack.deploy({"A": declared()})
    denied = (
        "User: arn:aws:sts::111111111111:assumed-role/Mail-ProviderRole-1Q2W3E4R5T6Z/Mail-Provider-1Q2W3E4R5T6Z is not "
        "authorized to perform: ses:UpdateEmailIdentityPolicy on resource: arn:aws:ses:eu-west-1:111111111111:identity/"
        "example.com because no permissions boundary allows the ses:UpdateEmailIdentityPolicy action"
    )
    aws.fail("UpdateEmailIdentityPolicy", times=100, status=403, code="AccessDeniedException", message=denied)
    aws.fail("DeleteEmailIdentityPolicy", **BROKEN)
    reasons: list[str] = []
    invoker.watcher = lambda delivery: reasons.append(delivery.puts[0].answer["Reason"])
    stack.deploy({"A": declared("renamed")}, rollback=False)
    assert reasons[0].startswith("AccessDenied: UpdateEmailIdentityPolicy: Mail-ProviderRole-1Q2W3E4R5T6Z … because ")
    assert reasons[0].endswith("; left behind: policy 'renamed' on 'example.com'")
    assert len(reasons[0]) <= REASON_LENGTH


def test_half_a_rename_whose_call_was_lost_and_whose_name_cannot_be_read(aws: FakeAws, invoker: AsyncInvoker) -> None:
    """SES created the policy but answered with an error. Then the name is taken, and reads are refused."""
    stack = Stack(invoker)
    stack.deploy({"A": declared()})
    before = held(aws)
    aws.fail("CreateEmailIdentityPolicy", status=503, applied=True)
    aws.fail("GetEmailIdentityPolicies", **BROKEN)
    seen: list[tuple[str, dict[str, Any]]] = []
    invoker.watcher = lambda delivery: seen.append((delivery.puts[0].answer["Reason"], held(aws)))
    stack.deploy({"A": declared("renamed")})
    reason, after = seen[0]
    assert reason.startswith("RefusedBySes: GetEmailIdentityPolicies: ")
    assert after == before


def test_a_rename_of_which_nobody_heard_goes_also_where_its_rollback_is_refused(
    aws: FakeAws, invoker: AsyncInvoker
) -> None:
    """Another stack has overwritten the policy of the old name, and the rollback leaves it to that stack."""
    stack, other = Stack(invoker), Stack(invoker, "Other")
    stack.deploy({"A": declared()})
    other.deploy({"A": declared(WhenExists="OVERWRITE")})
    aws.answers.script.extend([403] * 3)
    assert stack.deploy({"A": declared("renamed")}) == "UPDATE_ROLLBACK_COMPLETE"
    assert held(aws) == {"partner": ("222222222222", marker(other, suffix="/adopted"))}


def test_a_rename_of_which_nobody_heard_goes_with_a_stack_that_was_never_complete(
    aws: FakeAws, invoker: AsyncInvoker
) -> None:
    """There is nothing to roll back to: CloudFormation deletes what it knows, which is the old name."""
    stack = Stack(invoker)
    stack.deploy({"A": declared(), "B": invalid()}, rollback=False)
    aws.answers.script.extend([403] * 3)
    assert stack.deploy({"A": declared("renamed"), "B": invalid()}) == "ROLLBACK_COMPLETE"
    assert held(aws) == {}


def test_a_late_second_delivery_of_a_delete(aws: FakeAws, invoker: AsyncInvoker) -> None:
    """The resource left its stack and was created again; then Lambda delivers the Delete from before once more."""
    stack = Stack(invoker)
    stack.deploy({"A": declared(), "B": declared("other")})
    stack.deploy({"B": declared("other")})
    delete = invoker.sent[-1]
    stack.deploy({"A": declared(), "B": declared("other")})
    invoker.once(delete)
    assert held(aws).get("partner") == ("222222222222", marker(stack))


def test_a_late_second_delivery_of_a_rename_that_was_rolled_back_at_once(aws: FakeAws, invoker: AsyncInvoker) -> None:
    """In the same seconds as the Update, the resource got its old name back, without an event."""
    stack = Stack(invoker, updates_back=False)
    stack.deploy({"A": declared()})
    before = held(aws)
    stack.deploy({"B": declared(), "A": declared("other")})
    update = next(event for event in invoker.sent if event["RequestType"] == "Update")
    invoker.wait(10)
    answer = invoker.once(update).told
    assert answer is not None
    assert answer["Reason"].startswith("Overtaken: ")
    assert held(aws) == before


def test_a_late_second_delivery_of_a_create_that_was_answered(aws: FakeAws, invoker: AsyncInvoker) -> None:
    """The resource still exists and nothing newer began, so there is nothing to do."""
    stack = Stack(invoker)
    stack.deploy({"A": declared()})
    before = held(aws)
    invoker.wait(10)
    delivery = invoker.once(invoker.sent[0])
    assert delivery.told is not None
    # If the first delivery took long, its answer looks like something newer.
    assert delivery.told["Reason"].startswith("Overtaken: ")
    assert (held(aws), delivery.calls) == (before, [])


def test_a_logical_id_that_is_used_again_after_a_refactoring(aws: FakeAws, invoker: AsyncInvoker) -> None:
    """The moved resource keeps its token, and the new one computes the same; the stack's events tell them apart."""
    stack, other = Stack(invoker), Stack(invoker, "Other")
    stack.deploy({"A": declared(), "B": declared("other")})
    stack.move("A", other, "Moved")
    stack.deploy({"A": declared(), "B": declared("other")})
    stack.delete()
    assert held(aws) == {"partner": ("222222222222", marker(stack))}


def test_a_late_second_delivery_of_a_delete_after_a_refactoring(aws: FakeAws, invoker: AsyncInvoker) -> None:
    """A resource gets another name, its first one again, and another stack, all within 20 minutes of the Delete.

    Its old stack says that it has no such resource; but the stack's events tell how that Delete ended.
    """
    stack, other = Stack(invoker), Stack(invoker, "Other")
    stack.deploy({"A": declared()})
    stack.deploy({"A": declared("other")})
    delete = invoker.sent[-1]
    stack.deploy({"A": declared()})
    before = held(aws)
    stack.move("A", other, "Moved")
    invoker.once(delete)
    assert held(aws) == before
