"""The shape of a resource: what has none of it would be passed over, and nobody knows what a deploy makes of it."""

from collections.abc import Iterator, Mapping
from typing import Final

from ses_sending_policy.analysis.reading.strict import brief
from ses_sending_policy.rules.document import Json, as_list

_SHAPE: Final = "a resource is an object with a Type, and with an object of Properties if it has any"


def resource_faults(template: Mapping[str, Json]) -> Iterator[str]:
    """Yield what a template says of a resource that is none, with its logical id.

    What a macro or a loop makes resources of passes: that stands in their place, with `Fn::` in the begin of a key; and
    what a macro of one's own makes of a whole template, nobody knows before the deploy.

    :param template: the template, whose Resources are an object.
    """
    resources = {} if _is_anybodys(template) else template.get("Resources", {})
    for logical_id, resource in resources.items():
        if logical_id.startswith("Fn::"):
            continue
        if not isinstance(resource, Mapping):
            yield f"{brief(logical_id)} is {brief(resource)}: {_SHAPE}"
        elif "Fn::Transform" not in resource:
            yield from (f"{brief(logical_id)} {fault}: {_SHAPE}" for fault in _faults(resource))


def _is_anybodys(template: Mapping[str, Json]) -> bool:
    """Return whether a macro that is none of AWS's goes over the whole template."""
    return any(not str(name).startswith("AWS::") for name in as_list(template.get("Transform", [])))


def _faults(resource: Mapping[str, Json]) -> Iterator[str]:
    """Yield what keeps an object from being a resource.

    "Each resource must have a Type attribute, which defines the kind of AWS resource it is."
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
    """
    if "Type" not in resource:
        yield "has no Type"
    elif not isinstance(resource["Type"], str):
        yield f"has the Type {brief(resource['Type'])}"
    if not isinstance(resource.get("Properties", {}), Mapping):
        yield f"has the Properties {brief(resource['Properties'])}"
