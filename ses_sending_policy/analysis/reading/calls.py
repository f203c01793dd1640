"""Policies that a template has written by a call of SES's API: what people use `AwsCustomResource` of the CDK for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.files import Template, at
from ses_sending_policy.analysis.reading.intrinsics import filled, is_known, text_of
from ses_sending_policy.analysis.reading.owners import is_others
from ses_sending_policy.analysis.reading.templates import resources
from ses_sending_policy.analysis.reading.texts import opened, parsed
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
    """

    service: str
    action: str
    parameters: Json

    @classmethod
    def read(cls, value: Json) -> "Call | None":
        """Return the call that `value` is, as an object or as its text, or None where it has not the shape of one."""
        found = value if isinstance(value, Mapping) and not is_intrinsic(value) else parsed(text_of(value))
        if not isinstance(found, Mapping) or not {"service", "action"} <= found.keys():
            return None
        service = text_of(found["service"]).lower().rpartition("client-")[2]
        # An action goes with a capital or without, and as the SDK's command.
        action = text_of(found["action"]).lower().removesuffix("command")
        return cls(service, action, found.get("parameters"))

    @property
    def may_write(self) -> bool:
        """Whether it writes a sending policy, or nobody knows what it does."""
        may_be_ses = self.service in _SERVICES or not is_known(self.service)
        return may_be_ses and (self.action in _IDENTITY or not is_known(self.action))

    @property
    def policy(self) -> tuple[Json, Json, Json] | None:
        """Identity, name and document of the policy that it writes, or None where it is not known to write one."""
        if self.service not in _SERVICES or self.action not in _IDENTITY:
            return None
        parameters = self.parameters
        document = as_text(opened(at(parameters, "Policy")))
        return at(parameters, _IDENTITY[self.action]), at(parameters, "PolicyName"), document


def called_policies(template: Template) -> Iterator[Declared]:
    """Yield the policies that `template` has written by calls, once each where create and update write the same."""
    known = template.known
    for logical_id, resource in resources(template.elements):
        if not is_others(resource.get("Type")):
            continue
        found: list[Declared] = []
        for event in ("Create", "Update"):
            call = Call.read(filled(at(resource, "Properties", event), known))
            parameters = call.policy if call else None
            if not parameters:
                continue
            identity, name, document = parameters
            policy = Declared(
                stack=template.stack,
                logical_id=logical_id,
                identity=identity,
                policy_name=name,
                document=document,
                environment=template.environment,
                template=template.path,
                stack_name=template.stack_name,
                condition=text_of(resource.get("Condition", "")),
                call=event,
            )
            if not any((each.identity, each.policy_name, each.document) == parameters for each in found):
                found.append(policy)
        yield from found
