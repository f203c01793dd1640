"""Parses ARNs, also those with parts that only the deploy knows, as `${AWS::Region}`."""

import re
from dataclasses import dataclass
from typing import Final

# "arn:partition:service:region:account-id:resource-id"
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
# A part that only the deploy knows is `${AWS::Region}`, or a CDK token `${Token[...]}`: their colons are no separators.
_CHARACTER: Final = r"(?:\$\{[^}]*\}|[^:])"
_PART: Final = rf"({_CHARACTER}*)"
_ARN: Final = re.compile(rf"arn:({_CHARACTER}+):{_PART}:{_PART}:{_PART}:(.*)", re.DOTALL)

OWN_ACCOUNT: Final = "${AWS::AccountId}"
OWN_PARTITION: Final = "${AWS::Partition}"
"""What a template has in place of the account and the partition that it is deployed to."""

# "Specifying a principal": https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
_MEMBERS: Final = {"iam": ("user", "role"), "sts": ("assumed-role", "federated-user")}

_PARTITION: Final = re.compile(r"aws[a-z-]*")

# "A 12-digit number, such as 012345678901, that uniquely identifies an AWS account."
# https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html
_ACCOUNT: Final = re.compile(r"[0-9]{12}")


def is_account(text: object) -> bool:
    """Return whether `text` is the id of an account."""
    return isinstance(text, str) and bool(_ACCOUNT.fullmatch(text))


def is_partition(text: str) -> bool:
    """Return whether `text` can be the first part of an ARN."""
    return bool(_PARTITION.fullmatch(text))


@dataclass(frozen=True, slots=True)
class Arn:
    """The parts of an ARN; each may contain a value that only the deploy knows, as `${AWS::Region}`.

    :param partition: the partition, as `aws`.
    :param service: the service, as `ses`.
    :param region: the region; empty if the service has none, as IAM.
    :param account: the account; empty if the resource has none, as a bucket.
    :param resource: the resource, as `identity/example.com`; it may contain colons.
    """

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> "Arn | None":
        """Return the parts of `text`, or None if it is not an ARN."""
        parts = _ARN.fullmatch(text)
        return cls(*parts.groups()) if parts else None

    @property
    def whole_account(self) -> str:
        """The account, if this ARN as a principal means the whole account; else empty.

        "AWS account ID [...] 123456789012, arn:aws:iam::123456789012:root" name the same principal.
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
        """
        return self.account if (self.service, self.region, self.resource) == ("iam", "", "root") else ""

    @property
    def member(self) -> tuple[str, str] | None:
        """The kind and the name of a principal in an account, as `role` and `News`; None for any other ARN."""
        kind, _, name = self.resource.partition("/")
        is_one = self.account and name and not self.region and kind in _MEMBERS.get(self.service, ())
        return (kind, name) if is_one else None

    @property
    def is_principal(self) -> bool:
        """Whether this can be the ARN of a principal: one of IAM or STS, without a region."""
        return self.service in ("iam", "sts") and not self.region

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"
