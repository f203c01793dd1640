"""One mend of the lifecycle, and how it is taken out again."""

from dataclasses import dataclass

from tests.mutants.replacement import Replacement


@dataclass(frozen=True, slots=True)
class Mend(Replacement):
    """Something that the code does against one fault, and what stands there without it.

    :param unseen: why no history in this world shows that it is missing. Default: - one does.
    :param held_by: the tests that hold it then. Default: - none can, what is done stays the same without it.
    """

    unseen: str = ""
    held_by: str = ""
