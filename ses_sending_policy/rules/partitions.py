"""AWS's partitions, by the prefixes of their regions."""

from typing import Final

# "aws - AWS Regions; aws-cn - China Regions; aws-us-gov - AWS GovCloud (US) Regions", and those of regions that are not
# open to everybody.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
_PARTITIONS: Final = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "us-isof-": "aws-iso-f",
    "eu-isoe-": "aws-iso-e",
    "eusc-": "aws-eusc",
}


def partition_of(region: str) -> str:
    """Return the partition of a region; `aws` for every region without a known prefix."""
    return next((name for prefix, name in _PARTITIONS.items() if region.startswith(prefix)), "aws")
