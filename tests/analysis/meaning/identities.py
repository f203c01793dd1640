"""The addresses that an identity of SES has, and whose policies SES looks at."""

from collections.abc import Collection, Iterator

from tests.analysis.meaning.aws_reading import AwsReading


def covers(identity: str, address: str) -> bool:
    """Return whether an address belongs to an identity.

    "When you verify an email address identity, only that email address can be used to send mail, but when you verify a
    domain identity, you can send email from any subdomain or email address of the verified domain without having to
    verify each one individually."
    https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html

    "With the exception of addresses containing labels [...], you must verify each email address".
    https://docs.aws.amazon.com/ses/latest/DeveloperGuide/verify-email-addresses.html
    """
    if address.count("@") != 1 or not all(address.split("@")):
        return False
    domain = address.rpartition("@")[2].lower()
    if "@" in identity:
        one, _, other = identity.rpartition("@")
        is_it = address.startswith((f"{one}@", f"{one}+"))
        return is_it and domain == other.lower()
    return domain == identity.lower() or domain.endswith(f".{identity.lower()}")


def looked_at(address: str, identities: Collection[str], world: AwsReading) -> Iterator[str]:
    """Yield the identities whose policies may decide for an address: only one, if SES chooses by the address.

    "Sending authorization policies that you attach to email address identities take precedence over policies that you
    attach to their corresponding domain identities."
    https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-identity-owner-tasks-policy.html

    "It is the ARN of the identity that is associated with the sending authorization policy that permits you to use the
    email address": whether it decides where the address has an identity of its own, is nowhere documented.
    https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html

    :param identities: those that have policies.
    """
    able = sorted((each for each in identities if covers(each, address)), key=lambda each: ("@" in each, len(each)))
    if world.by_given_arn:
        yield from able
    elif able:
        yield able[-1]
