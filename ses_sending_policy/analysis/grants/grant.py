"""A grant: one principal of one statement, and what it may do under which conditions. A review shows grants."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from ses_sending_policy.analysis.reading.intrinsics import is_known, text_of
from ses_sending_policy.analysis.reading.statement import Condition, Statement, statements, unknown_statements
from ses_sending_policy.analysis.requests.key_condition import has_reference
from ses_sending_policy.rules.arns import Arn
from ses_sending_policy.rules.document import DEFAULT_VERSION, Json, compact, is_intrinsic
from ses_sending_policy.rules.equivalence import only, respelled, statement_in_one_spelling
from ses_sending_policy.rules.identity import canonical_name, identity_name
from ses_sending_policy.rules.normal_form import normalise

NOT: Final = "Not"
"""The prefix of a principal's kind, an action or a resource that a statement excepts: it means everything else."""

UNKNOWN: Final = text_of(None)
"""The text for a part of a grant that only the deploy knows, and that has no name to show."""

CURRENT: Final = "2012-10-17"

# How a policy variable begins, as `${aws:username}` or `${*}` for an asterisk: no reference of a template begins so.
_NAME_OF_VARIABLE: Final = r"[A-Za-z][\w-]*:(?!:)|[*?$]\}"
# Literal text that looks like a reference gets a "!" after the brace, as in `Fn::Sub`, to tell it from references.
_LOOKS_LIKE_REFERENCE: Final = re.compile(rf"\$\{{(?!{_NAME_OF_VARIABLE})")
_VARIABLE: Final = re.compile(rf"\$\{{(?:!|{_NAME_OF_VARIABLE})")
# Pseudo parameters, as the account, the partition and the region: their values never have a wildcard.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
_PSEUDO_PARAMETER: Final = re.compile(r"\$\{AWS::\w+\}")


@dataclass(frozen=True, slots=True)
class Grant:
    """What one principal may do, or may not. Unknown parts stand as `${...}` in it.

    :param identity: the identity that the policy is on, as which the principal may send.
    :param effect: `Allow` or `Deny`.
    :param kind: the principal's, as `AWS` or `Service`; `NotAWS` if everybody else is meant.
    :param principal: as the document has it; a text that only looks like `${Name}` is `${!Name}`, here and below.
    :param actions: sorted, as `ses:SendEmail`; `Not ses:SendEmail` if every other action is meant.
    :param conditions: all of them must hold.
    :param is_open: whether there are more conditions, which only the deploy knows.
    :param unread: the elements that the other fields do not show in full, as JSON. Two grants that differ in them may
        give different things.
    :param open_conditions: the names of the conditions that only the deploy knows, as far as they have one.
    :param excepted: kind and name of each principal in `NotPrincipal`; empty if the statement has `Principal`.
    :param resources: the resources of the statement, as the document has them, if one of them is known not to be the
        identity; `Not x` if every other resource is meant.
    :param version: the document's Version, if policy variables depend on it. Default: - the current one, also if there
        is no variable.
    :param path: the path of its statement; it does not count in comparisons.
    """

    identity: str
    effect: str = UNKNOWN
    kind: str = UNKNOWN
    principal: str = UNKNOWN
    actions: tuple[str, ...] = (UNKNOWN,)
    conditions: tuple[Condition, ...] = ()
    is_open: bool = True
    unread: str = ""
    open_conditions: tuple[str, ...] = ()
    excepted: tuple[tuple[str, str], ...] = ()
    resources: tuple[str, ...] = ()
    version: str = CURRENT
    path: str = field(default="", compare=False)

    @property
    def principals(self) -> tuple[tuple[str, str], ...]:
        """Kind and name of each principal that the grant names: one, or all those in `NotPrincipal`."""
        return tuple((NOT + kind, name) for kind, name in self.excepted) or ((self.kind, self.principal),)

    @property
    def has_plain_variables(self) -> bool:
        """Whether text that looks like a policy variable is plain text, because of the document's Version."""
        return self.version == DEFAULT_VERSION


def has_variable(text: str) -> bool:
    """Return whether `text` has something that is a policy variable under the current Version."""
    return bool(_VARIABLE.search(text))


def only_deploy_knows(text: str) -> bool:
    """Return whether `text` has a part that only the deploy knows, and that may give a wildcard."""
    return not is_known(_PSEUDO_PARAMETER.sub("", _VARIABLE.sub("", text)))


def grants_of(document: Json, identity: str, partition: str | None = None) -> Iterator[Grant]:
    """Yield the grants of a policy document: Allows, Denies, and those whose effect only the deploy knows.

    :param document: the document, with its intrinsic functions.
    :param identity: the name of the identity that the policy is on.
    :param partition: the partition that the identity is in. Default: - `aws`.
    """
    unknown = list(unknown_statements(document))
    if unknown:
        names = sorted({text_of(each) for each in unknown} - {UNKNOWN})
        yield Grant(
            identity, principal=" and ".join(names) or UNKNOWN, unread=compact(normalise({"Statement": unknown}))
        )
    version = _version(document)
    for written in statements(document):
        said = replace(written, elements=respelled(written.elements))
        statement = replace(said, elements=_marked(said.elements))
        conditions, resources = tuple(statement.conditions()), _resources(statement, identity)
        texts = [*resources, *(value for condition in conditions for value in condition.values)]
        for kind, principal, excepted in _principals(statement):
            yield Grant(
                identity,
                text_of(statement.elements.get("Effect")),
                kind,
                principal,
                _actions(statement),
                conditions,
                statement.has_unknown_conditions,
                _unread(said, kind, principal, identity, partition or "aws"),
                tuple(statement.unknown_conditions()),
                excepted,
                resources,
                version if any(map(has_variable, texts)) else CURRENT,
                statement.path,
            )


