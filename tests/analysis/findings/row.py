"""What a row of the table says, and the places that most rows name."""

from collections.abc import Sequence
from typing import NamedTuple

from ses_sending_policy.analysis.reading.declared import Declared

FIRST = "P Properties/Policy/Statement/0"


class Row(NamedTuple):
    """What is declared, and what a rule is to say.

    :param rule: its id.
    :param name: what is special about it.
    :param policies: what is declared.
    :param places: logical id and location of each finding; none where the rule must not say a thing.
    :param severity: of each finding; empty where it is the rule's own.
    """

    rule: str
    name: str
    policies: Sequence[Declared]
    places: tuple[str, ...] = ()
    severity: str = ""


def condition(operator: str, key: str) -> str:
    """Return the place of the condition that `when` makes."""
    return f"{FIRST}/Condition/{operator}/{key}"
