"""A mend of the lifecycle, and how to take it out."""

from dataclasses import dataclass

from tests.mutants.replacement import Replacement


@dataclass(frozen=True, slots=True)
class Mend(Replacement):
    """What the code does against one fault, and what to replace it with to take it out.

    :param unseen: why no history here shows that it is missing. Default: - one does.
    :param held_by: the tests that fail without it then. Default: - none can, because behaviour does not change.
    """

    unseen: str = ""
    held_by: str = ""
