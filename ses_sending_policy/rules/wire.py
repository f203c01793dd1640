"""The properties of the custom resource: writes them for the template, and reads them in the function.

The properties of every release can be read, because a Delete brings those of the last deploy, however long ago that
was. Properties of other names, as `ServiceToken`, are ignored.
"""

import reprlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

from ses_sending_policy.rules.document import Document, document_faults, is_too_deep
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.identity import Identity
from ses_sending_policy.rules.lookups import check_looked_up
from ses_sending_policy.rules.ownership import Target

RESOURCE_TYPE: Final = "Custom::SendingPolicy"

WIRE: Final = "1"
"""The version of the properties that is written; every version up to it can be read."""

_UNKNOWN: Final = "Unknown"
_ACKNOWLEDGED: Final = "Acknowledged"
UNKNOWNS: Final = (_UNKNOWN, _ACKNOWLEDGED)
"""The properties for the parts of a document that only the deploy knows."""

STACK_VARIABLE: Final = "STACK_ID"
"""The environment variable of the function with the ARN of the stack that it was deployed for."""


LEAST_FUNCTION_SECONDS: Final = 30
"""The shortest timeout in which the function can work: it starts no call to SES that could outlast its timer."""

LEAST_TAKE_OVER_SECONDS: Final = 62
"""The shortest timeout for a take-over: the policy is looked at again when no earlier write can arrive any more."""


class WhenExists(StrEnum):
    """What a deploy does if the identity already has a policy of this name with another owner or without one."""

    FAIL = "FAIL"
    """Leave the policy as it is and fail, naming its owner."""
    ADOPT = "ADOPT"
    """Take the policy over if it is equivalent to the declared one; else fail and tell what differs."""
    OVERWRITE = "OVERWRITE"
    """Write over the policy. The old document goes to the log."""


class OnDelete(StrEnum):
    """What happens on teardown to a policy that existed before this resource took it over."""

    DELETE = "DELETE"
    """Delete the policy like any other."""
    RELEASE = "RELEASE"
    """Leave the policy at SES, without the owner's marker."""


def default_on_delete(when_exists: WhenExists) -> OnDelete:
    """Return what teardown does by default: it releases a policy with `ADOPT`, and deletes any other."""
    return OnDelete.RELEASE if when_exists is WhenExists.ADOPT else OnDelete.DELETE


def write(
    *, email_identity: str, policy_name: str, policy: object, when_exists: WhenExists, on_delete: OnDelete
) -> dict[str, Any]:
    """Return the properties for the template; any of them may contain CDK tokens.

    :param email_identity: the identity's name, as `example.com` or `a@example.com`.
    :param policy_name: the policy's name at SES.
    :param policy: the document as an object, in its normal form; the function adds the owner's marker as its `Id`.
    :param when_exists: what a deploy does if another policy has the name.
    :param on_delete: what teardown does with a policy that existed before.
    """
    return {
        "EmailIdentity": email_identity,
        "PolicyName": policy_name,
        "Policy": policy,
        "WhenExists": when_exists.value,
        "OnDelete": on_delete.value,
        "Wire": WIRE,
    }


def write_unknown(places: Iterable[str], acknowledged: Iterable[str]) -> dict[str, list[str]]:
    """Return the properties for the parts of a document that only the deploy knows; none if synth knew all of it.

    :param places: the places in the document that synth did not know, as `Statement/0/Principal/AWS`.
    :param acknowledged: the ids of the findings that the user has acknowledged.
    """
    found = {_UNKNOWN: sorted(set(places)), _ACKNOWLEDGED: sorted(set(acknowledged))}
    return {name: values for name, values in found.items() if values and found[_UNKNOWN]}


def read_unknown(properties: Mapping[str, Any]) -> list[str]:
    """Return the places of the document that synth did not know; none if an earlier release wrote the properties."""
    return _strings(properties.get(_UNKNOWN))


def read_acknowledged(properties: Mapping[str, Any]) -> list[str]:
    """Return the ids of the findings that the user has acknowledged."""
    return _strings(properties.get(_ACKNOWLEDGED))


def _strings(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


_Choice = TypeVar("_Choice", WhenExists, OnDelete)


def _choice(properties: Mapping[str, Any], name: str, default: _Choice) -> _Choice:
    kind = type(default)
    value = properties.get(name, default.value)
    if value not in list(kind):
        # Shortened by `reprlib`, because `repr` fails on a value that is nested too deep.
        raise DeclarationError(f"{name} is {reprlib.repr(value)}: allowed are {', '.join(kind)}")
    return kind(value)


def _string(properties: Mapping[str, Any], name: str) -> str:
    value = properties.get(name)
    if not isinstance(value, str) or not value:
        given = reprlib.repr(value)
        raise DeclarationError(f"{name} is missing" if value is None else f"{name} is {given}: it must be a string")
    return value


def read_target(properties: Mapping[str, Any]) -> Target:
    """Return the policy that `properties` name; raise `DeclarationError` if they name none."""
    return Target(Identity.parse(_string(properties, "EmailIdentity")), _string(properties, "PolicyName"))


@dataclass(frozen=True, slots=True)
class Declaration:
    """A declared policy, as the properties of its resource tell it.

    :param target: the policy's identity and name.
    :param document: the policy's document.
    :param when_exists: what a deploy does if another policy has the name.
    :param on_delete: what teardown does if the policy existed before.
    """

    target: Target
    document: Document
    when_exists: WhenExists
    on_delete: OnDelete

    @classmethod
    def read(cls, properties: Mapping[str, Any]) -> "Declaration":
        """Return what `properties` declare; raise one `DeclarationError` that lists every fault."""
        faults = []

        def attempt(read: Any, *arguments: Any) -> Any:  # noqa: ANN401 - it returns whatever `read` returns
            try:
                return read(*arguments)
            except DeclarationError as fault:
                faults.append(str(fault))
                return None

        attempt(_check_wire, properties)
        attempt(_check_looked_up, properties)
        target = attempt(read_target, properties)
        document = attempt(_document, properties)
        when_exists = attempt(_choice, properties, "WhenExists", WhenExists.FAIL)
        on_delete = attempt(_choice, properties, "OnDelete", default_on_delete(when_exists or WhenExists.FAIL))
        if faults:
            raise DeclarationError.of(faults)
        return cls(target, document, when_exists, on_delete)


def read_on_delete(properties: Mapping[str, Any]) -> OnDelete:
    """Return `OnDelete` of `properties`, or its default; raise `DeclarationError` if it has no valid value."""
    return _choice(properties, "OnDelete", default_on_delete(_choice(properties, "WhenExists", WhenExists.FAIL)))


def _document(properties: Mapping[str, Any]) -> Document:
    policy = properties.get("Policy")
    if policy is None:
        raise DeclarationError("Policy is missing")
    faults = list(document_faults(policy))
    if faults:
        raise DeclarationError.of([f"Policy: {fault}" for fault in faults])
    return Document({key: value for key, value in policy.items() if key != "Id"})


def _check_looked_up(properties: Mapping[str, Any]) -> None:
    names = (properties.get("EmailIdentity"), properties.get("PolicyName"))
    policy = properties.get("Policy")
    check_looked_up([*filter(lambda name: isinstance(name, str), names), None if is_too_deep(policy) else policy])


def _check_wire(properties: Mapping[str, Any]) -> None:
    version = properties.get("Wire", WIRE)
    if not isinstance(version, str | int) or str(version) != WIRE:
        raise DeclarationError(
            f"Wire is {reprlib.repr(version)}, newer than the {WIRE!r} that this function reads: "
            "deploy the function as well"
        )
