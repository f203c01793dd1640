"""Reads a custom resource event of CloudFormation: the request type, the resource and the answer URL.

It needs the standard library alone, so that an event can be answered even if every other import fails.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, Protocol
from urllib.parse import SplitResult, parse_qs, urlsplit


class RequestType(StrEnum):
    """What CloudFormation asks for."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"


class LambdaContext(Protocol):
    """The part of Lambda's context object that the function uses."""

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until Lambda ends the function."""
        ...


class MalformedEventError(ValueError):
    """The event is not one of CloudFormation's, so there is no URL to answer to."""


# "ServiceTimeout: [...] The default value is 3600 seconds (1 hour)."
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
_SERVICE_TIMEOUT: Final = 3600.0

_REQUIRED: Final = ("RequestType", "RequestId", "StackId", "LogicalResourceId", "ResponseURL")


# The fields that crhelper reads, by CloudFormation's names for them.
_FIELDS: Final = {
    "RequestType": "request_type",
    "RequestId": "request_id",
    "StackId": "stack_id",
    "LogicalResourceId": "logical_id",
    "ResponseURL": "response_url",
    "PhysicalResourceId": "physical_id",
}


@dataclass(frozen=True, slots=True)
class Event(Mapping[str, Any]):
    """An event that can be answered.

    It is also a mapping, because crhelper reads events as one. The mapping has only the fields that crhelper needs: a
    forged event could contain the keys by which crhelper starts to poll.

    :param request_type: what CloudFormation asks for.
    :param request_id: the request's id, which is sent back in the answer.
    :param stack_id: the stack's ARN.
    :param logical_id: the resource's logical id.
    :param response_url: where the answer is sent. Anyone who has this presigned URL can answer: `repr` omits it.
    :param physical_id: the resource's physical id; None on Create.
    :param properties: the declared properties.
    :param old_properties: the properties before the Update; empty on Create and Delete.
    """

    request_type: RequestType
    request_id: str
    stack_id: str
    logical_id: str
    response_url: str = field(repr=False)
    physical_id: str | None
    properties: Mapping[str, Any]
    old_properties: Mapping[str, Any]

    @classmethod
    def read(cls, event: object) -> "Event":
        """Read the event that Lambda got; raise `MalformedEventError` if CloudFormation cannot have sent it."""
        if not isinstance(event, Mapping):
            raise MalformedEventError(f"the event is a {type(event).__name__}: CloudFormation sends an object")
        missing = [name for name in _REQUIRED if not (isinstance(event.get(name), str) and event[name])]
        if missing:
            raise MalformedEventError(f"the event has no {', '.join(missing)}: it is not CloudFormation's")
        if event["RequestType"] not in list(RequestType):
            raise MalformedEventError(f"RequestType is {event['RequestType']!r}: allowed are {', '.join(RequestType)}")
        request_type = RequestType(event["RequestType"])
        physical_id = event.get("PhysicalResourceId")
        if request_type is not RequestType.CREATE and not (isinstance(physical_id, str) and physical_id):
            raise MalformedEventError(f"the {request_type} event has no PhysicalResourceId")
        url = _split(event["ResponseURL"])
        if url.scheme != "https" or not url.hostname:
            raise MalformedEventError("ResponseURL is no https address: only https is answered")
        return cls(
            request_type=request_type,
            request_id=event["RequestId"],
            stack_id=event["StackId"],
            logical_id=event["LogicalResourceId"],
            response_url=event["ResponseURL"],
            physical_id=None if request_type is RequestType.CREATE else physical_id,
            properties=_mapping(event.get("ResourceProperties")),
            old_properties=_mapping(event.get("OldResourceProperties")),
        )

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - as in JSON
        value = getattr(self, _FIELDS[name])
        if value is None:
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return (name for name, field_name in _FIELDS.items() if getattr(self, field_name) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def birth(self) -> float | None:
        """When CloudFormation signed the answer URL, in seconds since 1970; None if the URL has no such date.

        "X-Amz-Date: the date and time format must follow the ISO 8601 standard [...] yyyyMMddTHHmmssZ".
        https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
        """
        for date in parse_qs(urlsplit(self.response_url).query).get("X-Amz-Date", []):
            try:
                return datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
            except ValueError:
                return None
        return None

    @property
    def service_timeout(self) -> float:
        """The seconds that CloudFormation waits for an answer."""
        text = self.properties.get("ServiceTimeout")
        return float(text) if isinstance(text, str) and text.isdecimal() else _SERVICE_TIMEOUT


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises ValueError if the port is no number
    except ValueError:
        # Python's own message may quote parts of the URL.
        raise MalformedEventError("ResponseURL is no URL: only https is answered") from None
    return parts


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
