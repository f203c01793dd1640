"""A grant: one principal of one statement, and what it may do under which conditions. The unit of a review."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ses_sending_policy.rules.document import Json
from ses_sending_policy.rules.reading.intrinsics import text_of
from ses_sending_policy.rules.reading.statement import Condition, Statement, has_unknown_statements, statements

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
    """

    identity: str
    effect: str = UNKNOWN
    kind: str = UNKNOWN
    principal: str = UNKNOWN
    actions: tuple[str, ...] = (UNKNOWN,)
    conditions: tuple[Condition, ...] = ()
    is_open: bool = True


def grants_of(document: Json, identity: str) -> Iterator[Grant]:
    """Yield what a policy document gives and takes away, also where only the deploy knows what that is.

    :param document: the document, intrinsic functions and all.
    :param identity: what people call the identity that it hangs on.
    """
    if has_unknown_statements(document):
        yield Grant(identity)
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
            )


def _principals(statement: Statement) -> Iterator[tuple[str, str]]:
    for element, prefix in (("Principal", ""), (f"{NOT}Principal", NOT)):
        if element not in statement.elements:
            continue
        found = [(prefix + kind, text) for _, kind, text in statement.principals(element)]
        yield from found or [(prefix + UNKNOWN, UNKNOWN)]


def _actions(statement: Statement) -> tuple[str, ...]:
    named = {text for _, text in statement.texts("Action")}
    others = {f"{NOT} {text}" for _, text in statement.texts(f"{NOT}Action")}
    return tuple(sorted(named | others))
