"""The violations that are allowed, by name: SES has no conditional write, so some races remain."""

from dataclasses import dataclass
from typing import Final

LOOK_SECONDS: Final = 30.0
"""The age up to which a look allows a write to be sent."""

CALL_SECONDS: Final = 13.0
"""The longest that a call takes."""

STALE_SECONDS: Final = 3.0
"""The most that a read can be behind: an assumption."""

WORD_SECONDS: Final = 10.0 + CALL_SECONDS
"""The longest from an answer of CloudFormation that allows an Update's write to when SES carries that out."""

CLAIM_SECONDS: Final = 30.0 + CALL_SECONDS
"""The same for a Create, which asks only as often as it waits, and not before each write."""

FENCE_SECONDS: Final = LOOK_SECONDS + CALL_SECONDS
"""The longest from the look that a write is decided on to when SES carries that out."""


@dataclass(frozen=True, slots=True)
class Residue:
    """An allowed violation.

    :param name: its name in the counts.
    :param bound: the most seconds that it can take; None if there is no such limit.
    :param when: the condition, as text; invariants.py, excuses.py and rest.py check it.
    """

    name: str
    bound: float | None
    when: str


RESIDUES: Final = (
    Residue(
        "look-age",
        FENCE_SECONDS,
        "another owner, or another function of it, changed the policy so long before the write, and not earlier",
    ),
    Residue("stale-presence", FENCE_SECONDS + STALE_SECONDS, "the same, where the look was stale as well"),
    Residue(
        "word-age",
        CLAIM_SECONDS,
        "CloudFormation went on so long before a Create's write, or WORD_SECONDS before an Update's",
    ),
    Residue(
        "claim-age",
        900.0,
        "another owner took the policy between a claim and the write that rests on it: no look is between the two",
    ),
    Residue("applied-late", None, "SES carried the call out after its client had given it up"),
    Residue("killed", None, "the function was killed after it had sent the write, before its last question"),
    Residue("cannot-ask", None, "CloudFormation could not be asked, and had gone on without this event"),
    Residue("drops-id", None, "SES forgets the `Id`: what rests on the marker is not held"),
    Residue("abandoned", None, "a Delete failed, so said its answer, and CloudFormation went on"),
    Residue("left-behind", None, "an answer's reason says that the policy was left behind"),
    Residue("release-refused", None, "SES refused to release what was adopted: it is left, with its marker"),
    Residue("made-unheard", None, "no answer told that it was made, and another owner released it since"),
    Residue("adopted-unheard", None, "no answer told that it was adopted: it is released without its owner's marker"),
    Residue("by-hand", None, "somebody wrote or deleted the policy by hand after its owner had"),
    Residue("given-back-late", None, "a rollback gave a policy back to an owner that was deleted while another had it"),
)
"""All residues."""

NAMES: Final = frozenset(residue.name for residue in RESIDUES)
