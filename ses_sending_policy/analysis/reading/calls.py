"""Policies that a template has written by a call of SES's API: what people use `AwsCustomResource` of the CDK for."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.files import Template, at
from ses_sending_policy.analysis.reading.intrinsics import filled, is_known, text_of
from ses_sending_policy.analysis.reading.removal import Removal, removal, uncalled
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
    """Yield the policies that `template` has written by calls, once each where create and update write the same."""
    known = template.known
    for logical_id, resource in resources(template.elements):
        if resource.get("Type") != _TYPE:
            continue
        found: list[Declared] = []
        for event in ("Create", "Update"):
            parameters = _parameters(filled(at(resource, "Properties", event), known))
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
                home=template.home,
                removal=_removal(resource, filled(at(resource, "Properties", "Delete"), known), identity, name),
                writes=(event,),
            )
            same = [each for each in found if (each.identity, each.policy_name, each.document) == parameters]
            found = [replace(each, writes=(*each.writes, event)) if each in same else each for each in found]
            found += [] if same else [policy]
        yield from found


def physical_ids(resource: Mapping[str, Json], *events: str) -> list[str | None]:
    """Return the physical ids that calls give a resource, each a text, or None where only the deploy knows it.

    "The physical resource id of the custom resource for this call." Another one is another resource to CloudFormation,
    which has the old one deleted.
    https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.custom_resources/AwsSdkCall.html
    """
    found = []
    for event in events:
        call = at(resource, "Properties", event)
        if call is not None:
            given = at(_parsed(text_of(call)), "physicalResourceId", "id")
            found.append(given if isinstance(given, str) and is_known(given) else None)
    return found


def _removal(resource: Mapping[str, Json], call: Json, identity: Json, name: Json) -> Removal:
    if call is None:
        return removal(resource, uncalled("", None, identity, name))
    parsed = _parsed(text_of(call))
    service, action = _named(parsed)
    is_other = is_known(service) and service not in _SERVICES
    return removal(resource, uncalled("other" if is_other else action, at(parsed, "parameters"), identity, name))


def _parameters(call: Json) -> tuple[Json, Json, Json] | None:
    """Return identity, name and document of a call that writes a policy, or None where it does something else."""
    parsed = _parsed(text_of(call))
    service, action = _named(parsed)
    if service not in _SERVICES or action not in _IDENTITY:
        return None
    document = as_text(_parsed(at(parsed, "parameters", "Policy")))
    return at(parsed, "parameters", _IDENTITY[action]), at(parsed, "parameters", "PolicyName"), document


def _named(call: Json) -> tuple[str, str]:
    """Return the service and the action of a call, in lower case; `${}` for one that only the deploy knows."""
    service, action = (name if isinstance(name := at(call, key), str) else "${}" for key in ("service", "action"))
    # An action goes with a capital or without, and as the SDK's command.
    return service.lower().rpartition("client-")[2], action.lower().removesuffix("command")


def _parsed(text: Json) -> Json:
    """Return the JSON in `text`, with what only the deploy knows as `${...}` in its strings, or `text` itself."""
    try:
        return json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return text
