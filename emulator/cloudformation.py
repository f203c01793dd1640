"""Patches ministack's CloudFormation where it differs from AWS's: refusals, rollbacks, and missing resource types.

`gateway.py` runs this file by its path in the process of ministack, so it imports nothing of the package. `install`
lists which functions of ministack are replaced.
"""
# ruff: noqa: ANN401, PLR0917, SLF001 - this replaces functions of ministack, whose names are all private

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

from ministack.core.responses import now_iso
from ministack.services import ec2
from ministack.services import lambda_svc as functions
from ministack.services.cloudformation import _stacks, custom_resource, handlers, provisioners, stacks

Properties = Mapping[str, Any]

# "ServiceToken [...] Update requires: Updates are not supported". `_MODIFIED` is the reason that AWS gives in the event
# of the resource. The stack then rolls back successfully.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
# https://github.com/cloudcomponents/cdk-constructs/issues/197
_GIVEN: Final = "ServiceToken"
_MODIFIED: Final = "Modifying service token is not allowed."

# The reason that AWS gives in the event if the function to update was deleted by hand. The stack then rolls back
# successfully.
# https://github.com/sladg/nextjs-lambda/issues/58
_GONE: Final = (
    'Resource handler returned message: "Lambda function {name} could not be found" (HandlerErrorCode: NotFound)'
)

# The most bytes of a custom resource's answer, and the reason that AWS gives if an answer is longer:
# https://github.com/aws/aws-cdk/issues/2825
_MOST_BYTES: Final = 4096
_TOO_LONG: Final = "Response object is too long."


def _refusing(own: Callable[..., str | None]) -> Callable[..., str | None]:
    """Wrap ministack's check of an update, `own`, so that it also refuses a changed ServiceToken."""

    def refused(resource_type: str, old: Properties, new: Properties, *more: Any) -> str | None:
        is_custom = resource_type.startswith("Custom::") or resource_type == "AWS::CloudFormation::CustomResource"
        if is_custom and old.get(_GIVEN) != new.get(_GIVEN):
            return _MODIFIED
        return own(resource_type, old, new, *more)

    return refused


def _unchanged(own: Callable[..., bool]) -> Callable[..., bool]:
    """Wrap ministack's check whether an update changes anything, `own`, so that the template's Metadata does not count.

    "During a stack update, you cannot update the Metadata section by itself."
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/metadata-section-structure.html
    """

    def is_unchanged(stack: Mapping[str, Any], template: Properties, *more: Any) -> bool:
        there = {name: value for name, value in (stack.get("_template") or {}).items() if name == "Metadata"}
        rest = {name: value for name, value in template.items() if name != "Metadata"}
        return own(stack, rest | there, *more)

    return is_unchanged


