"""Which identity a name means, where AWS says it of those who send, and not of the policy operations."""

from collections.abc import Iterator

from emulator.errors import SesError
from emulator.settings import Settings


def spellings(name: str, settings: Settings) -> Iterator[str]:
    """Yield the names by which the identity is looked for, or refuse one that is no name."""
    if settings.name_unicode == "bad-request" and not name.isascii():
        raise SesError("BadRequestException", f"Identity {name} is not ASCII, it must be written in Punycode")
    yield name
    # "Email addresses are case sensitive." https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
    if settings.name_case == "same" and "@" not in name:
        yield name.lower()
