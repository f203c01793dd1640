"""What is allowed to go wrong, each by name: SES cannot compare and write, so not everything can be closed."""

from dataclasses import dataclass
from typing import Final

LOOK_SECONDS: Final = 30.0
"""A write is sent on a look at most so old."""

CALL_SECONDS: Final = 13.0
"""No call takes longer."""

STALE_SECONDS: Final = 3.0
"""No read is older than that, so it is assumed."""

WORD_SECONDS: Final = 10.0 + CALL_SECONDS
"""From CloudFormation's word that a write rests on to the moment when SES carries it out."""

CLAIM_SECONDS: Final = 30.0 + CALL_SECONDS
"""The same of a Create, which asks as often as it waits, and not before each write."""

FENCE_SECONDS: Final = LOOK_SECONDS + CALL_SECONDS
"""From the look that a write rests on to the moment when SES carries it out."""


@dataclass(frozen=True, slots=True)
class Residue:
    """One that is allowed.

    :param name: what it is called in the tallies.
    :param bound: in seconds; None where time does not bound it.
    :param when: the condition, in words; invariants.py and rest.py have it in code.
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
"""All of them."""

NAMES: Final = frozenset(residue.name for residue in RESIDUES)
