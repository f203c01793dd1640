"""How CloudFormation's answers are read, and which of them are invalid."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from provider.cloudformation import (
    CloudFormationStack,
    ResourceEvent,
    ResourceState,
    UnheardError,
    cloudformation_client,
)
from tests.support.clocks import BEGIN
from tests.support.owners import CLAIMED, PARTNER

STACK_ID: Final = PARTNER.stack_id
STAMP: Final = datetime.fromtimestamp(BEGIN + 0.25, UTC)


def refusal(code: str, message: str = "", status: int = 400) -> ClientError:
    answer = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "DescribeStackResource")


class Client:
    """boto3's client for CloudFormation, with the answers of a test."""

    def __init__(self, *answers: object) -> None:
        self._answers = list(answers)
        self.asked: list[Mapping[str, str]] = []

    def _answer(self, arguments: Mapping[str, str]) -> Any:
        self.asked.append(arguments)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def describe_stack_resource(self, **arguments: str) -> Any:
        """Describe the resource."""
        return self._answer(arguments)

    def describe_stack_events(self, **arguments: str) -> Any:
        """Return the events."""
        return self._answer(arguments)

    def describe_stacks(self, **arguments: str) -> Any:
        """Describe the stack."""
        return self._answer(arguments)


def stack_of(*answers: object) -> tuple[CloudFormationStack, Client]:
    client = Client(*answers)
    return CloudFormationStack(lambda: client), client


def detail(**more: Any) -> dict[str, Any]:
    return {"StackResourceDetail": {"ResourceStatus": "UPDATE_COMPLETE", "LastUpdatedTimestamp": STAMP} | more}


def test_a_resource() -> None:
    stack, client = stack_of(detail(PhysicalResourceId=CLAIMED), detail())
    assert stack.resource(STACK_ID, "A") == ResourceState("UPDATE_COMPLETE", CLAIMED, BEGIN + 0.25)
    assert stack.resource(STACK_ID, "A") == ResourceState("UPDATE_COMPLETE", "", BEGIN + 0.25)
    assert client.asked == [{"StackName": STACK_ID, "LogicalResourceId": "A"}] * 2


@pytest.mark.parametrize(
    ("message", "state"),
    [
        ("Resource A does not exist for stack Mail", ResourceState("DELETE_COMPLETE", "", 0.0)),
        ("Stack 'Mail' does not exist", ResourceState("", "", 0.0)),
        ("Stack with id Mail does not exist", ResourceState("", "", 0.0)),
    ],
)
def test_what_is_not_there(message: str, state: ResourceState) -> None:
    stack, _ = stack_of(refusal("ValidationError", message))
    assert stack.resource(STACK_ID, "A") == state


ASKS: Final[dict[str, Callable[[CloudFormationStack], object]]] = {
    "resource": lambda stack: stack.resource(STACK_ID, "A"),
    "events": lambda stack: list(stack.events(STACK_ID, "A")),
    "status": lambda stack: stack.status(STACK_ID),
}


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS.keys())
@pytest.mark.parametrize(
    ("error", "busy"),
    [
        (refusal("AccessDenied", "is not authorized", 403), False),
        (refusal("Throttling", "Rate exceeded"), True),
        (refusal("ServiceUnavailable", "", 503), True),
        (refusal("Odd", "", 500), True),
        (EndpointConnectionError(endpoint_url="https://cloudformation.example"), False),
    ],
    ids=["denied", "throttled", "unavailable", "broken", "unreachable"],
)
def test_what_is_not_heard(ask: Callable[[CloudFormationStack], object], error: Exception, *, busy: bool) -> None:
    stack, _ = stack_of(error)
    with pytest.raises(UnheardError) as caught:
        ask(stack)
    assert (caught.value.busy, str(caught.value)) == (busy, str(error))


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        ("resource", {}),
        ("resource", {"StackResourceDetail": {}}),
        ("resource", detail(LastUpdatedTimestamp="yesterday")),
        ("events", {}),
        ("events", {"StackEvents": [{"LogicalResourceId": "A"}]}),
        ("status", {}),
        ("status", {"Stacks": []}),
        ("status", {"Stacks": [{}]}),
    ],
)
def test_an_answer_that_lacks_something_is_none(ask: str, answer: dict[str, Any]) -> None:
    stack, _ = stack_of(answer)
    with pytest.raises(UnheardError, match="an answer without") as caught:
        ASKS[ask](stack)
    assert not caught.value.busy


def listed(logical_id: str, properties: object = None, **more: Any) -> dict[str, Any]:
    told = {} if properties is None else {"ResourceProperties": properties}
    return {"LogicalResourceId": logical_id, "ResourceStatus": "UPDATE_COMPLETE", "Timestamp": STAMP} | told | more


def test_events_come_page_by_page_and_no_further_than_they_are_read() -> None:
    first = {"StackEvents": [listed("B"), listed("A", json.dumps({"a": "b"}))], "NextToken": "more"}
    second = {"StackEvents": [listed("A", PhysicalResourceId=CLAIMED)]}
    stack, client = stack_of(first, second)
    events = stack.events(STACK_ID, "A")
    assert next(events) == ResourceEvent("UPDATE_COMPLETE", "", BEGIN + 0.25, {"a": "b"})
    assert client.asked == [{"StackName": STACK_ID}]
    assert list(events) == [ResourceEvent("UPDATE_COMPLETE", CLAIMED, BEGIN + 0.25, None)]
    assert client.asked[1:] == [{"StackName": STACK_ID, "NextToken": "more"}]


def test_fifteen_pages_are_read_at_most() -> None:
    stack, client = stack_of(*[{"StackEvents": [], "NextToken": "more"}] * 99)
    assert list(stack.events(STACK_ID, "A")) == []
    assert len(client.asked) == 15


@pytest.mark.parametrize("text", ["", "{", "[]", '"text"', '{"ImageId":ami-8fcee4e5"}'])
def test_properties_that_cannot_be_read(text: str) -> None:
    stack, _ = stack_of({"StackEvents": [listed("A", text)]})
    [event] = stack.events(STACK_ID, "A")
    assert event.properties is None


def test_the_stack_itself() -> None:
    stack, client = stack_of({"Stacks": [{"StackStatus": "UPDATE_ROLLBACK_IN_PROGRESS"}]})
    assert stack.status(STACK_ID) == "UPDATE_ROLLBACK_IN_PROGRESS"
    assert client.asked == [{"StackName": STACK_ID}]


def test_a_question_is_asked_once_and_takes_five_seconds_at_most() -> None:
    """SES is waiting meanwhile, and the event monitor decides whether to ask again."""
    client = cloudformation_client("eu-west-1")
    config = client.meta.config
    assert client.meta.service_model.service_name == "cloudformation"
    assert (config.connect_timeout, config.read_timeout) == (2, 3)
    assert config.retries == {"mode": "standard", "total_max_attempts": 1}
