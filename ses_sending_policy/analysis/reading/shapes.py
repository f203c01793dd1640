"""Find malformed resources in a template. The review would skip them, and what a deploy makes of them is unknown."""

from collections.abc import Iterator, Mapping
from typing import Final

from ses_sending_policy.analysis.reading.strict import brief
from ses_sending_policy.rules.document import Json, as_list

_SHAPE: Final = "a resource is an object with a Type, and with an object of Properties if it has any"


def resource_faults(template: Mapping[str, Json]) -> Iterator[str]:
    """Yield a sentence with the logical id for each malformed resource.

    Macros and loops among the resources are skipped: their keys begin with `Fn::`. If a macro that is not AWS's changes
    the whole template, all resources are skipped, because it is unknown before the deploy what they become.

    :param template: the template; its `Resources` are known to be an object.
    """
    transforms = as_list(template.get("Transform", []))
    is_anybodys = any(not str(name).startswith("AWS::") for name in transforms)
    resources = {} if is_anybodys else template.get("Resources", {})
    for logical_id, resource in resources.items():
        if logical_id.startswith("Fn::"):
            continue
        if not isinstance(resource, Mapping):
            yield f"{brief(logical_id)} is {brief(resource)}: {_SHAPE}"
        elif "Fn::Transform" not in resource:
            yield from (f"{brief(logical_id)} {fault}: {_SHAPE}" for fault in _faults(resource))


def _faults(resource: Mapping[str, Json]) -> Iterator[str]:
    """Yield what is wrong with a resource, in words that follow its logical id.

    "Each resource must have a Type attribute, which defines the kind of AWS resource it is."
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
    """
    if "Type" not in resource:
        yield "has no Type"
    elif not isinstance(resource["Type"], str):
        yield f"has the Type {brief(resource['Type'])}"
    if not isinstance(resource.get("Properties", {}), Mapping):
        yield f"has the Properties {brief(resource['Properties'])}"
