"""Sending policies in third-party resources: custom resources, modules and types of the registry."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Final

from ses_sending_policy.analysis.reading.declared import Declared
from ses_sending_policy.analysis.reading.identities import identities, told_beside
from ses_sending_policy.analysis.reading.intrinsics import is_known, text_of
from ses_sending_policy.analysis.reading.owners import is_others
from ses_sending_policy.analysis.reading.resolver import Resolver
from ses_sending_policy.analysis.reading.scope import at
from ses_sending_policy.analysis.reading.sdk_call import EVENTS, SdkCall, branches
from ses_sending_policy.analysis.reading.statement import is_whole, statements
from ses_sending_policy.analysis.reading.template import Template
from ses_sending_policy.analysis.reading.template_policies import Written, declared, resources
from ses_sending_policy.analysis.reading.texts import opened, parsed
from ses_sending_policy.analysis.reading.variants import Variant, readable, variants
from ses_sending_policy.rules.document import EFFECTS, REQUIRED, Json, as_text, is_intrinsic
from ses_sending_policy.rules.errors import DeclarationError
from ses_sending_policy.rules.identity import Identity

# The usual names, in lower case, of the properties that hold a policy's identity, its name and its document.
_IDENTITIES: Final = frozenset(
    {"emailidentity", "identity", "identityname", "identityarn", "domain", "domainname", "emailaddress"}
)
_NAMES: Final = frozenset({"policyname", "name"})
_DOCUMENTS: Final = frozenset({"policy", "policydocument", "document", "policytext"})

# A text without these words holds no policy. It is not parsed, because JSON that parsers read in more than one way
# stops a review. JSON may write each letter of a word as an escape.
_DOCUMENT: Final = re.compile(r"policy|document|\\u", re.IGNORECASE)
_STATEMENT: Final = re.compile(r"action|statement|\\u", re.IGNORECASE)
# A character as JSON escapes it, in JSON at any depth: each level escapes the backslash once more.
_ESCAPED: Final = re.compile(r"(?<!\\)\\(?:u005c|\\)*u([0-9a-f]{4})", re.IGNORECASE)

_ACTIONS: Final = ("action", "actions")
_OTHER_ACTIONS: Final = ("notaction", "notactions")
_STATEMENTS: Final = ("statement", "statements")

# The least length of a policy, in any encoding: the names of the elements that one statement needs take as many
# characters.
_LEAST: Final = sum(len(names[0]) for names in REQUIRED)

# Matches text that is not JSON but probably holds a statement: an effect that a policy has, and an action that may be
# one of SES's.
_IN_TEXT: Final = re.compile(
    r'(?=.*"effect\\*"(?!\s*:\s*\\*"(?!allow|deny|[^"]*\$\{)))'
    r'(?=.*"(not)?actions?\\*")(?=.*(ses:|"notaction|(?<![\w:/-])s?e?s?[*?]|\$\{))',
    re.IGNORECASE | re.DOTALL,
)
# Matches text that is not JSON because only the deploy knows its statements.
_OPEN_TEXT: Final = re.compile(r'"statements?\\*"\s*:\s*\[?\s*\$\{', re.IGNORECASE)
_UNKNOWN: Final = re.compile(r"\$\{[^}]*\}?")


_Shape = tuple[str, Written, dict[str, Json]]
"""The property that holds the document; the policy's identity, name and document; and the remaining properties."""


def foreign_policies(template: Template, *, takes_defaults: bool) -> Iterator[Declared]:
    """Yield the policies of third-party resources whose properties hold an identity, a name and a document.

    :param takes_defaults: whether a parameter without a given value takes its default. Otherwise its value is unknown.
    """
    for logical_id, resource in resources(template.elements):
        if is_others(resource.get("Type")):
            yield from readable(_policies(template, logical_id, resource, takes_defaults=takes_defaults))


def _policies(
    template: Template, logical_id: str, resource: Mapping[str, Json], *, takes_defaults: bool
) -> Iterator[Declared]:
    scope, read = template.scope, partial(_shape, resource.get("Properties"))
    for variant in variants(scope, logical_id, read, takes_defaults=takes_defaults):
        if variant.value:
            key, written, rest = variant.value
            way = Variant(written, variant.evaluation, variant.is_certain)
            policy = declared(scope, logical_id, template.path, way)
            beside, unknowns = told_beside(rest), identities([*written, rest], scope, variant.evaluation)
            yield replace(policy, call=key, beside=beside, unknowns=unknowns)


def _shape(given: Json, resolver: Resolver) -> _Shape | None:
    return shaped(resolver.resolved(given))


def shaped(properties: Json) -> _Shape | None:
    """Return the policy in resolved properties; None unless they hold one identity, one name and one document."""
    if not isinstance(properties, Mapping) or _is_call(properties):
        return None
    keys = _keys(properties)
    if any(len(each) != 1 for each in keys):
        return None
    [[identity], [name], [key]] = keys
    document = as_text(opened(properties[key]))
    rest = {each: value for each, value in properties.items() if each != key}
    if not _is_policy(document) or why_unread(rest) or not _may_be_identity(properties[identity]):
        return None
    beside = {each: value for each, value in rest.items() if each not in (identity, name)}
    return key, (properties[identity], properties[name], document), beside


