"""An AWS below HTTP that answers the live commands properly, except the calls that a test spoils."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from ses_sending_policy.rules.ownership import owner_token
from tests.provider.transport.raw import Exchange, Says, drips, http
from tests.review.live.every_state import ACCOUNT, REGION, policy, statement
from tests.review.templates import template

IDENTITY: Final = "proper.example"
_STACK: Final = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack"
MAIL: Final = f"{_STACK}/Mail/0a1b"
INNER: Final = f"{_STACK}/Mail-Inner-1A2B/2c3d"
ROLE: Final = "arn:aws:iam::222222222222:role/sender"

_OUTER: Final = template(
    Policy=policy(IDENTITY, "partner", statement(IDENTITY, Principal={"AWS": {"Fn::ImportValue": "role"}})),
    Inner={"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://bucket.example/inner.json"}},
)
# Each part comes in time, but the whole never does.
DRIPS: Final = {
    "a header": drips(http(200) * 999),
    "a body": drips(b" " * 99_999, b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n"),
}
_NAMESPACES: Final = {
    "cloudformation": "http://cloudformation.amazonaws.com/doc/2010-05-15/",
    "sts": "https://sts.amazonaws.com/doc/2011-06-15/",
}


def _listed(logical_id: str, kind: str, physical_id: str) -> dict[str, str]:
    return {
        "LogicalResourceId": logical_id,
        "PhysicalResourceId": physical_id,
        "ResourceType": kind,
        "LastUpdatedTimestamp": "2026-01-02T03:04:05Z",
        "ResourceStatus": "CREATE_COMPLETE",
    }


def _described(parameters: Mapping[str, str]) -> dict[str, Any]:
    is_inner = parameters["StackName"] == INNER
    told = {
        "StackId": INNER if is_inner else MAIL,
        "StackName": "Mail-Inner-1A2B" if is_inner else "Mail",
        "CreationTime": "2026-01-02T03:04:05Z",
        "StackStatus": "UPDATE_COMPLETE",
        "Parameters": [{"ParameterKey": "Stage", "ParameterValue": "prod"}],
        "Outputs": [{"OutputKey": "Name", "OutputValue": "inner"}],
    }
    return {"Stacks": [told]}


def _resources(parameters: Mapping[str, str]) -> dict[str, Any]:
    if parameters["StackName"] == INNER:
        return {"StackResourceSummaries": [_listed("Topic", "AWS::SNS::Topic", "arn:aws:sns:eu-west-1:1:t")]}
    made = f"{IDENTITY}|partner|{owner_token(MAIL, 'Policy')}|made"
    both = [_listed("Policy", "Custom::SendingPolicy", made), _listed("Inner", "AWS::CloudFormation::Stack", INNER)]
    page = int("NextToken" in parameters)
    return {"StackResourceSummaries": both[page : page + 1], **({} if page else {"NextToken": "1"})}


def _template(parameters: Mapping[str, str]) -> dict[str, Any]:
    inner = template(Topic={"Type": "AWS::SNS::Topic"})
    return {"TemplateBody": json.dumps(inner if parameters["StackName"] == INNER else _OUTER)}


def _policies(_: Mapping[str, str]) -> dict[str, Any]:
    marker = f"Mail/Policy/{owner_token(MAIL, 'Policy')}"
    said = statement(IDENTITY, Principal={"AWS": ROLE})
    return {"Policies": {"partner": json.dumps({"Version": "2012-10-17", "Id": marker, "Statement": [said]})}}


_ANSWERS: Final[Mapping[str, Callable[[Mapping[str, str]], dict[str, Any]]]] = {
    "GetCallerIdentity": lambda _: {"UserId": "AIDA", "Account": ACCOUNT, "Arn": f"arn:aws:iam::{ACCOUNT}:user/me"},
    "GetEmailIdentityPolicies": _policies,
    "ListEmailIdentities": lambda _: {
        "EmailIdentities": [{"IdentityType": "DOMAIN", "IdentityName": IDENTITY, "SendingEnabled": True}]
    },
    "DescribeStacks": _described,
    "GetTemplate": _template,
    "ListStackResources": _resources,
    "ListExports": lambda _: {"Exports": [{"ExportingStackId": MAIL, "Name": "role", "Value": ROLE}]},
}
_MOST: Final = 200

OPERATIONS: Final = tuple(_ANSWERS)
"""All operations that the live commands call."""

SERVICES: Final = dict.fromkeys(_ANSWERS, "cloudformation") | {
    "GetCallerIdentity": "sts",
    "GetEmailIdentityPolicies": "sesv2",
    "ListEmailIdentities": "sesv2",
}
"""The service of each operation."""


def _xml(value: Any) -> str:
    if isinstance(value, list):
        return "".join(f"<member>{_xml(each)}</member>" for each in value)
    if isinstance(value, dict):
        return "".join(f"<{name}>{_xml(each)}</{name}>" for name, each in value.items())
    return "" if value is None else escape(str(value))


def as_sent(operation: str, answer: Any) -> bytes:
    """Return an answer as its service puts it on the wire."""
    if SERVICES[operation] == "sesv2":
        return http(200, json.dumps(answer).encode())
    namespace = _NAMESPACES[SERVICES[operation]]
    result = f"<{operation}Result>{_xml(answer)}</{operation}Result>"
    told = "<ResponseMetadata><RequestId>b9b4b068-3a41-11e5-94eb-example</RequestId></ResponseMetadata>"
    return http(
        200, f'<{operation}Response xmlns="{namespace}">{result}{told}</{operation}Response>'.encode(), "text/xml"
    )


def _asked(request: bytes) -> tuple[str, dict[str, str]]:
    """Return the operation that a request calls, and its parameters."""
    head, _, body = request.partition(b"\r\n\r\n")
    path = head.split(b" ")[1].decode()
    if path.startswith("/v2/email/"):
        return ("GetEmailIdentityPolicies" if path.endswith("/policies") else "ListEmailIdentities"), {}
    asked = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    return asked["Action"], asked


@dataclass
class ImproperAws:
    """All of AWS, below HTTP: a test sets, by operation, what it says instead of a proper answer."""

    spoiled: dict[str, Says] = field(default_factory=dict)
    """What it writes to the wire at each call of an operation."""
    edited: dict[str, Callable[[dict[str, Any]], object]] = field(default_factory=dict)
    """What changes its answers to an operation."""
    called: list[str] = field(default_factory=list)

    def __call__(self, exchange: Exchange) -> None:
        """Answer a request."""
        operation, parameters = _asked(exchange.request)
        self.called.append(operation)
        if len(self.called) > _MOST:
            # This ends a caller that asks endlessly.
            exchange.reset()
            return
        if operation in self.spoiled:
            self.spoiled[operation](exchange)
            return
        answer = _ANSWERS[operation](parameters)
        if operation in self.edited:
            self.edited[operation](answer)
        exchange.send(as_sent(operation, answer))

    def again(self) -> None:
        """Answer properly from now on, and forget the calls so far."""
        self.spoiled.clear()
        self.edited.clear()
        self.called.clear()


def paths_of(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of each part of an answer, without the empty path of the answer itself."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        yield (*path, key)
        yield from paths_of(each, (*path, key))


def proper_answer(operation: str) -> dict[str, Any]:
    """Return the proper answer to an operation, about the outer stack."""
    return _ANSWERS[operation]({"StackName": "Mail"})