def _version(document: Json) -> str:
    given = document.get("Version") if isinstance(document, Mapping) else CURRENT
    # "If you do not include a Version element, the value defaults to 2008-10-17, but newer features, such as policy
    # variables, will not work with your policy. For example, variables such as ${aws:username} aren't recognized as
    # variables and are instead treated as literal strings in the policy."
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
    return DEFAULT_VERSION if given is None else text_of(only(given))


def _marked(value: Json) -> Json:
    """Return a part of a statement in which literal text that looks like a reference begins with `${!`."""
    match value:
        case str(text):
            return _LOOKS_LIKE_REFERENCE.sub("${!", text)
        case list(items):
            return [_marked(item) for item in items]
        case {"Fn::Join": [str(separator), [*parts]]}:
            return {"Fn::Join": [_marked(separator), _marked(parts)]}
        case Mapping() if not is_intrinsic(value):
            return {key: _marked(item) for key, item in value.items()}
    return value


def _principals(statement: Statement) -> Iterator[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """Yield kind and name of each principal, with an empty tuple.

    For `NotPrincipal`, yield its first principal only, with a tuple of all.
    """
    for element in ("Principal", f"{NOT}Principal"):
        if element not in statement.elements:
            continue
        named = [(kind, text) for _, kind, text in statement.principals(element)]
        named = named or [(UNKNOWN, text_of(statement.elements[element]))]
        if element == "Principal":
            yield from ((*each, ()) for each in named)
        else:
            # One grant, because "everybody but two" is not the same as "everybody but one" and "everybody but the
            # other" together.
            kind, principal = min(named)
            yield NOT + kind, principal, tuple(sorted(set(named)))


def _resources(statement: Statement, identity: str) -> tuple[str, ...]:
    """Return the resources of a statement if one of them is known not to be the identity; else an empty tuple."""
    others = [f"{NOT} {text}" for _, text in statement.texts(f"{NOT}Resource")]
    named = [text for _, text in statement.texts("Resource")]
    is_told = others or any(_is_other(text, identity) for text in named)
    return tuple(sorted({*named, *others})) if is_told else ()


# Cached, because all statements of a policy have the same resource.
@lru_cache(maxsize=4096)
def _is_other(resource: str, identity: str) -> bool:
    if not is_known(identity) or _is_own(resource, identity):
        return False
    arn = Arn.parse(resource)
    name = (identity_name(arn) if arn else "") or resource
    return is_known(_VARIABLE.sub("", name)) and canonical_name(name) != canonical_name(identity)


def _actions(statement: Statement) -> tuple[str, ...]:
    named = {text for _, text in statement.texts("Action")}
    others = {f"{NOT} {text}" for _, text in statement.texts(f"{NOT}Action")}
    return tuple(sorted(named | others))


def _unread(statement: Statement, kind: str, principal: str, identity: str, partition: str) -> str:
    """Return the elements of `statement` that a grant does not show in full, as JSON."""
    values = [value for condition in statement.conditions() for value in condition.values]
    effect = statement.elements.get("Effect")
    more = {
        "Effect": UNKNOWN in text_of(effect) or _is_unread(effect),
        # `NotPrincipal` and `NotAction` are kept whole, because all of their values together say what is left.
        f"{NOT}Principal": kind.startswith(NOT),
        f"{NOT}Action": True,
        "Principal": UNKNOWN in principal
        or (not is_known(principal) and _is_unread(statement.elements.get("Principal"))),
        "Action": UNKNOWN in _actions(statement) or _is_unread(statement.elements.get("Action")),
        "Condition": statement.has_unknown_conditions
        or UNKNOWN in values
        or _is_unread(statement.elements.get("Condition")),
        # SES takes no other resource than the identity that the policy is on.
        "Resource": not all(_is_own(text, identity) for _, text in statement.texts("Resource")),
        f"{NOT}Resource": True,
    }
    found = {element: value for element, value in statement.elements.items() if more.get(element)}
    return compact(normalise(statement_in_one_spelling(found, partition))) if found else ""


@lru_cache(maxsize=4096)
def _is_own(resource: str, identity: str) -> bool:
    """Return whether a resource is the ARN of the identity that the policy is on.

    Only the identity's name in the ARN is compared.
    """
    arn = Arn.parse(resource)
    name = identity_name(arn) if arn else ""
    return identity in (name, canonical_name(name))


def _is_unread(value: Json) -> bool:
    """Return whether another value could have the same text as `value`."""
    if isinstance(value, list):
        return any(map(_is_unread, value))
    if isinstance(value, Mapping) and not is_intrinsic(value):
        return any(map(_is_unread, value.values()))
    # A literal `${Name}` has the same text as a reference to `Name`.
    return UNKNOWN in text_of(value) or (isinstance(value, str) and has_reference(value))
