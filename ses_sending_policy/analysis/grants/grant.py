"""A grant: one principal of one statement, and what it may do under which conditions. The unit of a review."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ses_sending_policy.analysis.reading.intrinsics import is_known, text_of
from ses_sending_policy.analysis.reading.statement import Condition, Statement, statements, unknown_statements
from ses_sending_policy.analysis.requests.comparison import has_reference
from ses_sending_policy.rules.arns import Arn
from ses_sending_policy.rules.document import Json, compact, is_intrinsic, normalise
from ses_sending_policy.rules.identity import canonical_name, identity_name

NOT: Final = "Not"
"""What stands before the kind of a principal, or before an action, where everything else is meant."""

UNKNOWN: Final = text_of(None)
"""What stands for something that only the deploy knows."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What one principal may do, or may not. What only the deploy knows stands as `${...}` in it.

    :param identity: whom it may send as: the identity that the policy hangs on.
    :param effect: `Allow` or `Deny`.
    :param kind: of the principal, as `AWS` or `Service`; `NotAWS` where everybody else is meant.
    :param principal: as the document has it.
    :param actions: sorted, as `ses:SendEmail`; `Not ses:SendEmail` where every other action is meant.
    :param conditions: all of them must hold.
    :param is_open: whether there are conditions that only the deploy knows.
    :param unread: what else decides and is not in the words above, as JSON: two grants with other words here may give
        something else, for all that is known.
    :param open_conditions: what the conditions go by that only the deploy knows, as far as they have a name.
    :param path: of the statement that it is a part of; it has no part in what that gives.
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
    path: str = field(default="", compare=False)


def grants_of(document: Json, identity: str) -> Iterator[Grant]:
    """Yield what a policy document gives and takes away, also where only the deploy knows what that is.

    :param document: the document, intrinsic functions and all.
    :param identity: what people call the identity that it hangs on.
    """
    unknown = list(unknown_statements(document))
    if unknown:
        names = sorted({text_of(each) for each in unknown} - {UNKNOWN})
        yield Grant(
            identity, principal=" and ".join(names) or UNKNOWN, unread=compact(normalise({"Statement": unknown}))
        )
    for statement in statements(document):
        for kind, principal in _principals(statement):
            yield Grant(
                identity,
                text_of(statement.elements.get("Effect")),
                kind,
                principal,
                _actions(statement),
                tuple(statement.conditions()),
                statement.has_unknown_conditions,
                _unread(statement, kind, principal, identity),
                tuple(statement.unknown_conditions()),
                statement.path,
            )


def _principals(statement: Statement) -> Iterator[tuple[str, str]]:
    for element, prefix in (("Principal", ""), (f"{NOT}Principal", NOT)):
        if element not in statement.elements:
            continue
        found = [(prefix + kind, text) for _, kind, text in statement.principals(element)]
        yield from found or [(prefix + UNKNOWN, text_of(statement.elements[element]))]


def _actions(statement: Statement) -> tuple[str, ...]:
    named = {text for _, text in statement.texts("Action")}
    others = {f"{NOT} {text}" for _, text in statement.texts(f"{NOT}Action")}
    return tuple(sorted(named | others))


def _unread(statement: Statement, kind: str, principal: str, identity: str) -> str:
    """Return the elements of `statement` that are more than what stands of them in a grant."""
    values = [value for condition in statement.conditions() for value in condition.values]
    effect = statement.elements.get("Effect")
    more = {
        "Effect": UNKNOWN in text_of(effect) or _is_unread(effect),
        # Each of them alone means all the others.
        f"{NOT}Principal": kind.startswith(NOT),
        f"{NOT}Action": True,
        "Principal": UNKNOWN in principal
        or (not is_known(principal) and _is_unread(statement.elements.get("Principal"))),
        "Action": UNKNOWN in _actions(statement) or _is_unread(statement.elements.get("Action")),
        "Condition": statement.has_unknown_conditions
        or UNKNOWN in values
        or _is_unread(statement.elements.get("Condition")),
        # SES takes no other resource than the identity that the policy hangs on.
        "Resource": not all(_is_own(text, identity) for _, text in statement.texts("Resource")),
        f"{NOT}Resource": True,
    }
    found = {
        element: statement.elements[element] for element in more if more[element] and element in statement.elements
    }
    return compact(normalise(found)) if found else ""


def _is_own(resource: str, identity: str) -> bool:
    """Return whether a resource is the ARN of the identity that the policy hangs on, as far as that can be read."""
    arn = Arn.parse(resource)
    name = identity_name(arn) if arn else ""
    return identity in (name, canonical_name(name))


def _is_unread(value: Json) -> bool:
    """Return whether two values may differ that have the text of this one."""
    if isinstance(value, list):
        return any(map(_is_unread, value))
    if isinstance(value, Mapping) and not is_intrinsic(value):
        return any(map(_is_unread, value.values()))
    # A text of `${Name}` is no reference, and looks like one.
    return UNKNOWN in text_of(value) or (isinstance(value, str) and has_reference(value))
