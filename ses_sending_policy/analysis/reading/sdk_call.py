"""A call of AWS's API in the shape that `AwsCustomResource` of the CDK has it, whatever the type of its resource is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ses_sending_policy.analysis.reading.intrinsics import is_known, text_of
from ses_sending_policy.analysis.reading.opened import opened
from ses_sending_policy.analysis.reading.texts import parsed
from ses_sending_policy.rules.document import Json, as_text, is_intrinsic

AWS_CALL: Final = "Custom::AWS"
"""The type of what `AwsCustomResource` makes, unless it is told another one."""

EVENTS: Final = ("Create", "Update", "Delete")
"""The properties that have a call each."""

# A service goes by its name in either version of the SDK, as "SES", "SESv2" or "@aws-sdk/client-sesv2".
_SERVICES: Final = ("ses", "sesv2")
_IDENTITY: Final[Mapping[str, str]] = {
    "putidentitypolicy": "Identity",
    "createemailidentitypolicy": "EmailIdentity",
    "updateemailidentitypolicy": "EmailIdentity",
}


@dataclass(frozen=True, slots=True)
class Call:
    """A call of an API of AWS's.

    :param service: its name in small letters, with what only the deploy knows as `${...}`.
    :param action: the same.
    :param parameters: what it is called with.
    :param physical_id: what the resource goes by afterwards. Default: - only the deploy knows.
    """

    service: str
    action: str
    parameters: Json
    physical_id: str | None = None

    @classmethod
    def read(cls, value: Json) -> "Call | None":
        """Return the call that `value` is, as an object or as its text, or None where it has not the shape of one."""
        found = value if isinstance(value, Mapping) and not is_intrinsic(value) else parsed(value)
        if not isinstance(found, Mapping) or not {"service", "action"} <= found.keys():
            return None
        service = text_of(found["service"]).lower().rpartition("client-")[2]
        # An action goes with a capital or without, and as the SDK's command.
        action = text_of(found["action"]).lower().removesuffix("command")
        given = found.get("physicalResourceId")
        physical_id = given.get("id") if isinstance(given, Mapping) else None
        is_told = isinstance(physical_id, str) and is_known(physical_id)
        return cls(service, action, found.get("parameters"), physical_id if is_told else None)

    @property
    def may_be_ses(self) -> bool:
        """Whether it is of SES's API, or nobody knows of which."""
        return self.service in _SERVICES or not is_known(self.service)

    @property
    def may_write(self) -> bool:
        """Whether it writes a sending policy, or nobody knows what it does."""
        return self.may_be_ses and (self.action in _IDENTITY or not is_known(self.action))

    @property
    def policy(self) -> tuple[Json, Json, Json] | None:
        """Identity, name and document of the policy that it writes, or None where it is not known to write one."""
        if self.service not in _SERVICES or self.action not in _IDENTITY:
            return None
        given = self.parameters if isinstance(self.parameters, Mapping) else {}
        return given.get(_IDENTITY[self.action]), given.get("PolicyName"), as_text(opened(given.get("Policy")))


def branches(value: Json) -> list[Json]:
    """Return what `value` may be: each branch of a condition, without those that take it away."""
    match value:
        case {"Fn::If": [_, one, other]}:
            return [*branches(one), *branches(other)]
        case {"Ref": "AWS::NoValue"}:
            return []
    return [value]
