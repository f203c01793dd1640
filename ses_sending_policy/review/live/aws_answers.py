"""Checks that a response comes from AWS: a proxy, for instance one that wants a login, may answer 200 as well."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final
from xml.etree import ElementTree as ET

from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.ownership import StackId

_Faults = Callable[[object], Iterator[str]]
"""Yields the path of each wrong part of a value, for instance `Stacks/0/StackId`; nothing if the value is right."""

_ACCOUNT: Final = re.compile(r"\d{12}")
_PARTITION: Final = re.compile(r"arn:aws[a-z-]*:.+")
_DONE: Final = range(200, 300)


def _text(value: object) -> Iterator[str]:
    if not isinstance(value, str):
        yield ""


def _filled(value: object) -> Iterator[str]:
    if not value or not isinstance(value, str):
        yield ""


def _like(pattern: re.Pattern[str]) -> _Faults:
    def faults(value: object) -> Iterator[str]:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            yield ""

    return faults


def _stack_id(value: object) -> Iterator[str]:
    try:
        StackId.parse(str(value))
    except DeclarationError:
        yield ""


def _template(value: object) -> Iterator[str]:
    # boto3 parses a template in JSON, and returns one in YAML as text.
    if not value or not isinstance(value, str | Mapping):
        yield ""


def _fields(required: Mapping[str, _Faults], optional: Mapping[str, _Faults] | None = None) -> _Faults:
    def faults(value: object) -> Iterator[str]:
        if not isinstance(value, Mapping):
            yield ""
            return
        for name, check in {**(optional or {}), **required}.items():
            if name in value or name in required:
                yield from (f"{name}/{each}".rstrip("/") for each in check(value.get(name)))

    return faults


def _each(check: _Faults, least: int = 0) -> _Faults:
    def faults(value: object) -> Iterator[str]:
        if not isinstance(value, Sequence) or isinstance(value, str) or len(value) < least:
            yield ""
            return
        for number, element in enumerate(value):
            yield from (f"{number}/{each}".rstrip("/") for each in check(element))

    return faults


def _values(value: object) -> Iterator[str]:
    if not isinstance(value, Mapping) or not all(isinstance(each, str) for each in value.values()):
        yield ""


_PAGED: Final[Mapping[str, _Faults]] = {"NextToken": _text}

_ANSWERS: Final[Mapping[str, _Faults]] = {
    # https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    "GetCallerIdentity": _fields({"Account": _like(_ACCOUNT), "Arn": _like(_PARTITION)}),
    # "A map of policy names to policies. Type: String to string map"
    # https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_GetEmailIdentityPolicies.html
    "GetEmailIdentityPolicies": _fields({"Policies": _values}),
    # "An array that includes all of the email identities associated with your AWS account"
    # https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_ListEmailIdentities.html
    "ListEmailIdentities": _fields({"EmailIdentities": _each(_fields({"IdentityName": _filled}))}, _PAGED),
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Stack.html
    "DescribeStacks": _fields(
        {
            "Stacks": _each(
                _fields(
                    {"StackId": _stack_id, "StackStatus": _filled},
                    {
                        "Parameters": _each(
                            _fields({"ParameterKey": _filled}, {"ParameterValue": _text, "ResolvedValue": _text})
                        ),
                        "Outputs": _each(_fields({"OutputKey": _filled, "OutputValue": _text})),
                    },
                ),
                least=1,
            )
        }
    ),
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html
    "GetTemplate": _fields({"TemplateBody": _template}),
    # "LogicalResourceId [...] Required: Yes", and so the status and the type
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackResourceSummary.html
    "ListStackResources": _fields(
        {
            "StackResourceSummaries": _each(
                _fields(
                    {"LogicalResourceId": _filled, "ResourceType": _filled, "ResourceStatus": _filled},
                    {"PhysicalResourceId": _text},
                )
            )
        },
        _PAGED,
    ),
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Export.html
    "ListExports": _fields({}, {"Exports": _each(_fields({"Name": _filled, "Value": _text})), **_PAGED}),
}


def is_answer(operation: str, status: int, body: bytes, headers: Mapping[str, str], *, is_xml: bool) -> bool:
    """Return whether a response is a success or an error in the form of AWS.

    :param status: the HTTP status.
    :param headers: the headers, by their names in small letters.
    :param is_xml: whether the service's protocol is XML, else JSON.
    """
    is_done = status in _DONE
    if is_xml:
        return _root_of(body) == (f"{operation}Response" if is_done else "ErrorResponse")
    said = _object_of(body)
    if is_done:
        return said is not None and not lacks(operation, said)
    # The error's type is in "__type" or "code" of the body, or in this header.
    # https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization
    return "x-amzn-errortype" in headers or bool(said and ("code" in said or "__type" in said))


def _root_of(body: bytes) -> str:
    try:
        return ET.fromstring(body).tag.rpartition("}")[2]  # noqa: S314 - botocore parses it the same way
    except (ET.ParseError, ValueError, LookupError, RecursionError):
        return ""


def _object_of(body: bytes) -> dict[str, Any] | None:
    try:
        # "If the action is successful, the service sends back an HTTP 200 response with an empty HTTP body."
        # https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateEmailIdentityPolicy.html
        said = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None


def lacks(operation: str, answer: Mapping[str, Any]) -> list[str]:
    """Return the paths of the parts that are missing or wrong in an answer, for instance `Stacks/0/StackId`.

    It is empty for operations that this module has no description of.
    """
    check = _ANSWERS.get(operation)
    return [each or "content" for each in check(answer)] if check else []
