"""An email identity: a domain or an address, from its name or its ARN."""

import re
from dataclasses import dataclass

from ses_sending_policy.rules.accounts import is_account
from ses_sending_policy.rules.arns import Arn, is_partition
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


_REGION = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-[0-9]+")


def identity_name(arn: Arn) -> str:
    """Return the name in an identity's ARN, which may hold what only the deploy knows; empty in any other ARN.

    "arn:${Partition}:ses:${Region}:${Account}:identity/${IdentityName}"
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
    """
    kind, _, name = arn.resource.partition("/")
    return name if (arn.service, kind) == ("ses", "identity") else ""


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
        return str(Arn(self.partition, "ses", self.region, self.account, f"identity/{self.identity.name}"))

    @classmethod
    def parse(cls, text: str, *, any_region: bool = False) -> "IdentityArn":
        """Return the parts of `text`, or raise `DeclarationError` where it is no identity's ARN.

        :param any_region: whether its region may be `*`, as senders name an identity that is in both regions of a
            Global endpoint.
        """
        arn = Arn.parse(text)
        name = identity_name(arn) if arn else ""
        is_place = arn and is_partition(arn.partition) and is_account(arn.account)
        is_region = arn and (_REGION.fullmatch(arn.region) or (any_region and arn.region == "*"))
        # No ARN in an ARN: an address whose local part is one would be read as another identity.
        if not arn or not name or not is_place or not is_region or name.startswith("arn:"):
            raise DeclarationError(
                f"{text!r} is not the ARN of an email identity: "
                "it must look like arn:aws:ses:eu-west-1:111111111111:identity/example.com"
            )
        return cls(arn.partition, arn.region, arn.account, Identity.parse(name))
