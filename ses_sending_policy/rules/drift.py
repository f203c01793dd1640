"""The drift states of a policy: how the policy that SES holds compares with the declared one."""

from dataclasses import dataclass
from enum import StrEnum

from ses_sending_policy.rules.document import LivePolicy
from ses_sending_policy.rules.ownership import Marker


class State(StrEnum):
    """The drift state of a policy."""

    IN_SYNC = "in-sync"
    """SES holds the policy as it is declared, and without another owner's marker."""
    UNDECIDED = "undecided"
    """Only the deploy knows a part of the declared policy; all the rest is as declared."""
    CHANGED = "changed"
    """The live policy is not equivalent to the declared one."""
    MISSING = "missing"
    """SES has no policy of this name."""
    FOREIGN = "foreign"
    """The live policy has another owner's marker."""
    UNDECLARED = "undeclared"
    """SES has a policy that is not declared."""


@dataclass(frozen=True, slots=True)
class DeclaredOwner:
    """The owner that a declared policy should have.

    :param stack_name: the stack's name; empty if it is not known, and any stack matches.
    :param logical_id: the logical id of the resource.
    :param token: the owner token. Default: - it is not known, and the names are compared.
    """

    stack_name: str
    logical_id: str
    token: str = ""

    def owns(self, marker: Marker) -> bool:
        """Return whether `marker` is this owner's, by the owner token, or by the names if the token is not known."""
        if self.token:
            return marker.token == self.token
        return marker.logical_id == self.logical_id and self.stack_name in ("", marker.stack_name)


def state_of(live: LivePolicy, owner: DeclaredOwner | None, *, differs: bool, is_unknown: bool = False) -> State:
    """Return the drift state of a declared policy that exists at SES.

    :param live: the policy at SES.
    :param owner: the owner that it should have; None if it should have no owner.
    :param differs: whether it differs from the declared policy.
    :param is_unknown: whether only the deploy knows a part of the declared policy.
    """
    if live.marker and not (owner and owner.owns(live.marker)):
        return State.FOREIGN
    if differs:
        return State.CHANGED
    return State.UNDECIDED if is_unknown else State.IN_SYNC
