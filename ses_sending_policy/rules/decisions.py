"""The decisions of the lifecycle, as tables: what is found at SES, and what is done then.

docs/lifecycle.md tells them in words. A cell is changed only with a history of events that shows it wrong.
"""

from enum import Enum
from typing import Final

from ses_sending_policy.rules.document import Document, LivePolicy
from ses_sending_policy.rules.equivalence import differences, is_written
from ses_sending_policy.rules.ownership import Marker, Origin, PhysicalId
from ses_sending_policy.rules.wire import OnDelete, WhenExists


class Found(Enum):
    """A policy at SES as its would-be owner sees it."""

    ABSENT = "absent"
    OURS = "ours"
    ADOPTED = "ours, adopted"
    FOREIGN = "foreign"
    UNMARKED = "unmarked"

    @classmethod
    def of(cls, live: LivePolicy | None, token: str) -> "Found":
        """Return what `live` is to the owner with this `token`."""
        if live is None:
            return cls.ABSENT
        marker = live.marker
        if marker is None:
            return cls.UNMARKED
        if marker.token != token:
            return cls.FOREIGN
        return cls.ADOPTED if marker.adopted else cls.OURS


def is_held(found: Found, live: LivePolicy, wanted: Document, marker: Marker, partition: str) -> bool:
    """Return whether nothing is written, for SES holds what is wanted as this owner's.

    :param found: what `live` is to the owner.
    :param marker: the owner's, as it is written.
    :param partition: as `aws`.
    """
    if found is Found.ADOPTED:
        # Whoever had it before compares more than what it means: as long as that stays, so does every letter.
        return not differences(live, wanted, partition)
    return found is Found.OURS and live.marker == marker and is_written(live, wanted, partition)


class Take(Enum):
    """What is done with a policy that is there already, where this one is to be."""

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

# In place the policy was this owner's before: somebody who took the marker out by hand did not take it over.
KEEP: Final = TAKE | {(Found.UNMARKED, each): Take.WRITE for each in WhenExists}


class Drop(Enum):
    """What is done with a policy on teardown."""

    DELETE = "deleted"
    RELEASE = "released"
    LEAVE = "left"
    NOTHING = "absent"


class Claim(Enum):
    """What a physical id says of the policy that it names."""

    MADE = "made"
    """This owner made it."""
    CLAIMED = "claimed"
    """A write of this owner was accepted, over what was there before or before ids told."""
    NONE = "unclaimed, or invented"
    """Nobody knows of an accepted write."""

    @classmethod
    def of(cls, physical_id: PhysicalId | None) -> "Claim":
        """Return what `physical_id` says; None is one that CloudFormation made up."""
        if physical_id is None or physical_id.token is None:
            return cls.NONE
        return cls.MADE if physical_id.origin is Origin.MADE else cls.CLAIMED


DROP: Final = {
    (claim, found, on_delete): drop
    for claim, found, if_delete, if_release in (
        (Claim.MADE, Found.ABSENT, Drop.NOTHING, Drop.NOTHING),
        (Claim.MADE, Found.OURS, Drop.DELETE, Drop.DELETE),
        # It lost the policy to somebody else, and adopted it from there.
        (Claim.MADE, Found.ADOPTED, Drop.DELETE, Drop.RELEASE),
        (Claim.MADE, Found.FOREIGN, Drop.LEAVE, Drop.LEAVE),
        # Somebody edited it by hand, or adopted it and let it go.
        (Claim.MADE, Found.UNMARKED, Drop.DELETE, Drop.DELETE),
        (Claim.CLAIMED, Found.ABSENT, Drop.NOTHING, Drop.NOTHING),
        (Claim.CLAIMED, Found.OURS, Drop.DELETE, Drop.DELETE),
        (Claim.CLAIMED, Found.ADOPTED, Drop.DELETE, Drop.RELEASE),
        (Claim.CLAIMED, Found.FOREIGN, Drop.LEAVE, Drop.LEAVE),
        # It was this owner's, and somebody edited it by hand: teardown removes access.
        (Claim.CLAIMED, Found.UNMARKED, Drop.DELETE, Drop.LEAVE),
        (Claim.NONE, Found.ABSENT, Drop.NOTHING, Drop.NOTHING),
        (Claim.NONE, Found.OURS, Drop.DELETE, Drop.DELETE),
        (Claim.NONE, Found.ADOPTED, Drop.DELETE, Drop.RELEASE),
        (Claim.NONE, Found.FOREIGN, Drop.LEAVE, Drop.LEAVE),
        (Claim.NONE, Found.UNMARKED, Drop.LEAVE, Drop.LEAVE),
    )
    for on_delete, drop in ((OnDelete.DELETE, if_delete), (OnDelete.RELEASE, if_release))
}
