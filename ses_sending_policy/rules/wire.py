"""What CloudFormation carries from the construct to the function, and how the function reads it.

The reader takes every version that was ever deployed: a Delete brings the properties of the deploy before, however
long ago that was. It ignores what it does not know (`ServiceToken`, `ServiceTimeout`).
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
"""The version that is written; every one up to it is read."""

_UNKNOWN: Final = "Unknown"
_ACKNOWLEDGED: Final = "Acknowledged"
UNKNOWNS: Final = (_UNKNOWN, _ACKNOWLEDGED)
"""The properties of a document that only the deploy knows."""

STACK_VARIABLE: Final = "STACK_ID"
"""The variable of the function's environment with the id of the stack that it was made for."""


LEAST_FUNCTION_SECONDS: Final = 30
"""The shortest time that the function can do anything in: no call to SES starts that could outlast its timer."""

LEAST_TAKE_OVER_SECONDS: Final = 62
"""The shortest time that it can take a policy over in: that is looked at once more when nothing older can arrive."""


class WhenExists(StrEnum):
    """What a deploy does where the identity has a policy of this name that is not its own."""

    FAIL = "FAIL"
    """Leave it as it is and fail, naming its owner."""
    ADOPT = "ADOPT"
    """Take it over where it says the same as what is declared, else fail and tell what differs."""
    OVERWRITE = "OVERWRITE"
    """Write over it. The old document goes to the log."""


class OnDelete(StrEnum):
    """What happens on teardown to a policy that was there before."""

    DELETE = "DELETE"
    """Delete it like any other."""
    RELEASE = "RELEASE"
    """Leave it at SES, without the owner's marker."""


def default_on_delete(when_exists: WhenExists) -> OnDelete:
    """Return what teardown does unless it is told: what was only adopted is left."""
    return OnDelete.RELEASE if when_exists is WhenExists.ADOPT else OnDelete.DELETE


def write(
    *, email_identity: str, policy_name: str, policy: object, when_exists: WhenExists, on_delete: OnDelete
) -> dict[str, Any]:
    """Return the properties that a template carries; any of them may hold tokens.

    :param email_identity: the name, as `example.com` or `a@example.com`.
    :param policy_name: the policy's name at SES.
    :param policy: the document as an object, in its normal form; the function puts the owner's marker into its `Id`.
    :param when_exists: what a deploy does where somebody else's policy has the name.
    :param on_delete: what teardown does with a policy that was there before.
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
    """Return the properties of a document that only the deploy knows: none of one that synth knew.

    :param places: what was not known of the document, as `Statement/0/Principal/AWS`.
    :param acknowledged: the ids of findings that are meant.
    """
    found = {_UNKNOWN: sorted(set(places)), _ACKNOWLEDGED: sorted(set(acknowledged))}
    return {name: values for name, values in found.items() if values and found[_UNKNOWN]}


def read_unknown(properties: Mapping[str, Any]) -> list[str]:
    """Return the places of the document that synth did not know; none of the properties of an earlier release."""
    return _strings(properties.get(_UNKNOWN))


def read_acknowledged(properties: Mapping[str, Any]) -> list[str]:
    """Return the ids of the findings that are meant."""
    return _strings(properties.get(_ACKNOWLEDGED))


def _strings(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


_Choice = TypeVar("_Choice", WhenExists, OnDelete)


def _choice(properties: Mapping[str, Any], name: str, default: _Choice) -> _Choice:
    kind = type(default)
    value = properties.get(name, default.value)
    if value not in list(kind):
        # Shortened: a value may be nested deeper than Python can write out.
        raise DeclarationError(f"{name} is {reprlib.repr(value)}: allowed are {', '.join(kind)}")
    return kind(value)


def _string(properties: Mapping[str, Any], name: str) -> str:
    value = properties.get(name)
    if not isinstance(value, str) or not value:
        given = reprlib.repr(value)
        raise DeclarationError(f"{name} is missing" if value is None else f"{name} is {given}: it must be a string")
    return value


def read_target(properties: Mapping[str, Any]) -> Target:
    """Return the policy that `properties` name, or raise `DeclarationError` where they name none."""
    return Target(Identity.parse(_string(properties, "EmailIdentity")), _string(properties, "PolicyName"))


@dataclass(frozen=True, slots=True)
class Declaration:
    """What somebody declared: this policy is to be at SES.

    :param target: the policy.
    :param document: what it is to say.
    :param when_exists: what to do where somebody else's policy has the name.
    :param on_delete: what to do on teardown where the policy was there before.
    """

    target: Target
    document: Document
    when_exists: WhenExists
    on_delete: OnDelete

    @classmethod
    def read(cls, properties: Mapping[str, Any]) -> "Declaration":
        """Return what `properties` declare, or raise one `DeclarationError` that tells every fault."""
        faults = []

        def attempt(read: Any, *arguments: Any) -> Any:  # noqa: ANN401 - it gives what it is given
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
    """Return what `properties` say of teardown, or raise `DeclarationError`."""
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
