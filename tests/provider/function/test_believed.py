"""When the function does not believe a read, a clock or a stack; rows 67 to 73 of the fault table."""

import json
import time
from typing import Any, Final

import pytest

from ses_sending_policy.rules.document import compact
from tests.support.async_invoker import AsyncInvoker
from tests.support.cloudformation import Described
from tests.support.events import document, statement
from tests.support.fake_aws import FakeAws
from tests.support.owners import MADE, MARKER, PARTNER, parsed, text
from tests.support.policies import THEIRS, declared, held, invalid, marker
from tests.support.rows import row
from tests.support.stack import Stack

ADOPTS: Final = {"WhenExists": "ADOPT", "OnDelete": "RELEASE"}
CHANGED: Final = statement("333333333333")


def answered_late(aws: FakeAws, event: dict[str, Any], now_there: str) -> dict[str, Any]:
    """Handle an event whose first look shows the old policy, while `now_there` is put into SES; return the answer."""
    aws.fail("GetEmailIdentityPolicies", ending="answer", applied=True, seconds=1)
    aws.hurried.send(event, seconds=900)
    deadline = time.monotonic() + 30
    while "Get" not in aws.calls:
        assert time.monotonic() < deadline, aws.hurried.text
        time.sleep(0.01)
    aws.seed(now_there)
    assert aws.hurried.result() is None
    return aws.answers.arrived[-1]


@row(67, "a Delete's first look does not show yet what was written", "looked at again after 3 seconds; it is gone")
def test_row_67_a_stale_look_of_a_delete(aws: FakeAws) -> None:
    answer = answered_late(aws, PARTNER.delete(aws.url, MADE), text(marker=MARKER))
    assert (answer["Status"], aws.live()) == ("SUCCESS", None)
    assert aws.calls == ["Get", "Get", "Delete"]


@row(68, "a rollback's first look shows the old text still", "looked at again after 3 seconds; the new text is gone")
def test_row_68_a_stale_look_of_a_rollback(aws: FakeAws) -> None:
    aws.handle(PARTNER.create(aws.url))
    before = aws.live()
    aws.ses.clear_calls()
    aws.answers.puts.clear()
    back = PARTNER.update(aws.url, MADE, old={"Policy": document(CHANGED)})
    assert answered_late(aws, back, text(CHANGED, marker=MARKER))["Status"] == "SUCCESS"
    assert (aws.live(), aws.calls) == (before, ["Get", "Get", "Update"])


@pytest.mark.parametrize("on_delete", ["DELETE", "RELEASE"])
@row(69, "another stack adopts what a stack made, and is rolled back", "it is its maker's again, and goes with it")
def test_row_69_handed_back(aws: FakeAws, invoker: AsyncInvoker, on_delete: str) -> None:
    stack, other = Stack(invoker), Stack(invoker, "Other")
    stack.deploy({"A": declared(WhenExists="ADOPT", OnDelete=on_delete)})
    before = held(aws)
    assert other.deploy({"B": declared(**ADOPTS), "C": invalid()}) == "ROLLBACK_COMPLETE"
    assert held(aws) == before == {"partner": ("222222222222", marker(stack))}
    assert stack.delete() == "DELETE_COMPLETE"
    assert held(aws) == {}


@pytest.mark.parametrize("on_delete", ["DELETE", "RELEASE"])
@row(70, "the same by an older function, which gives no marker back", "it goes with its maker all the same")
def test_row_70_handed_back_without_a_marker(aws: FakeAws, invoker: AsyncInvoker, on_delete: str) -> None:
    stack = Stack(invoker)
    stack.deploy({"A": declared(WhenExists="ADOPT", OnDelete=on_delete)})
    aws.seed(text())
    assert stack.delete() == "DELETE_COMPLETE"
    assert held(aws) == {}


@pytest.mark.parametrize("seconds", [3, 6, 600])
@row(71, "the function's clock is behind CloudFormation's, and its Create is cancelled", "it asks, and leaves nothing")
def test_row_71_a_clock_that_is_behind(aws: FakeAws, seconds: int) -> None:
    aws.cloudformation.says = lambda _: Described("DELETE_IN_PROGRESS", "", aws.now + seconds)
    answer = aws.handle(PARTNER.create(aws.signed(-seconds)))
    assert answer["Reason"].startswith("Overtaken: ")
    assert aws.live() is None


@pytest.mark.parametrize("on_delete", ["DELETE", "RELEASE"])
@row(72, "a stack that adopts is rolled back", "the policy is as it was, to the letter")
def test_row_72_an_aborted_adoption(aws: FakeAws, invoker: AsyncInvoker, on_delete: str) -> None:
    words = statement(["arn:aws:iam::333333333333:root"], Sid="for Jane", Action=["ses:SendRawEmail", "SES:SendEmail"])
    before = aws.seed(compact({"Id": "mail team, 2021", "Version": "2012-10-17", "Statement": [words]}))
    adopts = declared(Policy=THEIRS, WhenExists="ADOPT", OnDelete=on_delete)
    assert Stack(invoker).deploy({"A": adopts, "B": invalid()}) == "ROLLBACK_COMPLETE"
    assert aws.live() == before


@pytest.mark.parametrize("denied", [set(), {"DescribeStacks"}], ids=["may ask", "may not"])
@row(73, "an Update in place is refused, and so is the one that rolls it back", "SUCCESS where the stack may be asked")
def test_row_73_refused_in_place(aws: FakeAws, invoker: AsyncInvoker, denied: set[str]) -> None:
    aws.cloudformation.denied |= denied
    stack = Stack(invoker)
    stack.deploy({"A": declared()})
    theirs = aws.seed(text(CHANGED, marker="Shop/Theirs/0123456789abcdef"))
    status = stack.deploy({"A": declared(Policy=THEIRS)})
    assert aws.live() == theirs
    reasons = [line["reason"] for line in invoker.function.log_lines if line.get("status") == "FAILED"]
    command = "in a rollback: aws cloudformation continue-update-rollback --stack-name Mail --resources-to-skip A"
    assert (command in reasons[-1]) == bool(denied)
    assert status == ("UPDATE_ROLLBACK_FAILED" if denied else "UPDATE_ROLLBACK_COMPLETE")
    assert parsed(aws.live()) == json.loads(theirs)
