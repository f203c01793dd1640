"""The decision tables of the lifecycle: what the function does with each kind of policy that it finds at SES.

docs/lifecycle.md explains them. Change a cell only if you know a sequence of events for which it is wrong.
"""

from enum import Enum
from typing import Final

from ses_sending_policy.rules.document import Document, LivePolicy
from ses_sending_policy.rules.equivalence import differences, is_written
from ses_sending_policy.rules.ownership import Marker, Origin, PhysicalId
from ses_sending_policy.rules.wire import OnDelete, WhenExists


class Found(Enum):
    """How a policy at SES relates to the owner that handles an event."""

    ABSENT = "absent"
    OURS = "ours"
    ADOPTED = "ours, adopted"
    FOREIGN = "foreign"
    UNMARKED = "unmarked"

    @classmethod
    def of(cls, live: LivePolicy | None, token: str) -> "Found":
        """Return how `live` relates to the owner with this owner token; None is a policy that does not exist."""
        if live is None:
            return cls.ABSENT
        marker = live.marker
        if marker is None:
            return cls.UNMARKED
        if marker.token != token:
            return cls.FOREIGN
        return cls.ADOPTED if marker.adopted else cls.OURS


def is_held(found: Found, live: LivePolicy, wanted: Document, marker: Marker, partition: str) -> bool:
    """Return whether SES already holds the `wanted` document as this owner's, so that nothing needs to be written.

    :param found: how `live` relates to the owner.
    :param marker: the owner's marker, as a write would put it into the document.
    :param partition: the partition of ARNs, as `aws`.
    """
    if found is Found.ADOPTED:
        # The former owner may compare the text, not only the meaning: so an equivalent text stays as it is.
        return not differences(live, wanted, partition)
    return found is Found.OURS and live.marker == marker and is_written(live, wanted, partition)


class Take(Enum):
    """What a deploy does with a policy that already exists under the declared name."""

    WRITE = "written"
    ADOPT = "adopted"
    OVERWRITE = "overwritten"
    REFUSE = "refused"


TAKE: Final = {
    (Found.OURS, WhenExists.FAIL): Take.WRITE,
    (Found.OURS, WhenExists.ADOPT): Take.WRITE,
    (Found.OURS, WhenExists.OVERWRITE): Take.WRITE,
    (Found.ADOPTED, WhenExists.FAIL): Take.WRITE,
    (Found.ADOPTED, WhenExists.ADOPT): Take.WRITE,
    (Found.ADOPTED, WhenExists.OVERWRITE): Take.WRITE,
    (Found.FOREIGN, WhenExists.FAIL): Take.REFUSE,
    (Found.FOREIGN, WhenExists.ADOPT): Take.ADOPT,
    (Found.FOREIGN, WhenExists.OVERWRITE): Take.OVERWRITE,
    (Found.UNMARKED, WhenExists.FAIL): Take.REFUSE,
    (Found.UNMARKED, WhenExists.ADOPT): Take.ADOPT,
    (Found.UNMARKED, WhenExists.OVERWRITE): Take.OVERWRITE,
}

# For an Update in place. The policy was this owner's before: if it has no marker, somebody removed that by hand.
KEEP: Final = TAKE | {(Found.UNMARKED, each): Take.WRITE for each in WhenExists}


class Drop(Enum):
    """What teardown does with a policy."""

    DELETE = "deleted"
    RELEASE = "released"
    LEAVE = "left"
    NOTHING = "absent"


class Claim(Enum):
    """What a physical id says about the policy that it names."""

    MADE = "made"
    """This owner made the policy."""
    CLAIMED = "claimed"
    """SES accepted a write of this owner over an existing policy; or the id is of an early release, without origin."""
    NONE = "unclaimed, or invented"
    """No write of this owner is known to have been accepted."""

    @classmethod
    def of(cls, physical_id: PhysicalId | None) -> "Claim":
        """Return what `physical_id` says; None stands for an id that CloudFormation made up."""
        if physical_id is None or physical_id.token is None:
            return cls.NONE
        return cls.MADE if physical_id.origin is Origin.MADE else cls.CLAIMED


DROP: Final = {
    (claim, found, on_delete): drop
    for claim, found, if_delete, if_release in (
        (Claim.MADE, Found.ABSENT, Drop.NOTHING, Drop.NOTHING),
        (Claim.MADE, Found.OURS, Drop.DELETE, Drop.DELETE),
        # The owner lost the policy to another owner, and adopted it from that one.
        (Claim.MADE, Found.ADOPTED, Drop.DELETE, Drop.RELEASE),
        (Claim.MADE, Found.FOREIGN, Drop.LEAVE, Drop.LEAVE),
        # Somebody removed the marker by hand, or another owner adopted and released the policy.
        (Claim.MADE, Found.UNMARKED, Drop.DELETE, Drop.DELETE),
        (Claim.CLAIMED, Found.ABSENT, Drop.NOTHING, Drop.NOTHING),
        (Claim.CLAIMED, Found.OURS, Drop.DELETE, Drop.DELETE),
        (Claim.CLAIMED, Found.ADOPTED, Drop.DELETE, Drop.RELEASE),
        (Claim.CLAIMED, Found.FOREIGN, Drop.LEAVE, Drop.LEAVE),
        # The policy was this owner's, and somebody removed the marker by hand: teardown removes access.
        (Claim.CLAIMED, Found.UNMARKED, Drop.DELETE, Drop.LEAVE),
        (Claim.NONE, Found.ABSENT, Drop.NOTHING, Drop.NOTHING),
        (Claim.NONE, Found.OURS, Drop.DELETE, Drop.DELETE),
        (Claim.NONE, Found.ADOPTED, Drop.DELETE, Drop.RELEASE),
        (Claim.NONE, Found.FOREIGN, Drop.LEAVE, Drop.LEAVE),
        (Claim.NONE, Found.UNMARKED, Drop.LEAVE, Drop.LEAVE),
    )
    for on_delete, drop in ((OnDelete.DELETE, if_delete), (OnDelete.RELEASE, if_release))
}
