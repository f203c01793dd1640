"""What became of a policy that somebody declared: what SES should hold, beside what it holds now."""

from dataclasses import dataclass
from enum import StrEnum

from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.ownership import Marker


class State(StrEnum):
    """What became of a policy."""

    IN_SYNC = "in-sync"
    """It is there, it says what is declared, and nobody else says that it is theirs."""
    UNDECIDED = "undecided"
    """Nobody here can tell: only the deploy knows a part of what is declared, and all the rest is as it should be."""
    CHANGED = "changed"
    """It says something else."""
    MISSING = "missing"
    """There is none of this name."""
    FOREIGN = "foreign"
    """Somebody else's marker is on it."""
    UNDECLARED = "undeclared"
    """It is there, and nobody declares it."""


@dataclass(frozen=True, slots=True)
class DeclaredOwner:
    """Whose a declared policy is.

    :param stack_name: the stack's name; empty where nobody knows it, and any will do.
    :param logical_id: the resource's.
    :param token: the owner's token. Default: - nobody knows it, and the names decide.
    """

    stack_name: str
    logical_id: str
    token: str = ""

    def owns(self, marker: Marker) -> bool:
        """Return whether it is this owner's marker, as far as that is known."""
        if self.token:
            return marker.token == self.token
        return marker.logical_id == self.logical_id and self.stack_name in ("", marker.stack_name)


def state_of(live: LivePolicy, owner: DeclaredOwner | None, *, differs: bool, is_unknown: bool = False) -> State:
    """Return what became of a declared policy that is there.

    :param live: what SES holds.
    :param owner: whose it should be, if anybody's.
    :param differs: whether it says something else than what is declared.
    :param is_unknown: whether nobody knows a part of what is declared.
    """
    if live.marker and not (owner and owner.owns(live.marker)):
        return State.FOREIGN
    if differs:
        return State.CHANGED
    return State.UNDECIDED if is_unknown else State.IN_SYNC
