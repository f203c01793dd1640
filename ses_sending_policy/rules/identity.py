"""An email identity: a domain or an address, from its name or its ARN."""

import re
from dataclasses import dataclass

from ses_sending_policy.rules.errors import DeclarationError

# Labels of 1 to 63 characters, 253 together (RFC 1035, 2.3.4). Letters of any script are let through:
# which of them SES takes in which form is SES's to say.
_DOMAIN = re.compile(r"(?=.{1,253}\Z)(?!-)[\w-]{1,63}(?<!-)(\.(?!-)[\w-]{1,63}(?<!-))+")

# At most 64 octets before the @ (RFC 5321, 4.5.3.1.1). It may hold `|`, `/` and `+`, never white space unquoted. Half a
# surrogate pair, which JSON may hold, is no character.
_LOCAL_PART = re.compile(r"[^\s\x00-\x1f\x7f\ud800-\udfff]{1,64}")


@dataclass(frozen=True, slots=True)
class Identity:
    """A verified domain or address, by its name.

    :param name: `example.com` or `a@example.com`. The domain is in lower case, as names in the DNS know no
        case; `parse` makes it so.
    """

    name: str

    def __post_init__(self) -> None:
        local, at, domain = self.name.rpartition("@")
        if (at and not _LOCAL_PART.fullmatch(local)) or not _DOMAIN.fullmatch(domain):
            raise DeclarationError(
                f"identity {self.name!r} is neither a domain nor an email address: "
                "give a name like example.com or a@example.com, or the ARN of an identity"
            )
        if domain != domain.lower():
            raise DeclarationError(f"identity {self.name!r} has a domain in upper case: use Identity.parse")

    @classmethod
    def parse(cls, text: str) -> "Identity":
        """Return the identity that a name or an ARN means, or raise `DeclarationError`."""
        name = IdentityArn.parse(text).identity.name if text.startswith("arn:") else text
        local, at, domain = name.rpartition("@")
        return cls(local + at + domain.lower())


# "arn:${Partition}:ses:${Region}:${Account}:identity/${IdentityName}"
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
# No ARN in an ARN: an address whose local part is one would be read as another identity.
_ARN = re.compile(
    r"arn:(aws[a-z-]*):ses:([a-z]{2,}(?:-[a-z]+)+-[0-9]+|\*):([0-9]{12}):identity/(?!arn:)(.+)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class IdentityArn:
    """Where an identity lives.

    :param partition: as `aws` or `aws-us-gov`.
    :param region: as `eu-west-1`.
    :param account: twelve digits.
    :param identity: the identity itself.
    """

    partition: str
    region: str
    account: str
    identity: Identity

    def __str__(self) -> str:
        return f"arn:{self.partition}:ses:{self.region}:{self.account}:identity/{self.identity.name}"

    @classmethod
    def parse(cls, text: str, *, any_region: bool = False) -> "IdentityArn":
        """Return the parts of `text`, or raise `DeclarationError` where it is no identity's ARN.

        :param any_region: whether its region may be `*`, as senders name an identity that is in both regions of a
            Global endpoint.
        """
        parts = _ARN.fullmatch(text)
        if not parts or (parts[2] == "*" and not any_region):
            raise DeclarationError(
                f"{text!r} is not the ARN of an email identity: "
                "it must look like arn:aws:ses:eu-west-1:111111111111:identity/example.com"
            )
        partition, region, account, name = parts.groups()
        return cls(partition, region, account, Identity.parse(name))
