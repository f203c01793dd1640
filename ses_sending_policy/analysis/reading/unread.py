"""Parts of a template that may hold a sending policy but cannot be read. A review reports each of them."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.foreign import is_unknown, is_word, may_carry, shaped, why_unread
from ses_sending_policy.analysis.reading.home import Home
from ses_sending_policy.analysis.reading.intrinsics import is_known, text_of
from ses_sending_policy.analysis.reading.loops import LOOP
from ses_sending_policy.analysis.reading.macros import MACRO, OVER_ALL, macros, over_all
from ses_sending_policy.analysis.reading.owners import is_amazons, is_others
from ses_sending_policy.analysis.reading.parameters import allowed_values
from ses_sending_policy.analysis.reading.resource_values import JSON_VALUE
from ses_sending_policy.analysis.reading.scope import at
from ses_sending_policy.analysis.reading.sdk_call import AWS_CALL, EVENTS, SdkCall, branches
from ses_sending_policy.analysis.reading.statement import is_whole
from ses_sending_policy.analysis.reading.template import NESTED, Template
from ses_sending_policy.analysis.reading.texts import parsed
from ses_sending_policy.analysis.reading.variants import MOST_VARIANTS, is_deployed, readable, variants
from ses_sending_policy.rules.document import Json, is_intrinsic
from ses_sending_policy.rules.lookups import dummies
from ses_sending_policy.rules.wire import RESOURCE_TYPE

_ELSEWHERE: Final[Mapping[str, str]] = {
    NESTED: "a nested stack",
    "AWS::CloudFormation::StackSet": "a stack set",
    "AWS::Serverless::Application": "a nested application",
    "AWS::ServiceCatalog::CloudFormationProvisionedProduct": "a product of Service Catalog's",
}


_TOO_MANY: Final = (
    f"the conditions of its template make more than {MOST_VARIANTS} variants of it, or it is larger than any policy: "
    "split it into resources that depend on fewer conditions each"
)

_NO_ACTION: Final = "its service has no such action"
_UNKNOWN_CALL: Final = "whether it writes a policy is not known before the deploy"

# By section of the template, the functions that look a name up there, as JSON writes their names.
_ASKING: Final = {"Conditions": ('"Fn::If"', '"Condition"'), "Mappings": ('"Fn::FindInMap"',)}

_Told = tuple[str, str] | None
"""What an unread part is, and why it was not read; None if there is nothing to report."""


@dataclass(frozen=True, slots=True)
class UnreadPart:
    """A part of a template that may hold a sending policy, and was not read.

    :param stack: the stack's label for people.
    :param logical_id: the logical id of the resource; `Transform` for a macro over the whole template.
    :param what: what the part is, as "a nested stack".
    :param why: why it was not read.
    :param template: the path of the template's file.
    :param content: the part's definition as JSON. Parts with equal content do the same, as far as templates tell.
    :param home: the deployed stack that the template belongs to. Default: - it is unknown.
    """

    stack: str
    logical_id: str
    what: str
    why: str
    template: str = ""
    content: str = ""
    home: Home = field(default_factory=Home)

    @property
    def owner(self) -> str:
        """Where a reader finds the part: the path of its stack and its logical id."""
        return f"{self.stack}/{self.logical_id}"


def unread_parts(
    template: Template, policies: Iterable[Declared], *, takes_defaults: bool = True
) -> Iterator[UnreadPart]:
    """Yield the parts of `template` that may hold a sending policy and were not read, without those of nested stacks.

    :param policies: the policies that were read from the template.
    :param takes_defaults: whether a parameter without a given value takes its default. Otherwise its value is unknown.
    """
    elements = template.elements
    over = over_all(elements)
    if over:
        what, why, content = over
        yield UnreadPart(template.stack, OVER_ALL, what, why, template.path, _written(content), template.home)
    read: dict[str, list[Declared]] = {}
    for policy in policies:
        read.setdefault(policy.logical_id, []).append(policy)
    nested = frozenset(template.nested_ids())
    for logical_id, resource in _all_resources(elements):
        mine = read.get(logical_id, [])
        if logical_id in nested:
            # Only macros are reported: the nested template is read by itself, but what a macro adds to its stack is
            # unknown.
            told = _of_macros(resource)
        else:
            told = _told(logical_id, resource, template, mine, takes_defaults=takes_defaults)
        if told:
            made_of = _content(resource, template)
            yield UnreadPart(template.stack, logical_id, *told, template.path, made_of, template.home)


def _all_resources(elements: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    found = elements.get("Resources")
    yield from found.items() if isinstance(found, Mapping) else ()


def _told(logical_id: str, resource: Json, template: Template, read: list[Declared], *, takes_defaults: bool) -> _Told:
    """Return what a resource is and why it was not read; None if it was read, or holds no policy."""
    if logical_id == MACRO:
        return f"the macro {text_of(at(resource, 'Name'))}", "it may make any resource"
    if logical_id.startswith(LOOP):
        return None if _is_harmless(resource) else ("a loop", "what it goes over is not known before the deploy")
    if not isinstance(resource, Mapping) or is_deployed(template.scope, logical_id) is False:
        return None
    told = _of_resource(resource, read) or _looked_up(resource, read)
    if told or not _may_write(resource):
        return told
    given = _without_words(resource.get("Properties"), template.elements)
    ways = readable(
        variants(template.scope, logical_id, lambda resolver: resolver.resolved(given), takes_defaults=takes_defaults)
    )
    # If there are too many variants, the properties before the split into variants are looked at instead.
    values = [each.value for each in ways] or [template.resolved(given)]
    return next(filter(None, (_of_others(resource, each, read) for each in values)), None)


def _without_words(properties: Json, elements: Mapping[str, Json]) -> Json:
    """Return properties without those that could carry a policy but are too short for one.

    That is known of a parameter all of whose allowed values are too short.
    """
    if not isinstance(properties, Mapping):
        return properties
    return {
        name: value
        for name, value in properties.items()
        if not (may_carry(name) and _is_word(at(elements, "Parameters", str(at(value, "Ref")))))
    }


def _is_word(parameter: Json) -> bool:
    values = allowed_values(parameter) if isinstance(parameter, Mapping) else None
    return values is not None and all(map(is_word, values))


def _may_write(resource: Mapping[str, Json]) -> bool:
    """Return whether third-party code makes the resource, so that it may write a policy."""
    # `Custom::AWSCDKCfnJson` writes nothing: it returns its own property, which is read where a reference uses it.
    return is_others(resource.get("Type")) and resource.get("Type") != JSON_VALUE[0]


def _of_resource(resource: Mapping[str, Json], read: list[Declared]) -> _Told:
    kind = resource.get("Type")
    if isinstance(kind, str) and kind in _ELSEWHERE:
        return _ELSEWHERE[kind], "its template is not at hand"
    # In an AWS resource, only a macro beside `Type` counts, which may change the type. One in its properties changes
    # only the properties.
    around = {name: value for name, value in resource.items() if name == MACRO} if is_amazons(kind) else resource
    told = _of_macros(around)
    if told:
        return told
    if kind == RESOURCE_TYPE:
        if not read:
            return "a sending policy", _TOO_MANY if "Properties" in resource else "it has no properties"
        is_read = all(is_whole(policy.document) for policy in read)
        return None if is_read else ("a sending policy", "not all of its document is known before the deploy")
    return None


def _of_macros(around: Json) -> _Told:
    found = next(macros(around), None)
    return (f"a resource with {found}", "what that makes of it is not known before the deploy") if found else None


def _looked_up(resource: Mapping[str, Json], read: list[Declared]) -> _Told:
    """Return what to report of a policy that contains a value which the CDK has yet to look up; None if it has none."""
    parts = [(policy.identity, policy.policy_name, policy.document) for policy in read]
    if not any(True for part in parts for value in part for _ in dummies(value)):
        return None
    what = "a sending policy" if resource.get("Type") == RESOURCE_TYPE else f"a resource of the type {resource['Type']}"
    return what, "its lookup has no value yet: run `npx cdk synth` where it may ask the account"


def _is_harmless(loop: Json) -> bool:
    """Return whether a loop makes only AWS's own resources, and no stack with a template elsewhere."""
    match loop:
        case [_, _, {**body}]:
            return MACRO not in body and all(map(_is_harmless_resource, body.values()))
    return False


