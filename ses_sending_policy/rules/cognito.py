"""The SES regions that a Cognito user pool can send through, and the service principal that it calls SES as."""

from collections.abc import Mapping
from typing import Final

# The quotes and regions of this file are from Cognito's developer guide and its table of regions:
# https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-email.html#user-pool-email-developer-region-mapping
# Copied on 2026-11-28.

# "If your User pool Region matches at least one value in Amazon SES Region, configure your sending authorization policy
# with the global service principal"
COGNITO: Final = "email.cognito-idp.amazonaws.com"

# "In-Region only: Your user pools can send email messages with verified identities in the same AWS Region as the user
# pool."
_IN_REGION_ONLY: Final = (
    "af-south-1",
    "ap-northeast-3",
    "ap-southeast-3",
    "eu-north-1",
    "eu-south-1",
    "eu-west-3",
    "il-central-1",
    "me-south-1",
    "sa-east-1",
    "us-west-1",
)

# "Backwards compatible: Your user pools can send email messages with verified identities in the same AWS Region or in
# one of the following alternate Regions: US East (N. Virginia), US West (Oregon), Europe (Ireland)"
_FIRST: Final = ("us-east-1", "us-west-2", "eu-west-1")
_BACKWARDS_COMPATIBLE: Final = (
    *_FIRST,
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-west-2",
    "us-east-2",
)

# "Alternate Region: Your user pools can send email messages with verified identities in an alternate AWS Region that is
# outside of the user pool Region." The second of each pair is for pools with the default email configuration alone.
_ALTERNATE: Final = {
    "ap-east-1": ("ap-southeast-1", "ap-northeast-1"),
    "ap-south-2": ("ap-south-1", "ap-southeast-1"),
    "ap-southeast-4": ("ap-southeast-2", "ap-southeast-1"),
    "ap-southeast-5": ("ap-southeast-2", "ap-southeast-1"),
    "ap-southeast-7": ("ap-southeast-1", "ap-south-1"),
    "ca-west-1": ("ca-central-1", "us-west-1"),
    "eu-central-2": ("eu-central-1", "eu-west-2"),
    "eu-south-2": ("eu-west-3", "eu-north-1"),
    "me-central-1": ("eu-central-1", "eu-west-2"),
    "mx-central-1": ("us-east-1", "us-west-2"),
}

SENDING_REGIONS: Final[Mapping[str, tuple[str, ...]]] = {
    **{region: (region,) for region in _IN_REGION_ONLY},
    **{region: tuple(dict.fromkeys((region, *_FIRST))) for region in _BACKWARDS_COMPATIBLE},
    **_ALTERNATE,
}
"""By the region of a user pool, the regions of the identities that it can send with. New AWS regions are missing."""


def service_of_pool(pool_region: str, identity_region: str) -> str:
    """Return the service principal that a pool calls SES as.

    "If your Region is marked as Alternate Region, configure your sending authorization policies with the Regional
    service principal". A region that is not in the table counts as marked, unless the identity is in the same region.

    >>> service_of_pool("me-central-1", "eu-central-1")
    'cognito-idp.me-central-1.amazonaws.com'
    """
    has_ses = pool_region == identity_region or pool_region in SENDING_REGIONS.get(pool_region, ())
    return COGNITO if has_ses else f"cognito-idp.{pool_region}.amazonaws.com"


def region_fault(pool_region: str, identity_region: str) -> str:
    """Return why a pool cannot send with an identity of `identity_region`; empty if it can, or if that is not known.

    A pool and an identity in the same region are never a fault, because SES is added to more regions.
    """
    regions = SENDING_REGIONS.get(pool_region, (identity_region,))
    if identity_region in (pool_region, *regions):
        return ""
    *others, last = regions
    there = f"{', '.join(others)} or {last}" if others else last
    where = f"a Cognito user pool in {pool_region} sends with an identity in {there}"
    return f"{where}, and never with one in {identity_region}"
