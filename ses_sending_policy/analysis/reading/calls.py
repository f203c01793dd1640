"""Policies that a template has written by a call of SES's API: what people use `AwsCustomResource` of the CDK for."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.files import Template, UnreadableError, at
from ses_sending_policy.analysis.reading.intrinsics import text_of
from ses_sending_policy.analysis.reading.owners import is_others
from ses_sending_policy.analysis.reading.removal import Removal, removal, uncalled
from ses_sending_policy.analysis.reading.sdk_call import Call, branches
from ses_sending_policy.analysis.reading.strict import OddJsonError, brief
from ses_sending_policy.analysis.reading.templates import resources
from ses_sending_policy.rules.document import Json


def called_policies(template: Template) -> Iterator[Declared]:
    """Yield the policies that `template` has written by calls, once each where create and update write the same.

    Raises `UnreadableError` where a call, or a policy in it, is a text that parsers read in more than one way.
    """
    for logical_id, resource in resources(template.elements):
        if not is_others(resource.get("Type")):
            continue
        found: list[Declared] = []
        for event, value in _given(template, resource):
            try:
                call = Call.read(value)
                parameters = call.policy if call else None
                removed = _removal(template, resource, *parameters[:2]) if parameters else None
            except OddJsonError as fault:
                place = f"{event} of {brief(logical_id)} in {template.path or template.stack!r}"
                raise UnreadableError(f"{place} {fault}") from fault
            if not parameters or not removed:
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
                removal=removed,
                writes=(event,),
            )
            same = [each for each in found if (each.identity, each.policy_name, each.document) == parameters]
            found = [replace(each, writes=(*each.writes, event)) if each in same else each for each in found]
            found += [] if same else [policy]
        yield from found


def _given(template: Template, resource: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """Yield what a resource calls, and when, in every branch of it."""
    for event in ("Create", "Update"):
        for each in branches(template.resolved(at(resource, "Properties", event))):
            yield event, each


def _removal(template: Template, resource: Mapping[str, Json], identity: Json, name: Json) -> Removal:
    value = template.resolved(at(resource, "Properties", "Delete"))
    call = Call.read(value)
    if call:
        last = uncalled(call.action if call.may_be_ses else "other", call.parameters, identity, name)
    else:
        last = uncalled("" if value is None else "${}", None, identity, name)
    return removal(resource, last)


def physical_ids(template: Template, logical_id: str, *events: str) -> list[str | None]:
    """Return the physical ids that calls give a resource, each a text, or None where only the deploy knows it.

    "The physical resource id of the custom resource for this call." Another one is another resource to CloudFormation,
    which has the old one deleted.
    https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.custom_resources/AwsSdkCall.html
    """
    calls = (template.resolved(at(template.elements, "Resources", logical_id, "Properties", each)) for each in events)
    return [_physical_id(value) for value in calls if value is not None]


def _physical_id(value: Json) -> str | None:
    try:
        call = Call.read(value)
    except OddJsonError:
        return None
    return call.physical_id if call else None
