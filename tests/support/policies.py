"""Policies for the tests of whole histories, and helpers to see what became of them."""

import json
from typing import Any

from tests.support.async_invoker import AsyncInvoker, Delivery
from tests.support.events import Resource, document, statement
from tests.support.fake_aws import FakeAws
from tests.support.kept import Properties
from tests.support.model import token
from tests.support.stack import Stack

THEIRS = document(statement("333333333333"))
BROKEN: dict[str, Any] = {"status": 400, "code": "BadRequestException"}


def declared(name: str = "partner", **changes: Any) -> Properties:
    """Return the properties of a resource."""
    return Resource().properties(PolicyName=name, **changes)


def invalid() -> Properties:
    """Return properties that the function refuses before it makes any call."""
    return declared(Policy=document(statement(Effect="Perhaps")))


def made(stack: Stack, name: str = "partner", logical_id: str = "A") -> str:
    """Return the physical id of a policy on example.com that this resource created."""
    return f"example.com|{name}|{token(stack.id, logical_id)}|made"


def adopted(stack: Stack, name: str = "partner", logical_id: str = "A") -> str:
    """Return the physical id of a policy on example.com that this resource adopted, and that had no `Id`."""
    return made(stack, name, logical_id).replace("|made", "|adopted")


def marker(stack: Stack, logical_id: str = "A", suffix: str = "") -> str:
    """Return the marker of this resource."""
    return f"{stack.name}/{logical_id}/{token(stack.id, logical_id)}{suffix}"


def told(invoker: AsyncInvoker) -> list[str]:
    """Return a list to which each answer is added from now on, as a line of text."""
    lines: list[str] = []

    def hears(delivery: Delivery) -> None:
        answer = delivery.told
        result = f"{answer['Status']} {answer['PhysicalResourceId']}" if answer else f"no answer: {delivery.error}"
        lines.append(f"{delivery.event['RequestType']} {result}")

    invoker.watcher = hears
    return lines


def held(aws: FakeAws) -> dict[str, Any]:
    """Return the principal and the marker of each policy that SES holds, by its name."""
    documents = {policy.name: json.loads(policy.document) for policy in aws.ses.policies()}
    return {name: (each["Statement"][0]["Principal"]["AWS"], each.get("Id")) for name, each in documents.items()}
