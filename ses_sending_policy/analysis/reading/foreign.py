"""What other people's custom resources, modules and registry types carry that may be a sending policy."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.files import Template, at
from ses_sending_policy.analysis.reading.intrinsics import is_known, text_of
from ses_sending_policy.analysis.reading.opened import opened, parsed
from ses_sending_policy.analysis.reading.owners import is_others
from ses_sending_policy.analysis.reading.sdk_call import EVENTS, Call, branches
from ses_sending_policy.analysis.reading.statement import is_whole, statements
from ses_sending_policy.analysis.reading.templates import resources
from ses_sending_policy.rules.document import Json, as_text, is_intrinsic
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.identity import Identity

# What people call the three parts of a policy, in small letters.
_IDENTITIES: Final = frozenset(
    {"emailidentity", "identity", "identityname", "identityarn", "domain", "domainname", "emailaddress"}
)
_NAMES: Final = frozenset({"policyname", "name"})
_DOCUMENTS: Final = frozenset({"policy", "policydocument", "document", "policytext"})

_ACTIONS: Final = ("action", "actions")
_OTHER_ACTIONS: Final = ("notaction", "notactions")
_STATEMENTS: Final = ("statement", "statements")

# A statement in a text that is no JSON, as far as that can be told.
_IN_TEXT: Final = re.compile(r'(?=.*"effect\\*")(?=.*"(not)?actions?\\*")', re.IGNORECASE | re.DOTALL)
_UNKNOWN: Final = re.compile(r"\$\{[^}]*\}?")


def foreign_policies(template: Template) -> Iterator[Declared]:
    """Yield the policies of other people's resources that have an identity, a name and a policy in their properties."""
    for logical_id, resource in resources(template.elements):
        if not is_others(resource.get("Type")):
            continue
        shape = _shape(template.resolved(resource.get("Properties")))
        if shape:
            identity, name, key, document = shape
            yield Declared(
                stack=template.stack,
                logical_id=logical_id,
                identity=identity,
                policy_name=name,
                document=document,
                environment=template.environment,
                template=template.path,
                stack_name=template.stack_name,
                condition=text_of(resource.get("Condition", "")),
                call=key,
                home=template.home,
            )


def _shape(properties: Json) -> tuple[Json, Json, str, Json] | None:
    """Return identity, name, the policy's key and the policy of a resource that has one of each."""
    if not isinstance(properties, Mapping) or is_call(properties):
        return None
    keys = [[key for key in properties if key.lower() in names] for names in (_IDENTITIES, _NAMES, _DOCUMENTS)]
    if any(len(each) != 1 for each in keys):
        return None
    [[identity], [name], [key]] = keys
    document = as_text(opened(properties[key]))
    rest = {each: value for each, value in properties.items() if each != key}
    if not _is_policy(document) or may_send(rest) or not _may_be_identity(properties[identity]):
        return None
    return properties[identity], properties[name], key, document


def is_call(properties: Mapping[str, Json]) -> bool:
    """Return whether a resource has the shape of the CDK's `AwsCustomResource`."""
    return any(Call.read(each) for event in EVENTS for each in branches(at(properties, event)))


def _is_policy(document: Json) -> bool:
    """Return whether `document` is of the shape of a sending policy: one of a role has no principal."""
    has_principal = any("Principal" in each.elements for each in statements(document))
    return has_principal and is_whole(document) and may_send(document)


def _may_be_identity(value: Json) -> bool:
    text = text_of(value)
    try:
        return not is_known(text) or bool(Identity.parse(text))
    except DeclarationError:
        return False


def may_send(value: Json) -> bool:
    """Return whether there is a statement in `value`, or in a text in it, that may be about an action of SES's."""
    if isinstance(value, str):
        return _may_send_in_text(value)
    if isinstance(value, list):
        return any(map(may_send, value))
    return isinstance(value, Mapping) and _may_send_in_object(value)


def _may_send_in_object(value: Mapping[str, Json]) -> bool:
    if is_intrinsic(value) and may_send(text_of(value)):
        return True
    elements = {key.lower(): item for key, item in value.items()}
    if "effect" in elements and _is_about_ses(elements):
        return True
    if any(map(is_unknown, _items(elements, _STATEMENTS))):
        return True
    return any(map(may_send, value.values()))


def _may_send_in_text(text: str) -> bool:
    if "action" not in text.lower() and "statement" not in text.lower():
        return False
    found = parsed(text)
    return bool(_IN_TEXT.match(text)) if isinstance(found, str) else may_send(found)


def _is_about_ses(elements: Mapping[str, Json]) -> bool:
    if any(map(_may_be_ses, _items(elements, _ACTIONS))):
        return True
    # "NotAction matches everything except the specified list of actions."
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
    others = [text_of(item).lower() for item in _items(elements, _OTHER_ACTIONS)]
    return bool(others) and not {"*", "ses:*"}.intersection(others)


def _may_be_ses(action: Json) -> bool:
    # What only the deploy knows may be anything; before the first wildcard, an action is what it says. "The prefix and
    # the action name are case insensitive."
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
    text = _UNKNOWN.sub("*", text_of(action)).lower()
    begin = re.split(r"[*?]", text, maxsplit=1)[0]
    return begin.startswith("ses:") or (begin != text and "ses:".startswith(begin))


def _items(elements: Mapping[str, Json], names: tuple[str, ...]) -> Iterator[Json]:
    """Yield what stands under `names`, one by one, and that of every branch."""
    for name in names:
        if name in elements:
            yield from _each(elements[name])


def _each(value: Json) -> Iterator[Json]:
    for item in branches(value):
        if isinstance(item, list):
            for each in item:
                yield from _each(each)
        else:
            yield item


def is_unknown(value: Json) -> bool:
    """Return whether only the deploy knows what `value` is, in the place of an object."""
    # A text with something known in it is no object, unless all of it is the text of one.
    return is_intrinsic(value) and opened(value) == value and bool(_UNKNOWN.fullmatch(text_of(value)))
