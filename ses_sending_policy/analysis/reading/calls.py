"""Policies that a template has written by a call of SES's API: what people use `AwsCustomResource` of the CDK for."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.resolver import Resolver
from ses_sending_policy.analysis.reading.scope import Scope, at
from ses_sending_policy.analysis.reading.templates import Written, declared, read_document, resources
from ses_sending_policy.analysis.reading.texts import parsed
from ses_sending_policy.analysis.reading.variants import Variant, variants
from ses_sending_policy.rules.document import Json, as_text

_TYPE: Final = "Custom::AWS"
# A service goes by its name in either version of the SDK, as "SES", "SESv2" or "@aws-sdk/client-sesv2".
_SERVICES: Final = ("ses", "sesv2")
_IDENTITY: Final[Mapping[str, str]] = {
    "putidentitypolicy": "Identity",
    "createemailidentitypolicy": "EmailIdentity",
    "updateemailidentitypolicy": "EmailIdentity",
}


def called_policies(scope: Scope, path: str, *, takes_defaults: bool) -> Iterator[Declared]:
    """Yield the policies that a template has written by calls, once each where create and update write the same.

    The parameters are those of `policies_of`.
    """
    for logical_id, resource in resources(scope.elements):
        if resource.get("Type") != _TYPE:
            continue
        found: list[Declared] = []
        for event in ("Create", "Update"):
            written = partial(_written, at(resource, "Properties", event))
            for variant in variants(scope, logical_id, written, takes_defaults=takes_defaults):
                for each in variant.value:
                    policy = declared(scope, logical_id, path, Variant(each, variant.evaluation, variant.is_certain))
                    if policy not in found:
                        found.append(policy)
                        yield replace(policy, call=event)


def _written(call: Json, resolver: Resolver) -> list[Written]:
    """Return identity, name and document of a call that writes a policy, or nothing where it does something else."""
    call = parsed(resolver.resolved(call))
    service = str(at(call, "service")).lower().rpartition("client-")[2]
    # An action goes with a capital or without, and as the SDK's command.
    action = str(at(call, "action")).lower().removesuffix("command")
    if service not in _SERVICES or action not in _IDENTITY:
        return []
    document = as_text(read_document(at(call, "parameters", "Policy")))
    return [(at(call, "parameters", _IDENTITY[action]), at(call, "parameters", "PolicyName"), document)]
