"""Policies that a template has written by a call of SES's API: what people use `AwsCustomResource` of the CDK for."""

from collections.abc import Iterator, Mapping
from typing import Final

from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.files import Template, UnreadableError, at
from ses_sending_policy.analysis.reading.intrinsics import filled, text_of
from ses_sending_policy.analysis.reading.strict import OddJsonError, brief, parsed
from ses_sending_policy.analysis.reading.templates import resources
from ses_sending_policy.rules.document import Json, as_text

_TYPE: Final = "Custom::AWS"
# A service goes by its name in either version of the SDK, as "SES", "SESv2" or "@aws-sdk/client-sesv2".
_SERVICES: Final = ("ses", "sesv2")
_IDENTITY: Final[Mapping[str, str]] = {
    "putidentitypolicy": "Identity",
    "createemailidentitypolicy": "EmailIdentity",
    "updateemailidentitypolicy": "EmailIdentity",
}


def called_policies(template: Template) -> Iterator[Declared]:
    """Yield the policies that `template` has written by calls, once each where create and update write the same.

    Raises `UnreadableError` where a call, or a policy in it, is a text that parsers read in more than one way.
    """
    known = template.known
    for logical_id, resource in resources(template.elements):
        if resource.get("Type") != _TYPE:
            continue
        found: list[Declared] = []
        for event in ("Create", "Update"):
            try:
                parameters = _parameters(filled(at(resource, "Properties", event), known))
            except OddJsonError as fault:
                place = f"{event} of {brief(logical_id)} in {template.path or template.stack!r}"
                raise UnreadableError(f"{place} {fault}") from fault
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


def _parameters(call: Json) -> tuple[Json, Json, Json] | None:
    """Return identity, name and document of a call that writes a policy, or None where it does something else."""
    parsed = _parsed(text_of(call))
    service = str(at(parsed, "service")).lower().rpartition("client-")[2]
    # An action goes with a capital or without, and as the SDK's command.
    action = str(at(parsed, "action")).lower().removesuffix("command")
    if service not in _SERVICES or action not in _IDENTITY:
        return None
    document = as_text(_parsed(at(parsed, "parameters", "Policy")))
    return at(parsed, "parameters", _IDENTITY[action]), at(parsed, "parameters", "PolicyName"), document


def _parsed(text: Json) -> Json:
    """Return the JSON in `text`, with what only the deploy knows as `${...}` in its strings, or `text` itself."""
    try:
        return parsed(text) if isinstance(text, str) else text
    except OddJsonError:
        raise
    except ValueError:
        return text
