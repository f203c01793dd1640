"""The account and region of a request, read from its signature."""

import re
from dataclasses import dataclass

from emulator.errors import SesError

# "The credential scope ... is a string that includes the date, the Region you are targeting, the service".
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
_CREDENTIAL = re.compile(r"AWS4-HMAC-SHA256 +Credential=([^/,\s]+)/\d{8}/([a-z0-9-]+)/[^/]+/aws4_request")
_ACCOUNT = re.compile(r"[0-9]{12}")
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]+")

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html and botocore's partitions.json.
_PARTITIONS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "us-isof-": "aws-iso-f",
    "eu-isoe-": "aws-iso-e",
    "eusc-": "aws-eusc",
}


@dataclass(frozen=True, slots=True, order=True)
class AccountRegion:
    """One account in one region, which has its own identities, policies and quota."""

    account: str
    region: str

    def __post_init__(self) -> None:
        if not _ACCOUNT.fullmatch(self.account):
            raise ValueError(f"account {self.account!r} must be 12 digits")
        if not _REGION.fullmatch(self.region):
            raise ValueError(f"region {self.region!r} must look like 'eu-west-1'")

    @property
    def partition(self) -> str:
        """The partition of the region's ARNs: `aws` for most regions."""
        return next((name for prefix, name in _PARTITIONS.items() if self.region.startswith(prefix)), "aws")

    def identity_arn(self, identity: str) -> str:
        """Return the ARN of an identity in this account and region."""
        return f"arn:{self.partition}:ses:{self.region}:{self.account}:identity/{identity}"


def caller(authorization: str, default_account: str) -> AccountRegion:
    """Return the account and region of a request, from its Authorization header.

    As in ministack and LocalStack, an access key id of 12 digits is the account, and every other key belongs to the
    default account.
    """
    found = _CREDENTIAL.match(authorization)
    if found is None:
        raise SesError("MissingAuthenticationTokenException", "Missing Authentication Token")
    key, region = found.groups()
    if not _REGION.fullmatch(region):
        raise SesError("InvalidSignatureException", f"Credential should be scoped to a valid region: {region}")
    return AccountRegion(key if _ACCOUNT.fullmatch(key) else default_account, region)
