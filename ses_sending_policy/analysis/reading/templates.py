"""The policies that a template declares, with what the template itself knows of its references filled in."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from ses_sending_policy.analysis.reading.declared import Declared, Environment
from ses_sending_policy.analysis.reading.home import Home
from ses_sending_policy.analysis.reading.intrinsics import filled, is_known, text_of
from ses_sending_policy.analysis.reading.opened import opened
from ses_sending_policy.analysis.reading.removal import released, removal
from ses_sending_policy.rules.arns import Arn
from ses_sending_policy.rules.document import Json, as_text
from ses_sending_policy.rules.wire import RESOURCE_TYPE, WhenExists

_MOST_CHARACTERS: Final = 4096


def declared_policies(
    template: Json,
    *,
    stack: str,
    environment: Environment,
    path: str = "",
    stack_name: str = "",
    parameters: Mapping[str, str] | None = None,
    home: Home | None = None,
) -> Iterator[Declared]:
    """Yield the policies of `template`.

    :param template: the template as parsed JSON.
    :param stack: what people call the stack.
    :param environment: where it is deployed, as far as that is known.
    :param path: of the template's file.
    :param stack_name: the stack's name, where it is known.
    :param parameters: the values of the template's parameters that are known.
    :param home: the stack that is deployed with it.
    """
    known = known_references(template, environment, parameters or {})
    for logical_id, resource in resources(template):
        properties = resource.get("Properties")
        if resource.get("Type") != RESOURCE_TYPE or not isinstance(properties, Mapping):
            continue
        policy = Declared(
            stack=stack,
            logical_id=logical_id,
            identity=filled(properties.get("EmailIdentity"), known),
            policy_name=filled(properties.get("PolicyName"), known),
            document=as_text(opened(filled(as_text(properties.get("Policy")), known))),
            environment=environment,
            template=path,
            stack_name=stack_name,
            may_adopt=properties.get("WhenExists", WhenExists.FAIL) != WhenExists.FAIL,
            condition=text_of(resource.get("Condition", "")),
            home=home or Home(stack, stack_name),
            removal=removal(resource, released(properties)),
        )
        yield replace(policy, environment=_environment_of(policy))


def resources(template: Json) -> Iterator[tuple[str, Mapping[str, Json]]]:
    """Yield each resource of `template` with its logical id."""
    found = template.get("Resources") if isinstance(template, Mapping) else None
    for logical_id, resource in found.items() if isinstance(found, Mapping) else ():
        if isinstance(resource, Mapping):
            yield logical_id, resource


def known_references(template: Json, environment: Environment, parameters: Mapping[str, str]) -> dict[str, str]:
    """Return what a `Ref` in `template` gives, by name, as far as that is known before a deploy."""
    pseudo = {
        "AWS::Partition": environment.partition,
        "AWS::Region": environment.region,
        "AWS::AccountId": environment.account,
    }
    known = {name: value for name, value in pseudo.items() if value} | dict(parameters)
    for logical_id, resource in resources(template):
        properties = resource.get("Properties")
        # "When you pass the logical ID of this resource to the intrinsic Ref function, Ref returns the EmailIdentity"
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ses-emailidentity.html
        if resource.get("Type") == "AWS::SES::EmailIdentity" and isinstance(properties, Mapping):
            name = filled(properties.get("EmailIdentity"), known)
            # One may be made of another twice over, and so on; SES takes 320 characters.
            if isinstance(name, str) and len(name) <= _MOST_CHARACTERS:
                known[logical_id] = name
    return known


def _environment_of(policy: Declared) -> Environment:
    """Return the policy's environment; what the stack does not know, the ARN of the identity may."""
    environment = policy.environment
    for statement in policy.statements():
        for _, text in statement.texts("Resource"):
            arn = Arn.parse(text)
            if arn and arn.service == "ses":
                partition, region, account = (
                    part if part and is_known(part) and "*" not in part else None
                    for part in (arn.partition, arn.region, arn.account)
                )
                return Environment(
                    environment.partition or partition, environment.region or region, environment.account or account
                )
    return environment