def _is_harmless_resource(resource: Json) -> bool:
    kind = at(resource, "Type")
    return is_amazons(kind) and "{" not in kind and kind not in _ELSEWHERE and MACRO not in resource


def _of_others(resource: Mapping[str, Json], properties: Json, read: list[Declared]) -> _Told:
    if is_unknown(properties):
        return "a custom resource", "its properties are not known before the deploy"
    if not isinstance(properties, Mapping):
        return None
    is_sure = resource.get("Type") == AWS_CALL
    given = [(event, each) for event in EVENTS for each in branches(properties.get(event))]
    told = next(filter(None, (_of_call(event, value, read, is_sure=is_sure) for event, value in given)), None)
    if told:
        return told
    if shaped(properties) and any(policy.call not in EVENTS for policy in read):
        return None
    # Calls that could be read were judged above. A policy may still be in one of the other properties.
    called = {event for event in EVENTS if all(map(SdkCall.read, branches(properties.get(event))))}
    why = why_unread({name: value for name, value in properties.items() if name not in called})
    return (f"a resource of the type {resource['Type']}", why) if why else None


def _of_call(event: str, value: Json, read: list[Declared], *, is_sure: bool) -> _Told:
    """Return what to report of an API call in a resource; None if its policy was read, or if it writes none.

    :param is_sure: whether the resource's type says that `value` is a call.
    """
    call = SdkCall.read(value)
    if call is None:
        text = text_of(value) if is_intrinsic(value) or isinstance(value, str) else ""
        is_half = parsed(value) == value and not is_known(text)
        may_be = is_half and (is_sure or is_unknown(value) or '"service"' in text)
        return (f"a call at {event}", "what it calls is not known before the deploy") if may_be else None
    if not call.may_write:
        return None
    if call.policy is None:
        is_told = is_known(call.service) and is_known(call.action)
        return f"a call at {event}", _NO_ACTION if is_told else _UNKNOWN_CALL
    if event == "Delete":
        return f"a call at {event}", "it writes a policy when the resource is taken away"
    if not all(is_whole(policy.document) for policy in read):
        return f"a call at {event}", "not all of the document that it writes is known before the deploy"
    return None