def _keys(properties: Mapping[str, Json]) -> list[list[str]]:
    """Return the names of the properties that hold identities, names and documents, as those names tell."""
    return [[key for key in properties if key.lower() in names] for names in (_IDENTITIES, _NAMES, _DOCUMENTS)]


def may_carry(name: str) -> bool:
    """Return whether a property of this name may hold a policy document, or an API call."""
    return name in EVENTS or name.lower() in _DOCUMENTS


def why_unread(value: Json) -> str:
    """Return why `value` may hold a policy that cannot be read; empty if it does not."""
    if may_send(value):
        return "it has a statement about actions of SES's"
    return "its policy is not known as JSON before the deploy" if _hides_policy(value) else ""


def _hides_policy(value: Json) -> bool:
    """Return whether `value` holds, at any depth, an identity and a name beside a document that cannot be read."""
    found = None if isinstance(value, str) and not _DOCUMENT.search(value) else opened(value)
    if isinstance(found, list):
        return any(map(_hides_policy, found))
    if not isinstance(found, Mapping):
        return False
    owners, names, documents = _keys(found)
    is_policy = bool(names) and any(_may_be_identity(found[each]) for each in owners)
    is_hidden = is_policy and any(_is_hidden(found[each]) for each in documents)
    return is_hidden or any(map(_hides_policy, found.values()))


def _is_hidden(document: Json) -> bool:
    """Return whether `document` may be a policy in a form that only the resource's code reads, as base 64 or YAML."""
    found = opened(document)
    if isinstance(found, list):
        pieces = [each for each in map(opened, found) if isinstance(each, str)]
        return any(map(_is_hidden, found)) or not is_word("".join(pieces))
    if isinstance(found, Mapping) and not is_intrinsic(found):
        elements = {key.lower(): item for key, item in found.items()}
        inner = list(_items(elements, _STATEMENTS)) or found.values()
        return not _is_statement(elements) and any(map(_is_hidden, inner))
    return is_intrinsic(found) or (isinstance(found, str) and not is_word(found))


def is_word(text: str) -> bool:
    """Return whether `text` is too short to hold a policy, in any encoding."""
    return len(text) < _LEAST


def _is_call(properties: Mapping[str, Json]) -> bool:
    """Return whether a resource with these properties has the shape of the CDK's `AwsCustomResource`."""
    return any(SdkCall.read(each) for event in EVENTS for each in branches(at(properties, event)))


def _is_policy(document: Json) -> bool:
    """Return whether `document` has the shape of a sending policy. A role's policy has not: it has no principal."""
    has_principal = any("Principal" in each.elements for each in statements(document))
    return has_principal and is_whole(document) and may_send(document)


def _may_be_identity(value: Json) -> bool:
    text = text_of(value)
    try:
        return not is_known(text) or bool(Identity.parse(text))
    except DeclarationError:
        return False


def may_send(value: Json) -> bool:
    """Return whether `value` holds a statement, also as text, that may be about an action of SES."""
    if isinstance(value, str):
        return _may_send_in_text(value)
    if isinstance(value, list):
        return any(map(may_send, value))
    return isinstance(value, Mapping) and _may_send_in_object(value)


def _may_send_in_object(value: Mapping[str, Json]) -> bool:
    if is_intrinsic(value):
        found = opened(value)
        if found is not value:
            return may_send(found)
        if may_send(text_of(value)):
            return True
    elements = {key.lower(): item for key, item in value.items()}
    if _is_statement(elements) and _is_about_ses(elements):
        return True
    if any(map(is_unknown, _items(elements, _STATEMENTS))):
        return True
    return any(map(may_send, value.values()))


def _is_statement(elements: Mapping[str, Json]) -> bool:
    """Return whether `elements` have a policy's effect. Kubernetes objects have an `effect` with other values."""
    effects = [text_of(each) for each in branches(elements.get("effect", ""))]
    return any(not is_known(each) or each.capitalize() in EFFECTS for each in effects)


def _may_send_in_text(text: str) -> bool:
    if not _STATEMENT.search(text):
        return False
    found = parsed(text)
    if not isinstance(found, str):
        return may_send(found)
    plain = _ESCAPED.sub(lambda escape: chr(int(escape[1], 16)), text)
    return bool(_IN_TEXT.match(plain) or _OPEN_TEXT.search(plain))


def _is_about_ses(elements: Mapping[str, Json]) -> bool:
    if any(map(_may_be_ses, _items(elements, _ACTIONS))):
        return True
    # "NotAction matches everything except the specified list of actions."
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html
    others = [text_of(item).lower() for item in _items(elements, _OTHER_ACTIONS)]
    return bool(others) and not {"*", "ses:*"}.intersection(others)


def _may_be_ses(action: Json) -> bool:
    # An unknown part may stand for any text, so it counts as a wildcard. "The prefix and the action name are case
    # insensitive."
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
    text = _UNKNOWN.sub("*", text_of(action)).lower()
    begin = re.split(r"[*?]", text)[0]
    return begin.startswith("ses:") or (begin != text and "ses:".startswith(begin))


def _items(elements: Mapping[str, Json], names: tuple[str, ...]) -> Iterator[Json]:
    """Yield each value under the keys `names`: the items of lists, and all branches of an `Fn::If`."""
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
    """Return whether `value` stands for an object that only the deploy knows."""
    # A function with literal text around it gives a text, unless that text is the JSON of an object.
    return is_intrinsic(value) and opened(value) == value and bool(_UNKNOWN.fullmatch(text_of(value)))
