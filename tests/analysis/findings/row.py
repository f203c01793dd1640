"""A row of the table, and the places that most rows name."""

from collections.abc import Sequence
from typing import NamedTuple

from ses_sending_policy.analysis.reading.declared import Declared

FIRST = "P Properties/Policy/Statement/0"


class Row(NamedTuple):
    """What is declared, and what a rule must report about it.

    :param rule: its id.
    :param name: what is special about the declaration.
    :param policies: the declared policies.
    :param places: logical id and location of each finding; empty if the rule must not report anything.
    :param severity: the severity of each finding; empty if it is the rule's own.
    """

    rule: str
    name: str
    policies: Sequence[Declared]
    places: tuple[str, ...] = ()
    severity: str = ""


def condition(operator: str, key: str) -> str:
    """Return the place of the condition that `when` makes."""
    return f"{FIRST}/Condition/{operator}/{key}"
