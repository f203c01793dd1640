"""The local AWS with a CloudFormation that has one stack."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from emulator import Emulator, StoredPolicy
from ses_sending_policy.rules.faults import CallError
from ses_sending_policy.rules.ownership import owner_token
from tests.review.live.every_state import ACCOUNT, REGION, statement
from tests.review.live.looking import hurried
from tests.review.templates import template

MAIL: Final = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/Mail/0a1b"


class Stacks:
    """The local AWS with a CloudFormation that has one stack.

    :param deployed: its resources, each with its physical id.
    :param status: its status, for instance `UPDATE_COMPLETE`.
    :param parameters: the template's parameters, and their values at CloudFormation. Default: - none.
    """

    def __init__(
        self,
        deployed: Mapping[str, tuple[Any, str]],
        status: str = "UPDATE_COMPLETE",
        parameters: tuple[Mapping[str, Any], Sequence[Mapping[str, str]]] = ({}, ()),
    ) -> None:
        self._deployed = deployed
        self._parameters = parameters
        self._status = status
        self._aws = hurried()
        self.called: list[tuple[str, str]] = []

    @property
    def region(self) -> str:
        """See `Calls.region`."""
        return self._aws.region

    def once(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """See `Calls.once`."""
        return self.call(service, operation, **parameters)

    def call(self, service: str, operation: str, **parameters: Any) -> Mapping[str, Any]:
        """See `Calls.call`."""
        self.called.append((service, operation))
        if service != "cloudformation":
            return self._aws.call(service, operation, **parameters)
        if not self._deployed or parameters["StackName"] != "Mail":
            raise CallError("ValidationError", f"Stack with id {parameters['StackName']} does not exist")
        match operation:
            case "DescribeStacks":
                return {"Stacks": [{"StackId": MAIL, "StackStatus": self._status, "Parameters": self._parameters[1]}]}
            case "GetTemplate":
                resources = template(**{name: each for name, (each, _) in self._deployed.items()})
                return {"TemplateBody": {"Parameters": self._parameters[0], **resources}}
        return {
            "StackResourceSummaries": [
                {
                    "LogicalResourceId": name,
                    "PhysicalResourceId": id_,
                    "ResourceType": "Custom::SendingPolicy",
                    "ResourceStatus": "CREATE_COMPLETE",
                }
                for name, (_, id_) in self._deployed.items()
            ]
        }


def made(identity: str, name: str, logical_id: str) -> str:
    return f"{identity}|{name}|{owner_token(MAIL, logical_id)}|made"


def hold(aws: Emulator, identity: str, name: str, *statements: Any, owner: str = "", **more: Any) -> None:
    marker = {"Id": f"Mail/{owner}/{owner_token(MAIL, owner)}"} if owner else {}
    document = {"Version": "2012-10-17", **marker, **more, "Statement": list(statements) or [statement(identity)]}
    aws.ses.put_policy(StoredPolicy(ACCOUNT, REGION, identity, name, json.dumps(document)))
