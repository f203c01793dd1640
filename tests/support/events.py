"""Events as CloudFormation sends them."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from ses_sending_policy.rules.wire import RESOURCE_TYPE

ACCOUNT = "111111111111"
REGION = "eu-west-1"
PARTNER = "222222222222"


def statement(principal: Any = PARTNER, identity: str = "example.com", **elements: Any) -> dict[str, Any]:
    """Return a statement that lets `principal` send as `identity`."""
    return {
        "Sid": "Partner",
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": ["ses:SendEmail", "ses:SendRawEmail"],
        "Resource": f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/{identity}",
    } | elements


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    """Return a document of `statements`; without any, of one that allows the partner to send."""
    return {"Version": "2012-10-17", "Statement": list(statements) or [statement()]}


@dataclass(frozen=True)
class Resource:
    """A resource of a stack, for which events are made.

    :param stack_name: the stack's name; resources with the same name here are in the same stack.
    :param logical_id: its logical id.
    """

    stack_name: str = "Mail"
    logical_id: str = "Partner1A2B3C4D"

    @property
    def stack_id(self) -> str:
        """The stack's ARN."""
        return f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/{self.stack_name}/0a1b2c3d"

    def properties(self, **changes: Any) -> dict[str, Any]:
        """Return the properties that the construct renders, with `changes`; None removes one."""
        properties = {
            "ServiceToken": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:provider",
            "ServiceTimeout": "1200",
            "EmailIdentity": "example.com",
            "PolicyName": "partner",
            "Policy": document(),
            "WhenExists": "FAIL",
            "OnDelete": "DELETE",
            "Wire": "1",
        } | changes
        return {name: value for name, value in properties.items() if value is not None}

    def create(self, url: str, **changes: Any) -> dict[str, Any]:
        """Return a Create event."""
        return self._event("Create", url, ResourceProperties=self.properties(**changes))

    def update(
        self, url: str, physical_id: str, *, old: dict[str, Any] | None = None, **changes: Any
    ) -> dict[str, Any]:
        """Return an Update event. `old` and `changes` are what differs from the default properties before and after."""
        return self._event(
            "Update",
            url,
            PhysicalResourceId=physical_id,
            ResourceProperties=self.properties(**changes),
            OldResourceProperties=self.properties(**(old or {})),
        )

    def delete(self, url: str, physical_id: str, **changes: Any) -> dict[str, Any]:
        """Return a Delete event."""
        return self._event("Delete", url, PhysicalResourceId=physical_id, ResourceProperties=self.properties(**changes))

    def _event(self, request_type: str, url: str, **more: Any) -> dict[str, Any]:
        return {
            "RequestType": request_type,
            "RequestId": str(uuid4()),
            "StackId": self.stack_id,
            "LogicalResourceId": self.logical_id,
            "ResourceType": RESOURCE_TYPE,
            "ResponseURL": url,
        } | more

    def renamed(self, logical_id: str) -> "Resource":
        """Return another resource of the same stack."""
        return replace(self, logical_id=logical_id)
