"""Policies that a template has written by a call of SES's API: what people use `AwsCustomResource` of the CDK for."""

from collections.abc import Iterator, Mapping

from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.files import Template, UnreadableError, at
from ses_sending_policy.analysis.reading.intrinsics import text_of
from ses_sending_policy.analysis.reading.owners import is_others
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


def _given(template: Template, resource: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """Yield what a resource calls, and when, in every branch of it."""
    for event in ("Create", "Update"):
        for each in branches(template.resolved(at(resource, "Properties", event))):
            yield event, each
