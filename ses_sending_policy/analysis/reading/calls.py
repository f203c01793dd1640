"""Policies that a template writes by calling SES's API, usually with the CDK's `AwsCustomResource`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.files import UnreadableError
from ses_sending_policy.analysis.reading.identities import identities
from ses_sending_policy.analysis.reading.intrinsics import is_known
from ses_sending_policy.analysis.reading.owners import is_others
from ses_sending_policy.analysis.reading.removal import Removal, Stay, removal, uncalled, unreached
from ses_sending_policy.analysis.reading.resolver import Resolver
from ses_sending_policy.analysis.reading.scope import Scope, at
from ses_sending_policy.analysis.reading.sdk_call import SdkCall
from ses_sending_policy.analysis.reading.strict import OddJsonError, brief
from ses_sending_policy.analysis.reading.template import Template
from ses_sending_policy.analysis.reading.template_policies import Written, declared, resources
from ses_sending_policy.analysis.reading.variants import Variant, readable, variants
from ses_sending_policy.rules.document import Json


@dataclass(frozen=True, slots=True)
class _Written:
    """A policy that an API call in a template writes.

    :param policy: the policy.
    :param removal: what becomes of the policy when its resource leaves the template.
    :param call: the call.
    """

    policy: Written
    removal: Removal
    call: SdkCall


_Called = dict[str, _Written]
"""For each of the events `Create` and `Update`, the policy that the resource's API call writes."""


def called_policies(template: Template, *, takes_defaults: bool) -> Iterator[Declared]:
    """Yield the policies that `template` writes by API calls.

    If a resource's calls at creation and update write the same policy, it is yielded once.

    Raises `UnreadableError` if a call, or a policy in it, is a text that parsers read in more than one way.

    :param takes_defaults: whether a parameter without a given value takes its default. Otherwise its value is unknown.
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
    for event, written in variant.value.items():
        way = Variant(written.policy, variant.evaluation, variant.is_certain)
        policy = declared(template.scope, logical_id, template.path, way)
        policy = replace(policy, call=event, removal=written.removal, writes=(event,))
        policy = _sent(policy, written.call, template, variant)
        same = [first for first, each in found.items() if _said(each) == _said(policy)]
        if same:
            found[same[0]] = replace(found[same[0]], writes=(*found[same[0]].writes, event))
        else:
            found[event] = policy
    yield from found.values()


def _said(policy: Declared) -> tuple[object, ...]:
    return policy.identity, policy.policy_name, policy.document, policy.environment, policy.sent, policy.away


def _sent(policy: Declared, call: SdkCall, template: Template, variant: Variant[_Called]) -> Declared:
    """Return `policy` with the account and the region to which the API call goes that writes it."""
    own, there = (each.place(template.scope) for each in (SdkCall("", "", None), call))
    named = {part: text for part, text in there.items() if text != own[part]}
    known = {part: text if is_known(text) else None for part, text in named.items()}
    return replace(
        policy,
        environment=replace(policy.environment, **known),
        sent=frozenset(named),
        away=tuple(f"{part} {text}" for part, text in named.items() if known[part] is None),
        unknowns={**policy.unknowns, **identities([call.region, call.role], template.scope, variant.evaluation)},
    )


def _called(template: Template, logical_id: str, resource: Mapping[str, Json], resolver: Resolver) -> _Called:
    found = {}
    for event in ("Create", "Update"):
        try:
            call = SdkCall.read(resolver.resolved(at(resource, "Properties", event)))
            if call and (written := call.policy):
                deleting = resolver.resolved(at(resource, "Properties", "Delete"))
                last = _last(call, written, deleting, resolver.scope)
                found[event] = _Written(written, removal(resource, last), call)
        except OddJsonError as fault:
            place = f"{event} of {brief(logical_id)} in {template.path or template.stack!r}"
            raise UnreadableError(f"{place} {fault}") from fault
    return found


def _last(call: SdkCall, written: Written, deleting: Json, scope: Scope) -> Stay | None:
    """Return why a policy that `call` wrote stays at SES when its resource is deleted; None if it is deleted too."""
    other = SdkCall.read(deleting)
    if other is None:
        return uncalled("", "" if deleting is None else "${}", None, *written[:2])
    reasons = [
        uncalled(other.service, other.action, other.parameters, *written[:2]),
        unreached(call.place(scope), other.place(scope)),
    ]
    return max(filter(None, reasons), key=lambda each: each.is_sure, default=None)


def physical_ids(template: Template, logical_id: str, *events: str) -> list[str | None]:
    """Return the physical ids that a resource gets from its API calls at the given events.

    None stands for an id that only the deploy knows.

    "The physical resource id of the custom resource for this call." If it changes, CloudFormation takes the resource
    for a new one, and has the old one deleted.
    https://docs.aws.amazon.com/cdk/api/v2/python/aws_cdk.custom_resources/AwsSdkCall.html
    """
    calls = (template.resolved(at(template.elements, "Resources", logical_id, "Properties", each)) for each in events)
    return [_physical_id(value) for value in calls if value is not None]


def _physical_id(value: Json) -> str | None:
    try:
        call = SdkCall.read(value)
    except OddJsonError:
        return None
    return call.physical_id if call else None
