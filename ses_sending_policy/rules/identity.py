"""Email identities, a domain or an address: reads them from names and ARNs, in one canonical form."""

import re
from dataclasses import dataclass

from ses_sending_policy.rules.arns import Arn, is_account, is_partition
from ses_sending_policy.rules.errors import DeclarationError

# Labels of 1 to 63 characters, 253 together (RFC 1035, 2.3.4), in lower case and in Punycode.
_DOMAIN = re.compile(r"(?=.{1,253}\Z)(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))+")

# At most 64 octets before the @ (RFC 5321, 4.5.3.1.1). It may contain `|`, `/` and `+`, but no unquoted white space.
# Half a surrogate pair, which JSON can contain, is not a character.
_LOCAL_PART = re.compile(r"[^\s\x00-\x1f\x7f\ud800-\udfff]{1,64}")

_LABEL_LENGTH = 63

# In the DNS these letters stay as they are, but Unicode's case folding would replace them. The first is the capital
# of the second.
# https://www.unicode.org/reports/tr46/#Deviations
_DEVIATIONS = {"\u1e9e": "\u00df", "\u00df": "\u00df", "\u03c2": "\u03c2"}

# Invisible marks: with one of them, a name would look like another name.
_INVISIBLE = re.compile("[\u034f\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def canonical_name(name: str) -> str:
    """Return the canonical form of an identity's name. A label that no domain can have stays as it is.

    The domain is in lower case, and in Punycode if it is not ASCII: "If you want to send to or from
    email addresses that contain Unicode characters in the domain part of an address, you must encode the domain using
    Punycode."
    https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_Destination.html

    >>> canonical_name("News@B\u00fccher.example")
    'News@xn--bcher-kva.example'
    """
    local, at, domain = name.rpartition("@")
    return local + at + ".".join(map(_canonical_label, domain.split(".")))


def _canonical_label(label: str) -> str:
    # With the standard library alone: the package idna, which has all tables for this, is not in Lambda. A test
    # compares the two.
    if label.isascii():
        return label.lower()
    from unicodedata import category, normalize  # noqa: PLC0415 - the Lambda function hardly ever needs these tables

    folded = "".join(_DEVIATIONS.get(each) or each.casefold() for each in normalize("NFKC", label))
    folded = normalize("NFKC", folded)
    is_label = (
        # Checked before Punycode, whose time grows with the square of the length.
        len(folded) <= _LABEL_LENGTH
        and folded == folded.strip("-")
        and all(category(each)[0] in "LMN" or each in "-_" for each in folded)
        and not _INVISIBLE.search(folded)
    )
    if not is_label:
        return label
    return folded if folded.isascii() else f"xn--{folded.encode('punycode').decode('ascii')}"


@dataclass(frozen=True, slots=True)
class Identity:
    """An email identity of SES, a domain or an address, by its name.

    :param name: `example.com` or `a@example.com`, in canonical form; `parse` accepts any form.
    """

    name: str

    def __post_init__(self) -> None:
        local, at, domain = self.name.rpartition("@")
        if (at and not _LOCAL_PART.fullmatch(local)) or not _DOMAIN.fullmatch(canonical_name(domain)):
            raise DeclarationError(
                f"identity {self.name!r} is neither a domain nor an email address: "
                "give a name like example.com or a@example.com, or the ARN of an identity"
            )
        if domain != canonical_name(domain):
            raise DeclarationError(f"identity {self.name!r} is not in its one form: use Identity.parse")

    @classmethod
    def parse(cls, text: str) -> "Identity":
        """Return the identity of a name or an ARN; raise `DeclarationError` if `text` is neither."""
        name = IdentityArn.parse(text).identity.name if text.startswith("arn:") else text
        local, at, domain = name.rpartition("@")
        canonical = canonical_name(domain)
        # A domain that will be refused stays as it was given, for the error's text.
        return cls(local + at + (canonical if _DOMAIN.fullmatch(canonical) else domain))


_REGION = re.compile(r"[a-z]{2,}(?:-[a-z]+)+-[0-9]+")


def identity_name(arn: Arn) -> str:
    """Return the name in an identity's ARN, which may contain what only the deploy knows; empty for any other ARN.

    "arn:${Partition}:ses:${Region}:${Account}:identity/${IdentityName}"
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
    """
    kind, _, name = arn.resource.partition("/")
    return name if (arn.service, kind) == ("ses", "identity") else ""


def _is_of_identity(arn: Arn, *, any_region: bool) -> bool:
    name = identity_name(arn)
    # The name must not be an ARN itself, or an address that begins like one would be read as another identity.
    if not name or name.startswith("arn:"):
        return False
    is_region = bool(_REGION.fullmatch(arn.region)) or (any_region and arn.region == "*")
    return is_region and is_partition(arn.partition) and is_account(arn.account)


@dataclass(frozen=True, slots=True)
class IdentityArn:
    """An identity with the partition, region and account that it is in.

    :param partition: the partition, as `aws` or `aws-us-gov`.
    :param region: the region, as `eu-west-1`.
    :param account: the account id, twelve digits.
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
        """Return the parts of `text`; raise `DeclarationError` if it is not the ARN of an identity.

        :param any_region: whether the region may be `*`, which senders use for an identity that is in both regions of
            a Global endpoint.
        """
        arn = Arn.parse(text)
        if arn is None or not _is_of_identity(arn, any_region=any_region):
            raise DeclarationError(
                f"{text!r} is not the ARN of an email identity: "
                "it must look like arn:aws:ses:eu-west-1:111111111111:identity/example.com"
            )
        return cls(arn.partition, arn.region, arn.account, Identity.parse(identity_name(arn)))