def _content(resource: Json, template: Template) -> str:
    """Return a resource and the definitions of the names that it uses from the template, as JSON."""
    own = _meant(resource)
    if not isinstance(own, Mapping):
        return _written([own, _definitions(own, template.elements)])
    own = {**own, "Properties": template.resolved(own.get("Properties"))}
    return _written([own, _definitions(own, template.elements)])


def _meant(resource: Json) -> Json:
    """Return a resource without its metadata and its `ServiceToken`, which do not change what it makes."""
    if not isinstance(resource, Mapping):
        return resource
    own = {name: value for name, value in resource.items() if name != "Metadata"}
    properties = own.get("Properties")
    if isinstance(properties, Mapping):
        own["Properties"] = {name: value for name, value in properties.items() if name != "ServiceToken"}
    return own


def _definitions(value: Json, elements: Mapping[str, Json]) -> Mapping[str, Json]:
    """Return the template's definition of each name in `value`, and of the names in these definitions.

    The keys are section and name, as `Mappings/Regions`.
    """
    found: dict[str, Json] = {}
    texts = [_written(value)]
    while texts:
        text = texts.pop()
        words = set(re.findall(r"[A-Za-z0-9:]+", text))
        for section in ("Parameters", "Mappings", "Conditions", "Resources"):
            given = elements.get(section)
            names = given if isinstance(given, Mapping) else {}
            for name in names if _takes_any(text, section, names) else words.intersection(names):
                defined = _defined(section, names[name])
                if defined is not None and f"{section}/{name}" not in found:
                    found[f"{section}/{name}"] = defined
                    texts.append(_written(defined))
    return found


def _takes_any(text: str, section: str, names: Mapping[str, Json]) -> bool:
    """Return whether `text` may look up any name of a section: it computes the name, or a macro makes names there."""
    asking = [each for each in _ASKING.get(section, ()) if each in text]
    return any(f"{each}: [{{" in text for each in asking) or (bool(asking) and any(True for _ in macros(names)))


def _defined(section: str, value: Json) -> Json:
    # Custom resources only: what they return depends on their properties. What AWS's own return does not count here.
    return value if section != "Resources" else _meant(value) if is_others(at(value, "Type")) else None


def _written(value: Json) -> str:
    return json.dumps(value, sort_keys=True)
