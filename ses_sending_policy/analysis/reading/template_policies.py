"""The policies that a template declares, with its references resolved as far as their values are known."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from ses_sending_policy.analysis.reading.declared import Declared, KnownEnvironment
from ses_sending_policy.analysis.reading.identities import answered, identities
from ses_sending_policy.analysis.reading.intrinsics import is_known
from ses_sending_policy.analysis.reading.removal import released, removal
from ses_sending_policy.analysis.reading.resolver import Resolver
from ses_sending_policy.analysis.reading.scope import Scope, at
from ses_sending_policy.analysis.reading.texts import MOST_CHARACTERS, is_too_large, opened
from ses_sending_policy.analysis.reading.variants import TooManyVariantsError, Variant, readable, variants
from ses_sending_policy.rules.arns import Arn
from ses_sending_policy.rules.document import Json, as_text, compact
from ses_sending_policy.rules.wire import RESOURCE_TYPE, WhenExists

Written = tuple[Json, Json, Json]
"""The resolved identity, name and document of a policy."""


def policies_of(scope: Scope, path: str, *, takes_defaults: bool) -> Iterator[Declared]:
    """Yield the policies that a template declares with the construct, once for each way its conditions may turn out.

    :param scope: the template.
    :param path: the path of its file.
    :param takes_defaults: whether a parameter without a given value takes its default. Otherwise its value is unknown.
    """
    for logical_id, resource in resources(scope.elements):
        properties = resource.get("Properties")
        if resource.get("Type") != RESOURCE_TYPE or not isinstance(properties, Mapping):
            continue
        yield from readable(_policies(scope, logical_id, path, properties, takes_defaults=takes_defaults))


def _policies(
    scope: Scope, logical_id: str, path: str, properties: Mapping[str, Json], *, takes_defaults: bool
) -> Iterator[Declared]:
    resource = at(scope.elements, "Resources", logical_id)
    own = {name: value for name, value in properties.items() if name != "Policy"}
    removed = removal(resource, released(Resolver.unassuming(scope).resolved(own)))
    may_adopt = properties.get("WhenExists", WhenExists.FAIL) != WhenExists.FAIL
    for variant in variants(scope, logical_id, partial(_written, properties), takes_defaults=takes_defaults):
        policy = declared(scope, logical_id, path, variant)
        yield replace(policy, may_adopt=may_adopt, removal=removed)


def _written(properties: Mapping[str, Json], resolver: Resolver) -> Written:
    document = as_text(opened(resolver.resolved(properties.get("Policy"))))
    return resolver.resolved(properties.get("EmailIdentity")), resolver.resolved(properties.get("PolicyName")), document


def declared(scope: Scope, logical_id: str, path: str, variant: Variant[Written]) -> Declared:
    """Return the policy that a resource declares if the template's conditions turn out as in `variant`.

    :param scope: the template that declares it.
    :param logical_id: the logical id of that resource.
    :param path: the path of the template's file.
    :param variant: the policy's identity, name and document, and how the conditions turn out.
    """
    identity, name, document = variant.value
    written = len(compact(at(scope.elements, "Resources", logical_id)))
    if is_too_large([identity, name, document], max(MOST_CHARACTERS, 2 * written)):
        raise TooManyVariantsError(f"{scope.stack}/{logical_id} becomes larger than any policy: say less in it")
    policy = Declared(
        stack=scope.stack,
        logical_id=logical_id,
        identity=identity,
        policy_name=name,
        document=document,
        environment=scope.environment,
        template=path,
        stack_name=scope.stack_name,
        home=scope.home,
        condition=variant.condition,
        is_certain=variant.is_certain and bool(variant.condition),
        defaults=dict(sorted(variant.evaluation.defaults.items())),
        unknowns=identities(variant.value, scope, variant.evaluation),
        answers=answered(variant.evaluation),
    )
    return replace(policy, environment=_environment_of(policy))


def resources(template: Json) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """Yield each resource of `template` with its logical id."""
    found = template.get("Resources") if isinstance(template, Mapping) else None
    for logical_id, resource in found.items() if isinstance(found, Mapping) else ():
        if isinstance(resource, Mapping):
            yield logical_id, resource


def _environment_of(policy: Declared) -> KnownEnvironment:
    """Return where the policy is deployed. Parts that its stack does not tell are taken from an ARN in a `Resource`."""
    environment = policy.environment
    for statement in policy.statements():
        for _, text in statement.texts("Resource"):
            arn = Arn.parse(text)
            if arn and arn.service == "ses":
                partition, region, account = (
                    part if part and is_known(part) and "*" not in part else None
                    for part in (arn.partition, arn.region, arn.account)
                )
                return KnownEnvironment(
                    environment.partition or partition, environment.region or region, environment.account or account
                )
    return environment
