"""Which identity a name in a request means. AWS documents that for sending only, not for the policy operations."""

from collections.abc import Iterator

from emulator.errors import SesError
from emulator.settings import Settings


def spellings(name: str, settings: Settings) -> Iterator[str]:
    """Yield the spellings by which to look for an identity, or refuse its name, as the settings say."""
    if settings.name_unicode == "bad-request" and not name.isascii():
        raise SesError("BadRequestException", f"Identity {name} is not ASCII, it must be written in Punycode")
    yield name
    # "Email addresses are case sensitive." https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
    if settings.name_case == "same" and "@" not in name:
        yield name.lower()