def _updating_function(own: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap the update of a Lambda function, `own`: fail if the function is gone. ministack would create it again."""

    def update(physical_id: str, *more: Any) -> Any:
        if physical_id not in functions._functions:
            raise ValueError(_GONE.format(name=physical_id))
        return own(physical_id, *more)

    return update


def _knowing(own: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap the update of a resource, `own`, so that it keeps the attributes that ministack loses in nested stacks."""

    def update(
        resource_type: str,
        physical_id: str,
        old: Properties,
        new: Properties,
        stack_name: str,
        logical_id: str | None = None,
        attributes: Properties | None = None,
    ) -> Any:
        if attributes is None:
            there = _stacks.get(stack_name, {}).get("_resources", {})
            attributes = there.get(logical_id, {}).get("Attributes")
        return own(resource_type, physical_id, old, new, stack_name, logical_id, attributes)

    return update


class _FailedCreates:
    """Makes a rollback delete custom resources whose Create failed, as in CloudFormation but not in ministack.

    The Delete has the physical id of the answer: https://github.com/aws-cloudformation/custom-resource-helper/issues/7
    """

    def __init__(self) -> None:
        self._records: dict[tuple[str, str], dict[str, Any]] = {}

    def asking(self, own: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap the sending of an event to a custom resource, `own`, so that a Create that fails is recorded."""

        def ask(
            kind: str, logical_id: str, properties: Properties, stack: str, stack_id: str, type_: str, **more: Any
        ) -> Any:
            if kind == "Create":
                self._records[stack_id, logical_id] = {
                    "ResourceType": type_,
                    "Properties": properties,
                    "LogicalResourceId": logical_id,
                    "ResourceStatus": "CREATE_FAILED",
                    "Attributes": {},
                    "Timestamp": now_iso(),
                }
            answer = own(kind, logical_id, properties, stack, stack_id, type_, **more)
            self._records.pop((stack_id, logical_id), None)
            return answer

        return ask

    def answered(self, own: Callable[..., bool]) -> Callable[..., bool]:
        """Wrap the receipt of an answer, `own`: make one that is too long fail, and record the physical id."""

        def deliver(token: str, answer: Mapping[str, Any]) -> bool:
            if len(json.dumps(answer, separators=(",", ":"))) > _MOST_BYTES:
                answer = {**answer, "Status": "FAILED", "Reason": _TOO_LONG}
            record = self._records.get((answer.get("StackId", ""), answer.get("LogicalResourceId", "")))
            if record is not None and answer.get("PhysicalResourceId"):
                record["PhysicalResourceId"] = answer["PhysicalResourceId"]
            return own(token, answer)

        return deliver

    def rolling_back(self, own: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap the rollback of a stack, `own`, so that it deletes the failed resource as if it had been created."""

        async def roll_back(
            name: str, stack_id: str, stack: dict[str, Any], operation: dict[str, Any], *more: Any, **reason: Any
        ) -> None:
            failed = operation.get("failed_logical_id")
            record = self._records.pop((stack_id, str(failed)), None)
            if record is not None and "PhysicalResourceId" in record:
                stack.setdefault("_resources", {})[failed] = record
                operation["created"] = [*operation.get("created", []), failed]
            await own(name, stack_id, stack, operation, *more, **reason)

        return roll_back


def _make_address(_logical_id: str, properties: Properties, _stack_name: str) -> tuple[str, dict[str, str]]:
    before = set(ec2._addresses.keys())
    ec2._allocate_address({"Domain": [properties.get("Domain", "vpc")]})
    [made] = set(ec2._addresses.keys()) - before
    address = ec2._addresses[made]["PublicIp"]
    return address, {"AllocationId": made, "PublicIp": address}


def _release_address(physical_id: str, _properties: Properties) -> None:
    for allocation, address in list(ec2._addresses.items()):
        if address["PublicIp"] == physical_id:
            del ec2._addresses[allocation]


def _make_gateway(_logical_id: str, properties: Properties, _stack_name: str) -> tuple[str, dict[str, str]]:
    before = set(ec2._nat_gateways.keys())
    asked = {
        name: [properties[name]] for name in ("SubnetId", "AllocationId", "ConnectivityType") if name in properties
    }
    ec2._create_nat_gateway(asked)
    [made] = set(ec2._nat_gateways.keys()) - before
    return made, {"NatGatewayId": made}


def _delete_gateway(physical_id: str, _properties: Properties) -> None:
    ec2._delete_nat_gateway({"NatGatewayId": [physical_id]})


def _with_records(own: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap the create or update of an identity, `own`, to add a domain's DNS records, which ministack leaves out.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ses-emailidentity.html
    """

    def apply(*given: Any, **more: Any) -> Any:
        identity, attributes, *rest = own(*given, **more)
        if "@" not in identity:
            for number in (1, 2, 3):
                token = hashlib.sha256(f"{identity} {number}".encode()).hexdigest()[:32]
                attributes[f"DkimDNSTokenName{number}"] = f"{token}._domainkey.{identity}"
                attributes[f"DkimDNSTokenValue{number}"] = f"{token}.dkim.amazonses.com"
        return identity, attributes, *rest

    return apply


def _make_endpoint(_logical_id: str, properties: Properties, _stack_name: str) -> tuple[str, dict[str, str]]:
    made = uuid.uuid4().hex
    return properties["EndpointName"], {"EndpointId": f"{made[:8]}.{made[8:11]}"}


def _delete_endpoint(_physical_id: str, _properties: Properties) -> None:
    """Do nothing: no other part of ministack knows the endpoint."""


def install() -> None:
    """Replace the functions in ministack."""
    refused = _refusing(provisioners._custom_named_replacement_error)
    provisioners._custom_named_replacement_error = refused
    stacks._custom_named_replacement_error = refused
    handlers._stack_has_no_updates = _unchanged(handlers._stack_has_no_updates)
    known = _knowing(provisioners._update_resource)
    provisioners._update_resource = known
    stacks._update_resource = known
    failed = _FailedCreates()
    custom_resource.invoke_custom_resource = failed.asking(custom_resource.invoke_custom_resource)
    custom_resource.deliver_response = failed.answered(custom_resource.deliver_response)
    rolling_back = failed.rolling_back(stacks._roll_back_operation)
    stacks._roll_back_operation = rolling_back
    handlers._roll_back_operation = rolling_back
    kinds = provisioners._RESOURCE_HANDLERS
    function = kinds["AWS::Lambda::Function"]
    function["update"] = _updating_function(function["update"])
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-eip.html
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-natgateway.html
    kinds["AWS::EC2::EIP"] = {"create": _make_address, "delete": _release_address}
    kinds["AWS::EC2::NatGateway"] = {"create": _make_gateway, "delete": _delete_gateway}
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ses-multiregionendpoint.html
    kinds["AWS::SES::MultiRegionEndpoint"] = {"create": _make_endpoint, "delete": _delete_endpoint}
    identity = kinds["AWS::SES::EmailIdentity"]
    identity |= {"create": _with_records(identity["create"]), "update": _with_records(identity["update"])}
