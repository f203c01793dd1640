"""Policies that a template has written by a call of SES's API: what people use `AwsCustomResource` of the CDK for."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.files import UnreadableError
from ses_sending_policy.analysis.reading.owners import is_others
from ses_sending_policy.analysis.reading.removal import Removal, removal, uncalled
from ses_sending_policy.analysis.reading.resolver import Resolver
from ses_sending_policy.analysis.reading.scope import at
from ses_sending_policy.analysis.reading.sdk_call import Call
from ses_sending_policy.analysis.reading.strict import OddJsonError, brief
from ses_sending_policy.analysis.reading.template import Template
from ses_sending_policy.analysis.reading.templates import Written, declared, resources
from ses_sending_policy.analysis.reading.variants import Variant, readable, variants
from ses_sending_policy.rules.document import Json

_Called = dict[str, tuple[Written, Removal]]
"""By event, what is written, and what becomes of that."""


def called_policies(template: Template, *, takes_defaults: bool) -> Iterator[Declared]:
    """Yield the policies that `template` has written by calls, once each where create and update write the same.

    Raises `UnreadableError` where a call, or a policy in it, is a text that parsers read in more than one way.

    :param takes_defaults: whether a parameter that nobody gives a value has its default. Else it is unknown.
    """
    for logical_id, resource in resources(template.elements):
        if is_others(resource.get("Type")):
            yield from readable(_policies(template, logical_id, resource, takes_defaults=takes_defaults))


def _policies(
    template: Template, logical_id: str, resource: Mapping[str, Json], *, takes_defaults: bool
) -> Iterator[Declared]:
    read = partial(_called, template, logical_id, resource)
    for variant in variants(template.scope, logical_id, read, takes_defaults=takes_defaults):
        yield from _declared(template, logical_id, variant)


def _declared(template: Template, logical_id: str, variant: Variant[_Called]) -> Iterator[Declared]:
    found: dict[str, Declared] = {}
    for event, (written, removed) in variant.value.items():
        way = Variant(written, variant.evaluation, variant.is_certain)
        policy = declared(template.scope, logical_id, template.path, way)
        policy = replace(policy, call=event, removal=removed, writes=(event,))
        same = [first for first, each in found.items() if _written(each) == written]
        if same:
            found[same[0]] = replace(found[same[0]], writes=(*found[same[0]].writes, event))
        else:
            found[event] = policy
    yield from found.values()


def _written(policy: Declared) -> Written:
    return policy.identity, policy.policy_name, policy.document


def _called(template: Template, logical_id: str, resource: Mapping[str, Json], resolver: Resolver) -> _Called:
    found = {}
    for event in ("Create", "Update"):
        try:
            call = Call.read(resolver.resolved(at(resource, "Properties", event)))
            written = call.policy if call else None
            if written:
                deleting = resolver.resolved(at(resource, "Properties", "Delete"))
                found[event] = written, _removal(resource, deleting, *written[:2])
        except OddJsonError as fault:
            place = f"{event} of {brief(logical_id)} in {template.path or template.stack!r}"
            raise UnreadableError(f"{place} {fault}") from fault
    return found


def _removal(resource: Mapping[str, Json], deleting: Json, identity: Json, name: Json) -> Removal:
    call = Call.read(deleting)
    if call:
        last = uncalled(call.action if call.may_be_ses else "other", call.parameters, identity, name)
    else:
        last = uncalled("" if deleting is None else "${}", None, identity, name)
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
